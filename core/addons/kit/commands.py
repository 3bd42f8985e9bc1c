"""``manage.py addon new, check, pack, …``: what an author does, and whom an operator trusts."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import orjson

from core.addons.checks import check_addon
from core.addons.errors import AddonRefusedError
from core.addons.kit.archive import pack, read_archive
from core.addons.kit.receiving import receive
from core.addons.kit.signing import make_key, trust, trusted
from core.addons.kit.source_rules import allowances
from core.addons.lifecycle import loaded, touches
from core.addons.operator import Operator
from core.addons.scaffold import new_addon
from core.i18n import _


def _new(operator: Operator, given: Namespace) -> int:
    for path in new_addon(given.name, given.place or operator.home, given.parts):
        say(str(path))
    return 0


def _check(operator: Operator, given: Namespace) -> int:
    found = check_addon(operator.discovery(), given.name)
    document = {"addon": given.name, "findings": [each.as_dict() for each in found]}
    show(given, document, [str(each) for each in found] or ["nothing to remark"])
    return 1 if found else 0


def _key(_operator: Operator, given: Namespace) -> int:
    key = make_key(given.file)
    say(f"{given.file}: keep it; whoever has it can publish in your name")
    say(f"{given.file}.pub: give it away; its fingerprint is {key.fingerprint}")
    return 0


def _trust(operator: Operator, given: Namespace) -> int:
    say(f"trusted from now on: {trust(operator.data_dir, given.file).fingerprint}")
    return 0


def _pack(operator: Operator, given: Namespace) -> int:
    discovery = operator.discovery()
    if found := check_addon(discovery, given.name):
        for each in found:
            say(str(each))
        raise AddonRefusedError(_("{name} has to be mended first.", name=given.name))
    addon = discovery.get(given.name)
    registry = loaded(discovery.with_requirements(given.name))
    allowed = tuple(f"{one.rule} in {one.place}: {one.reason}" for one in allowances(addon.folder))
    done = pack(
        addon, given.key, touches=touches(addon, registry), allowances=allowed, into=given.into
    )
    say(str(done))
    return 0


def _inspect(operator: Operator, given: Namespace) -> int:
    archive = read_archive(given.file)
    card = archive.card.model_dump(exclude={"files"})
    is_trusted = archive.key in set(trusted(operator.data_dir))
    document = {**card, "key": archive.key.fingerprint, "trusted": is_trusted}
    return show(given, document, _lines(document))


def _lines(document: dict[str, Any]) -> Iterable[str]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from (f"  {what}: {', '.join(said)}" for what, said in value.items() if said)
        elif value not in ("", ()):
            yield f"{name}: {', '.join(value) if isinstance(value, tuple) else value}"


def unpacked(operator: Operator, file: Path) -> str:
    """Take an archive in and give the name of its addon."""
    if not operator.addons_path:
        raise AddonRefusedError(
            _("Say where addons of others lie: set GUADUA_ADDONS_PATH to a folder.")
        )
    place = operator.addons_path[0]
    return receive(file, place, operator.data_dir, operator.discovery()).name


#: Name, summary, what it does, its arguments.
AUTHORING: Final = (
    ("new", "write a new addon that works", _new, "name", "--place", "--with"),
    ("check", "say what is wrong with an addon, and what to do", _check, "name"),
    ("key", "make a key to sign your addons with", _key, "file"),
    ("pack", "write an addon as one signed file", _pack, "name", "--key", "--into"),
    ("inspect", "say what a signed file holds, without running it", _inspect, "file"),
    ("trust", "believe what the owner of a public key signs", _trust, "file"),
)


def show(given: Namespace, document: Any, lines: Iterable[str]) -> int:
    """Print a document as JSON where that was asked, else its lines."""
    if given.json:
        sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        for line in lines:
            say(line)
    return 0


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
