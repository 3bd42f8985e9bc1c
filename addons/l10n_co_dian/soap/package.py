"""The archive the service takes: one XML file, the same bytes for the same document every time."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Final, NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from addons.l10n_co_dian.soap.errors import PackageError
from core.i18n import _

#: A document far larger than this is a mistake or an attack, never an invoice.
LARGEST_DOCUMENT: Final = 8 * 1024 * 1024
#: The archive carries no time of its own: a document sent twice is sent as the same bytes.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MADE_ON_UNIX: Final = 3
_READABLE_FILE: Final = 0o100644 << 16


class Document(NamedTuple):
    """The one file inside an archive."""

    name: str
    xml: bytes


def pack(name: str, xml: bytes) -> bytes:
    """Put ``xml`` alone into an archive under its official file ``name``.

    The result depends on the arguments only, so a repeated send repeats the bytes.
    """
    if not name.endswith(".xml") or "/" in name or "\\" in name:
        raise PackageError(_("The file name {name} is not the name of an XML file.", name=name))
    entry = ZipInfo(name, _NO_TIME)
    entry.compress_type = ZIP_DEFLATED
    # Zip records the operating system; the same document gives the same bytes on all of them.
    entry.create_system = _MADE_ON_UNIX
    entry.external_attr = _READABLE_FILE
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr(entry, xml, compresslevel=6)
    return buffer.getvalue()


def unpack(archive_bytes: bytes) -> Document:
    """Take the only file out of an archive; refuse several, none, folders and zip bombs."""
    try:
        with ZipFile(BytesIO(archive_bytes)) as archive:
            entries = archive.infolist()
            if len(entries) != 1:
                raise PackageError(_("The archive must hold exactly one file."))
            entry = entries[0]
            if entry.is_dir() or not entry.filename.lower().endswith(".xml"):
                raise PackageError(_("The archive must hold exactly one XML file."))
            with archive.open(entry) as opened:
                # The size in the archive's table is only a claim.
                xml = opened.read(LARGEST_DOCUMENT + 1)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as broken:
        raise PackageError(_("The archive cannot be opened.")) from broken
    if len(xml) > LARGEST_DOCUMENT:
        raise PackageError(_("The document is larger than a document may be."))
    return Document(entry.filename, xml)
