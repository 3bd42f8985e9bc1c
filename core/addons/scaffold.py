"""Writes an addon that works: what its author chose, with Spanish, a migration and its tests."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.addons.autogenerate import make_migration
from core.addons.discovery import discover
from core.addons.errors import AddonRefusedError
from core.addons.manifest import CONTRACT_VERSION, AddonManifest
from core.i18n import _

#: What an author may ask for, and what each needs besides.
CHOICES: Final[dict[str, frozenset[str]]] = {
    "model": frozenset(),
    "resource": frozenset({"model"}),
    "task": frozenset({"model"}),
    "hook": frozenset(),
    "extension": frozenset(),
}
_SOURCES: Final = Path(__file__).parent / "kit" / "scaffold"
#: Room -> the choices that need it; none means always.
_ROOMS: Final[dict[str, frozenset[str]]] = {
    "manifest.py": frozenset(),
    "permissions.py": frozenset(),
    "hooks.py": frozenset(),
    "models.py": frozenset({"model", "extension"}),
    "services.py": frozenset({"resource", "task", "extension"}),
    "resources.py": frozenset({"resource"}),
    "sale.py": frozenset({"hook"}),
}
_PARTS: Final = {
    "resource": ("NavigationItem",),
    "hook": ("Setting",),
    "task": ("Schedule",),
}
_TABLES: Final = {"model": "Note", "extension": "Preference"}
_TEXTS: Final = {
    "resource": {
        "Write notes": "Escribir notas",
        "Title": "Título",
        "Text": "Texto",
        "Note": "Nota",
        "Notes": "Notas",
    },
    "hook": {
        "Highest total of one sale": "Total más alto de una venta",
        "One sale may not be above {limit}.": "Una venta no puede pasar de {limit}.",
    },
}


def new_addon(name: str, place: Path, chosen: Collection[str] = ()) -> list[Path]:
    """Write the addon ``name`` with the ``chosen`` parts into ``place``, and give its files.

    A folder that is there already is left alone. Where tables are among the parts their first
    migration is written too.
    """
    title = name.replace("_", " ").capitalize()
    # Refuses a bad name before anything is written.
    AddonManifest(name=name, version="0.1.0", title=title, summary="", contract=CONTRACT_VERSION)
    folder = place / name
    if folder.exists():
        raise AddonRefusedError(_("{folder} is there already.", folder=str(folder)))
    wanted = {*chosen, *(needed for choice in chosen for needed in CHOICES[choice])}
    paths = [
        folder / room for room, needed_by in _ROOMS.items() if not needed_by or needed_by & wanted
    ]
    written = {path: f"{path.name}.j2" for path in paths}
    written[folder / "locale" / "es.po"] = "es.po.j2"
    written[folder / "tests" / f"test_{name}.py"] = "test.py.j2"
    filled = {path: _filled(source, name, title, wanted) for path, source in written.items()}
    for path, text in filled.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    migration = _first_migration(name, place) if folder / "models.py" in filled else None
    return [*filled, *([migration] if migration else [])]


def _filled(source: str, name: str, title: str, wanted: Collection[str]) -> str:
    environment = Environment(
        loader=FileSystemLoader(_SOURCES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        # Writes Python, not pages.
        autoescape=False,  # noqa: S701
    )
    parts = {"Permission", *(part for choice in wanted for part in _PARTS.get(choice, ()))}
    texts = {
        title: title,
        f"Says what {title} is for, in one sentence an owner understands.": (
            f"Dice para qué sirve {title}, en una frase que el dueño entiende."
        ),
        "See the notes": "Ver las notas",
    }
    for choice in sorted(wanted):
        texts |= _TEXTS.get(choice, {})
    return environment.get_template(source).render(
        name=name,
        title=title,
        contract=CONTRACT_VERSION,
        parts=sorted(parts),
        tables=[table for choice, table in _TABLES.items() if choice in wanted],
        texts=texts,
        **{choice: choice in wanted for choice in CHOICES},
    )


def _first_migration(name: str, place: Path) -> Path | None:
    for known in [each for each in sys.modules if each.startswith(f"addons.{name}.")]:
        del sys.modules[known]
    return make_migration(discover([place]).with_requirements(name), "first tables")
