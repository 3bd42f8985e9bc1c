"""Who we are and what we need."""

from core.addons import AddonManifest

MANIFEST = AddonManifest(
    name="happy_hour",
    version="1.0.0",
    title="Happy hour",
    summary="Lets the tills give discounts at certain hours only, and keeps why each was given.",
    contract=1,
    category="sell",
    icon="cup",
    requires=("catalog", "pos"),
    asks=("Look at the lines and discounts of every sale",),
    vendor="Bar La Esquina",
    support="soporte@example.com",
)
