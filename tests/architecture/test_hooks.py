"""Every hook is documented with the signature it has, and something of ours uses it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.architecture.tree import ROOT, is_test, nodes, parsed, python_files

PAGES = ROOT / "docs" / "hooks"


@dataclass(frozen=True)
class Hook:
    """A hook as its specification declares it."""

    name: str
    arguments: tuple[str, ...]
    docstring: str


def decorated(module: ast.Module, marker: str) -> Iterator[ast.FunctionDef]:
    """Give the functions under a pluggy marker, called or not."""
    for node in nodes(module):
        if not isinstance(node, ast.FunctionDef):
            continue
        marks = (mark.func if isinstance(mark, ast.Call) else mark for mark in node.decorator_list)
        if any(isinstance(mark, ast.Name) and mark.id == marker for mark in marks):
            yield node


def hooks_of(module: ast.Module) -> list[Hook]:
    """Read the hook specifications of a module."""
    return [
        Hook(
            node.name,
            tuple(argument.arg for argument in node.args.args if argument.arg != "self"),
            ast.get_docstring(node) or "",
        )
        for node in decorated(module, "hookspec")
    ]


def documented(page: str, hook: Hook) -> bool:
    """Say whether a page shows the hook with exactly its arguments, annotations aside."""
    shown = re.search(rf"\b{hook.name}\(([^)]*)\)", page)
    if not shown:
        return False
    names = (part.partition(":")[0].partition("=")[0].strip() for part in shown[1].split(","))
    return tuple(name for name in names if name and name != "self") == hook.arguments


def ours(marker: str) -> Iterator[ast.Module]:
    """Read our modules that name the marker; only those are worth reading."""
    for path in python_files("core", "addons"):
        if not is_test(path) and marker in path.read_text(encoding="utf-8"):
            yield parsed(path)


HOOKS = [hook for module in ours("hookspec") for hook in hooks_of(module)]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
def test_a_hook_has_a_page_with_its_signature(hook: Hook) -> None:
    page = PAGES / f"{hook.name}.md"
    assert page.exists(), f"docs/hooks/{hook.name}.md is missing"
    assert documented(page.read_text(encoding="utf-8"), hook), f"{page.name}: {hook.arguments}"
    assert hook.docstring


def test_every_hook_has_a_real_user() -> None:
    used = {node.name for module in ours("hookimpl") for node in decorated(module, "hookimpl")}
    assert not sorted({hook.name for hook in HOOKS} - used)


def test_no_page_describes_a_hook_that_is_gone() -> None:
    pages = {path.stem for path in PAGES.glob("*.md")} - {"index", "README"}
    assert pages <= {hook.name for hook in HOOKS}


SPEC = '@hookspec(firstresult=True)\ndef on_sale(sale, lines):\n    """Hear of it."""'


@pytest.mark.parametrize(
    ("page", "right"),
    [
        ("`def on_sale(sale: Sale, lines: list[Line]) -> None`", True),
        ("`def on_sale(sale)`", False),
        ("`def on_sale(lines, sale)`", False),
        ("About sales.", False),
    ],
)
def test_the_rule_compares_signatures(page: str, right: bool) -> None:
    (hook,) = hooks_of(ast.parse(SPEC))
    assert hook == Hook("on_sale", ("sale", "lines"), "Hear of it.")
    assert documented(page, hook) is right
