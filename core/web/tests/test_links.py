"""A page offers what its reader may open, and nothing else."""

from __future__ import annotations

import pytest

from core.testing.web import Site
from core.web.doors import may_open
from core.web.views import home

pytestmark = pytest.mark.services

ADDRESSES = ("/", "/admin/apps?q=x", "/admin/settings", "/docs", "https://dian.gov.co/x", "/no")


@pytest.mark.parametrize(
    ("who", "opened"),
    [
        ("owner@pharmacy.co", [True, True, True, True, True, False]),
        ("till@pharmacy.co", [True, False, False, True, True, False]),
    ],
)
def test_a_link_leads_whoever_holds_the_permission_of_its_page(
    site: Site, monkeypatch: pytest.MonkeyPatch, who: str, opened: list[bool]
) -> None:
    found: list[bool] = []

    def asked(*_said: object, **_more: object) -> str:
        found.extend(may_open(address) for address in ADDRESSES)
        return ""

    site.person("till@pharmacy.co", (site.house.pharmacy, "cashier"))
    browser = site.browser(who)
    monkeypatch.setattr(home, "page", asked)
    assert browser.get("/").status_code == 200
    assert found == opened


def test_nobody_is_led_to_applications_they_may_not_manage(site: Site) -> None:
    site.person("till@pharmacy.co", (site.house.pharmacy, "cashier"))
    assert "Ver las aplicaciones" in site.browser("owner@pharmacy.co").get("/").text
    page = site.browser("till@pharmacy.co").get("/").text
    assert "/admin/apps" not in page
    assert "Pida al due" in page
