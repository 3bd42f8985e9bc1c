"""A draft as a legal document: amounts computed by the annex's rules. Pure.

Gross = half-even to cents of quantity by price; the amount of a line = gross less discount, plus
or less its adjustments; a tax = half-even to cents of its base by the rate (NTC 3711). Totals are
sums of lines. Excluded lines have no IVA, and what is only taxed per unit has no taxable base.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final

from addons.edi.services import CustomerFacts
from addons.l10n_co_dian.catalogue import IVA
from addons.l10n_co_dian.codes import CENT
from addons.l10n_co_dian.issuing import Prepared, address_of
from addons.l10n_co_dian.party import Party, final_consumer
from addons.l10n_co_dian.sale_document import buyer_of
from addons.l10n_co_dian.snapshot import (
    Adjustment,
    Beneficiary,
    DocumentSnapshot,
    Line,
    NumberRange,
    Payment,
    PosInfo,
    Software,
    Tax,
    TaxTotal,
    Totals,
    Treatment,
)
from addons.taxes.services import FINAL_CONSUMER, SellerProfile, line_taxes

if TYPE_CHECKING:
    from datetime import date

    from addons.edi.services import (
        AdjustmentDraft,
        Backfill,
        DocumentDraft,
        LineDraft,
        PartyDraft,
        TaxDraft,
    )
    from core.sale import IssuedNumber

_ZERO: Final = Decimal(0)
_PERCENT: Final = Decimal(100)


def prepared_as_issued(backfill: Backfill, environment: str) -> Prepared:
    """Give what the documents of a backfill share, as the paper has it."""
    return Prepared(
        environment=environment,
        issuer=party_of(backfill.issuer),
        software=Software(
            id=backfill.software_id,
            provider_nit=backfill.issuer.identification,
            provider_check_digit=backfill.issuer.check_digit,
            name=backfill.software_name,
            maker=backfill.software_maker,
            company=backfill.software_company,
        ),
        range=NumberRange(
            backfill.resolution,
            backfill.prefix,
            backfill.first,
            backfill.last,
            backfill.valid_from,
            backfill.valid_to,
        ),
        profile=SellerProfile(()),
        place=backfill.issuer.address,
        software_pin=backfill.software_pin,
        technical_key=backfill.technical_key,
    )


def drafted_snapshot(
    document_type: str,
    prepared: Prepared,
    draft: DocumentDraft,
    number: IssuedNumber,
    customer: CustomerFacts | None,
) -> DocumentSnapshot:
    """Give the document of a draft, not coded yet."""
    day = number.issued_at.date()
    lines = tuple(_line(line, prepared, day) for line in draft.lines)
    adjustments = tuple(map(_adjustment, draft.adjustments))
    backfill = draft.backfill
    return DocumentSnapshot(
        document_type=document_type,
        environment=prepared.environment,
        prefix=number.prefix,
        number=f"{backfill.prefix}{backfill.number}" if backfill else number.full,
        issued_at=number.issued_at,
        issuer=prepared.issuer if backfill else prepared.seller(day),
        buyer=_buyer(draft, customer, document_type),
        software=prepared.software,
        lines=lines,
        tax_totals=tuple(_tax_totals(lines)),
        totals=_totals(lines, adjustments),
        payments=(Payment(draft.payment.form, draft.payment.means, draft.payment.due or day),),
        due_date=draft.due_date,
        currency=draft.currency,
        range=prepared.range,
        adjustments=adjustments,
        pos=_till(draft, lines),
        beneficiary=_beneficiary(draft),
        order=draft.order,
        notes=draft.notes,
    )


def party_of(given: PartyDraft) -> Party:
    """Give somebody as documents name them."""
    return Party(
        organisation="1" if given.kind == "company" else "2",
        id_type=given.identification_type,
        id_number=given.identification,
        check_digit=given.check_digit,
        name=given.name,
        trade_name=given.trade_name,
        address=address_of(given.address, given.municipality, given.postal_code),
        responsibilities=given.responsibilities,
        regime=given.regime,
        tax_scheme=given.tax_scheme,
        email=given.email,
        phone=given.phone,
        activity=given.activity,
        registration=given.registration,
    )


def _buyer(draft: DocumentDraft, customer: CustomerFacts | None, document_type: str) -> Party:
    if customer is not None:
        return buyer_of(customer)
    return final_consumer(document_type) if draft.buyer is None else party_of(draft.buyer)


def _line(sold: LineDraft, prepared: Prepared, day: date) -> Line:
    gross = _cents(sold.quantity * sold.unit_price)
    changes = tuple(map(_adjustment, sold.adjustments))
    changed = sum((a.amount if a.charge else -a.amount for a in changes), _ZERO)
    extension = gross - sold.discount + changed
    taxes = tuple(_tax(tax, sold, extension) for tax in sold.taxes)
    line = Line(
        description=sold.description,
        quantity=sold.quantity,
        unit_code=sold.unit_code,
        unit_price=sold.unit_price,
        gross=gross,
        extension=extension,
        discount=sold.discount,
        treatment=_treatment(sold, taxes),
        taxes=taxes,
        adjustments=changes,
        code=sold.code,
        gtin=sold.gtin,
        brand=sold.brand,
        model=sold.model,
        reference_price=sold.worth,
    )
    return _classed(line, sold, prepared, day) if sold.tax_class else line


def _classed(line: Line, sold: LineDraft, prepared: Prepared, day: date) -> Line:
    """Tax a line as its class and the seller's profile of the day say."""
    rules = line_taxes(sold.tax_class, prepared.profile, FINAL_CONSUMER, day)
    taxes = tuple(
        Tax(rule.code, _share(line.extension, rule.rate), rate=rule.rate, base=line.extension)
        if rule.kind == "percent"
        else Tax(
            rule.code,
            _cents(line.quantity * rule.rate),
            unit_amount=rule.rate,
            unit_quantity=line.quantity,
            unit_code=line.unit_code,
        )
        for rule in rules
        if rule.treatment != "excluded"
    )
    kinds = {rule.treatment for rule in rules}
    treatment = Treatment.EXCLUDED
    if "taxed" in kinds:
        treatment = Treatment.TAXED
    elif "exempt" in kinds:
        treatment = Treatment.EXEMPT
    return replace(line, taxes=taxes, treatment=treatment)


