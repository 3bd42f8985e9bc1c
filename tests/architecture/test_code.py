"""What may not stand in the code: floats near money, side doors to tables, unfinished work."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from core.testing.shared import needs_shared, shared_data
from tests.architecture.tree import (
    ROOT,
    files,
    is_test,
    is_vendored,
    listed,
    name_of,
    nodes,
    of_kind,
    parsed,
    python_files,
)

#: Where money and quantities are reckoned.
MONEY_ROOMS = frozenset({"flows.py", "models.py", "money.py", "rules.py", "services.py"})
TEXT = (".css", ".html", ".ini", ".j2", ".js", ".md", ".mjs", ".po", ".py", ".sh", ".sql", ".toml")
#: Names that no text about the platform needs: first bytes of the SHA-256 of the lower-case word,
#: so that this list does not contain what it looks for.
UNWANTED = frozenset(
    {
        "3ea125d0bff386e6",
        "487b91042c7cf27a",
        "60965168ce762e94",
        "7d3194f79e645c42",
        "c70eca6b0f88f44d",
        "c857d09db23e6822",
    }
)
UNFINISHED = re.compile(r"\b(?:[T]ODO|[F]IXME|[X]XX)\b")


def floats(module: ast.AST) -> Iterator[int]:
    """Give the lines with a float literal or the name ``float``."""
    for node in nodes(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno
        if isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno


def table_doors(module: ast.AST) -> Iterator[int]:
    """Give the lines that reach for a mapped class's table, where no tenant is added."""
    for node in nodes(module):
        if isinstance(node, ast.Attribute) and node.attr == "__table__":
            yield node.lineno


def unwanted(text: str) -> Iterator[str]:
    """Give the words of a text that are on the list."""
    for word in set(re.findall(r"[a-z]{3,}", text.casefold())):
        if sha256(word.encode()).hexdigest()[:16] in UNWANTED:
            yield word


def reckons_money(path: Path) -> bool:
    return path.name in MONEY_ROOMS and not is_test(path) and not is_under_testing(path)


def is_under_testing(path: Path) -> bool:
    return path.is_relative_to(ROOT / "core" / "testing")


def texts() -> Iterator[Path]:
    named = (ROOT / "Makefile", ROOT / ".ci" / "run")
    yield from (path for path in named if path.exists())
    yield from of_kind(*TEXT)


def test_no_float_comes_near_money() -> None:
    faults = [
        f"{name_of(path)}:{line}"
        for path in python_files("core", "addons")
        if reckons_money(path)
        for line in floats(parsed(path))
    ]
    assert not faults, listed(faults)


def test_addons_reach_tables_through_the_session_only() -> None:
    faults = [
        f"{name_of(path)}:{line}"
        for path in python_files("addons")
        if not is_test(path)
        for line in table_doors(parsed(path))
    ]
    assert not faults, listed(faults)


def test_no_text_speaks_of_anything_but_the_project() -> None:
    faults = [
        f"{name_of(path)}: {word}"
        for path in texts()
        for word in unwanted(path.read_text(encoding="utf-8"))
    ]
    assert not faults, listed(faults)


def test_nothing_is_left_unfinished() -> None:
    faults = [
        f"{name_of(path)}:{number}"
        for path in texts()
        if path.suffix not in {".po", ".md"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not faults, listed(faults)


@needs_shared
def test_no_file_of_the_reference_data_is_copied() -> None:
    folder = shared_data()
    assert folder
    theirs = {sha256(path.read_bytes()).digest() for path in folder.rglob("*") if path.is_file()}
    nothing = sha256(b"").digest()
    faults = [
        name_of(path)
        for path in files()
        if (print_ := sha256(path.read_bytes()).digest()) in theirs and print_ != nothing
    ]
    assert len(theirs) > 50
    assert not faults, listed(faults)


def recorded(path: Path) -> bool:
    """Say whether the licence of a vendored file stands beside it.

    Either in ``VENDORED.md`` with the file's name, or as ``<name>-LICENSE*`` or ``LICENSE*``.
    """
    beside = [other.name for other in path.parent.iterdir()]
    page = path.parent / "VENDORED.md"
    if page.exists():
        return path.name in page.read_text(encoding="utf-8")
    stem = path.name.partition(".")[0]
    licences = [name.partition("LICENSE")[0].rstrip("-") for name in beside if "LICENSE" in name]
    return any(stem.startswith(licence) for licence in licences)


def test_every_vendored_file_has_its_licence() -> None:
    ours = {"VENDORED.md", "README.md"}
    kept = (path for path in files() if is_vendored(path.relative_to(ROOT)))
    faults = [
        name_of(path)
        for path in kept
        if path.name not in ours and "LICENSE" not in path.name and not recorded(path)
    ]
    assert not faults, listed(faults)


@pytest.mark.parametrize("source", ["x = 1.5", "y = float('1')", "def f(price: float): ..."])
def test_the_rule_sees_each_kind_of_float(source: str) -> None:
    assert list(floats(ast.parse(source))) == [1]


def test_the_rule_lets_decimals_pass() -> None:
    assert not list(floats(ast.parse("x = Decimal('1.5') * 2")))


def test_the_rule_sees_a_side_door() -> None:
    assert list(table_doors(ast.parse("select(Sale.__table__)"))) == [1]


def test_a_vendored_file_without_a_licence_is_seen(tmp_path: Path) -> None:
    (tmp_path / "chart.min.js").touch()
    assert not recorded(tmp_path / "chart.min.js")
    (tmp_path / "chart-LICENSE.txt").touch()
    assert recorded(tmp_path / "chart.min.js")
    (tmp_path / "VENDORED.md").write_text("other.js: MIT")
    assert not recorded(tmp_path / "chart.min.js")
