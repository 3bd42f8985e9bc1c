"""A document as the authority reads it: the fields its rules speak of, straight from the XML."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Final

from lxml import etree

from addons.l10n_co_dian.safe_xml import NS, first_text
from addons.l10n_co_dian.simulator.ledger import Identity

_EXTENSIONS: Final = "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/sts:DianExtensions/"
_PARTY_ID: Final = "/cac:Party/cac:PartyTaxScheme/cbc:CompanyID"
_SUPPORT: Final = frozenset({"05", "95"})
#: Types that share one numbering: an invoice stays one whichever way it is transmitted.
_SAME_NUMBERING: Final = {"02": "01", "04": "01"}
_PREFIXES: Final = {"05": "DS", "91": "C", "92": "D", "94": "C", "93": "D", "95": "NS"}
_INVOICES: Final = frozenset({"01", "02", "03", "04"})


class NotADocumentError(Exception):
    """The XML is no document that the service takes, or lacks what it needs to be looked up."""


@dataclass(frozen=True, slots=True)
class Subtotal:
    """One rate of one tax: ``percent`` absent for taxes per unit."""

    base: Decimal
    amount: Decimal
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """One ``cac:TaxTotal``: a tax, its amount and its rates."""

    code: str
    amount: Decimal
    subtotals: tuple[Subtotal, ...]


class Reading:
    """One document. Amounts that are missing are zero, as the authority sums them."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        name = etree.QName(root).localname
        if name not in {"Invoice", "CreditNote", "DebitNote"}:
            raise NotADocumentError(f"{name} is not taken here")
        self.line_tag = f"cac:{name}Line"
        self.kind = self._kind(name)
        if not (self.number and self.code and self.issuer):
            raise NotADocumentError("number, code or issuer is missing")

    def text(self, path: str) -> str:
        """Give the text at a path of the document."""
        return first_text(self.root, path)

    def extension(self, path: str) -> str:
        """Give a text of the authority's own extension."""
        return first_text(self.root, _EXTENSIONS + path)

    def amount(self, path: str) -> Decimal:
        """Give an amount; absent is zero."""
        return money(self.text(path))

    def _kind(self, root: str) -> str:
        if root == "Invoice":
            return self.text("cbc:InvoiceTypeCode")
        if root == "CreditNote":
            return self.text("cbc:CreditNoteTypeCode")
        # A debit note has no type element; its profile says what it adjusts.
        return "93" if "documento equivalente" in self.text("cbc:ProfileID") else "92"

    @property
    def prefix(self) -> str:
        """The letters that the rules of this type of document begin with."""
        return "F" if self.kind in _INVOICES else _PREFIXES.get(self.kind, "DE")

    @property
    def is_numbered(self) -> bool:
        """Whether the number comes from an authorised range (notes have their own)."""
        return etree.QName(self.root).localname == "Invoice"

    @cached_property
    def number(self) -> str:
        """The full number, prefix included."""
        return self.text("cbc:ID")

    @cached_property
    def code(self) -> str:
        """The CUFE, CUDE or CUDS the document claims, in lower case."""
        return self.text("cbc:UUID").lower()

    @cached_property
    def scheme(self) -> str:
        """How the document names its code, for instance ``CUFE-SHA384``."""
        found = self.root.find("cbc:UUID", NS)
        return "" if found is None else found.get("schemeName", "")

    @cached_property
    def supplier(self) -> str:
        """The identity of the ``AccountingSupplierParty``."""
        return self.text("cac:AccountingSupplierParty" + _PARTY_ID)

    @cached_property
    def customer(self) -> str:
        """The identity of the ``AccountingCustomerParty``."""
        taxed = self.text("cac:AccountingCustomerParty" + _PARTY_ID)
        path = "cac:AccountingCustomerParty/cac:Party/cac:PartyIdentification/cbc:ID"
        return taxed or self.text(path)

    @property
    def issuer(self) -> str:
        """Who issues and signs; in a support document that is the buyer."""
        return self.customer if self.kind in _SUPPORT else self.supplier

    @property
    def receiver(self) -> str:
        """The other party."""
        return self.supplier if self.kind in _SUPPORT else self.customer

    @property
    def identity(self) -> Identity:
        """What makes it the same document for the authority, whatever its code."""
        kind = _SAME_NUMBERING.get(self.kind, self.kind)
        return Identity(self.issuer, kind, self.number)

    @property
    def totals(self) -> str:
        """The path of the element with the totals."""
        is_debit = etree.QName(self.root).localname == "DebitNote"
        return "cac:RequestedMonetaryTotal/" if is_debit else "cac:LegalMonetaryTotal/"

    @cached_property
    def taxes(self) -> tuple[TaxGroup, ...]:
        """The taxes of the document; withholdings are elsewhere."""
        return tuple(_tax_group(group) for group in self.root.findall("cac:TaxTotal", NS))

    def tax(self, code: str) -> Decimal:
        """Sum the amounts of one tax over the document."""
        return sum((group.amount for group in self.taxes if group.code == code), Decimal(0))

    @cached_property
    def lines(self) -> tuple[etree._Element, ...]:
        """The lines, in order."""
        return tuple(self.root.findall(self.line_tag, NS))


def line_taxes(line: etree._Element) -> tuple[TaxGroup, ...]:
    """Read the taxes of one line."""
    return tuple(_tax_group(group) for group in line.findall("cac:TaxTotal", NS))


def _tax_group(element: etree._Element) -> TaxGroup:
    subtotals = tuple(
        Subtotal(
            money(first_text(part, "cbc:TaxableAmount")),
            money(first_text(part, "cbc:TaxAmount")),
            _percent(first_text(part, "cac:TaxCategory/cbc:Percent")),
        )
        for part in element.findall("cac:TaxSubtotal", NS)
    )
    code = first_text(element, "cac:TaxSubtotal/cac:TaxCategory/cac:TaxScheme/cbc:ID")
    return TaxGroup(code, money(first_text(element, "cbc:TaxAmount")), subtotals)


def _percent(text: str) -> Decimal | None:
    return money(text) if text else None


def money(text: str) -> Decimal:
    """Read an amount; what is absent or no number counts as zero and fails elsewhere (XSD)."""
    try:
        amount = Decimal(text) if text else Decimal(0)
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() else Decimal(0)
