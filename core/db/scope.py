"""Which tables belong to one tenant, and how a session tells the engine guard for whom it works."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Table

from core.db.platform_tables import PLATFORM_TABLES

#: Execution option that a session puts on its connection: "tenant" or "platform".
SCOPE: Final = "guadua_scope"
#: Execution option of the few statements that core itself writes as text.
OWN_SQL: Final = "guadua_own_sql"


def is_tenant_bound(table: Table) -> bool:
    """Tell whether rows of ``table`` belong to one tenant: its key is (tenant_id, …, …)."""
    key = list(table.primary_key.columns)
    listed = table.name in PLATFORM_TABLES
    return len(key) > 1 and key[0].name == "tenant_id" and not listed
