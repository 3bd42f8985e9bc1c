"""The authority's verdict as a document of its own: an ApplicationResponse, signed.

An acceptance is believed only with it: it must be signed, say "validated" (02) and name the code
that was asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.x509 import Certificate

from addons.l10n_co_dian.errors import UnreadableDocumentError
from addons.l10n_co_dian.safe_xml import NS, first_text, parse
from addons.l10n_co_dian.verification import SignatureReport, verify_root
from core.i18n import _
from core.outcome import BrokenRule

#: ``cac:DocumentResponse/cac:Response/cbc:ResponseCode`` (annex FE 1.9, ApplicationResponse).
VALIDATED: Final = "02"
REJECTED: Final = "04"

_ROOT: Final = "{urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2}"
_VERDICT: Final = "cac:DocumentResponse/cac:Response/"
_REFERENCE: Final = "cac:DocumentResponse/cac:DocumentReference/"


@dataclass(frozen=True, slots=True)
class ApplicationResponse:
    """What the authority says of one document; ``code`` is 02 validated or 04 rejected."""

    code: str
    description: str
    document_number: str
    document_code: str
    own_code: str
    issue_date: str
    issue_time: str
    notes: tuple[BrokenRule, ...]
    signature: SignatureReport


def read_application_response(
    xml: bytes, trusted: Sequence[Certificate] | None = None
) -> ApplicationResponse:
    """Read a verdict and examine its signature.

    Raises ``UnreadableDocumentError`` when it is no ApplicationResponse. With ``trusted`` the
    signer's chain must lead to one of them.
    """
    root = parse(xml)
    if root.tag != f"{_ROOT}ApplicationResponse":
        raise UnreadableDocumentError(_("The verdict is not an ApplicationResponse."))
    notes = tuple(
        BrokenRule(first_text(line, "cbc:ResponseCode"), first_text(line, "cbc:Description"))
        for line in root.findall("cac:DocumentResponse/cac:LineResponse/cac:Response", NS)
    )
    return ApplicationResponse(
        code=first_text(root, _VERDICT + "cbc:ResponseCode"),
        description=first_text(root, _VERDICT + "cbc:Description"),
        document_number=first_text(root, _REFERENCE + "cbc:ID"),
        document_code=first_text(root, _REFERENCE + "cbc:UUID").lower(),
        own_code=first_text(root, "cbc:UUID").lower(),
        issue_date=first_text(root, "cbc:IssueDate"),
        issue_time=first_text(root, "cbc:IssueTime"),
        notes=notes,
        signature=verify_root(root, trusted),
    )


def acceptance_problem(xml: bytes, code: str, trusted: Sequence[Certificate] = ()) -> str:
    """Say why ``xml`` does not prove that the document ``code`` was accepted, or nothing.

    Without ``trusted`` any signature that verifies counts; an unsigned verdict never does.
    """
    if not xml:
        return "no ApplicationResponse came with it"
    try:
        response = read_application_response(xml, trusted or None)
    except UnreadableDocumentError as unreadable:
        return str(unreadable)
    if response.code != VALIDATED:
        return f"the ApplicationResponse says {response.code!r}"
    if response.document_code != code.lower():
        return "the ApplicationResponse is about another document"
    if not response.signature.valid:
        return "; ".join(response.signature.problems) or "the signature does not verify"
    return ""
