"""Bad input at the doors of a sale: said in Spanish, nothing stored half, no number burnt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from addons.edi.models import Certificate, NumberRange
from addons.l10n_co_dian.demo import DemoRange, configure_demo
from addons.pos.models import Sale
from core.audit.models import AuditEntry
from core.clock import StoppedClock
from core.events.models import Outbox
from core.ids import uuid7
from core.tenancy import Business, Establishment
from core.tenancy.cache import bump_epoch
from core.testing.house import House
from core.testing.web import ORIGIN, Browser, open_site
from tests.crash.flows import sale_request
from tests.scenarios.shop import Shop

pytestmark = pytest.mark.services
SYNC = "/pos/api/v1/sync"
_NEXT = select(NumberRange.next_number).where(NumberRange.prefix == "POSE")


@dataclass(frozen=True)
class Counter:
    """A till's screen of a shop that issues documents, and what its shop has on disk."""

    shop: Shop
    browser: Browser

    def send(self, change: Callable[[dict[str, Any]], None] | None = None) -> dict[str, Any]:
        """Send a ticket, changed on its way, and give the result of its only item."""
        body = sale_request(self.shop)["body"]
        if change is not None:
            change(body["items"][0]["doc"])
        answer = self.browser.send(SYNC, body, Idempotency_Key=str(uuid7()))
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json["results"][0]
        return result

    def stored(self) -> dict[str, int]:
        """Count what a sale would leave, and tell the next number."""
        with self.shop.house.unit(self.shop.tenant, writes=False) as session:
            counted = {
                model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
                for model in (Sale, Outbox, AuditEntry)
            }
            next_number = session.scalars(_NEXT).one()
        return {**counted, "next_number": next_number}

    def set(self, model: type[Any], **values: Any) -> None:
        """Change the only row of a table, as time or a careless operator might."""
        with self.shop.house.unit(self.shop.tenant) as session:
            session.execute(update(model).values(**values))
            bump_epoch(session)


@pytest.fixture
def counter(shop: Shop, house: House, tmp_path: Path) -> Counter:
    site = open_site(replace(house, enabled=frozenset()), tmp_path, shop.registry)
    for tenant in (house.bakery, house.pharmacy):
        site.enable(tenant, *shop.registry.running)
    with house.unit(shop.tenant) as session:
        name, email = "Panadería Trigal S.A.S.", "facturas@trigal.example"
        session.add(
            Business(id=shop.tenant.uid, legal_name=name, identification="900123456", email=email)
        )
        place = session.get_one(Establishment, (shop.tenant.id, shop.establishment))
        place.address, place.municipality = "Carrera 14 # 21-35", "63001"
    with house.unit(shop.tenant) as session:
        issued = [DemoRange(shop.establishment, "POSE")]
        configure_demo(session, ranges=issued, service_url="http://127.0.0.1:9/dian")
    return Counter(shop, site.browser("owner@bakery.co"))


def line_of(doc: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = doc["lines"][0]
    return first


def unknown_product(doc: dict[str, Any]) -> None:
    line_of(doc)["product_id"] = str(uuid7())


def negative_price(doc: dict[str, Any]) -> None:
    line_of(doc)["unit_price"] = "-5200"


def float_price(doc: dict[str, Any]) -> None:
    line_of(doc)["unit_price"] = 5200.5


def nothing_sold(doc: dict[str, Any]) -> None:
    doc["lines"], doc["total"] = [], "0"


def wrong_total(doc: dict[str, Any]) -> None:
    doc["total"] = "1.00"


def closed_drawer(doc: dict[str, Any]) -> None:
    doc["session_id"] = str(uuid7())


def unknown_customer(doc: dict[str, Any]) -> None:
    doc["customer_id"] = str(uuid7())


WRONG: Sequence[Callable[[dict[str, Any]], None]] = (
    unknown_product,
    negative_price,
    float_price,
    nothing_sold,
    wrong_total,
    closed_drawer,
    unknown_customer,
)


def test_a_wrong_ticket_is_refused_whole_and_the_next_one_sold(counter: Counter) -> None:
    for change in WRONG:
        before = counter.stored()
        result = counter.send(change)
        assert result["status"] == "rejected", change
        assert is_spanish(result["error"]["message"]), (change, result["error"])
        assert counter.stored() == before, change
        sold = counter.send()
        assert sold["status"] == "stored"
        assert sold["answer"]["full_number"] == f"POSE{before['next_number']}"


def test_a_sale_with_the_lines_of_another_is_refused_and_holds_up_nobody(counter: Counter) -> None:
    stored: list[dict[str, Any]] = []
    assert counter.send(stored.append)["status"] == "stored"
    before = counter.stored()
    for part in ("lines", "payments"):

        def again(doc: dict[str, Any], part: str = part) -> None:
            doc[part][0]["id"] = stored[0][part][0]["id"]

        result = counter.send(again)
        assert (result["status"], result["error"]["code"]) == ("rejected", "db.id_taken")
        assert is_spanish(result["error"]["message"])
        assert counter.stored() == before
    assert counter.send()["status"] == "stored"


def test_a_range_that_is_over_or_used_up_numbers_nothing(
    counter: Counter, clock: StoppedClock
) -> None:
    today = clock.now().date()
    counter.set(NumberRange, valid_to=today - timedelta(days=1))
    refused(counter, "rango")
    counter.set(NumberRange, valid_to=today)
    counter.send()
    with counter.shop.house.unit(counter.shop.tenant) as session:
        upcoming = session.scalars(_NEXT).one()
        used_up = update(NumberRange).where(NumberRange.prefix == "POSE")
        session.execute(used_up.values(last=upcoming - 1))
        bump_epoch(session)
    refused(counter, "rango")


def test_nothing_is_sold_without_a_certificate_that_may_sign(
    counter: Counter, clock: StoppedClock
) -> None:
    now = clock.now()
    counter.set(Certificate, valid_to=now - timedelta(seconds=1))
    refused(counter, "certificado")
    counter.set(Certificate, valid_to=now + timedelta(days=1), archived_at=now)
    refused(counter, "certificado")
    counter.set(Certificate, archived_at=None)
    assert counter.send()["status"] == "stored"


NO_TICKETS = ((b'{"register": ', 400), (b"[]", 422), (b"\xff\xfe", 400), (b"x" * 10_000_001, 413))


def test_a_body_that_is_no_ticket_changes_nothing(counter: Counter) -> None:
    before, browser = counter.stored(), counter.browser
    headers = {"X-CSRF-Token": browser.token, "X-Tenant": browser.tenant}
    for body, status in NO_TICKETS:
        answer = browser.client.post(
            SYNC, data=body, content_type="application/json", headers=headers, base_url=ORIGIN
        )
        assert answer.status_code == status, body[:20]
        assert answer.content_type == "application/problem+json"
        assert answer.json
        assert is_spanish(answer.json["title"] + " " + answer.json["detail"]), answer.json
        assert counter.stored() == before, body[:20]


def refused(counter: Counter, word: str) -> None:
    """A sale is refused, the reason names ``word``, and nothing is left of it."""
    before = counter.stored()
    result = counter.send()
    assert result["status"] == "rejected", result
    assert word in result["error"]["message"].lower()
    assert counter.stored() == before


def is_spanish(text: str) -> bool:
    words = set(text.lower().replace(".", " ").replace(",", " ").split())
    return bool(words & {"el", "la", "los", "no", "se", "de", "un", "una"}) and "the" not in words
