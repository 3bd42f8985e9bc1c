"""What the static gate sees in sources and pages, case by case, and what it lets pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.addons.kit.page_rules import page_findings
from core.addons.kit.source_rules import allowances, source_findings

REFUSED = {
    "source.raw-sql": (
        "from sqlalchemy import text",
        "from sqlalchemy import select, text as sql",
        "from sqlalchemy.sql import text",
        "from sqlalchemy import create_engine",
        "from sqlalchemy.schema import DDL",
        "from sqlalchemy import literal_column",
    ),
    "source.database": (
        "import sqlite3",
        "import psycopg",
        "from psycopg.rows import dict_row",
        "import psycopg2.extras",
        "import redis",
        "def late():\n    import sqlite3",
    ),
    "source.side-door": (
        "def f(session): return session.connection()",
        "rows = Sale.__table__",
        "def f(session): return session.get_bind()",
    ),
    "source.transaction": (
        "def f(session): session.commit()",
        "def f(session): session.rollback()",
        "def f(self): self.session.commit()",
    ),
    "source.machine": (
        "import subprocess",
        "from subprocess import run",
        "import socket",
        "import ctypes",
        "from multiprocessing import Pool",
        "import signal",
        "import fcntl",
    ),
    "source.shell": (
        "import os\nos.system('ls')",
        "import os\nos.popen('ls')",
        "import os\nos.fork()",
        "import os\nos.kill(1, 9)",
    ),
    "source.evaluate": (
        "eval('1 + 1')",
        "exec('x = 1')",
        "compile('x', 'f', 'exec')",
        "__import__('os')",
    ),
    "source.unsafe-data": (
        "import pickle",
        "from pickle import loads",
        "import marshal",
        "import shelve",
    ),
    "source.xml": (
        "import xml.etree.ElementTree as ET",
        "from xml.etree import ElementTree",
        "from xml.dom import minidom",
        "from xml.sax import make_parser",
    ),
    "source.clock": (
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.utcnow()",
        "from datetime import date\ndate.today()",
        "import time\ntime.time()",
    ),
    "source.patch": (
        "import core.money\ncore.money.rounded = None",
        "import addons.pos.services\naddons.pos.services.sell = print",
        "import core.errors\nsetattr(core.errors, 'x', 1)",
    ),
    "source.files": (
        "open('/tmp/x', 'w')",
        "from pathlib import Path\nPath('x').write_text('y')",
        "from pathlib import Path\nPath('x').write_bytes(b'y')",
        "from pathlib import Path\nPath('x').unlink()",
        "import shutil\nshutil.rmtree('/')",
        "import tempfile\ntempfile.mkdtemp()",
    ),
    "source.markup": ("from markupsafe import Markup", "from flask import Markup"),
    "source.environment": (
        "import os\nkey = os.environ['GUADUA_SECRET_KEY']",
        "import os\nkey = os.getenv('X')",
    ),
    "source.cache": (
        "from functools import lru_cache\n@lru_cache\ndef rates(session): ...",
        "from functools import cache\n@cache\ndef rates(session, day): ...",
        "import functools\n@functools.lru_cache(maxsize=9)\ndef rates(session): ...",
    ),
    "source.float": ("rate = 0.19", "def f(x): return float(x)"),
    "source.syntax": ("def f(:", "x = (", "\0"),
}
PAGES = {
    "page.inline-script": ("<script>alert(1)</script>", "<SCRIPT type='module'>x</SCRIPT>"),
    "page.inline-style": ("<style>p{}</style>", '<p style="color:red">', "<p STYLE='x'>"),
    "page.handler": (
        '<img onerror="x()">',
        "<body onload=x()>",
        '<button hx-on:click="x()">',
        '<a hx-on="click: x()">',
    ),
    "page.unescaped": ("{{ name | safe }}", "{{ name|safe }}", "{% autoescape false %}"),
    "page.foreign": (
        '<script src="https://cdn.example/x.js"></script>',
        '<img src="//tracker.example/p.png">',
        "<form action=http://elsewhere.example/>",
        '<link rel="stylesheet" href="https://fonts.example/a.css">',
    ),
    "page.javascript-address": ('<a href="javascript:x()">', "<a href=' javascript:x()'>"),
}
FINE = (
    "from datetime import datetime, UTC\ndef f(session): return session.clock.now()",
    "from sqlalchemy import select, func, case\ndef f(session): session.flush()",
    "from functools import lru_cache\n@lru_cache\ndef words(language): ...",
    "from decimal import Decimal\nrate = Decimal('0.19')",
    "from xml.sax.saxutils import escape",
    "import os.path\nname = os.path.basename('a/b')",
    "self.core = 1\ncore_money = 2",
    "with session.begin_nested(): pass",
    "import re\nre.compile('x')",
)


def seen(folder: Path, source: str) -> set[str]:
    (folder / "services.py").write_text(source, encoding="utf-8")
    return {found.rule for found in source_findings(folder)}


@pytest.mark.parametrize(
    ("rule", "source"), [(rule, source) for rule, all_ in REFUSED.items() for source in all_]
)
def test_each_way_past_the_platform_is_seen(tmp_path: Path, rule: str, source: str) -> None:
    assert rule in seen(tmp_path, source)


@pytest.mark.parametrize("source", FINE)
def test_what_honest_addons_write_passes(tmp_path: Path, source: str) -> None:
    assert seen(tmp_path, source) == set()


@pytest.mark.parametrize(
    ("rule", "page"), [(rule, page) for rule, all_ in PAGES.items() for page in all_]
)
def test_each_breach_of_the_content_policy_is_seen(tmp_path: Path, rule: str, page: str) -> None:
    place = tmp_path / "templates" / "shop"
    place.mkdir(parents=True)
    (place / "page.html").write_text(f"<p>ok</p>\n{page}\n", encoding="utf-8")
    found = list(page_findings(tmp_path))
    assert rule in {one.rule for one in found}
    assert {one.place for one in found} == {"templates/shop/page.html:2"}
    assert all(one.reason and one.remedy for one in found)


def test_tests_and_migrations_are_apart(tmp_path: Path) -> None:
    for room in ("tests", "migrations/versions"):
        place = tmp_path / room
        place.mkdir(parents=True)
        (place / "a.py").write_text("import subprocess")
    assert list(source_findings(tmp_path)) == []


def test_what_a_file_allows_itself_is_told_with_its_reason(tmp_path: Path) -> None:
    why = "a scale speaks over a socket of this machine"
    (tmp_path / "scale.py").write_text(f"# allow source.machine: {why}\nimport socket\neval('1')")
    assert [one.rule for one in source_findings(tmp_path)] == ["source.evaluate"]
    (told,) = allowances(tmp_path)
    assert (told.rule, told.place, told.reason) == ("source.machine", "scale.py", why)


def test_an_allowance_without_a_reason_allows_nothing(tmp_path: Path) -> None:
    assert seen(tmp_path, "# allow source.machine: yes\nimport socket") == {"source.machine"}
    assert list(allowances(tmp_path)) == []


def test_every_refusal_has_a_reason_and_a_remedy(tmp_path: Path) -> None:
    every = "\n".join(source for rule, all_ in REFUSED.items() if rule != "source.syntax"
                      for source in all_)  # fmt: skip
    (tmp_path / "services.py").write_text(every)
    found = list(source_findings(tmp_path))
    assert {one.rule for one in found} == REFUSED.keys() - {"source.syntax"}
    assert all(one.place.startswith("services.py:") and one.reason and one.remedy for one in found)
