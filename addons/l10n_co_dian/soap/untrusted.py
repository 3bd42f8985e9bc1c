"""Reading XML from outside: no document type, no entity, no network, no monster."""

from __future__ import annotations

from typing import Final

from lxml import etree

from addons.l10n_co_dian.soap.errors import UnreadableAnswerError
from core.i18n import _

#: More than any answer of the service; a batch of 50 answers stays under 2 MB.
LARGEST: Final = 20 * 1024 * 1024


def read_xml(raw: bytes) -> etree._Element:
    """Give the root of ``raw``; refuse what is malformed, too large or declares a document type.

    Entities need a document type, so refusing it refuses external entities and entity bombs alike,
    whatever the parser's own defaults are.
    """
    if len(raw) > LARGEST:
        raise UnreadableAnswerError(_("The answer is larger than any answer may be."))
    # One parser per call: lxml locks a parser that threads share.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        # A comment inside a text would cut it in two, and its reader would see the first half.
        remove_comments=True,
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise UnreadableAnswerError(_("The answer is not well-formed XML.")) from broken
    if root.getroottree().docinfo.doctype:
        raise UnreadableAnswerError(_("The answer declares a document type, which is refused."))
    return root
