"""Writes what a form or a program says of tills and payment methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from addons.pos.commands import PaymentMethodIn, TillIn
from addons.pos.errors import DrawerOpenError
from addons.pos.models import Counter, PaymentMethod, Till
from addons.pos.queries import open_session
from addons.pos.rules import CASH
from core.errors import BadInputError, ConflictError
from core.i18n import _

if TYPE_CHECKING:
    from core.tenancy import TenantSession


def add_till(session: TenantSession, command: TillIn) -> Till:
    """Add a till with the counter of its receipts."""
    till = Till(**dict(command))
    session.add(till)
    session.flush()
    session.add(Counter(id=till.id))
    session.flush()
    return till


def change_till(_session: TenantSession, till: Till, command: TillIn) -> Till:
    """Change a till; its sales and its drawer belong to its establishment, so it stays there."""
    if command.establishment_id != till.establishment_id:
        text = _("A till stays in its establishment. Make another one there.")
        raise BadInputError(text, fields={"establishment_id": text})
    for name, value in command:
        setattr(till, name, value)
    return till


def refuse_open_till(session: TenantSession, till: Till) -> None:
    """Refuse to put a till away while its drawer is open."""
    drawer = open_session(session, till.id)
    if drawer is not None:
        raise DrawerOpenError(
            _("{name} opened this drawer already. Close it first.", name=drawer.opened_by_name),
            session_id=str(drawer.id),
        )


def add_method(session: TenantSession, command: PaymentMethodIn) -> PaymentMethod:
    """Add a way to pay."""
    method = PaymentMethod(**dict(command))
    session.add(method)
    session.flush()
    return method


def change_method(
    session: TenantSession, method: PaymentMethod, command: PaymentMethodIn
) -> PaymentMethod:
    """Change a way to pay; payments that were made carry its code, so the code stays."""
    if command.code != method.code:
        text = _("Payments carry this code: it does not change. Make another method.")
        raise BadInputError(text, fields={"code": text})
    if command.kind != CASH:
        refuse_last_cash(session, method)
    for name, value in command:
        setattr(method, name, value)
    return method


def refuse_last_cash(session: TenantSession, method: PaymentMethod) -> None:
    """Refuse to lose the only cash: a drawer is counted in it."""
    if method.kind != CASH:
        return
    others = select(func.count(PaymentMethod.id)).where(
        PaymentMethod.kind == CASH,
        PaymentMethod.archived_at.is_(None),
        PaymentMethod.id != method.id,
    )
    if not session.scalar(others):
        raise ConflictError(_("Drawers are counted in cash: keep one method of that kind."))
