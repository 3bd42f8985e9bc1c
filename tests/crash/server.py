"""The process that forks the ones to be killed: ``python -m tests.crash.server``."""

from __future__ import annotations

import structlog

from core.app import create_app
from core.testing.addons import all_addons
from core.testing.crash import serve
from core.testing.network import NetworkGuard
from tests.crash.flows import JOBS, PREPARATIONS

if __name__ == "__main__":
    # Loaded before the first fork, so that every child starts with it.
    _ready = all_addons(), create_app
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with NetworkGuard():
        serve(JOBS, PREPARATIONS)
