"""Canonical XML: the exact bytes that are hashed when something is signed."""

from __future__ import annotations

from typing import Final

from lxml import etree

from addons.l10n_co_dian.errors import UnreadableDocumentError
from addons.l10n_co_dian.safe_xml import safe_parser
from core.i18n import _

INCLUSIVE: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
#: Accepted forms: address to (exclusive, with comments).
FORMS: Final[dict[str, tuple[bool, bool]]] = {
    INCLUSIVE: (False, False),
    INCLUSIVE + "#WithComments": (False, True),
    EXCLUSIVE: (True, False),
    EXCLUSIVE + "WithComments": (True, True),
}


def canonical_document(root: etree._Element, form: str = INCLUSIVE) -> bytes:
    """Canonicalise a whole document; a reference to ``URI=""`` never covers comments."""
    return _write(root, exclusive=FORMS[form][0], with_comments=False)


def canonical_part(element: etree._Element, form: str = INCLUSIVE) -> bytes:
    """Canonicalise one element with the namespaces it inherits.

    It is written out and read again first: lxml would put a false ``xmlns=""`` on children of an
    element that stands in a tree with a default namespace.
    """
    exclusive, comments = FORMS[form]
    alone = etree.fromstring(etree.tostring(element, with_tail=False), safe_parser())
    return _write(alone, exclusive=exclusive, with_comments=comments)


def _write(root: etree._Element, *, exclusive: bool, with_comments: bool) -> bytes:
    try:
        return etree.tostring(
            root.getroottree(), method="c14n", exclusive=exclusive, with_comments=with_comments
        )
    except etree.C14NError as error:
        raise UnreadableDocumentError(
            _("The document has no canonical form: one of its namespaces is relative.")
        ) from error
