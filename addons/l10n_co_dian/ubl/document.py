"""One document from one snapshot."""

from __future__ import annotations

from typing import Final

from addons.l10n_co_dian.catalogue import KINDS, DocumentKind
from addons.l10n_co_dian.errors import SnapshotError
from addons.l10n_co_dian.safe_xml import NS
from addons.l10n_co_dian.snapshot import Correction, DocumentSnapshot, Exchange, Payment, Totals
from addons.l10n_co_dian.ubl.checks import check
from addons.l10n_co_dian.ubl.extensions import extensions
from addons.l10n_co_dian.ubl.lines import line
from addons.l10n_co_dian.ubl.parties import AGENCY, address, customer, supplier
from addons.l10n_co_dian.ubl.taxes import adjustments, tax_totals
from addons.l10n_co_dian.ubl.text import amount, element, measure, words
from core.i18n import _

BUILDER_VERSION: Final = 1
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES: Final = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())


def build_xml(snapshot: DocumentSnapshot, builder_version: int = BUILDER_VERSION) -> bytes:
    """Write the unsigned document; its last extension is empty and waits for the signature.

    Pure: the same snapshot and version give the same bytes. Raises ``SnapshotError`` naming the
    fields that do not make a legal document, or for a version that this program does not know.
    """
    if builder_version != BUILDER_VERSION:
        raise SnapshotError(
            _("There is no document builder of version {version}.", version=builder_version)
        )
    check(snapshot)
    kind = KINDS[snapshot.document_type]
    body = _credit_note(snapshot) if kind.root == "CreditNote" else _invoice(snapshot)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{_opening(kind.root)}{extensions(snapshot)}'
        f"{_heading(snapshot, kind)}{body}</{kind.root}>"
    ).encode()


def _opening(root: str) -> str:
    return (
        f'<{root} xmlns="{_UBL}:{root}-2"{_PREFIXES} xmlns:xsi="{_XSI}" '
        f'xsi:schemaLocation="{_UBL}:{root}-2 '
        f'http://docs.oasis-open.org/ubl/os-UBL-2.1/xsd/maindoc/UBL-{root}-2.1.xsd">'
    )


def _heading(snapshot: DocumentSnapshot, kind: DocumentKind) -> str:
    customization = snapshot.customization or kind.customization
    return (
        "<cbc:UBLVersionID>UBL 2.1</cbc:UBLVersionID>"
        f"<cbc:CustomizationID>{words(customization)}</cbc:CustomizationID>"
        f"<cbc:ProfileID>{kind.profile}</cbc:ProfileID>"
        f"<cbc:ProfileExecutionID>{snapshot.environment}</cbc:ProfileExecutionID>"
        f"<cbc:ID>{snapshot.number}</cbc:ID>"
        f'<cbc:UUID{AGENCY} schemeID="{snapshot.environment}" schemeName="{kind.scheme}">'
        f"{snapshot.code}</cbc:UUID>"
        f"<cbc:IssueDate>{snapshot.issue_date}</cbc:IssueDate>"
        f"<cbc:IssueTime>{snapshot.issue_time}</cbc:IssueTime>"
    )


def _invoice(snapshot: DocumentSnapshot) -> str:
    currency = snapshot.currency
    due = f"<cbc:DueDate>{snapshot.due_date}</cbc:DueDate>" if snapshot.due_date else ""
    lines = "".join(line(i, sold, currency) for i, sold in enumerate(snapshot.lines, 1))
    withheld = tax_totals(snapshot.withholdings, currency, "cac:WithholdingTaxTotal")
    return (
        f"{due}<cbc:InvoiceTypeCode>{snapshot.document_type}</cbc:InvoiceTypeCode>"
        f"{_notes(snapshot)}{_order(snapshot)}{_people(snapshot)}{_payments(snapshot.payments)}"
        f"{adjustments(snapshot.adjustments, currency)}{_exchange(snapshot.exchange, currency)}"
        f"{tax_totals(snapshot.tax_totals, currency)}{withheld}"
        f"{_totals(snapshot.totals, currency)}{lines}"
    )


