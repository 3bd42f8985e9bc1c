"""Who we are and what we need."""

from core.addons import AddonManifest

MANIFEST = AddonManifest(
    name="reminders",
    version="1.0.0",
    title="Reminders",
    summary="Reminds of what falls due, by mail and to another system.",
    contract=1,
    category="office",
    icon="bell",
    asks=(
        "Send the reminders you write to the e-mail addresses you write in them",
        "Send the same reminders, signed, to an address of another system if you set one",
    ),
    vendor="Oficina Clara",
    support="soporte@example.com",
)
