"""What a till page is told when it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from addons.catalog.services import Category
from addons.contacts.services import written_identification
from addons.pos import permissions
from addons.pos.facts import TillFacts, payment_methods
from addons.pos.frequent import frequent_products
from addons.pos.queries import open_session
from addons.pos.receipt import figure
from addons.pos.settings import wait_seconds
from addons.pos.till_texts import till_texts
from core.addons.hooks import EnabledHooks
from core.i18n import _
from core.sale import TillDocument
from core.tenancy import Business, TenantSession

if TYPE_CHECKING:
    from core.web.context import RequestContext

#: Quick amounts are the next notes above what is due (Banco de la República, in circulation).
NOTES: Final = ("2000", "5000", "10000", "20000", "50000", "100000")


def bootstrap(context: RequestContext, till: TillFacts, tenant_name: str, is_demo: bool) -> Any:
    """Give everything a till needs besides its products."""
    session = context.read()
    drawer = open_session(session, till.id)
    return {
        "till": {"id": str(till.id), "name": till.name, "code": till.code, "prefix": till.prefix},
        "establishment": {
            "id": str(till.establishment_id),
            "name": till.establishment,
            "address": till.address,
            "zone": till.zone,
        },
        "business": _business(session, tenant_name, is_demo=is_demo),
        "cashier": {"id": str(context.principal.user_id), "name": context.principal.name},
        "session": drawer
        and {
            "id": str(drawer.id),
            "opened_at": drawer.opened_at.isoformat(),
            "float": figure(drawer.float_amount),
        },
        "methods": [
            {
                "code": method.code,
                "title": method.name,
                "kind": method.kind,
                "asks": ["reference"] if method.asks_reference else [],
            }
            for method in payment_methods(session).values()
        ],
        "categories": _categories(session),
        "frequent": [str(key) for key in frequent_products(session, till.establishment_id)],
        "document": _document(context.hooks, session, till),
        "settings": {
            "left_handed": till.left_handed,
            "quick_amounts": list(NOTES),
            "validation_seconds": wait_seconds(session, till.establishment_id),
        },
        "texts": till_texts(),
        "now": context.platform.clock.now().isoformat(),
        "permissions": [p.name for p in permissions.ALL if context.can(p.name)],
        "catalog_version": str(context.epoch),
    }


def _business(session: TenantSession, tenant_name: str, *, is_demo: bool) -> dict[str, Any]:
    own = session.scalars(select(Business)).first()
    if own is None:
        return {"name": tenant_name, "identification": "", "is_demo": is_demo}
    return {
        "name": own.trade_name or own.legal_name,
        "legal_name": own.legal_name,
        "identification": written_identification(
            own.identification_type, own.identification, own.check_digit
        ),
        "phone": own.phone,
        "is_demo": is_demo,
    }


def _categories(session: TenantSession) -> list[dict[str, Any]]:
    query = (
        select(Category)
        .where(Category.archived_at.is_(None))
        .order_by(Category.position, Category.name)
    )
    return [
        {"id": str(category.id), "name": category.name, "icon": category.icon}
        for category in session.scalars(query)
    ]


def _document(hooks: EnabledHooks, session: TenantSession, till: TillFacts) -> dict[str, Any]:
    offered: list[TillDocument] = hooks.till_documents(
        session=session, establishment_id=till.establishment_id, till_id=till.id
    )
    if not offered:
        return {"title": str(_("Internal receipt")), "mode": "none", "range": None}
    document = offered[0]
    known = document.range
    return {
        "title": document.title,
        "mode": document.mode,
        "range": known
        and {
            "resolution": known.resolution,
            "prefix": known.prefix,
            "from": known.first,
            "to": known.last,
            "valid_until": known.valid_to.isoformat(),
        },
        "software": {"name": document.software, "maker": document.maker},
    }