def _credit_note(snapshot: DocumentSnapshot) -> str:
    currency = snapshot.currency
    lines = "".join(
        line(i, sold, currency, credited=True) for i, sold in enumerate(snapshot.lines, 1)
    )
    reason, reference = _correction(snapshot.correction)
    return (
        f"<cbc:CreditNoteTypeCode>{snapshot.document_type}</cbc:CreditNoteTypeCode>"
        f"{_notes(snapshot)}{reason}{_order(snapshot)}{reference}{_people(snapshot)}"
        f"{_payments(snapshot.payments)}{_exchange(snapshot.exchange, currency)}"
        f"{adjustments(snapshot.adjustments, currency)}{tax_totals(snapshot.tax_totals, currency)}"
        f"{_totals(snapshot.totals, currency)}{lines}"
    )


def _notes(snapshot: DocumentSnapshot) -> str:
    notes = "".join(element("cbc:Note", note) for note in snapshot.notes)
    return (
        f"{notes}<cbc:DocumentCurrencyCode>{snapshot.currency}</cbc:DocumentCurrencyCode>"
        f"<cbc:LineCountNumeric>{len(snapshot.lines)}</cbc:LineCountNumeric>"
    )


def _order(snapshot: DocumentSnapshot) -> str:
    number = element("cbc:ID", snapshot.order)
    return f"<cac:OrderReference>{number}</cac:OrderReference>" if number else ""


def _correction(correction: Correction | None) -> tuple[str, str]:
    """Write why a note is made, and the document it corrects."""
    if correction is None:
        return "", ""
    number = words(correction.number)
    reason = (
        f"<cac:DiscrepancyResponse><cbc:ReferenceID>{number}</cbc:ReferenceID>"
        f"<cbc:ResponseCode>{words(correction.concept)}</cbc:ResponseCode>"
        f"<cbc:Description>{words(correction.reason)}</cbc:Description></cac:DiscrepancyResponse>"
    )
    reference = (
        f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{number}</cbc:ID>"
        f'<cbc:UUID schemeName="{words(correction.scheme)}">{words(correction.code)}</cbc:UUID>'
        f"<cbc:IssueDate>{correction.issue_date}</cbc:IssueDate>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
    )
    return reason, reference


def _people(snapshot: DocumentSnapshot) -> str:
    delivery = ""
    if snapshot.delivery is not None:
        place = address(snapshot.delivery, "cac:DeliveryAddress")
        delivery = f"<cac:Delivery>{place}</cac:Delivery>"
    return f"{supplier(snapshot.issuer, snapshot.prefix)}{customer(snapshot.buyer)}{delivery}"


def _payments(payments: tuple[Payment, ...]) -> str:
    return "".join(
        f"<cac:PaymentMeans><cbc:ID>{payment.form}</cbc:ID>"
        f"<cbc:PaymentMeansCode>{payment.means}</cbc:PaymentMeansCode>"
        f"<cbc:PaymentDueDate>{payment.due}</cbc:PaymentDueDate>"
        f"{element('cbc:PaymentID', payment.reference)}</cac:PaymentMeans>"
        for payment in payments
    )


def _exchange(exchange: Exchange | None, currency: str) -> str:
    if exchange is None:
        return ""
    return (
        f"<cac:PaymentExchangeRate><cbc:SourceCurrencyCode>{currency}</cbc:SourceCurrencyCode>"
        "<cbc:SourceCurrencyBaseRate>1.00</cbc:SourceCurrencyBaseRate>"
        "<cbc:TargetCurrencyCode>COP</cbc:TargetCurrencyCode>"
        "<cbc:TargetCurrencyBaseRate>1.00</cbc:TargetCurrencyBaseRate>"
        f"<cbc:CalculationRate>{measure(exchange.rate)}</cbc:CalculationRate>"
        f"<cbc:Date>{exchange.day}</cbc:Date></cac:PaymentExchangeRate>"
    )


def _totals(totals: Totals, currency: str) -> str:
    """Write the sums in the order of the schema; optional ones only where there is something."""
    always = {"LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount"}
    values = (
        ("LineExtensionAmount", totals.extension),
        ("TaxExclusiveAmount", totals.tax_exclusive),
        ("TaxInclusiveAmount", totals.tax_inclusive),
        ("AllowanceTotalAmount", totals.allowances),
        ("ChargeTotalAmount", totals.charges),
        ("PrepaidAmount", totals.prepaid),
        ("PayableRoundingAmount", totals.rounding),
        ("PayableAmount", totals.payable),
    )
    inside = "".join(
        f'<cbc:{name} currencyID="{currency}">{amount(value)}</cbc:{name}>'
        for name, value in values
        if value or name in always
    )
    return f"<cac:LegalMonetaryTotal>{inside}</cac:LegalMonetaryTotal>"
