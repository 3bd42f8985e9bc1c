"""The arithmetic rules: sums of lines, of taxes and of the document (annex FE 1.9, FAS and FAU)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from lxml import etree

from addons.l10n_co_dian.safe_xml import NS
from addons.l10n_co_dian.simulator.reading import Reading, line_taxes, money
from addons.l10n_co_dian.simulator.rules import Finding, broken, general

#: "+/- 2.00" on every sum; IVA rounded to tens of pesos may differ by 5.
TOLERANCE: Final = Decimal(2)
_RATE_TOLERANCE: Final = Decimal(5)
#: The one amount that may be negative.
_SIGNED: Final = "PayableRoundingAmount"
_HUNDRED: Final = Decimal(100)


def totals_findings(reading: Reading, *, subtracts_prepaid: bool = False) -> Iterator[Finding]:
    """Give every arithmetic rule that the document breaks.

    Since annex 1.9 (section 11.9) a prepaid amount only informs; before, it was subtracted.
    """
    if not reading.lines:
        yield broken(reading.prefix, "AV01")
    yield from _negatives(reading)
    yield from _tax_findings(reading)
    yield from _sum_findings(reading, subtracts_prepaid=subtracts_prepaid)


def _negatives(reading: Reading) -> Iterator[Finding]:
    for element in reading.root.iter():
        if not isinstance(element.tag, str) or element.get("currencyID") is None:
            continue
        if etree.QName(element).localname != _SIGNED and money((element.text or "").strip()) < 0:
            yield general("VLR01")
            break
    for line in reading.lines:
        for name in ("InvoicedQuantity", "CreditedQuantity", "DebitedQuantity"):
            quantity = line.findtext(f"cbc:{name}", None, NS)
            if quantity is not None and money(quantity.strip()) <= 0:
                yield broken(reading.prefix, "AV04b")
                return


def _tax_findings(reading: Reading) -> Iterator[Finding]:
    codes = [group.code for group in reading.taxes]
    if len(codes) != len(set(codes)):
        yield broken(reading.prefix, "AS01b")
    if any(
        _apart(group.amount, sum((part.amount for part in group.subtotals), Decimal(0)))
        for group in reading.taxes
    ):
        yield broken(reading.prefix, "AS02")
    if any(
        abs(part.amount - part.base * part.percent / _HUNDRED) > _RATE_TOLERANCE
        for group in reading.taxes
        for part in group.subtotals
        if part.percent is not None
    ):
        yield broken(reading.prefix, "AS07")


def _sum_findings(reading: Reading, *, subtracts_prepaid: bool) -> Iterator[Finding]:
    totals, prefix = reading.totals, reading.prefix
    extension = reading.amount(totals + "cbc:LineExtensionAmount")
    exclusive = reading.amount(totals + "cbc:TaxExclusiveAmount")
    inclusive = reading.amount(totals + "cbc:TaxInclusiveAmount")
    payable = reading.amount(totals + "cbc:PayableAmount")
    rounding = reading.amount(totals + "cbc:PayableRoundingAmount")
    allowances = reading.amount(totals + "cbc:AllowanceTotalAmount")
    charges = reading.amount(totals + "cbc:ChargeTotalAmount")
    gross, bases, taxes = _of_lines(reading)
    if _apart(extension, gross):
        yield broken(prefix, "AU02")
    if _apart(exclusive, bases):
        yield broken(prefix, "AU04")
    if _apart(inclusive, extension + taxes):
        yield broken(prefix, "AU06")
    if _apart(allowances, _document_discounts(reading)):
        yield broken(prefix, "AU08")
    prepaid = reading.amount(totals + "cbc:PrepaidAmount") if subtracts_prepaid else Decimal(0)
    if _apart(payable, inclusive - allowances + charges - prepaid + rounding):
        yield broken(prefix, "AU14")


def _of_lines(reading: Reading) -> tuple[Decimal, Decimal, Decimal]:
    gross = bases = taxes = Decimal(0)
    for line in reading.lines:
        gross += money((line.findtext("cbc:LineExtensionAmount", "", NS) or "").strip())
        groups = line_taxes(line)
        # Several taxes of one line share its base; taxes per unit have none.
        bases += max((part.base for group in groups for part in group.subtotals), default=0)
        taxes += sum((group.amount for group in groups), Decimal(0))
    return gross, bases, taxes


def _document_discounts(reading: Reading) -> Decimal:
    return sum(
        (
            money((group.findtext("cbc:Amount", "", NS) or "").strip())
            for group in reading.root.findall("cac:AllowanceCharge", NS)
            if group.findtext("cbc:ChargeIndicator", "", NS).strip() == "false"
        ),
        Decimal(0),
    )


def _apart(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) > TOLERANCE
