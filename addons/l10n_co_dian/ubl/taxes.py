"""Taxes, allowances and charges, alike on a line and on the document."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from addons.l10n_co_dian.catalogue import tax_name
from addons.l10n_co_dian.snapshot import Adjustment, Tax, TaxTotal
from addons.l10n_co_dian.ubl.text import amount, element, measure, words


def tax_totals(totals: Iterable[TaxTotal], currency: str, name: str = "cac:TaxTotal") -> str:
    """Write one total per tax, each with one part per rate."""
    return "".join(
        f'<{name}><cbc:TaxAmount currencyID="{currency}">{amount(total.amount)}</cbc:TaxAmount>'
        f"{''.join(_part(part, currency) for part in total.parts)}</{name}>"
        for total in totals
    )


def line_taxes(taxes: Iterable[Tax], currency: str, name: str = "cac:TaxTotal") -> str:
    """Write the taxes of one line, those of one code together, in their order."""
    totals = []
    for code, found in groupby(taxes, key=lambda tax: tax.code):
        parts = tuple(found)
        totals.append(TaxTotal(code, sum((p.amount for p in parts), Decimal(0)), parts))
    return tax_totals(totals, currency, name)


def _part(tax: Tax, currency: str) -> str:
    scheme = (
        f"<cac:TaxScheme><cbc:ID>{words(tax.code)}</cbc:ID>"
        f"<cbc:Name>{words(tax.name or tax_name(tax.code))}</cbc:Name></cac:TaxScheme>"
    )
    money = f' currencyID="{currency}"'
    value = f"<cbc:TaxAmount{money}>{amount(tax.amount)}</cbc:TaxAmount>"
    if tax.base is not None and tax.rate is not None:
        return (
            f"<cac:TaxSubtotal><cbc:TaxableAmount{money}>{amount(tax.base)}</cbc:TaxableAmount>"
            f"{value}<cac:TaxCategory><cbc:Percent>{measure(tax.rate)}</cbc:Percent>{scheme}"
            "</cac:TaxCategory></cac:TaxSubtotal>"
        )
    unit = f' unitCode="{words(tax.unit_code) or "94"}"'
    quantity, each = tax.unit_quantity or Decimal(0), tax.unit_amount or Decimal(0)
    return (
        f"<cac:TaxSubtotal>{value}"
        f"<cbc:BaseUnitMeasure{unit}>{measure(quantity)}</cbc:BaseUnitMeasure>"
        f"<cbc:PerUnitAmount{money}>{measure(each)}</cbc:PerUnitAmount>"
        f"<cac:TaxCategory>{scheme}</cac:TaxCategory></cac:TaxSubtotal>"
    )


def adjustments(found: Iterable[Adjustment], currency: str) -> str:
    """Write discounts and charges, numbered from one."""
    money = f' currencyID="{currency}"'
    return "".join(
        f"<cac:AllowanceCharge><cbc:ID>{index}</cbc:ID>"
        f"<cbc:ChargeIndicator>{'true' if a.charge else 'false'}</cbc:ChargeIndicator>"
        f"{element('cbc:AllowanceChargeReasonCode', a.reason_code)}"
        f"{element('cbc:AllowanceChargeReason', a.reason)}"
        f"<cbc:MultiplierFactorNumeric>{measure(a.percent)}</cbc:MultiplierFactorNumeric>"
        f"<cbc:Amount{money}>{amount(a.amount)}</cbc:Amount>"
        f"<cbc:BaseAmount{money}>{amount(a.base)}</cbc:BaseAmount></cac:AllowanceCharge>"
        for index, a in enumerate(found, 1)
    )
