"""What a sale says as a legal document. Pure, and fast: it runs inside the sale.

The sale's amounts are printed as they are stored. Prices of a document are before taxes: where the
shelf price includes them, the price is derived from the line's base, to six decimals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final

from addons.l10n_co_dian.catalogue import IVA, KINDS, RESPONSIBILITIES, Formula
from addons.l10n_co_dian.codes import CENT, cude, cufe, software_security_code
from addons.l10n_co_dian.issuing import Prepared, address_of
from addons.l10n_co_dian.party import Party, final_consumer
from addons.l10n_co_dian.snapshot import (
    DocumentSnapshot,
    Line,
    Payment,
    PosInfo,
    Tax,
    TaxTotal,
    Totals,
    Treatment,
    code_input,
)
from core.sale import IssuedNumber, Sale, SaleLine, SalePayment, SaleTax

if TYPE_CHECKING:
    from addons.edi.services import CustomerFacts

_STEP6: Final = Decimal("0.000001")
_ZERO: Final = Decimal(0)
#: Form of payment: at once.
AT_ONCE: Final = "1"
#: Means of payment "not defined": a sale that cost nothing.
UNDEFINED: Final = "1"
#: Lengths of GTIN-8, UPC, EAN-13 and GTIN-14; numbers of 13 digits from 2 on are the shop's own.
_GTIN: Final = re.compile(r"\d{8}|\d{12}|[013-9]\d{12}|\d{14}", re.ASCII)
#: What the extension ``TipoCaja`` of the POS document says.
TILL_TYPE: Final = "Caja registradora"


def pos_snapshot(
    prepared: Prepared, sale: Sale, number: IssuedNumber, customer: CustomerFacts | None
) -> DocumentSnapshot:
    """Give the POS document (type 20) of a sale, coded."""
    day = number.issued_at.date()
    subtotal = sale.subtotal
    bare = DocumentSnapshot(
        document_type="20",
        environment=prepared.environment,
        prefix=number.prefix,
        number=number.full,
        issued_at=number.issued_at,
        issuer=prepared.seller(day),
        buyer=final_consumer("20") if customer is None else buyer_of(customer),
        software=prepared.software,
        lines=tuple(_line(line) for line in sale.lines),
        tax_totals=tuple(_tax_totals(sale)),
        totals=Totals(
            extension=subtotal,
            tax_exclusive=_taxable(sale.lines),
            tax_inclusive=subtotal + sale.taxes_total,
            payable=sale.total,
        ),
        payments=tuple(_payments(sale.payments, number)),
        currency=sale.currency,
        range=prepared.range,
        pos=PosInfo(
            till_plate=sale.place.till_code,
            till_location=prepared.place,
            cashier=sale.place.cashier_name,
            till_type=TILL_TYPE,
            sale_code=str(sale.id),
            subtotal=subtotal,
        ),
    )
    return coded(bare, prepared)


def coded(bare: DocumentSnapshot, prepared: Prepared) -> DocumentSnapshot:
    """Give ``bare`` with its CUFE or CUDE and the fingerprint of the software."""
    if KINDS[bare.document_type].formula is Formula.CUFE:
        code = cufe(code_input(bare, prepared.technical_key))
    else:
        code = cude(code_input(bare, prepared.software_pin))
    fingerprint = software_security_code(bare.software.id, prepared.software_pin, bare.number)
    return replace(bare, code=code, software_security_code=fingerprint)


def buyer_of(customer: CustomerFacts) -> Party:
    """Give a contact as the buyer of a document: only what the rules let a seller ask for.

    Resolución 000202 of 2025: name, identification and e-mail; an address the contact has is shown.
    """
    given = customer.responsibilities.split(";")
    return Party(
        organisation="1" if customer.kind == "company" else "2",
        id_type=customer.identification_type,
        id_number=customer.identification,
        check_digit=customer.check_digit,
        name=customer.name,
        trade_name=customer.trade_name,
        address=address_of(customer.address, customer.municipality),
        responsibilities=tuple(c for c in given if c in RESPONSIBILITIES) or ("R-99-PN",),
        regime=customer.regime,
        tax_scheme=IVA if customer.regime == "48" else "ZZ",
        email=customer.email,
        phone=customer.phone,
    )


def _line(sold: SaleLine) -> Line:
    base, discount = sold.base, _discount(sold)
    gross = base + discount
    taxes = tuple(_tax(tax, sold.unit_code) for tax in sold.taxes if tax.treatment != "excluded")
    free = not gross
    return Line(
        description=sold.description,
        quantity=sold.quantity,
        unit_code=sold.unit_code,
        unit_price=(gross / sold.quantity).quantize(_STEP6, ROUND_HALF_EVEN),
        gross=gross,
        extension=base,
        discount=discount,
        treatment=_treatment(sold),
        taxes=taxes,
        code=sold.code or sold.barcode,
        gtin=sold.barcode if _GTIN.fullmatch(sold.barcode) else "",
        # What bears only its tax, as a bag does, is given away at the worth of its tax.
        reference_price=(sold.total / sold.quantity).quantize(_STEP6) if free else None,
    )


def _discount(sold: SaleLine) -> Decimal:
    """Give the discount before taxes: the sale's may be on a price that includes them."""
    if not sold.discount:
        return _ZERO
    if not sold.total or sold.base == sold.total:
        return sold.discount
    if sold.gross - sold.discount == sold.base:
        return sold.discount
    return (sold.discount * sold.base / sold.total).quantize(CENT, ROUND_HALF_EVEN)


def _treatment(sold: SaleLine) -> Treatment:
    kinds = {tax.treatment for tax in sold.taxes}
    if "taxed" in kinds:
        return Treatment.TAXED
    return Treatment.EXEMPT if "exempt" in kinds else Treatment.EXCLUDED


def _tax(tax: SaleTax, unit_code: str) -> Tax:
    if tax.kind == "percent":
        return Tax(tax.code, tax.amount, rate=tax.rate, base=tax.base)
    return Tax(
        tax.code, tax.amount, unit_amount=tax.rate, unit_quantity=tax.base, unit_code=unit_code
    )


def _tax_totals(sale: Sale) -> Iterator[TaxTotal]:
    parts: dict[str, list[Tax]] = {}
    for group in sale.groups:
        if group.treatment != "excluded":
            parts.setdefault(group.code, []).append(_tax(group, "94"))
    for code, found in parts.items():
        yield TaxTotal(code, sum((part.amount for part in found), _ZERO), tuple(found))


def _taxable(lines: Iterable[SaleLine]) -> Decimal:
    """Sum the bases under a percentage, 0 % included; excluded lines have none."""
    return sum(
        (
            line.base
            for line in lines
            if any(t.kind == "percent" and t.treatment != "excluded" for t in line.taxes)
        ),
        _ZERO,
    )


def _payments(given: Iterable[SalePayment], number: IssuedNumber) -> Iterator[Payment]:
    day = number.issued_at.date()
    for means in dict.fromkeys(payment.means for payment in given) or (UNDEFINED,):
        yield Payment(AT_ONCE, means, day)
