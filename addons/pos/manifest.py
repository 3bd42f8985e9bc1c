"""Who we are and what we need."""

from core.addons.manifest import AddonManifest

MANIFEST = AddonManifest(
    name="pos",
    version="0.1.0",
    title="Point of sale",
    summary="A till that never stops: scanner, cash, card, transfer, receipt.",
    category="sell",
    icon="building-store",
    contract=1,
    requires=(
        "contacts",
        "catalog",
        "taxes",
        "ledger",
    ),
)
