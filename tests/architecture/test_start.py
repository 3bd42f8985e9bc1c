"""What a web process loads before it answers: nothing that only a command or a worker needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.services

_LOAD = """
import sys
import core.app
from core.addons.discovery import discover
from core.addons.registry import AddonRegistry
registry = AddonRegistry()
found = discover()
registry.load(found, found.found.keys(), {})
assert registry.running, registry.quarantined
print(*sorted({name.partition(".")[0] for name in sys.modules}))
print(*sorted(name for name in sys.modules if "simulator" in name))
"""
_LATER = {"alembic", "celery", "httpx", "markdown_it", "signxml", "weasyprint"}


def test_a_web_process_loads_nothing_that_only_others_need() -> None:
    ran = subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, check=True, text=True)
    packages, simulators = ran.stdout.split("\n")[:2]
    assert _LATER & set(packages.split()) == set()
    assert simulators == ""
