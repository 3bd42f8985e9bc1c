"""Files and functions that a person can hold in mind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import (
    ROOT,
    listed,
    name_of,
    nodes,
    of_kind,
    parsed,
    python_files,
)

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
#: An architecture decision fits one page.
LONGEST_DECISION = 60


def long_functions(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Give the functions above the ceiling with their length, decorators not counted."""
    for node in nodes(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield node.name, length


def is_migration(path: Path) -> bool:
    """Say whether it is a record of tables written from the models, read once, from the top."""
    return path.parent.name == "versions" and path.parent.parent.name == "migrations"


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_its_ceiling() -> None:
    ours = of_kind(".py", ".js", ".mjs", ".css", ".html", ".j2")
    faults = [
        f"{name_of(path)}: {n} lines"
        for path in ours
        if (n := lines_of(path)) > LONGEST_FILE and not is_migration(path)
    ]
    assert not faults, listed(faults)


def test_no_function_is_longer_than_its_ceiling() -> None:
    faults = [
        f"{name_of(path)}: {name} has {length} lines"
        for path in python_files()
        if not is_migration(path)
        for name, length in long_functions(parsed(path))
    ]
    assert not faults, listed(faults)


def test_a_decision_takes_one_page() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    faults = [
        f"{path.name}: {n} lines" for path in pages if (n := lines_of(path)) > LONGEST_DECISION
    ]
    assert pages
    assert not faults, listed(faults)


def test_the_rule_sees_a_function_that_is_one_line_too_long() -> None:
    body = "\n".join("    x = 1" for _ in range(LONGEST_FUNCTION - 1))
    assert not list(long_functions(ast.parse(f"def f():\n{body}")))
    assert list(long_functions(ast.parse(f"def f():\n{body}\n    x = 1"))) == [("f", 51)]
