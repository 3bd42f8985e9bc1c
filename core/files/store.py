"""Content-addressed files below the data folder, each business in a folder of its own.

``<data>/files/<tenant uid>/<first two digits>/<SHA-256>``: a file is never changed, and the same
content is kept once per business, never shared between businesses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Final

from core.errors import NotFoundError
from core.i18n import _
from core.platform.files import make_folder, write_durably
from core.tenancy.models import TenantRef

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class MissingFileError(NotFoundError):
    """The business has no such file, or what lies there is not what was put."""

    code: ClassVar[str] = "files.missing"


@dataclass(frozen=True, slots=True)
class FileStore:
    """The files below one data folder."""

    data: Path

    def put(self, tenant: TenantRef, content: bytes) -> str:
        """Keep ``content`` and give its SHA-256 in hex; on disk when it returns.

        Putting the same again changes nothing, and mends a damaged copy.
        """
        digest = sha256(content).hexdigest()
        path = self._path(tenant, digest)
        if _read(path, digest) is None:
            make_folder(path.parent, inside=self.data)
            write_durably(path, content, mode=0o600)
        return digest

    def get(self, tenant: TenantRef, digest: str) -> bytes:
        """Give the content of ``digest``, checked; raise ``MissingFileError`` otherwise."""
        content = _read(self._path(tenant, digest), digest) if _is_digest(digest) else None
        if content is None:
            raise MissingFileError(
                _("This file is not there any more, or was damaged. Restore it from a backup."),
                sha256=digest,
            )
        return content

    def has(self, tenant: TenantRef, digest: str) -> bool:
        """Tell whether the content of ``digest`` is there and undamaged."""
        return _is_digest(digest) and _read(self._path(tenant, digest), digest) is not None

    def damaged(self, tenant: TenantRef) -> list[str]:
        """Name the files whose content is not what their name says."""
        folder = self._folder(tenant)
        found = sorted(folder.glob("*/*")) if folder.is_dir() else []
        # A name that starts with a dot was being written when the power went.
        names = [path.name for path in found if not path.name.startswith(".")]
        return [name for name in names if not self.has(tenant, name)]

    def _path(self, tenant: TenantRef, digest: str) -> Path:
        return self._folder(tenant) / digest[:2] / digest

    def _folder(self, tenant: TenantRef) -> Path:
        return self.data / "files" / str(tenant.uid)


def _is_digest(text: str) -> bool:
    # Nothing else may name a path: no dots, no slashes, no other business.
    return bool(_DIGEST.fullmatch(text))


def _read(path: Path, digest: str) -> bytes | None:
    if path.is_symlink():
        return None
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    return content if sha256(content).hexdigest() == digest else None
