"""Arithmetic of a till: no session, no clock, no request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from addons.pos.errors import PaymentError, TotalMismatchError
from core.i18n import _
from core.i18n.formats import money
from core.sale import SalePayment

ZERO: Final = Decimal(0)
CASH: Final = "cash"


def check_total(told: Decimal, computed: Decimal) -> None:
    """Raise ``TotalMismatchError`` unless the till's total is what the lines come to."""
    if told != computed:
        raise TotalMismatchError(
            _(
                "The till shows {told}, but the lines come to {computed}. Reload the till.",
                told=money(told, 2),
                computed=money(computed, 2),
            ),
            fields={"total": str(computed)},
        )


def change_of(payments: Sequence[SalePayment], total: Decimal, cash: Iterable[str]) -> Decimal:
    """Give the change, after checking that the payments pay ``total``, no more and no less.

    More may be handed over than is due only in ``cash`` (the codes of cash methods).
    """
    in_cash = set(cash)
    paid = sum((payment.amount for payment in payments), ZERO)
    if paid != total:
        raise PaymentError(
            _(
                "The payments come to {paid} and the sale to {total}.",
                paid=money(paid, 2),
                total=money(total, 2),
            ),
            fields={"payments": str(total)},
        )
    change = ZERO
    for payment in payments:
        if payment.amount <= 0:
            raise PaymentError(_("A payment of nothing is no payment. Remove it."))
        extra = payment.tendered - payment.amount
        if extra < 0 or (extra and payment.method not in in_cash):
            raise PaymentError(
                _("Only cash can be handed over in excess, and never less than is charged.")
            )
        change += extra
    return change


def expected_cash(
    opened_with: Decimal, sold: Decimal, moved_in: Decimal, moved_out: Decimal
) -> Decimal:
    """Give the cash that must be in the drawer: float + cash sales + in − out."""
    return opened_with + sold + moved_in - moved_out
