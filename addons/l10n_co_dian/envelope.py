"""Finding the XML in what people hand over: a file, a ZIP with one document, Base64 of either."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from base64 import b64decode
from binascii import Error as Base64Error
from io import BytesIO
from typing import Final

from addons.l10n_co_dian.errors import UnreadableDocumentError
from addons.l10n_co_dian.safe_xml import MAX_BYTES
from core.i18n import _

_ZIP: Final = b"PK\x03\x04"
_MAX_ENTRIES: Final = 50
_BASE64: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n\t "
)


def unwrap(data: bytes) -> bytes:
    """Give the XML inside ``data``; refuse what is empty, too large, hidden or not one document.

    A ZIP is read up to the size of the largest document and not one byte further, whatever it
    says of itself; a ZIP inside a ZIP is refused.
    """
    if not data.strip():
        raise UnreadableDocumentError(_("The file is empty."))
    if len(data) > MAX_BYTES * 2:
        raise _too_large()
    if data.startswith(_ZIP):
        return _from_zip(data)
    if _BASE64.issuperset(data):
        decoded = _from_base64(data)
        return _from_zip(decoded) if decoded.startswith(_ZIP) else decoded
    return data


def _from_base64(data: bytes) -> bytes:
    try:
        return b64decode(b"".join(data.split()), validate=True)
    except Base64Error as error:
        raise UnreadableDocumentError(_("The file is not XML.")) from error


def _from_zip(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(data)) as bundle:
            entries = bundle.infolist()
            if len(entries) > _MAX_ENTRIES:
                raise UnreadableDocumentError(_("The ZIP must hold exactly one XML document."))
            found = [entry for entry in entries if entry.filename.lower().endswith(".xml")]
            if len(found) != 1:
                raise UnreadableDocumentError(_("The ZIP must hold exactly one XML document."))
            with bundle.open(found[0]) as source:
                content = source.read(MAX_BYTES + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,  # a name or a header that makes no sense
        lzma.LZMAError,
        RuntimeError,  # an encrypted entry
        NotImplementedError,  # a compression that Python does not know
    ) as error:
        raise UnreadableDocumentError(_("The ZIP is damaged or protected.")) from error
    if len(content) > MAX_BYTES:
        raise _too_large()
    if content.startswith(_ZIP):
        raise UnreadableDocumentError(_("A ZIP inside a ZIP is not opened."))
    return content


def _too_large() -> UnreadableDocumentError:
    limit = MAX_BYTES // (1024 * 1024)
    return UnreadableDocumentError(_("The file is larger than {limit} MB.", limit=limit))
