"""How an addon behaves towards the others, as far as it can be read without a database."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import Flask

from core.addons.kit.finding import Finding
from core.addons.parts import Permission, Setting
from core.auth.permissions import Permissions
from core.errors import PlatformError
from core.i18n import LazyText
from core.i18n.texts import spanish_of, texts_of
from core.web.access import access_of

if TYPE_CHECKING:
    from core.addons.discovery import FoundAddon
    from core.addons.registry import AddonRegistry

#: What an addon shows to those that require it.
OFFERED: Final = frozenset({"services", "errors"})
_BLANK: Final = re.compile(r"{\w+}")
_EVENT: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\.v\d+")
_CORE: Final = Path(__file__).parents[1]
_KINDS: Final[dict[str, type]] = {"number": Decimal, "yesno": bool, "text": str, "choice": str}


def foreign_imports(folder: Path, requires: Collection[str]) -> Iterator[Finding]:
    """Name each import of an addon that the house forbids, as ``file:line``."""
    for path in sorted(folder.rglob("*.py")):
        is_test = "tests" in path.relative_to(folder).parts or path.name == "conftest.py"
        module = ast.parse(path.read_text(encoding="utf-8"), str(path))
        for imported, line in _imports(module):
            if fault := _import_fault(imported, folder.name, requires, is_test=is_test):
                place = f"{path.relative_to(folder).as_posix()}:{line}"
                yield Finding("import.foreign", place, f"imports {imported}{fault[0]}", fault[1])


def untranslated(chain: Iterable[FoundAddon]) -> Iterator[Finding]:
    """Name each text of the last addon of ``chain`` that nobody can read in Spanish.

    The texts are those marked with ``_()``, and what its manifest says to an owner.
    """
    *required, addon = chain
    known = spanish_of(_CORE)
    for other in (*required, addon):
        known |= spanish_of(other.folder)
    said = addon.manifest
    texts = dict.fromkeys((said.title, said.summary, *said.asks), "manifest.py")
    for text, place in (texts | texts_of(addon.folder)).items():
        if not known.get(text):
            reason, remedy = f"{text!r} has no Spanish", "Write it into locale/es.po"
            yield Finding("text.spanish", place, reason, remedy)
        elif _blanks(text) != _blanks(known[text]):
            reason = f"{text!r} and its Spanish leave different blanks to fill"
            yield Finding("text.blanks", place, reason, "Name the same {blanks} in locale/es.po")


def _blanks(text: str) -> list[str]:
    return sorted(_BLANK.findall(text))


def declared_faults(registry: AddonRegistry, addon: FoundAddon) -> Iterator[Finding]:
    """Name what is wrong with the permissions, routes, consumers… that an addon declares."""
    name, asked = addon.name, registry.everywhere
    own = [one for of, one in asked.register_permissions() if of == name]
    yield from (fault for one in own for fault in _permission_faults(one))
    try:
        permissions = Permissions(asked.register_permissions())
    except PlatformError as error:
        remedy = "Name each permission once, as <addon>.<thing>.<verb>"
        yield Finding("permission.declared", "hooks.py", str(error), remedy)
        return
    yield from _route_faults(registry, name, permissions)
    yield from _work_faults(registry, name)
    for setting in (one for of, one in asked.register_settings() if of == name):
        yield from _setting_faults(name, setting)
    for slot in (one for of, one in asked.register_slots() if of == name):
        if slot.permission not in permissions:
            yield _undeclared(f"slot {slot.place}", slot.permission)
        if not (addon.folder / "templates" / slot.template).is_file():
            reason, remedy = f"there is no template {slot.template}", "Put it into templates/"
            yield Finding("slot.template", f"slot {slot.place}", reason, remedy)


def _import_fault(
    imported: str, addon: str, requires: Collection[str], *, is_test: bool
) -> tuple[str, str] | None:
    top, _, rest = imported.partition(".")
    other, _, room = rest.partition(".")
    fault = None
    if is_test and top in {"tests", "config", "core"}:
        fault = None
    elif top in {"tests", "config"}:
        fault = ", which is not the addon's", "Keep what the addon needs in its own rooms"
    elif top == "core" and other == "testing":
        fault = ", which is for tests", "Move what uses it into tests/"
    elif top == "addons" and other not in {"", addon}:
        if other not in requires:
            fault = (", which the manifest does not require", f"Add {other!r} to requires")
        elif room.partition(".")[0] not in OFFERED:
            fault = (
                ": only services and errors are offered",
                "Call its services, implement a hook, or consume its event",
            )
    return fault


def _imports(module: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _permission_faults(permission: Permission) -> Iterator[Finding]:
    if not isinstance(permission.label, LazyText):
        place, reason = f"permission {permission.name}", "its label has one language only"
        yield Finding("permission.label", place, reason, "Mark the label with _()")


def _undeclared(place: str, permission: str) -> Finding:
    reason = f"no addon declares the permission {permission!r}"
    return Finding("permission.declared", place, reason, "Give it in register_permissions")


def _route_faults(
    registry: AddonRegistry, name: str, permissions: Permissions
) -> Iterator[Finding]:
    app = Flask("check", static_folder=None)
    for of, blueprint in registry.everywhere.register_routes():
        if of == name:
            app.register_blueprint(blueprint)
    for endpoint, view in app.view_functions.items():
        try:
            access = access_of(endpoint, view)
        except PlatformError as error:
            remedy = "Put @requires(permission), @api(permission) or @anybody above the view"
            yield Finding("route.access", f"route {endpoint}", str(error), remedy)
            continue
        if access.permission and access.permission not in permissions:
            yield _undeclared(f"route {endpoint}", access.permission)


def _work_faults(registry: AddonRegistry, name: str) -> Iterator[Finding]:
    """Name consumers and schedules that the worker could not call."""
    for consumer in (one for of, one in registry.everywhere.register_consumers() if of == name):
        if not _EVENT.fullmatch(consumer.event):
            reason, remedy = f"{consumer.event!r} is no event", "Name it <addon>.<what>.v1"
            yield Finding("consumer.event", f"consumer {consumer.name}", reason, remedy)
        if not _takes(consumer.handle, 2):
            reason = "its handle cannot be called"
            remedy = "Let it take a session (or task) and the delivery"
            yield Finding("consumer.handle", f"consumer {consumer.name}", reason, remedy)
    for schedule in (one for of, one in registry.everywhere.register_schedules() if of == name):
        if schedule.every <= timedelta(0):
            reason, remedy = f"every {schedule.every} never comes", "Give a time above zero"
            yield Finding("schedule.every", f"schedule {schedule.name}", reason, remedy)
        if not _takes(schedule.run, 1):
            reason, remedy = "its run cannot be called", "Let it take a session"
            yield Finding("schedule.run", f"schedule {schedule.name}", reason, remedy)


def _setting_faults(addon: str, setting: Setting) -> Iterator[Finding]:
    place = f"setting {setting.name}"
    if not setting.name.startswith(f"{addon}."):
        remedy = f"Let its name start with {addon}."
        yield Finding("setting.name", place, "its name may be somebody else's", remedy)
    if not isinstance(setting.default, _KINDS[setting.kind]):
        kind = _KINDS[setting.kind].__name__
        yield Finding("setting.default", place, f"its default is no {kind}", f"Give a {kind}")
    if setting.kind == "choice" and setting.default not in {one for one, _text in setting.choices}:
        reason, remedy = "its default is none of its choices", "Give one of them"
        yield Finding("setting.default", place, reason, remedy)


def _takes(function: Callable[..., Any], count: int) -> bool:
    """Tell whether a function can be called with so many arguments by position."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    return True
