"""Every test of the repository gets the platform's fixtures and guards."""

from __future__ import annotations

pytest_plugins = ("core.testing.plugin",)
