from core.tenancy.tests.conftest import house

__all__ = ["house"]
