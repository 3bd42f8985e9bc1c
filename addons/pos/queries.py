"""Reads of the till: drawers, sales, and what must hold of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select

from addons.pos.facts import payment_methods
from addons.pos.models import CashMovement, DrawerSession, Payment, Sale, SaleLine, SaleTax
from addons.pos.rules import CASH, ZERO, expected_cash
from core.addons.parts import Finding

if TYPE_CHECKING:
    from core.tenancy import TenantSession


@dataclass(frozen=True, slots=True)
class MethodTotal:
    """What a drawer session took in by one method."""

    method: str
    title: str
    kind: str
    expected: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class DrawerSummary:
    """A drawer session in figures."""

    sales_count: int
    sales_total: Decimal
    cash_in: Decimal
    cash_out: Decimal
    expected: Decimal
    by_method: tuple[MethodTotal, ...]


def open_session(session: TenantSession, till_id: UUID) -> DrawerSession | None:
    """Give the open drawer session of a till."""
    return session.scalars(
        select(DrawerSession).where(DrawerSession.open_till_id == till_id)
    ).first()


def cash_method(session: TenantSession) -> str:
    """Give the code of the cash method: the ledger's detail of drawer money."""
    return next(m.code for m in payment_methods(session).values() if m.kind == CASH)


def expected_in_drawer(session: TenantSession, drawer: DrawerSession) -> Decimal:
    """Give the cash that must be in the drawer now."""
    return drawer_summary(session, drawer).expected


def drawer_summary(session: TenantSession, drawer: DrawerSession) -> DrawerSummary:
    """Sum a drawer session: sales, money by method, cash in and out."""
    taken = {
        method: (amount, count)
        for method, amount, count in session.execute(
            select(Payment.method, func.sum(Payment.amount), func.count(Payment.id))
            .where(Payment.session_id == drawer.id)
            .group_by(Payment.method)
        )
    }
    moved = dict(
        session.execute(
            select(CashMovement.kind, func.sum(CashMovement.amount))
            .where(CashMovement.session_id == drawer.id)
            .group_by(CashMovement.kind)
        ).all()
    )
    count, total = session.execute(
        select(func.count(Sale.id), func.sum(Sale.total)).where(Sale.session_id == drawer.id)
    ).one()
    methods = payment_methods(session).values()
    sold = sum((taken[m.code][0] for m in methods if m.kind == CASH and m.code in taken), ZERO)
    came, went = moved.get("in", ZERO), moved.get("out", ZERO)
    expected = expected_cash(drawer.float_amount, sold, came, went)
    by_method = tuple(
        MethodTotal(
            m.code,
            m.name,
            m.kind,
            expected if m.kind == CASH else taken.get(m.code, (ZERO, 0))[0],
            taken.get(m.code, (ZERO, 0))[1],
        )
        for m in methods
    )
    return DrawerSummary(count, total or ZERO, came, went, expected, by_method)


def sales_that_do_not_add_up(session: TenantSession) -> Sequence[Finding]:
    """Name sales whose lines, taxes or payments do not come to their total (M3, M4)."""
    findings = []
    for model, column in (
        (SaleLine, SaleLine.total),
        (Payment, Payment.amount),
    ):
        sums = (
            select(model.sale_id, func.sum(column).label("sum")).group_by(model.sale_id).subquery()
        )
        query = (
            select(Sale.id, Sale.prefix, Sale.number)
            .outerjoin(sums, sums.c.sale_id == Sale.id)
            .where(func.coalesce(sums.c.sum, 0) != Sale.total)
        )
        findings += [
            Finding("M3", f"sale {prefix}{number}: {model.__tablename__} ≠ total", str(key))
            for key, prefix, number in session.execute(query)
        ]
    taxes = (
        select(SaleTax.sale_id, func.sum(SaleTax.amount).label("sum"))
        .group_by(SaleTax.sale_id)
        .subquery()
    )
    query = (
        select(Sale.id, Sale.prefix, Sale.number)
        .outerjoin(taxes, taxes.c.sale_id == Sale.id)
        .where(
            (func.coalesce(taxes.c.sum, 0) != Sale.taxes_total)
            | (Sale.subtotal + Sale.taxes_total != Sale.total)
        )
    )
    findings += [
        Finding("M3", f"sale {prefix}{number}: taxes ≠ total", str(key))
        for key, prefix, number in session.execute(query)
    ]
    return findings


def drawers_that_do_not_add_up(session: TenantSession) -> Sequence[Finding]:
    """Name closed drawers whose counted cash is not expected + difference (M5)."""
    closed = session.scalars(select(DrawerSession).where(DrawerSession.state == "closed"))
    findings = []
    for drawer in closed:
        expected = expected_in_drawer(session, drawer)
        recorded = (drawer.counted or ZERO) - (drawer.difference or ZERO)
        if drawer.expected != expected or recorded != expected:
            findings.append(
                Finding(
                    "M5",
                    f"drawer of {drawer.opened_by_name}: {recorded} ≠ {expected}",
                    str(drawer.id),
                )
            )
    return findings
