"""Getting in, staying in, changing business, getting out."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.auth.logins import login_id
from core.auth.models import LoginSession
from core.auth.users import deactivate, leave_business, user_by_email
from core.clock import StoppedClock
from core.db.uow import platform_unit
from core.i18n import gettext
from core.testing.web import PASSWORD, Browser, Site

pytestmark = pytest.mark.services


def cookie_of(browser: Browser) -> str:
    found = browser.client.get_cookie("guadua")
    assert found is not None
    return str(found.value)


def test_a_person_logs_in_and_sees_the_start_page(site: Site) -> None:
    browser = site.browser()
    answer = browser.log_in("owner@bakery.co")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    page = browser.get("/")
    assert page.status_code == 200
    assert "Panadería Trigal" in page.text
    assert "All toys" in page.text
    assert "Droguería" not in page.text


def test_a_stranger_is_led_to_the_way_in_and_back(site: Site) -> None:
    browser = site.browser()
    answer = browser.get("/toys/?page=2")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?next=%2Ftoys%2F%3Fpage%3D2"
    assert 'name="next" value="/toys/?page=2"' in browser.read(answer.headers["Location"]).text


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\t//x"],
)
def test_the_way_in_leads_to_this_site_only(site: Site, wanted: str) -> None:
    browser = site.browser()
    assert browser.log_in("owner@bakery.co", next=wanted).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("owner@bakery.co", "not the password"),
        ("nobody@bakery.co", PASSWORD),
        ("no e-mail", PASSWORD),
        ("owner@bakery.co", ""),
        ("owner@bakery.co", "x" * 5000),
    ],
)
def test_the_refusal_does_not_tell_what_was_wrong(site: Site, email: str, password: str) -> None:
    answer = site.browser().log_in(email, password)
    assert answer.status_code == 401
    assert gettext("The e-mail or the password is not right.") in answer.text
    assert site.browser().get("/account").status_code == 303


def test_upper_case_and_spaces_do_not_matter_in_an_email(site: Site) -> None:
    assert site.browser().log_in(" Owner@Bakery.CO ").status_code == 303


@pytest.mark.parametrize("email", ["owner@bakery.co", "nobody@bakery.co"])
def test_the_wait_doubles_after_five_failures_known_or_not(
    site: Site, clock: StoppedClock, email: str
) -> None:
    browser = site.browser()
    refused = [browser.log_in(email, "wrong password").status_code for _ in range(5)]
    waits = []
    for _ in range(8):
        wait = int(browser.log_in(email, "wrong password").headers["Retry-After"])
        waits.append(wait)
        clock.advance(timedelta(seconds=wait))
        assert browser.log_in(email, "wrong password").status_code == 401
    assert refused == [401] * 5
    assert waits == [16, 31, 61, 121, 241, 481, 901, 901]


def test_not_even_the_right_password_shortens_the_wait(site: Site, clock: StoppedClock) -> None:
    browser = site.browser()
    for _ in range(5):
        browser.log_in("owner@bakery.co", "wrong password")
    assert browser.log_in("owner@bakery.co").status_code == 429
    clock.advance(timedelta(seconds=16))
    assert browser.log_in("owner@bakery.co").status_code == 303
    assert site.browser().log_in("owner@bakery.co", "wrong again").status_code == 401


def test_the_token_changes_when_somebody_logs_in(site: Site) -> None:
    browser = site.browser()
    browser.read("/login")
    before = cookie_of(browser)
    browser.log_in("owner@bakery.co")
    assert cookie_of(browser) != before
    with platform_unit(site.house.database, site.house.clock, writes=False) as session:
        kept = session.scalars(select(LoginSession.id)).all()
    assert [bytes(one) for one in kept] == [login_id(cookie_of(browser).partition(".")[2])]


def test_changing_business_ends_the_old_token(site: Site) -> None:
    browser = site.browser("both@example.co")
    assert browser.get("/").headers["Location"] == "/switch"
    answer = browser.post(f"/switch/{site.house.bakery.uid}", {"next": "/toys/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/toys/")
    old = cookie_of(browser)
    browser.read()
    browser.post(f"/switch/{site.house.pharmacy.uid}")
    assert cookie_of(browser) != old
    assert "Droguería Salud" in browser.read("/").text
    thief = site.browser()
    thief.client.set_cookie("guadua", old)
    assert thief.get("/").status_code == 303


def test_a_business_of_others_cannot_be_entered(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    foreign = browser.post(f"/switch/{site.house.pharmacy.uid}")
    missing = browser.post(f"/switch/{uuid4()}")
    assert foreign.status_code == missing.status_code == 404
    assert "Panadería Trigal" in browser.get("/").text


def test_who_left_a_business_is_outside_with_the_next_request(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    with platform_unit(site.house.database, site.house.clock, writes=True) as session:
        leave_business(session, site.people["owner@bakery.co"], site.house.bakery)
    assert browser.get("/").headers["Location"] == "/switch"


def test_who_is_shut_out_is_out_with_the_next_request(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    with platform_unit(site.house.database, site.house.clock, writes=True) as session:
        user = user_by_email(session, "owner@bakery.co")
        assert user is not None
        deactivate(session, user.id)
    assert browser.get("/").status_code == 303
    assert site.browser().log_in("owner@bakery.co").status_code == 401


def test_logging_out_ends_the_token_itself(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    kept = cookie_of(browser)
    assert browser.post("/logout").headers["Location"] == "/login"
    assert cookie_of(browser) != kept
    thief = site.browser()
    thief.client.set_cookie("guadua", kept)
    assert thief.get("/").status_code == 303


def test_a_log_in_ends_when_it_is_not_used(site: Site, clock: StoppedClock) -> None:
    browser = site.browser("owner@bakery.co")
    clock.advance(timedelta(hours=11))
    assert browser.get("/").status_code == 200
    clock.advance(timedelta(hours=11))
    assert browser.get("/").status_code == 200
    clock.advance(timedelta(hours=13))
    assert browser.get("/").status_code == 303


def test_a_log_in_ends_however_much_it_is_used(site: Site, clock: StoppedClock) -> None:
    browser = site.browser("owner@bakery.co")
    for _ in range(16):
        clock.advance(timedelta(hours=10))
        browser.get("/")
    clock.advance(timedelta(hours=9))
    assert browser.get("/").status_code == 303


def test_a_remembered_computer_stays_in_for_a_month(site: Site, clock: StoppedClock) -> None:
    browser = site.browser()
    answer = browser.log_in("owner@bakery.co", remember="1")
    assert "Max-Age=2592000" in answer.headers["Set-Cookie"]
    clock.advance(timedelta(days=29))
    assert browser.get("/").status_code == 200


def test_the_cookie_is_for_the_server_alone(site: Site) -> None:
    sent = site.browser().log_in("owner@bakery.co").headers["Set-Cookie"]
    assert "HttpOnly" in sent
    assert "SameSite=Lax" in sent
    assert "Domain" not in sent
    assert "Max-Age" not in sent


def test_a_new_password_ends_all_other_log_ins(site: Site) -> None:
    here, there = site.browser("owner@bakery.co"), site.browser("owner@bakery.co")
    wrong = here.post("/account", {"name": "Ana", "password": "x", "new_password": "y" * 12})
    assert wrong.status_code == 422
    weak = {"name": "Ana", "password": PASSWORD, "new_password": "12345678"}
    assert (
        gettext("That password is too easy to guess. Choose another one.")
        in here.post("/account", weak).text
    )
    good = {"name": "Ana María Díaz", "password": PASSWORD, "new_password": "otra clave muy larga"}
    assert here.post("/account", good).status_code == 303
    page = here.get("/account")
    assert gettext("Saved.") in page.text
    assert "Ana María Díaz" in page.text
    assert there.get("/").status_code == 303
    assert site.browser().log_in("owner@bakery.co").status_code == 401


def test_language_and_theme_stay_with_the_person(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    assert browser.post("/language", {"language": "en"}).status_code == 303
    assert browser.post("/theme", {"theme": "dark"}).status_code == 303
    other = site.browser("owner@bakery.co").get("/account").text
    assert "My account" in other
    assert 'data-theme="dark"' in other
    assert browser.post("/language", {"language": "xx"}).status_code == 422
    assert browser.post("/theme", {"theme": "pink"}).status_code == 422


def test_a_stranger_chooses_a_language_too(site: Site) -> None:
    browser = site.browser()
    assert '<html lang="es"' in browser.read("/login").text
    browser.post("/language", {"language": "en"})
    assert '<html lang="en"' in browser.get("/login").text
    english = {"Accept-Language": "en-GB,en;q=0.8"}
    assert '<html lang="es"' in site.browser().get("/login", headers=english).text
    told = site.browser().get("/api/v1/me", headers=english).json
    assert told
    assert told["title"] == "Log in to continue."


def test_an_establishment_of_others_cannot_be_chosen(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    own, foreign = (site.establishment(t) for t in (site.house.bakery, site.house.pharmacy))
    assert browser.post("/establishment", {"establishment": str(own)}).status_code == 303
    assert browser.post("/establishment", {"establishment": str(foreign)}).status_code == 404
    assert browser.post("/establishment", {"establishment": "x"}).status_code == 404
