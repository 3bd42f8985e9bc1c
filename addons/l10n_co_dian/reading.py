"""What a legal document says of itself, whoever wrote it: type, number, code, and its seed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from addons.l10n_co_dian.catalogue import EQUIVALENTS, EVENTS, ICA, INC, IVA, KINDS, Formula
from addons.l10n_co_dian.codes import (
    MASK,
    AnyCodeInput,
    CodeInput,
    EventCodeInput,
    SupportCodeInput,
    digest,
)
from addons.l10n_co_dian.errors import UnreadableDocumentError
from addons.l10n_co_dian.safe_xml import NS, first_text
from core.i18n import _

UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
CONTAINER: Final = "AttachedDocument"
_TYPE_PATHS: Final = {
    "Invoice": ("cbc:InvoiceTypeCode", "01"),
    "CreditNote": ("cbc:CreditNoteTypeCode", "91"),
    "DebitNote": ("", "92"),
    "ApplicationResponse": ("cac:DocumentResponse/cac:Response/cbc:ResponseCode", ""),
    CONTAINER: ("", ""),
}
_PERSON: Final = "cac:{}/cac:Party/cac:PartyTaxScheme/cbc:CompanyID"
_DATED: Final = re.compile(r"\d{4}-\d{2}-\d{2}\d{2}:\d{2}:\d{2}-\d{2}:\d{2}")
_AMOUNTS: Final = re.compile(
    r"(?P<open>.*?\d{2}:\d{2}:\d{2}-\d{2}:\d{2}(?:\d+\.\d{2}){0,5})(?P<rest>.*)", re.DOTALL
)
#: An identity shorter than this could also be found inside a secret.
_LONG_ENOUGH: Final = 6
_HEX_TAIL: Final = re.compile(r"[0-9a-fA-F]{40}(?=[12]$)")


@dataclass(frozen=True, slots=True)
class Facts:
    """One document as read: ``formula`` is None where there is no code to compute."""

    root: etree._Element
    kind: str
    document_type: str
    number: str
    issue_date: str
    issue_time: str
    environment: str
    declared_code: str
    formula: Formula | None

    @property
    def title(self) -> str:
        """Name the document for people, in the words of the law."""
        if self.document_type in KINDS:
            return KINDS[self.document_type].title
        names = {**EQUIVALENTS, **EVENTS}
        return names.get(self.document_type, self.kind)


def read_facts(root: etree._Element) -> Facts:
    """Read what every document says at its head; refuse a root that is no such document."""
    name = etree.QName(root)
    kind = name.localname
    if kind not in _TYPE_PATHS or name.namespace != f"{UBL}{kind}-2":
        if kind.startswith("NominaIndividual"):
            raise UnreadableDocumentError(_("Payroll documents are not inspected yet."))
        raise UnreadableDocumentError(
            _("{name} is not the root of an electronic document of the authority.", name=kind)
        )
    path, default = _TYPE_PATHS[kind]
    document_type = (first_text(root, path) if path else "") or default
    if kind == "DebitNote" and "documento equivalente" in first_text(root, "cbc:ProfileID"):
        document_type = "93"
    uuid = root.find("cbc:UUID", NS)
    scheme = uuid.get("schemeName", "") if uuid is not None else ""
    return Facts(
        root=root,
        kind=kind,
        document_type=document_type,
        number=first_text(root, "cbc:ID"),
        issue_date=first_text(root, "cbc:IssueDate"),
        issue_time=first_text(root, "cbc:IssueTime"),
        environment=first_text(root, "cbc:ProfileExecutionID"),
        declared_code=first_text(root, "cbc:UUID"),
        formula=_formula(kind, document_type, scheme),
    )


def _formula(kind: str, document_type: str, scheme: str) -> Formula | None:
    if kind == CONTAINER:
        return None
    if kind == "ApplicationResponse":
        return Formula.EVENT if document_type in EVENTS else None
    if document_type in KINDS:
        return KINDS[document_type].formula
    return next((f for f in Formula if scheme.startswith(f.value)), Formula.CUDE)


def code_input_of(facts: Facts, key: str) -> AnyCodeInput:
    """Collect what the code is made of from the fields of the XML; ``key`` is the secret."""
    root = facts.root
    if facts.formula is Formula.EVENT:
        return EventCodeInput(
            number=facts.number,
            issue_date=facts.issue_date,
            issue_time=facts.issue_time,
            issuer_id=first_text(root, "cac:SenderParty/cac:PartyTaxScheme/cbc:CompanyID"),
            receiver_id=first_text(root, "cac:ReceiverParty/cac:PartyTaxScheme/cbc:CompanyID"),
            response_code=facts.document_type,
            document_number=first_text(root, "cac:DocumentResponse/cac:DocumentReference/cbc:ID"),
            document_type=first_text(
                root, "cac:DocumentResponse/cac:DocumentReference/cbc:DocumentTypeCode"
            ),
            pin=key,
        )
    seller = first_text(root, _PERSON.format("AccountingSupplierParty"))
    buyer = first_text(root, _PERSON.format("AccountingCustomerParty"))
    totals = "cac:RequestedMonetaryTotal" if facts.kind == "DebitNote" else "cac:LegalMonetaryTotal"
    subtotal = _decimal(root, f"{totals}/cbc:LineExtensionAmount")
    total = _decimal(root, f"{totals}/cbc:PayableAmount")
    if facts.formula is Formula.CUDS:
        return SupportCodeInput(
            number=facts.number,
            issue_date=facts.issue_date,
            issue_time=facts.issue_time,
            subtotal=subtotal,
            iva=_first_iva(root),
            total=total,
            seller_id=seller,
            acquirer_id=buyer,
            pin=key,
            environment=facts.environment,
        )
    return CodeInput(
        number=facts.number,
        issue_date=facts.issue_date,
        issue_time=facts.issue_time,
        subtotal=subtotal,
        iva=_tax(root, IVA),
        inc=_tax(root, INC),
        ica=_tax(root, ICA),
        total=total,
        issuer_id=seller,
        buyer_id=buyer,
        key=key,
        environment=facts.environment,
    )


def seed_in_note(facts: Facts) -> str | None:
    """Find the seed that the authority's samples print in a note, or None without one."""
    notes = [(note.text or "").strip() for note in facts.root.findall("cbc:Note", NS)]
    for note in notes:
        if digest(note) == facts.declared_code:
            return note
    return next((note for note in notes if _DATED.search(note)), None)


