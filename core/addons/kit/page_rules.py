"""The static gate over templates and static files: the content security policy, kept by reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.addons.kit.finding import Finding

_RULES: Final = (
    (
        "page.inline-script",
        re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
        "has a script inside the page",
        "Put it into static/ and name it with a script element that has src",
    ),
    (
        "page.inline-style",
        re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
        "has a style inside the page",
        "Use the components; a style sheet of your own goes into static/",
    ),
    (
        "page.handler",
        re.compile(r"\s(?:on[a-z]{3,}|hx-on[:\w-]*)\s*=", re.IGNORECASE),
        "has an event handler inside the page",
        "Listen in a script of static/",
    ),
    (
        "page.unescaped",
        re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false"),
        "writes a value as markup",
        "Let it be escaped; markup is for templates only",
    ),
    (
        "page.foreign",
        re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE),
        "loads from, or sends to, another machine",
        "Bring the file in static/; a shop without internet still sells",
    ),
    (
        "page.javascript-address",
        re.compile(r"""(?:href|src|action)\s*=\s*["']?\s*javascript:""", re.IGNORECASE),
        "has an address that is a script",
        "Use a button and a script of static/",
    ),
)


def page_findings(folder: Path) -> Iterator[Finding]:
    """Name what the templates of the addon in ``folder`` contain and may not."""
    for path in sorted((folder / "templates").rglob("*")):
        if not path.is_file() or path.suffix not in {".html", ".j2", ".jinja", ".svg", ".xml"}:
            continue
        name = path.relative_to(folder).as_posix()
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            for rule, pattern, reason, remedy in _RULES:
                if pattern.search(line):
                    yield Finding(rule, f"{name}:{number}", reason, remedy)
