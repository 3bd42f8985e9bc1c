"""Who we are and what we need."""

from core.addons.manifest import AddonManifest

MANIFEST = AddonManifest(
    name="contacts",
    version="0.1.0",
    title="Contacts",
    summary="People and companies the business deals with, with their identification checked.",
    category="people",
    icon="address-book",
    contract=1,
)
