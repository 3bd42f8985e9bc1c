"""Everything happy_hour tells the core; nothing else of it talks to the registry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from addons.happy_hour import permissions, settings
from addons.happy_hour.resources import DISCOUNTS
from addons.happy_hour.sale import discount_objections, discount_rows, offer_facts
from core.addons import hookimpl
from core.addons.parts import NavigationItem, Permission, Setting
from core.db.plan import Rows
from core.i18n import _
from core.sale import Objection, Sale, SaleFacts, SaleMoment
from core.tenancy import TenantSession


@hookimpl
def register_permissions() -> Sequence[Permission]:
    """Name what people may be allowed to do here."""
    return (permissions.READ,)


@hookimpl
def register_settings() -> Sequence[Setting]:
    """Let each establishment decide its hours."""
    return settings.ALL


@hookimpl
def register_resources() -> Sequence[Any]:
    """Offer the discounts given: list, export and API."""
    return (DISCOUNTS,)


@hookimpl
def navigation_items() -> Sequence[NavigationItem]:
    """Offer one entry of the side menu."""
    item = NavigationItem(
        _("Sell"), _("Discounts given"), DISCOUNTS.path, "discount", permissions.READ.name
    )
    return (item,)


@hookimpl
def sale_facts(session: TenantSession, sale: Sale) -> Sequence[SaleFacts]:
    """Read the hours before the sale's transaction begins."""
    return (offer_facts(session, sale),)


@hookimpl
def check_sale(sale: Sale, moment: SaleMoment) -> Sequence[Objection]:
    """Object to a discount that is not offered now."""
    return discount_objections(sale, moment)


@hookimpl
def sale_rows(sale: Sale, moment: SaleMoment) -> Sequence[Rows]:
    """Keep each discount with its reason."""
    return (discount_rows(sale, moment),)
