"""Style sheets, scripts and pictures of the core and of the addons, under addresses that last.

All files share one hash in the address (``/static/<hash>/pos/till.mjs``), so that a script finds
its neighbours by relative imports and never mixes two versions. Nothing outside of the list made at
start-up is served.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

PREFIX: Final = "/static/"
#: Also where the machine's own tables know better (Windows says text/plain for scripts).
TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file and how it is announced."""

    path: Path
    content_type: str
    etag: str


class StaticFiles:
    """The files of one process, listed when it starts."""

    def __init__(self, core: Path, addons: Iterable[tuple[str, Path]]) -> None:
        """Take the core's folder, and of each addon's ``static`` folder what is in ``<addon>/``."""
        files = _listed(core, "")
        for name, folder in addons:
            files |= _listed(folder / name, f"{name}/")
        self._files: Mapping[str, StaticFile] = files
        whole = sha256()
        for name in sorted(files):
            whole.update(f"{name}\0{files[name].etag}\0".encode())
        self.version: Final = whole.hexdigest()[:16]

    def address(self, name: str) -> str:
        """Give the address of ``pos/till.mjs``; an unknown file is an error."""
        if name not in self._files:
            raise FileNotFoundError(f"there is no static file {name!r}")
        return f"{PREFIX}{self.version}/{name}"

    def find(self, asked: str) -> tuple[StaticFile, bool] | None:
        """Find what is behind an address after ``/static/``, and whether it may be kept for ever.

        Without hash, or with that of another version, the present file is given, but not to keep.
        """
        version, _, rest = asked.partition("/")
        if version == self.version and rest in self._files:
            return self._files[rest], True
        found = self._files.get(asked) or self._files.get(rest)
        return (found, False) if found else None


def _listed(folder: Path, prefix: str) -> dict[str, StaticFile]:
    return {
        prefix + path.relative_to(folder).as_posix(): StaticFile(
            path, TYPES[path.suffix], sha256(path.read_bytes()).hexdigest()[:32]
        )
        for path in sorted(folder.rglob("*"))
        if path.suffix in TYPES and path.is_file()
    }
