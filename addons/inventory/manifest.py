"""Who we are and what we need."""

from core.addons.manifest import AddonManifest

MANIFEST = AddonManifest(
    name="inventory",
    version="0.1.0",
    title="Inventory",
    summary="Stock at its average cost in every warehouse, with a card per product.",
    category="stock",
    icon="building-warehouse",
    contract=1,
    requires=(
        "catalog",
        "ledger",
    ),
)
