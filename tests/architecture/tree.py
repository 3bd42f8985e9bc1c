"""The repository as the tests of this folder see it: our own files, parsed once."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
#: Made by tools, or other people's.
SKIPPED: Final = frozenset({".git", ".venv", "node_modules", "var", "build", "__pycache__"})
VENDORED: Final = frozenset({"vendor", "fonts"})


def files(root: Path = ROOT) -> Iterator[Path]:
    """Walk over the files of the project, in a fixed order; caches are not part of it."""
    for folder, folders, names in os.walk(root):
        kept = (name for name in folders if name not in SKIPPED and not name.endswith("_cache"))
        folders[:] = sorted(kept)
        yield from (Path(folder, name) for name in sorted(names) if not is_product(name))


def is_product(name: str) -> bool:
    """Say whether a file is what a program leaves behind."""
    return name.endswith((".pyc", ".db", ".db-wal", ".db-shm")) or name == ".git"


def is_vendored(path: Path) -> bool:
    """Say whether a file came from elsewhere and is kept as it came."""
    return not VENDORED.isdisjoint(path.parts)


def of_kind(*suffixes: str, root: Path = ROOT) -> Iterator[Path]:
    """Walk over our own files with these suffixes."""
    return (path for path in files(root) if path.suffix in suffixes and not is_vendored(path))


def python_files(*tops: str, root: Path = ROOT) -> Iterator[Path]:
    """Walk over the Python files below these folders, all without any."""
    for path in of_kind(".py", root=root):
        if not tops or path.relative_to(root).parts[0] in tops:
            yield path


def is_test(path: Path) -> bool:
    """Say whether a file is part of a suite and not of the product."""
    return "tests" in path.parts or path.name == "conftest.py"


@cache
def parsed(path: Path) -> ast.Module:
    """Read a module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(module: ast.AST) -> tuple[ast.AST, ...]:
    """Give all that a module holds; many rules look at it, so it is walked over once."""
    return tuple(ast.walk(module))


def name_of(path: Path, root: Path = ROOT) -> str:
    """Tell people which file it is."""
    return path.relative_to(root).as_posix()


def imports(module: ast.AST) -> Iterator[tuple[str, int]]:
    """Give every imported name, fully dotted, with its line; also those inside functions."""
    for node in nodes(module):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def addons(root: Path = ROOT) -> list[Path]:
    """Give the folders of the addons."""
    return sorted(path.parent for path in (root / "addons").glob("*/manifest.py"))


def requires(addon: Path) -> tuple[str, ...]:
    """Read what an addon's manifest requires, without importing it."""
    for node in nodes(parsed(addon / "manifest.py")):
        if isinstance(node, ast.keyword) and node.arg == "requires":
            return tuple(ast.literal_eval(node.value))
    return ()


def listed(faults: Iterable[str]) -> str:
    """Show faults one per line."""
    return "\n".join(["", *faults])
