"""Which names of files an archive may contain, on every operating system that unpacks it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final
from unicodedata import normalize
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

#: Longest path, and what a part may consist of: nothing that Windows or a shell reads otherwise.
_LONGEST: Final = 180
_PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]*")
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
#: What an addon is made of. Compiled code is made where it runs, never brought.
KINDS: Final = frozenset(
    {".py", ".po", ".html", ".j2", ".css", ".js", ".mjs", ".json", ".svg", ".png", ".webp", ".jpg"}
    | {".ico", ".woff2", ".md", ".txt", ".csv", ".toml", ".xml", ".xsd", ".typed"}
)
_NAMED: Final = frozenset({"LICENSE", "NOTICE"})
_UNIX_LINK: Final = 0o120000
_UNIX_KIND: Final = 0o170000


def path_fault(name: str, addon: str) -> str:
    """Say why a file of this name may not be in an archive of ``addon``; nothing when it may."""
    parts = name.split("/")
    plain = all(_PART.fullmatch(part) and not part.endswith(".") for part in parts)
    if not plain or len(name) > _LONGEST or normalize("NFC", name) != name:
        return "its name leads elsewhere, or is none everywhere"
    if any(_DEVICES.fullmatch(part) for part in parts):
        return "its name is a device on Windows"
    if parts[:2] != ["addons", addon] or len(parts) < 3:
        return f"it lies outside addons/{addon}/"
    path = PurePosixPath(name)
    if path.suffix not in KINDS and path.name not in _NAMED:
        return f"{path.suffix or path.name} is no kind of file that addons bring"
    return ""


def entry_fault(entry: ZipInfo) -> str:
    """Say why an entry of a zip is not a plain file; nothing when it is."""
    kind = (entry.external_attr >> 16) & _UNIX_KIND
    if entry.is_dir():
        return "it is a folder"
    if kind == _UNIX_LINK:
        return "it is a link"
    if entry.flag_bits & 0x1:
        return "it is encrypted"
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return "it is packed in a way that is not read here"
    return ""


def twins(names: Iterable[str]) -> list[str]:
    """Give the names that are one file where upper and lower case are the same."""
    seen: dict[str, str] = {}
    return [name for name in names if seen.setdefault(name.casefold(), name) != name]
