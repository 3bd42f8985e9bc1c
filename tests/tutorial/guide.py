"""The tutorial as a program reads it: sections of files to write and commands to run."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.architecture.tree import ROOT

PAGE: Final = ROOT / "docs" / "guides" / "tutorial.md"
_BLOCK: Final = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass
class Section:
    """What one section of the page has the reader do."""

    title: str
    files: dict[str, str] = field(default_factory=dict)
    #: Arguments of ``manage.py``, and whether it is to be refused.
    commands: list[tuple[list[str], bool]] = field(default_factory=list)

    def write(self, place: Path) -> None:
        """Write the files as the reader would."""
        for name, text in self.files.items():
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")


def sections() -> dict[str, Section]:
    """Read the page, by the titles of its sections."""
    found = {}
    for part in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        section = Section(part.partition("\n")[0])
        for language, name, text in _BLOCK.findall(part):
            if language == "sh":
                for line in text.splitlines():
                    program, *arguments = shlex.split(line)
                    if program != "manage.py":
                        raise AssertionError(f"the tutorial runs {program}")
                    section.commands.append((arguments, name == "refused"))
            elif "/" in name:
                section.files[name] = text
        found[section.title] = section
    return found
