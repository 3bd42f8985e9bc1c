"""The core's own pages: start, applications, documentation, files, health."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.addons import templates
from core.addons.discovery import CORE_ADDON
from core.addons.lifecycle import generation
from core.addons.migrations import head
from core.addons.models import AddonGeneration, InstalledAddon
from core.addons.parts import Obligation
from core.addons.registry import AddonRegistry
from core.app import Parts, create_app
from core.db.uow import platform_unit
from core.testing.house import House
from core.testing.web import ORIGIN, Site, open_site, settings_for
from core.web.platform import platform_of
from core.web.static_files import StaticFiles
from core.web.tests.toy_addon import Hooks, toy_registry

pytestmark = pytest.mark.services


# ---- applications


def test_an_owner_finds_an_application_and_sees_what_it_would_do(site: Site) -> None:
    browser = site.browser("owner@pharmacy.co")
    page = browser.get("/admin/apps").text
    assert "Wood and tin" in page
    assert 'href="/admin/apps/toys"' in page
    assert "Wood and tin" not in browser.get("/admin/apps?q=cloth").text
    assert "Of cloth" in browser.get("/admin/apps?q=CLOTH").text
    plan = browser.get("/admin/apps/dolls", headers={"X-Fragment": "1"})
    assert "<html" not in plan.text
    assert "<script" not in plan.text
    assert "Activar Dolls" in plan.text
    assert "También se activa Toys" in plan.text
    assert "Read your toys" in plan.text
    assert 'action="/admin/apps/dolls/enable"' in plan.text
    assert "Activar Dolls" in browser.get("/admin/apps/dolls").text


def test_an_application_is_there_with_the_next_page(site: Site) -> None:
    browser = site.browser("owner@pharmacy.co")
    assert browser.get("/toys/").status_code == 404
    answer = browser.post("/admin/apps/dolls/enable")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/apps")
    page = browser.get("/admin/apps").text
    assert "Dolls está activa." in page
    assert "Dolls está activa." not in browser.get("/admin/apps").text
    assert browser.get("/toys/").status_code == 200
    assert "All toys" in browser.get("/").text


def test_a_cashier_holds_the_permissions_of_a_fresh_application(site: Site) -> None:
    site.person("till@pharmacy.co", (site.house.pharmacy, "cashier"))
    site.browser("owner@pharmacy.co").post("/admin/apps/toys/enable")
    assert site.browser("till@pharmacy.co").get("/toys/").status_code == 200


def test_what_is_owed_keeps_an_application_on(site: Site, hooks: Hooks) -> None:
    browser = site.browser("owner@bakery.co")
    hooks.owed = [Obligation("Documents to send", 3, "/toys/")]
    refused = browser.post("/admin/apps/toys/disable")
    assert refused.status_code == 409
    assert "3 · Documents to send" in refused.text
    assert 'action="/admin/apps/toys/drain"' in refused.text
    assert browser.get("/toys/").status_code == 200
    assert browser.post("/admin/apps/toys/drain").status_code == 303
    assert browser.get("/toys/").status_code == 404
    assert "Apagándose" in browser.get("/admin/apps").text


def test_an_application_goes_off_and_keeps_what_needs_it_in_mind(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    browser.post("/admin/apps/dolls/enable")
    assert "Dolls" in browser.get("/admin/apps/toys").text
    assert browser.post("/admin/apps/toys/disable").status_code == 409
    assert browser.post("/admin/apps/dolls/disable").status_code == 303
    assert browser.post("/admin/apps/toys/disable").status_code == 303
    assert browser.get("/toys/").status_code == 404
    assert browser.get("/admin/apps/nothing").status_code == 404
    assert browser.post("/admin/apps/nothing/enable").status_code == 404


# ---- files


def test_a_file_lives_for_ever_under_its_hash_only(site: Site) -> None:
    browser = site.browser()
    address = re.search(r'href="(/static/[^"]+/css/guadua\.css)"', browser.get("/login").text)
    assert address
    kept = browser.get(address[1])
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert kept.content_type == "text/css; charset=utf-8"
    for other in ("/static/css/guadua.css", "/static/0123456789abcdef/css/guadua.css"):
        answer = browser.get(other)
        assert answer.headers["Cache-Control"] == "no-cache"
        again = browser.get(other, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert browser.get("/static/js/folding.mjs").mimetype == "text/javascript"
    for outside in ("../../app.py", "..%2f..%2fapp.py", "x/../../app.py", "css", ""):
        assert browser.get(f"/static/{outside}").status_code == 404


def test_a_change_anywhere_changes_the_address_of_all(tmp_path: Path) -> None:
    core, addon = tmp_path / "core", tmp_path / "static"
    (core / "js").mkdir(parents=True)
    (addon / "toys").mkdir(parents=True)
    (core / "js" / "a.mjs").write_text("1")
    (addon / "toys" / "b.mjs").write_text("import '../js/a.mjs'")
    (addon / "stray.mjs").write_text("belongs to nobody")
    before = StaticFiles(core, [("toys", addon)])
    (core / "js" / "a.mjs").write_text("2")
    after = StaticFiles(core, [("toys", addon)])
    assert before.address("toys/b.mjs") != after.address("toys/b.mjs")
    assert after.find(f"{after.version}/toys/b.mjs")
    assert after.find("stray.mjs") is None
    with pytest.raises(FileNotFoundError):
        after.address("toys/c.mjs")


# ---- documentation


def test_the_documentation_is_open_to_everybody(site: Site) -> None:
    browser = site.browser()
    assert browser.get("/docs").headers["Location"] == "/docs/"
    page = browser.get("/docs/")
    assert page.status_code == 200
    assert 'href="/docs/README.md"' in page.text
    assert 'href="/docs/decisions/README.md"' in page.text
    assert browser.get("/docs/README.md").status_code == 200
    deeper = browser.get("/docs/decisions/README.md")
    assert "/docs/decisions/0001-three-walls-between-businesses.md" in deeper.text
    assert browser.get("/docs/decisions/0001-three-walls-between-businesses.md").status_code == 200
    assert "style=" not in deeper.text


@pytest.mark.parametrize(
    "path", ["../pyproject.toml", "..%2fpyproject.toml", "pyproject.toml", "../core/app.md", "no"]
)
def test_the_documentation_shows_nothing_else(site: Site, path: str) -> None:
    assert site.browser().get(f"/docs/{path}").status_code == 404


# ---- health


def test_a_process_says_whether_it_is_ready_and_of_today(house: House, tmp_path: Path) -> None:
    site = open_site(house, tmp_path)
    browser = site.browser()
    assert browser.get("/healthz").text == "ok\n"
    unmigrated = browser.get("/readyz")
    assert (unmigrated.status_code, unmigrated.json["ready"]) == (503, False)  # type: ignore[index]
    with platform_unit(house.database, house.clock, writes=True) as session:
        session.add(
            InstalledAddon(
                name="core",
                version="1",
                installed_at=house.clock.now(),
                contract=1,
                head=head(CORE_ADDON),
            )
        )
    assert browser.get("/readyz").json == {"ready": True, "current": True, "generation": 0}
    with platform_unit(house.database, house.clock, writes=True) as session:
        session.add(AddonGeneration(id=1, value=5))
        session.flush()
        assert generation(session) == 5
    old = browser.get("/readyz")
    assert (old.status_code, old.json) == (200, {"ready": True, "current": False, "generation": 5})


def test_figures_are_for_this_machine_and_operators(house: House, tmp_path: Path) -> None:
    site = open_site(house, tmp_path, metrics_token="let me see")
    client = site.app.test_client()
    assert "guadua_request_seconds" in client.get("/metrics").text
    strangers = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.get("/metrics", environ_base=strangers).status_code == 404
    behind = {"X-Forwarded-For": "203.0.113.7"}
    assert client.get("/metrics", headers=behind).status_code == 404
    known = {"Authorization": "Bearer let me see"}
    assert client.get("/metrics", headers=known, environ_base=strangers).status_code == 200
    wrong = {"Authorization": "Bearer let me in"}
    assert client.get("/metrics", headers=wrong, environ_base=strangers).status_code == 404


def test_two_applications_in_one_process_do_not_meet(house: House, tmp_path: Path) -> None:
    one = open_site(house, tmp_path, toy_registry())
    brought = Parts(clock=house.clock, database=house.database, registry=AddonRegistry())
    other = create_app(settings_for(house, tmp_path), brought)
    assert one.platform is not platform_of(other)
    assert "toys.everything" in one.app.view_functions
    assert "toys.everything" not in other.view_functions
    assert other.test_client().get("/login", base_url=ORIGIN).status_code == 200


def test_a_node_may_serve_some_addons_only(house: House, tmp_path: Path) -> None:
    site = open_site(house, tmp_path, toy_registry(), serve=frozenset({"dolls"}))
    assert "toys.everything" not in site.app.view_functions


def test_a_page_writes_what_an_addon_knows_of_anothers_record(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "extension_of", lambda _record, name: f"the {name}")
    assert site.app.jinja_env.from_string("{{ x.licence }}").render(x=object()) == "the licence"
