"""One guard removed: a unified diff that names, in its header, the tests that must notice."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_HEADER = re.compile(r"^# (guard|tests): *(\S.*)$", re.MULTILINE)


class PatchError(Exception):
    """A patch that cannot be used as it stands; says what is wrong with it."""


@dataclass(frozen=True)
class Patch:
    """What to remove, in words and as a diff, and the pytest selections that must then fail."""

    path: Path
    guard: str
    tests: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name the patch as ``--only`` knows it."""
        return self.path.stem

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the header; a patch without a guard's name or tests is refused."""
        text = path.read_text(encoding="utf-8")
        if "\n--- " not in text:
            raise PatchError(f"{path.name}: no diff in it")
        found: dict[str, list[str]] = {"guard": [], "tests": []}
        for key, value in _HEADER.findall(text.partition("\n--- ")[0]):
            found[key].append(value.strip())
        if not found["guard"] or not found["tests"]:
            raise PatchError(f"{path.name}: begin it with '# guard: …' and '# tests: path::name'")
        return cls(path, " ".join(found["guard"]), tuple(found["tests"]))


def read_all(folder: Path) -> list[Patch]:
    """Read every patch of a folder, by name."""
    return [Patch.read(path) for path in sorted(folder.glob("*.patch"))]


def chosen(
    patches: Sequence[Patch], *, only: str | None, sample: int | None, seed: int
) -> list[Patch]:
    """Pick the patch with a name, or a sample that another seed changes, or all of them."""
    if only is not None:
        picked = [patch for patch in patches if patch.name == only]
        if not picked:
            names = ", ".join(patch.name for patch in patches)
            raise PatchError(f"no patch is named {only}; there are: {names}")
        return picked
    if sample is None or sample >= len(patches):
        return list(patches)
    return sorted(random.Random(seed).sample(patches, sample), key=lambda patch: patch.name)
