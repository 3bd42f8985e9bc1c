"""The static gate: what the source of an addon may not contain, read without running it.

It keeps honest authors on the paths that the platform can hold (sessions, clock, settings, files)
and shows an operator what an archive would do. It is no sandbox: installing code is trusting its
author.

A program that stands beside the platform may need more. A file says so, with its reason, and an
operator reads it before installing::

    # allow source.machine: the simulator is a program of its own
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from core.addons.kit.finding import Finding

#: A rule looks at one node of a module and names what it found, or gives nothing.
Rule = Callable[[ast.AST], str | None]
#: Rooms whose code runs while the platform serves; tests and migrations have rules of their own.
_APART: Final = frozenset({"tests", "migrations", "demo.py", "conftest.py"})
#: Where money and quantities are reckoned.
_MONEY_ROOMS: Final = frozenset({"flows.py", "models.py", "rules.py", "services.py"})

_DATABASES: Final = frozenset({"sqlite3", "psycopg", "psycopg2", "pg8000", "asyncpg", "redis"})
_MACHINE: Final = frozenset(
    {
        "subprocess",
        "multiprocessing",
        "ctypes",
        "cffi",
        "socket",
        "signal",
        "pty",
        "fcntl",
        "msvcrt",
    }
)
_UNSAFE_DATA: Final = frozenset({"pickle", "marshal", "shelve", "dill", "jsonpickle"})
_TREE_PARSERS: Final = ("xml.etree", "xml.dom", "xml.sax.handler", "xml.sax.make_parser")
_RAW_SQL: Final = frozenset({"text", "create_engine", "DDL", "literal_column"})
_CLOCKS: Final = frozenset(
    {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.date.today",
    }
)
_EVALUATE: Final = frozenset({"eval", "exec", "compile", "__import__"})
_WRITES_FILES: Final = frozenset({"write_text", "write_bytes", "unlink", "rmdir", "mkdir", "touch"})
_CACHES: Final = frozenset({"lru_cache", "cache", "cached_property"})
_SHELL: Final = frozenset({"os.system", "os.popen", "os.execv", "os.execve", "os.fork", "os.kill"})


_ALLOWS: Final = re.compile(r"^# allow (source\.[a-z-]+): (\S.{9,})$", re.MULTILINE)


def dotted(node: ast.AST) -> str:
    """Write a chain of names as it stands in the source: ``datetime.now``; else nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def imported(node: ast.AST) -> list[str]:
    """Give every name that an import brings, with its module."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _imports(*modules: str) -> Rule:
    def rule(node: ast.AST) -> str | None:
        for name in imported(node):
            if any(name == module or name.startswith(f"{module}.") for module in modules):
                return f"imports {name}"
        return None

    return rule


def _calls(*names: str) -> Rule:
    def rule(node: ast.AST) -> str | None:
        said = dotted(node.func) if isinstance(node, ast.Call) else ""
        return f"calls {said}" if said in names else None

    return rule


def _raw_sql(node: ast.AST) -> str | None:
    for name in imported(node):
        module, _, last = name.rpartition(".")
        if module.partition(".")[0] == "sqlalchemy" and last in _RAW_SQL:
            return f"imports {name}"
    return None


def _side_door(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute) and node.attr in {"__table__", "get_bind", "connection"}:
        return f"reaches for .{node.attr}"
    return None


def _ends_transactions(node: ast.AST) -> str | None:
    said = dotted(node.func) if isinstance(node, ast.Call) else ""
    ends = said.endswith((".commit", ".rollback"))
    return f"calls {said}" if ends and "session" in said else None


def _patches(node: ast.AST) -> str | None:
    changed: list[str] = []
    if isinstance(node, ast.Call) and dotted(node.func) == "setattr" and node.args:
        changed = [f"{dotted(node.args[0])}."]
    elif isinstance(node, ast.Assign):
        changed = [dotted(target) for target in node.targets]
    for said in changed:
        if said.startswith(("core.", "addons.")):
            return f"changes {said.rstrip('.')}"
    return None


def _writes_files(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    said = dotted(node.func)
    if isinstance(node.func, ast.Attribute) and node.func.attr in _WRITES_FILES:
        return f"calls .{node.func.attr}"
    if said == "open" or said.startswith(("shutil.", "tempfile.")):
        return f"calls {said}"
    return None


def _markup(node: ast.AST) -> str | None:
    for name in imported(node):
        if name in {"markupsafe.Markup", "flask.Markup", "jinja2.Markup"}:
            return f"imports {name}"
    return None


def _environment(node: ast.AST) -> str | None:
    said = dotted(node) if isinstance(node, ast.Attribute) else ""
    return f"reads {said}" if said in {"os.environ", "os.getenv"} else None


def _own_cache(node: ast.AST) -> str | None:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    marks = {dotted(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list}
    names = {one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    if "session" in names and any(mark.rpartition(".")[2] in _CACHES for mark in marks):
        return f"keeps what {node.name} read of a business"
    return None


def _float(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return f"writes the float {node.value}"
    return "uses float" if isinstance(node, ast.Name) and node.id == "float" else None


#: rule -> (what sees it, what to do instead)
RULES: Final[dict[str, tuple[Rule, str]]] = {
    "source.raw-sql": (
        _raw_sql,
        "Ask the session with select(), which adds the business to every statement",
    ),
    "source.database": (
        _imports(*_DATABASES),
        "Use the session you are given: it is the only door to the database",
    ),
    "source.side-door": (_side_door, "Ask for the mapped class; its table knows no business"),
    "source.transaction": (
        _ends_transactions,
        "Flush, never commit: whoever opened the unit of work ends it, once",
    ),
    "source.machine": (
        _imports(*_MACHINE),
        "Leave the machine to the platform; work that takes long is a task",
    ),
    "source.shell": (_calls(*sorted(_SHELL)), "Leave the machine to the platform"),
    "source.evaluate": (
        _calls(*sorted(_EVALUATE)),
        "Write the rule as a function; nothing of users or files is run as code",
    ),
    "source.unsafe-data": (
        _imports(*_UNSAFE_DATA),
        "Keep data as JSON: reading the other formats runs what is in them",
    ),
    "source.xml": (
        _imports(*_TREE_PARSERS),
        "Read XML with lxml and a parser without entities and network",
    ),
    "source.clock": (
        _calls(*sorted(_CLOCKS)),
        "Ask session.clock: it is the business's, and tests can stop it",
    ),
    "source.patch": (
        _patches,
        "Implement a hook, or ask for one: what is patched breaks with the next version",
    ),
    "source.files": (
        _writes_files,
        "Keep files with core.files: they belong to a business and are in its backup",
    ),
    "source.markup": (_markup, "Give values; templates write them, escaped"),
    "source.environment": (_environment, "Declare a setting; owners see it and tests can set it"),
    "source.cache": (_own_cache, "Use core.tenancy.cache.cached, which ends with the epoch"),
}


def source_findings(folder: Path) -> Iterator[Finding]:
    """Name what the source of the addon in ``folder`` contains and may not."""
    for name, text in _sources(folder):
        try:
            module = ast.parse(text, name)
        except (SyntaxError, ValueError) as error:
            why = f"cannot be read: {error}"
            yield Finding("source.syntax", name, why, "Write Python 3.11, in UTF-8")
            continue
        allowed = {rule for rule, _why in _ALLOWS.findall(text)}
        for found in _of_module(module, name):
            if found.rule not in allowed:
                yield found


def allowances(folder: Path) -> Iterator[Finding]:
    """Name what the files of an addon allow themselves, with the reasons they give."""
    for name, text in _sources(folder):
        for rule, why in _ALLOWS.findall(text):
            remedy = RULES[rule][1] if rule in RULES else "Name a rule that there is"
            yield Finding(rule, name, why, remedy)


def _sources(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.py")):
        inside = path.relative_to(folder)
        if not _APART & set(inside.parts):
            yield inside.as_posix(), path.read_text(encoding="utf-8", errors="replace")


def _of_module(module: ast.Module, name: str) -> Iterator[Finding]:
    reckons_money = name.rpartition("/")[2] in _MONEY_ROOMS
    for node in ast.walk(module):
        line = getattr(node, "lineno", 1)
        for rule, (sees, remedy) in RULES.items():
            if reason := sees(node):
                yield Finding(rule, f"{name}:{line}", reason, remedy)
        if reckons_money and (reason := _float(node)):
            remedy = 'Reckon money and quantities with Decimal("…")'
            yield Finding("source.float", f"{name}:{line}", reason, remedy)
