"""Build CHANGELOG.md from the fragments in ``changelog.d``.

``python config/changelog.py`` shows what the next release brings;
``python config/changelog.py 0.2.0 2026-04-01`` writes it down and removes the fragments.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
#: The kinds of change in the order of the page; a fragment is named ``<what>.<kind>.md``.
KINDS: Final = {
    "security": "Security",
    "breaking": "Breaking",
    "added": "Added",
    "changed": "Changed",
    "fixed": "Fixed",
}
MARK: Final = "<!-- releases -->\n"
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")


class FragmentError(Exception):
    """A fragment or a release that cannot be written down; says what to change."""


def fragments(folder: Path) -> list[Path]:
    """Give the fragments by name; one that names no kind or says nothing is refused."""
    found = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    for path in found:
        kind = path.name.split(".")[-2]
        if kind not in KINDS or path.name.count(".") < 2:
            raise FragmentError(f"{path.name}: name it <what>.<{'|'.join(KINDS)}>.md")
        if not path.read_text(encoding="utf-8").strip():
            raise FragmentError(f"{path.name}: it says nothing")
    return found


def section(paths: Sequence[Path]) -> str:
    """Put fragments together, one list per kind."""
    parts: list[str] = []
    for kind, title in KINDS.items():
        texts = [
            path.read_text(encoding="utf-8").strip().replace("\n", "\n  ")
            for path in paths
            if path.name.split(".")[-2] == kind
        ]
        if texts:
            parts.append(f"### {title}\n\n" + "\n".join(f"- {text}" for text in texts) + "\n")
    return "\n".join(parts)


def release(root: Path, version: str, day: str) -> None:
    """Write a release into the page, newest first, and remove its fragments."""
    paths = fragments(root / "changelog.d")
    page = root / "CHANGELOG.md"
    text = page.read_text(encoding="utf-8")
    if not paths:
        raise FragmentError("there is nothing to release: changelog.d holds no fragment")
    if not _VERSION.fullmatch(version) or f"## {version} " in text:
        raise FragmentError(f"{version} is not a new version such as 1.2.3")
    date.fromisoformat(day)
    head, mark, rest = text.partition(MARK)
    if not mark:
        raise FragmentError(f"CHANGELOG.md has no line {MARK.strip()}")
    entry = f"\n## {version} ({day})\n\n{section(paths)}"
    page.write_text(head + mark + entry + rest, encoding="utf-8")
    for path in paths:
        path.unlink()


def main(arguments: Sequence[str]) -> int:
    """Show or release; 0 done, 1 refused, 2 wrong usage."""
    if len(arguments) not in {0, 2}:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        if arguments:
            release(ROOT, *arguments)
        else:
            sys.stdout.write(section(fragments(ROOT / "changelog.d")))
    except (FragmentError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
