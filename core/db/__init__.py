"""What every table and every query shares: types, keys, relations, engines, hot writes."""

from core.db.base import Archivable, Base, Posted, Versioned, addon_registry
from core.db.relations import many_to_one, one_to_many, tenant_foreign_key
from core.db.types import Amount, Instant, Json, JsonDocument, Quantity, Rate, UnitCost, UnitPrice

__all__ = [
    "Amount",
    "Archivable",
    "Base",
    "Instant",
    "Json",
    "JsonDocument",
    "Posted",
    "Quantity",
    "Rate",
    "UnitCost",
    "UnitPrice",
    "Versioned",
    "addon_registry",
    "many_to_one",
    "one_to_many",
    "tenant_foreign_key",
]
