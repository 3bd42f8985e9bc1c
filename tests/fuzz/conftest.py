"""The town of the tenancy tests, with whoever tries everything in it."""

from __future__ import annotations

from tests.tenancy.conftest import house, site, town

__all__ = ["house", "site", "town"]