def masked_seed(seed: str, facts: Facts) -> str:
    """Hide the secret in a printed seed; where it cannot be told apart, hide all that follows.

    The first place where the buyer could end is taken: that may hide too much, never too little.
    """
    if _HEX_TAIL.search(seed):
        return _HEX_TAIL.sub(MASK, seed)
    found = _AMOUNTS.match(seed)
    if found is None:
        return MASK
    before, rest = _before_key(facts), found["rest"]
    start = rest.find(before) if len(before) >= _LONG_ENOUGH else -1
    if start < 0:
        return f"{found['open']}{MASK}"
    ending = "" if facts.formula is Formula.EVENT else seed[-1:]
    return f"{found['open']}{rest[: start + len(before)]}{MASK}{ending}"


def _before_key(facts: Facts) -> str:
    """Give what stands right before the secret in the seed."""
    if facts.formula is Formula.EVENT:
        reference = "cac:DocumentResponse/cac:DocumentReference/"
        number = first_text(facts.root, reference + "cbc:ID")
        return number + first_text(facts.root, reference + "cbc:DocumentTypeCode")
    return first_text(facts.root, _PERSON.format("AccountingCustomerParty"))


def _decimal(element: etree._Element, path: str) -> Decimal:
    text = first_text(element, path)
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= 10**18:
        field = path.rpartition(":")[2]
        raise UnreadableDocumentError(
            _("{field} is not an amount: {text}", field=field, text=text[:40])
        )
    return value


def _tax(root: etree._Element, code: str) -> Decimal:
    return sum(
        (
            _decimal(total, "cbc:TaxAmount")
            for total in root.findall("cac:TaxTotal", NS)
            if first_text(total, "cac:TaxSubtotal/cac:TaxCategory/cac:TaxScheme/cbc:ID") == code
        ),
        Decimal(0),
    )


def _first_iva(root: etree._Element) -> Decimal:
    """Give the first IVA subtotal: what accepted support documents hash (the annex says total)."""
    for part in root.findall("cac:TaxTotal/cac:TaxSubtotal", NS):
        if first_text(part, "cac:TaxCategory/cac:TaxScheme/cbc:ID") == IVA:
            return _decimal(part, "cbc:TaxAmount")
    return Decimal(0)