def _treatment(sold: LineDraft, taxes: Iterable[Tax]) -> Treatment:
    if sold.treatment:
        return Treatment(sold.treatment)
    found = list(taxes)
    if not found:
        return Treatment.EXCLUDED
    exempt = any(t.code == IVA and t.rate == 0 for t in found)
    return Treatment.EXEMPT if exempt else Treatment.TAXED


def _tax(tax: TaxDraft, sold: LineDraft, extension: Decimal) -> Tax:
    if tax.unit_amount is not None:
        units = sold.quantity if tax.units is None else tax.units
        return Tax(
            tax.code,
            _cents(units * tax.unit_amount),
            unit_amount=tax.unit_amount,
            unit_quantity=units,
            unit_code=sold.unit_code,
        )
    base = extension if tax.base is None else tax.base
    rate = tax.rate or _ZERO
    return Tax(tax.code, _share(base, rate), rate=rate, base=base)


def _adjustment(given: AdjustmentDraft) -> Adjustment:
    percent = (given.amount * _PERCENT / given.base).quantize(CENT) if given.base else _ZERO
    return Adjustment(
        given.charge, given.amount, given.base, given.reason, percent, given.reason_code
    )


def _tax_totals(lines: Iterable[Line]) -> Iterator[TaxTotal]:
    """Sum the taxes of the lines: one total per tax, one part per rate or amount per unit."""
    parts: dict[str, dict[tuple[Decimal | None, Decimal | None], Tax]] = {}
    for tax in (tax for line in lines for tax in line.taxes):
        known = parts.setdefault(tax.code, {})
        key = tax.rate, tax.unit_amount
        known[key] = _joined(known[key], tax) if key in known else tax
    for code, found in parts.items():
        amount = sum((part.amount for part in found.values()), _ZERO)
        yield TaxTotal(code, amount, tuple(found.values()))


def _joined(one: Tax, other: Tax) -> Tax:
    return replace(
        one,
        amount=one.amount + other.amount,
        base=None if one.base is None else one.base + (other.base or _ZERO),
        unit_quantity=None
        if one.unit_quantity is None
        else one.unit_quantity + (other.unit_quantity or _ZERO),
    )


def _totals(lines: Iterable[Line], adjustments: Iterable[Adjustment]) -> Totals:
    sold = list(lines)
    changes = list(adjustments)
    extension = sum((line.extension for line in sold), _ZERO)
    taxable = sum((t.base for s in sold for t in _one_base(s) if t.base is not None), _ZERO)
    taxes = sum((tax.amount for line in sold for tax in line.taxes), _ZERO)
    allowances = sum((a.amount for a in changes if not a.charge), _ZERO)
    charges = sum((a.amount for a in changes if a.charge), _ZERO)
    return Totals(
        extension=extension,
        tax_exclusive=taxable,
        tax_inclusive=extension + taxes,
        payable=extension + taxes - allowances + charges,
        allowances=allowances,
        charges=charges,
    )


def _one_base(line: Line) -> list[Tax]:
    """Give one tax by percentage of a line: its base counts once, however many taxes it bears."""
    return [tax for tax in line.taxes if tax.base is not None][:1]


def _till(draft: DocumentDraft, lines: Iterable[Line]) -> PosInfo | None:
    till = draft.till
    if till is None:
        return None
    subtotal = sum((line.extension for line in lines), _ZERO)
    return PosInfo(till.plate, till.location, till.cashier, till.type, till.sale_code, subtotal)


def _beneficiary(draft: DocumentDraft) -> Beneficiary | None:
    till = draft.till
    if till is None or not till.buyer_code:
        return None
    return Beneficiary(till.buyer_code, till.buyer_name, till.buyer_points)


def _share(base: Decimal, rate: Decimal) -> Decimal:
    return _cents(base * rate / _PERCENT)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN)
