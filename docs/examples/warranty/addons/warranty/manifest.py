"""Who we are and what we need."""

from core.addons import AddonManifest

MANIFEST = AddonManifest(
    name="warranty",
    version="1.0.0",
    title="Warranties",
    summary="Keeps the warranties you give, on which product, to whom and until when.",
    contract=1,
    category="sell",
    icon="shield-check",
    requires=("contacts", "catalog"),
    asks=("Read the names of your products and contacts",),
    vendor="Taller Los Andes",
    support="soporte@example.com",
)
