"""The lines of a document: what was sold, for how much, with which taxes."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain

from addons.l10n_co_dian.catalogue import PRODUCT_STANDARDS
from addons.l10n_co_dian.snapshot import Adjustment, Line
from addons.l10n_co_dian.ubl.taxes import adjustments, line_taxes
from addons.l10n_co_dian.ubl.text import amount, element, measure, words

#: Who keeps a product standard, as ``schemeAgencyID`` says it.
_KEEPERS = {"001": "10", "010": "9"}


def line(position: int, sold: Line, currency: str, *, credited: bool = False) -> str:
    """Write one line; a credit note names it, and orders its parts, in its own way."""
    name, quantity = (
        ("cac:CreditNoteLine", "cbc:CreditedQuantity")
        if credited
        else ("cac:InvoiceLine", "cbc:InvoicedQuantity")
    )
    money, unit = f' currencyID="{currency}"', f' unitCode="{words(sold.unit_code)}"'
    notes = "".join(element("cbc:Note", note) for note in sold.notes)
    free = "true" if sold.reference_price is not None else "false"
    changes = adjustments(chain(_discount(sold), sold.adjustments), currency)
    taxes = line_taxes(sold.taxes, currency)
    if credited:
        charged = f"{taxes}{changes}"
    else:
        withheld = line_taxes(sold.withholdings, currency, "cac:WithholdingTaxTotal")
        charged = f"{changes}{taxes}{withheld}"
    return (
        f"<{name}><cbc:ID>{position}</cbc:ID>{notes}"
        f"<{quantity}{unit}>{measure(sold.quantity)}</{quantity}>"
        f"<cbc:LineExtensionAmount{money}>{amount(sold.extension)}</cbc:LineExtensionAmount>"
        f"<cbc:FreeOfChargeIndicator>{free}</cbc:FreeOfChargeIndicator>"
        f"{_reference(sold, money)}{charged}{_item(sold)}"
        f"<cac:Price><cbc:PriceAmount{money}>{measure(sold.unit_price)}</cbc:PriceAmount>"
        f"<cbc:BaseQuantity{unit}>{measure(sold.quantity)}</cbc:BaseQuantity></cac:Price></{name}>"
    )


def _discount(sold: Line) -> tuple[Adjustment, ...]:
    if not sold.discount:
        return ()
    percent = sold.discount * 100 / sold.gross if sold.gross else Decimal(0)
    return (
        Adjustment(
            charge=False,
            amount=sold.discount,
            base=sold.gross,
            reason="Descuento",
            percent=percent.quantize(Decimal("0.01")),
            reason_code="00",
        ),
    )


def _reference(sold: Line, money: str) -> str:
    """Write what a gift is worth: price type 01, commercial value (table 13.3.9)."""
    if sold.reference_price is None:
        return ""
    return (
        "<cac:PricingReference><cac:AlternativeConditionPrice>"
        f"<cbc:PriceAmount{money}>{measure(sold.reference_price)}</cbc:PriceAmount>"
        "<cbc:PriceTypeCode>01</cbc:PriceTypeCode>"
        "</cac:AlternativeConditionPrice></cac:PricingReference>"
    )


def _item(sold: Line) -> str:
    own = words(sold.code)
    seller = ""
    if own:
        seller = (
            f"<cac:SellersItemIdentification><cbc:ID>{own}</cbc:ID></cac:SellersItemIdentification>"
        )
    standard, code = next(
        (scheme, found)
        for scheme, found in (
            ("010", words(sold.gtin)),
            ("001", words(sold.unspsc)),
            ("999", own),
        )
        if found
    )
    keeper = f' schemeAgencyID="{_KEEPERS[standard]}"' if standard in _KEEPERS else ""
    return (
        f"<cac:Item><cbc:Description>{words(sold.description)}</cbc:Description>"
        f"{element('cbc:BrandName', sold.brand)}{element('cbc:ModelName', sold.model)}{seller}"
        f'<cac:StandardItemIdentification><cbc:ID{keeper} schemeID="{standard}" '
        f'schemeName="{PRODUCT_STANDARDS[standard]}">{code}</cbc:ID>'
        "</cac:StandardItemIdentification></cac:Item>"
    )
