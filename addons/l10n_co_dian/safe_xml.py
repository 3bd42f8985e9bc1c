"""Reading XML from anybody without being harmed by it.

No document type, no entities, no network, no file access, bounded depth and size. Comments and
processing instructions are kept, because a signature covers the document as it is.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from addons.l10n_co_dian.errors import UnreadableDocumentError
from core.i18n import _

MAX_BYTES: Final = 20 * 1024 * 1024

NS: Final = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "sts": "dian:gov:co:facturaelectronica:Structures-2-1",
    "xades": "http://uri.etsi.org/01903/v1.3.2#",
    "xades141": "http://uri.etsi.org/01903/v1.4.1#",
}


def safe_parser() -> etree.XMLParser:
    """Make a parser that fetches nothing and expands nothing."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=False,
        strip_cdata=False,
    )


def parse(data: bytes, *, limit: int = MAX_BYTES) -> etree._Element:
    """Give the root of ``data``; refuse what is not well-formed, too large or declares a DTD."""
    if not data.strip():
        raise UnreadableDocumentError(_("The file is empty."))
    if len(data) > limit:
        raise UnreadableDocumentError(
            _("The file is larger than {limit} MB.", limit=limit // (1024 * 1024))
        )
    if b"<!DOCTYPE" in data:
        raise UnreadableDocumentError(
            _("The file declares a document type (DTD), which legal documents never do.")
        )
    try:
        root = etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as error:
        raise UnreadableDocumentError(
            _("The file is not well-formed XML: {reason}", reason=error.msg or "?")
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDocumentError(
            _("The file declares a document type (DTD), which legal documents never do.")
        )
    return root


def tag(name: str) -> str:
    """Turn ``cbc:ID`` into the name that lxml uses."""
    prefix, local = name.split(":")
    return f"{{{NS[prefix]}}}{local}"


def first_text(element: etree._Element, path: str) -> str:
    """Give the stripped text at ``path`` (``cac:Party/cbc:ID``), or an empty text."""
    return (element.findtext(path, default="", namespaces=NS) or "").strip()
