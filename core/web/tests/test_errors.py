"""Every error, as a page and as problem details, in Spanish and with nothing it should not say."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from werkzeug.exceptions import default_exceptions

from core.i18n import gettext, use_language
from core.logs import set_up_logs
from core.testing.house import House
from core.testing.web import ORIGIN, Browser, Site, open_site
from core.web.errors import TITLES

pytestmark = pytest.mark.services


def test_every_status_has_a_page_and_problem_details_in_spanish(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    known = sorted(TITLES.keys() & default_exceptions.keys())
    assert len(known) >= 18
    for status in known:
        _told_in_every_shape(site, browser, status)


def _told_in_every_shape(site: Site, browser: Browser, status: int) -> None:
    with use_language("en"):
        english = str(TITLES[status])

    def fail() -> str:
        raise default_exceptions[status]

    site.app.view_functions["toys.everything"] = fail
    page = browser.get("/toys/")
    assert page.status_code == status
    assert '<html lang="es"' in page.text
    assert "<h1>" in page.text
    told = browser.get("/toys/", headers={"Accept": "application/json"})
    assert told.status_code == status
    assert told.content_type == "application/problem+json"
    assert told.json
    assert told.json["status"] == status
    assert told.json["title"] != english, "it has no Spanish"
    assert set(told.json) == {"type", "title", "status", "detail", "code", "reference"}
    piece = browser.get("/toys/", headers={"X-Fragment": "1"})
    assert piece.status_code == status
    assert "<html" not in piece.text
    assert "<script" not in piece.text


def test_what_nobody_foresaw_is_told_without_its_reason(site: Site) -> None:
    log = io.StringIO()
    set_up_logs(production=True, stream=log)
    answer = site.browser("owner@bakery.co").get("/toys/broken")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert "hunter2secret" not in answer.text
    reference = answer.headers["X-Request-Id"]
    assert reference in answer.text
    assert reference in log.getvalue()


def test_a_broken_body_is_a_problem_of_the_sender(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    headers = {
        "X-CSRF-Token": browser.token,
        "X-Tenant": browser.tenant,
        "Idempotency-Key": "1",
        "Content-Type": "application/json",
    }
    path = "/toys/api/v1/toys"
    broken: Any = browser.client.post(path, data='{"name": ', headers=headers, base_url=ORIGIN)
    assert (broken.status_code, broken.json["code"]) == (400, "api.malformed")
    wrong: Any = browser.client.post(path, data='{"price": "x"}', headers=headers, base_url=ORIGIN)
    assert wrong.status_code == 422
    assert wrong.json["fields"] == {
        "name": gettext("This is missing."),
        "price": gettext('This is not a number; write decimals as text, such as "12.50".'),
    }
    headers["Content-Type"] = "text/plain"
    other: Any = browser.client.post(path, data="{}", headers=headers, base_url=ORIGIN)
    assert (other.status_code, other.json["code"]) == (415, "api.media_type")


def test_the_headers_let_nothing_foreign_run(site: Site) -> None:
    page = site.browser("owner@bakery.co").get("/")
    policy = page.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert f'nonce="{nonce[1]}"' in page.text
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in page.headers
    assert not re.findall(r"<script(?![^>]*nonce=)", page.text)
    assert not re.findall(r'\sstyle="|<style|\son[a-z]+="', page.text)
    again = site.browser("owner@bakery.co").get("/").headers["Content-Security-Policy"]
    assert again != policy


def test_https_ties_the_cookie_to_the_host(house: House, tmp_path: Path) -> None:
    site = open_site(house, tmp_path, public_url="https://shop.example")
    answer = site.app.test_client().get("/login", base_url="https://shop.example")
    sent = answer.headers["Set-Cookie"]
    assert sent.startswith("__Host-guadua=")
    assert "Secure" in sent
    assert "Path=/" in sent
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
