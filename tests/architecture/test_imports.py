"""Who may import whom: the core knows no addon, an addon only what its manifest requires."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.addons.conduct import foreign_imports
from tests.architecture.tree import (
    ROOT,
    addons,
    imports,
    is_test,
    listed,
    name_of,
    parsed,
    python_files,
    requires,
)

#: Kept in core/platform, so that the rest runs on a Windows till.
SYSTEM_ONLY = frozenset(
    {"ctypes", "fcntl", "grp", "msvcrt", "posix", "pwd", "resource", "termios", "winreg"}
)


def core_faults(path: Path) -> Iterator[str]:
    """Name each import of a core module that the house forbids."""
    for imported, line in imports(parsed(path)):
        top = imported.partition(".")[0]
        if top == "addons" or (top == "tests" and not is_test(path)):
            yield f"{name_of(path)}:{line} imports {imported}"
        of_tests = imported.startswith("core.testing")
        if of_tests and not is_test(path) and "core/testing/" not in path.as_posix():
            yield f"{name_of(path)}:{line} imports {imported}, which is for tests"


def test_the_core_imports_no_addon() -> None:
    faults = [fault for path in python_files("core") for fault in core_faults(path)]
    assert not faults, listed(faults)


@pytest.mark.parametrize("addon", addons(), ids=lambda addon: addon.name)
def test_an_addon_imports_only_what_it_requires(addon: Path) -> None:
    faults = [str(found) for found in foreign_imports(addon, requires(addon))]
    assert not faults, listed(faults)


def test_only_core_platform_speaks_to_the_operating_system() -> None:
    faults = [
        f"{name_of(path)}:{line} imports {imported}"
        for path in python_files("core", "addons", "config")
        if not path.is_relative_to(ROOT / "core" / "platform")
        for imported, line in imports(parsed(path))
        if imported.partition(".")[0] in SYSTEM_ONLY
    ]
    assert not faults, listed(faults)


def test_the_database_layer_serves_any_front() -> None:
    faults = [
        f"{name_of(path)}:{line} imports {imported}"
        for path in python_files("core")
        if path.is_relative_to(ROOT / "core" / "db") and not is_test(path)
        for imported, line in imports(parsed(path))
        if imported.partition(".")[0] in {"flask", "werkzeug", "wtforms"}
    ]
    assert not faults, listed(faults)


def test_addons_is_a_namespace_that_third_parties_join() -> None:
    assert not (ROOT / "addons" / "__init__.py").exists()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Give an addon that requires ``catalog``."""
    addon = tmp_path / "addons" / "shop"
    addon.mkdir(parents=True)
    (addon / "manifest.py").write_text('MANIFEST = AddonManifest(requires=("catalog",))')
    return addon


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("from addons.catalog.services import price", None),
        ("from addons.catalog import errors", None),
        ("from addons.shop.models import Shop", None),
        ("from core.money import Amount", None),
        ("from addons.catalog.models import Product", "only services and errors"),
        ("import addons.catalog.queries", "only services and errors"),
        ("from addons.stock.services import move", "does not require"),
        ("def late():\n    import addons.stock.services", "does not require"),
        ("from core.testing.services import find_postgres", "for tests"),
        ("from tests.scenarios import shop", "imports tests"),
    ],
)
def test_the_rule_sees_each_kind_of_import(shop: Path, source: str, fault: str | None) -> None:
    (shop / "services.py").write_text(source)
    found = [str(one) for one in foreign_imports(shop, requires(shop))]
    assert len(found) == (fault is not None)
    assert all(fault and fault in each for each in found)
