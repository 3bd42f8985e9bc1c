"""Turns what a till sent into a priced sale: products, taxes, payments, day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from addons.catalog.services import ProductFacts, products_for_sale
from addons.contacts.services import partner
from addons.pos.drafts import LineDraft, SaleDraft
from addons.pos.errors import EmptySaleError, PaymentError, PriceChangedError
from addons.pos.facts import MethodFacts, TillFacts, payment_methods
from addons.pos.rules import CASH, change_of, check_total
from addons.taxes.services import (
    FINAL_CONSUMER,
    BasketAmounts,
    LineAmounts,
    PricedLine,
    TaxRule,
    basket_amounts,
    line_taxes,
    seller_profile,
)
from core.errors import ForbiddenError
from core.i18n import _
from core.i18n.formats import money
from core.sale import Sale, SaleLine, SalePayment, SalePlace, SaleTax
from core.tenancy import business_date
from core.tenancy.cache import cached

if TYPE_CHECKING:
    from datetime import date

    from core.tenancy import TenantSession


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells at the till, and what they may do beyond selling."""

    id: UUID
    name: str
    may_change_prices: bool = False
    may_discount: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A sale as it reached the server: whose, from which till, live or printed already."""

    id: UUID
    draft: SaleDraft
    till: TillFacts
    seller: Seller
    origin: Literal["live", "printed"] = "live"


def price_ticket(session: TenantSession, ticket: Ticket) -> Sale:
    """Price a ticket with the products, taxes and methods of now.

    Refuses what cannot be a sale: no lines, a customer nobody knows, products that are not sold, a
    price or discount the seller may not give, a total or payments that do not add up.
    """
    draft, till = ticket.draft, ticket.till
    if draft.customer_id is not None:
        partner(session, draft.customer_id)
    products = products_for_sale(session, [line.product_id for line in draft.lines])
    basket = _basket(session, ticket, products)
    check_total(draft.total, basket.total)
    methods = payment_methods(session)
    payments = tuple(_payments(draft, methods))
    cash = [code for code, method in methods.items() if method.kind == CASH]
    return Sale(
        id=ticket.id,
        origin=ticket.origin,
        document_mode="normal",
        place=_place(ticket),
        customer_id=draft.customer_id,
        opened_at=draft.opened_at,
        occurred_at=draft.closed_at,
        business_date=business_date(draft.closed_at, till.zone, till.cutoff_minutes),
        currency="COP",
        lines=_lines(draft.lines, products, basket),
        payments=payments,
        groups=tuple(
            SaleTax(group.code, group.treatment, group.kind, group.rate, group.base, group.amount)
            for group in basket.groups
        ),
        subtotal=basket.subtotal,
        taxes_total=basket.taxes_total,
        total=basket.total,
        change=change_of(payments, basket.total, cash),
    )


def _basket(
    session: TenantSession, ticket: Ticket, products: Mapping[UUID, ProductFacts]
) -> BasketAmounts:
    draft = ticket.draft
    if not draft.lines:
        raise EmptySaleError(_("There is nothing on the ticket. Scan a product first."))
    _check_rights(ticket, products)
    today = draft.closed_at.astimezone(ZoneInfo(ticket.till.zone)).date()
    priced = [
        PricedLine(
            line.quantity,
            line.unit_price,
            line.discount,
            product_taxes(session, products[line.product_id].tax_class, today),
            products[line.product_id].price_includes_tax,
        )
        for line in draft.lines
    ]
    return basket_amounts(priced, draft.document_discount)


def product_taxes(session: TenantSession, tax_class: str, on: date) -> tuple[TaxRule, ...]:
    """Give the taxes of a class over the counter on a day, by the seller's profile."""
    known: dict[tuple[str, date], tuple[TaxRule, ...]] = cached(session, "pos.tax_rules", dict)
    key = tax_class, on
    if key not in known:
        known[key] = line_taxes(tax_class, seller_profile(session), FINAL_CONSUMER, on)
    return known[key]


def _check_rights(ticket: Ticket, products: Mapping[UUID, ProductFacts]) -> None:
    for line in ticket.draft.lines:
        product = products[line.product_id]
        if line.unit_price != product.price and not ticket.seller.may_change_prices:
            raise PriceChangedError(
                _(
                    "The price of {name} changed to {price}. Reload the till's prices.",
                    name=product.name,
                    price=money(product.price, 2),
                ),
                product_id=str(product.id),
            )
    gives = ticket.draft.document_discount or any(line.discount for line in ticket.draft.lines)
    if gives and not ticket.seller.may_discount:
        raise ForbiddenError(_("You may not give discounts. Ask whoever is in charge."))


def _place(ticket: Ticket) -> SalePlace:
    till = ticket.till
    return SalePlace(
        establishment_id=till.establishment_id,
        name=till.establishment,
        address=till.address,
        municipality=till.municipality,
        zone=till.zone,
        till_id=till.id,
        till_code=till.code,
        cashier_id=ticket.seller.id,
        cashier_name=ticket.seller.name,
        session_id=ticket.draft.session_id,
    )


def _payments(draft: SaleDraft, methods: Mapping[str, MethodFacts]) -> list[SalePayment]:
    payments = []
    for payment in draft.payments:
        method = methods.get(payment.method)
        if method is None:
            raise PaymentError(
                _("There is no payment method {code}. Reload the till.", code=payment.method)
            )
        tendered = payment.amount if payment.tendered is None else payment.tendered
        payments.append(
            SalePayment(
                payment.id,
                method.code,
                method.kind,
                method.means,
                payment.amount,
                tendered,
                (payment.reference or "").strip(),
            )
        )
    return payments


def _lines(
    drafts: tuple[LineDraft, ...], products: Mapping[UUID, ProductFacts], basket: BasketAmounts
) -> tuple[SaleLine, ...]:
    pairs = zip(drafts, basket.lines, strict=True)
    return tuple(
        _line(position, draft, products[draft.product_id], amounts)
        for position, (draft, amounts) in enumerate(pairs, start=1)
    )


def _line(position: int, draft: LineDraft, product: ProductFacts, amounts: LineAmounts) -> SaleLine:
    return SaleLine(
        id=draft.id,
        position=position,
        product_id=product.id,
        code=product.code,
        barcode=product.barcode,
        description=product.name,
        unit=product.unit,
        tax_class=product.tax_class,
        stocked=product.stocked,
        quantity=draft.quantity,
        unit_price=draft.unit_price,
        gross=amounts.gross,
        discount=amounts.discount,
        base=amounts.base,
        taxes=tuple(
            SaleTax(
                tax.rule.code,
                tax.rule.treatment,
                tax.rule.kind,
                tax.rule.rate,
                tax.base,
                tax.amount,
            )
            for tax in amounts.taxes
        ),
        total=amounts.total,
        unit_code=product.unit_unece,
    )
