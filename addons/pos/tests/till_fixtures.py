"""A fresh business on a loopback server, and a cashier at its till."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from addons.pos.tests import till_backend
from addons.pos.tests.till_driver import Cashier, cashier_in


@pytest.fixture
def backend() -> Iterator[till_backend.Backend]:
    running = till_backend.start()
    yield running
    running.stop()


@pytest.fixture
def shop(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="es-CO")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def closed_till(shop: BrowserContext, backend: till_backend.Backend) -> Iterator[Cashier]:
    cashier = cashier_in(shop, backend)
    cashier.go()
    yield cashier
    assert cashier.faults == []


@pytest.fixture
def till(closed_till: Cashier) -> Cashier:
    closed_till.open_drawer()
    return closed_till
