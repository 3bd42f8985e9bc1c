"""The small core: tenancy, ORM, auth, hooks. It knows no addon."""

__version__ = "0.1.0"
