"""Reminders are announced once and sent once, to where they may be sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from addons.reminders import settings
from addons.reminders.errors import BadAddressError, NotTakenError
from addons.reminders.models import Reminder, Sent
from addons.reminders.rules import is_signed
from addons.reminders.services import DUE, ReminderIn, add_reminder, announce_due, change_reminder
from addons.reminders.tasks import mail, make_webhook_secret, webhook
from addons.reminders.tests.servers import Received, mail_server, other_system
from core.addons.parts import Delivery
from core.clock import StoppedClock
from core.events.consumers import StoredActivation, Task
from core.events.subscriptions import Subscription
from core.events.worker import Worker
from core.ids import uuid7
from core.process import equip
from core.settings.services import change_setting
from core.tenancy import TenantRef
from core.testing.addons import worker_process
from core.testing.contract import addon_contract, house_before
from core.testing.databases import TestDatabases
from core.testing.house import House
from core.testing.web import Site, open_site

TestContract = addon_contract("reminders")


@dataclass(frozen=True, slots=True)
class Office:
    """Two businesses that remind, with the worker of both."""

    site: Site
    house: House
    worker: Worker

    @property
    def own(self) -> TenantRef:
        return self.house.bakery

    def settle(self, declared: Any, value: Any) -> None:
        with self.house.unit(self.own) as session:
            change_setting(session, declared, value)

    def write(self, tenant: TenantRef | None = None, **changed: Any) -> Reminder:
        said = {"title": "Arriendo del local", "due_on": date(2026, 3, 18), **changed}
        with self.house.unit(tenant or self.own) as session:
            return add_reminder(session, ReminderIn.model_validate(said))

    def announce(self, tenant: TenantRef | None = None) -> int:
        with self.house.unit(tenant or self.own) as session:
            return announce_due(session)

    def sign(self) -> bytes:
        with self.house.unit(self.own) as session:
            return make_webhook_secret(session).encode()

    def sent(self, tenant: TenantRef | None = None) -> list[str]:
        with self.house.unit(tenant or self.own, writes=False) as session:
            return sorted(session.scalars(select(Sent.channel)))

    def task(self) -> Task:
        return Task(self.house.database, self.own, self.house.clock, self.house.enabled)


@pytest.fixture
def office(databases: TestDatabases, clock: StoppedClock, tmp_path: Path) -> Iterator[Office]:
    with house_before(databases, clock, "reminders") as installed:
        registry = installed.add()
        equip(installed.house.database, worker_process(registry, tmp_path))
        site = open_site(installed.house, tmp_path, registry)
        house = site.house = replace(installed.house, enabled=frozenset({"reminders"}))
        for tenant in (house.bakery, house.pharmacy):
            site.enable(tenant, "reminders")
        consumers = registry.everywhere.register_consumers()
        subscriptions = [Subscription(addon, consumer) for addon, consumer in consumers]
        worker = Worker(house.database, clock, subscriptions, StoredActivation())
        yield Office(site, house, worker)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch, office: Office) -> Iterator[Received]:
    """Give the other system that the business named and the operator allowed."""
    with other_system() as received:
        monkeypatch.setenv("REMINDERS_ALLOWED", f"127.0.0.1:{received.port}")
        office.settle(settings.WEBHOOK_URL, f"http://127.0.0.1:{received.port}/in")
        yield received


@pytest.fixture
def post_office(monkeypatch: pytest.MonkeyPatch, office: Office) -> Iterator[Received]:
    """Give the mail server that the business named and the operator allowed."""
    with mail_server() as received:
        monkeypatch.setenv("REMINDERS_ALLOWED", f" localhost:1, 127.0.0.1:{received.port}")
        office.settle(settings.MAIL_HOST, "127.0.0.1")
        office.settle(settings.MAIL_PORT, Decimal(received.port))
        office.settle(settings.MAIL_SECURITY, "plain")
        office.settle(settings.MAIL_FROM, "avisos@trigal.test")
        yield received


def delivery(**changed: str) -> Delivery:
    payload = {
        "reminder": str(uuid7()),
        "kind": "payment",
        "title": "Arriendo",
        "due_on": "2026-03-18",
        "amount": "1200000.00",
        "email": "ana@example.com",
        **changed,
    }
    return Delivery(uuid7(), DUE, payload, 1)


def test_a_reminder_is_announced_once_and_again_for_another_day(office: Office) -> None:
    made = office.write(days_before=3)
    office.write(title="Declaración", kind="document", due_on=date(2026, 3, 20), days_before=3)
    assert office.announce() == 1
    assert office.announce() == 0
    with office.house.unit(office.own) as session:
        row = session.get_one(Reminder, (session.tenant_id, made.id))
        said = {name: getattr(row, name) for name in ReminderIn.model_fields}
        change_reminder(session, row, ReminderIn(**{**said, "due_on": date(2026, 3, 19)}))
    assert office.announce() == 1
    assert office.announce(office.house.pharmacy) == 0


def test_the_other_system_gets_a_signed_request_once_for_three_deliveries(
    office: Office, system: Received, clock: StoppedClock
) -> None:
    secret = office.sign()
    come = delivery()
    for _time in range(3):
        webhook(office.task(), come)
    ((headers, body),) = system.requests
    now = int(clock.now().timestamp())
    assert is_signed(secret, headers["Reminders-Signature"], body, now=now)
    assert headers["Host"] == f"127.0.0.1:{system.port}"
    told = json.loads(body)
    assert (told["id"], told["event"]) == (str(come.id), "reminders.due.v1")
    assert told["business"] == str(office.own.uid)
    assert told["data"]["amount"] == "1200000.00"
    assert b"example.com" not in body
    assert office.sent() == ["webhook"]


def test_the_worker_sends_again_what_was_not_taken_with_the_same_id(
    office: Office, system: Received, clock: StoppedClock
) -> None:
    secret = office.sign()
    system.statuses[:] = [500, 302]
    office.write()
    office.write(office.house.pharmacy)
    assert office.announce() == 1
    assert office.announce(office.house.pharmacy) == 1
    for _time in range(4):
        office.worker.drain()
        clock.advance(timedelta(minutes=5))
    bodies = {body for _headers, body in system.requests}
    assert (len(system.requests), len(bodies)) == (3, 1)
    assert json.loads(bodies.pop())["business"] == str(office.own.uid)
    times = {headers["Reminders-Signature"].partition(",")[0] for headers, _ in system.requests}
    assert len(times) == 3
    last, body = system.requests[-1]
    said = int(last["Reminders-Signature"].partition(",")[0].removeprefix("t="))
    assert is_signed(secret, last["Reminders-Signature"], body, now=said)
    assert office.sent() == ["webhook"]
    assert office.sent(office.house.pharmacy) == []


@pytest.mark.parametrize("allowed", ["", "localhost:80", "127.0.0.1", "127.0.0.1:1"])
def test_a_private_address_is_called_only_if_the_operator_allows_it(
    office: Office, system: Received, monkeypatch: pytest.MonkeyPatch, allowed: str
) -> None:

    office.sign()
    monkeypatch.setenv("REMINDERS_ALLOWED", allowed)
    for url in (f"http://127.0.0.1:{system.port}/", f"http://localhost:{system.port}/"):
        office.settle(settings.WEBHOOK_URL, url)
        with pytest.raises(BadAddressError):
            webhook(office.task(), delivery())
    assert system.requests == []
    assert office.sent() == []


def test_nothing_is_sent_without_an_address_or_a_secret(office: Office, system: Received) -> None:
    webhook(office.task(), delivery())
    office.sign()
    office.settle(settings.WEBHOOK_URL, "")
    webhook(office.task(), delivery())
    mail(office.task(), delivery())
    assert system.requests == []
    assert office.sent() == []


def test_a_mail_arrives_once_in_spanish(office: Office, post_office: Received) -> None:
    come = delivery(title="Arriendo\nBcc: todos@example.com")
    for _time in range(3):
        mail(office.task(), come)
    (arrived,) = post_office.mails
    assert arrived["To"] == "ana@example.com"
    assert arrived["Bcc"] is None
    assert arrived["From"] == "avisos@trigal.test"
    assert arrived["Subject"].startswith("Arriendo Bcc: todos@example.com vence el ")
    assert arrived["Message-ID"] == f"<{come.id}@reminders.invalid>"
    text: Any = arrived
    assert "1.200.000" in text.get_content()
    mail(office.task(), delivery(email=""))
    assert len(post_office.mails) == 1
    assert office.sent() == ["mail"]


def test_mail_that_must_be_encrypted_is_not_said_in_the_open(
    office: Office, post_office: Received
) -> None:

    office.settle(settings.MAIL_SECURITY, "starttls")
    with pytest.raises(NotTakenError):
        mail(office.task(), delivery())
    assert post_office.mails == []
    assert office.sent() == []


def test_the_list_the_api_and_the_page_of_the_secret(office: Office) -> None:
    owner = office.site.browser("owner@bakery.co")
    body = {"title": "Predial", "due_on": "2026-06-30", "amount": "850000", "kind": "payment"}
    path = "/api/v1/reminders/reminders"
    made = owner.send(path, body, Idempotency_Key=str(uuid7()))
    assert made.status_code == 201, made.text
    assert "Predial" in owner.get("/reminders/reminders?q=pred").text
    wrong = owner.send(path, {**body, "email": "a@b.co, c@d.co"}, Idempotency_Key=str(uuid7()))
    assert set(wrong.json["fields"]) == {"email"}
    stranger = office.site.browser("owner@pharmacy.co")
    assert stranger.get(f"{path}/{made.json['id']}").status_code == 404
    assert stranger.get(path).get_json()["items"] == []
    owner.read("/reminders/webhook")
    first, second = owner.post("/reminders/webhook").text, owner.post("/reminders/webhook").text
    assert "Cópielo ahora" in first
    assert first != second
    assert "Cópielo ahora" not in owner.get("/reminders/webhook").text
    cashier = office.site.browser("cashier@bakery.co")
    cashier.read("/")
    assert cashier.post("/reminders/webhook").status_code == 403
    assert cashier.get("/reminders/reminders").status_code == 403
