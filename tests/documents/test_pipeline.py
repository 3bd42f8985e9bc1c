from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from addons.edi.formats import document_format
from addons.edi.models import Certificate, FileCounter, Step
from addons.edi.pipeline import carry_out
from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.simulator import Kind
from addons.l10n_co_dian.stored import code_twice
from addons.l10n_co_dian.xades import verify
from core.addons.parts import Delivery
from core.events.consumers import RetryLater, Task
from core.process import process_of
from core.tenancy.cache import bump_epoch
from tests.documents.shop import Shop

pytestmark = pytest.mark.services

SIGNED = [("build", "done"), ("sign", "done")]


def check_all_is_well(shop: Shop) -> None:
    """The oracle: at the authority, each number once, with our code, and its answer kept."""
    ours = {f"{d.prefix}{d.number}": d.code for d in shop.documents() if d.state == "accepted"}
    assert shop.at_the_authority() == ours
    files = process_of(shop.house.database).files
    found = shop.artifacts()
    for document in shop.documents():
        if document.state != "accepted":
            continue
        answer = files.get(shop.tenant, found["answer"].sha256)
        form = document_format(shop.house.database, document.format)
        assert not form.answer_problem(answer, document.code)
        signed = files.get(shop.tenant, found["signed"].sha256)
        assert code_twice(signed, software_pin="75315", technical_key="") == (document.code,) * 2


def test_a_document_is_signed_sent_and_accepted(shop: Shop) -> None:
    shop.sell()
    shop.work()
    assert shop.document().state == "accepted"
    steps = shop.steps()
    assert steps[:2] == SIGNED
    assert [s for s in steps[2:] if s[0] != "validate"] == [
        ("send", "started"),
        ("send", "accepted"),
    ]
    assert shop.sends() == 1
    check_all_is_well(shop)


def test_the_signature_verifies_and_names_the_true_time(
    shop: Shop, identities: dict[str, SigningIdentity]
) -> None:
    shop.sell()
    shop.clock.advance(timedelta(minutes=3))
    shop.work()
    signed = process_of(shop.house.database).files.get(
        shop.tenant, shop.artifacts()["signed"].sha256
    )
    report = verify(signed, identities["900123456"].chain[1:])
    assert report.valid
    assert report.signing_time == shop.clock.now()
    assert shop.document().issued_at < shop.clock.now()


@pytest.mark.parametrize(
    ("fault", "sends"),
    [
        ({"kinds": [Kind.ERROR_AFTER]}, 1),
        ({"kinds": [Kind.RESET_AFTER]}, 1),
        ({"kinds": [Kind.TRUNCATED_AFTER]}, 1),
        ({"kinds": [Kind.MALFORMED]}, 1),
        ({"kinds": [Kind.HTML], "status": 503}, 1),
        ({"kinds": [Kind.HTML], "status": 503, "times": 4, "operation": "*"}, 1),
        ({"kinds": [Kind.RESET]}, 1),
        ({"kinds": [Kind.THROTTLED]}, 1),
        ({"kinds": [Kind.SLOW], "seconds": "0.2"}, 1),
        ({"kinds": [Kind.FAULT]}, 1),
        ({"kinds": [Kind.INTERNAL_FAULT]}, 1),
        ({"kinds": [Kind.DUPLICATE_OWN]}, 1),
        ({"kinds": [Kind.PENDING], "asks": 5}, 1),
        ({"kinds": [Kind.HIDDEN, Kind.ERROR_AFTER], "asks": 2}, 2),
    ],
    ids=lambda value: "+".join(value["kinds"]) if isinstance(value, dict) else "",
)
def test_whatever_goes_wrong_the_number_is_accepted_once(
    shop: Shop, fault: dict[str, Any], sends: int
) -> None:
    values = dict(fault)
    shop.fault(*values.pop("kinds"), **values)
    shop.sell()
    shop.work()
    assert shop.document().state == "accepted"
    assert shop.sends() <= sends + 1
    check_all_is_well(shop)


def test_a_lost_answer_is_followed_by_a_question(shop: Shop) -> None:
    shop.fault(Kind.RESET_AFTER)
    shop.sell()
    shop.work()
    talk = [step for step in shop.steps() if step[0] in {"send", "ask"}]
    assert talk == [("send", "started"), ("send", "unreachable"), ("ask", "accepted")]
    assert shop.sends() == 1


def test_a_refused_connection_is_tried_again_not_asked(shop: Shop) -> None:
    shop.fault(Kind.THROTTLED)
    shop.sell()
    shop.work()
    talk = [step for step in shop.steps() if step[0] in {"send", "ask"}]
    assert talk == [
        ("send", "started"),
        ("send", "not_delivered"),
        ("send", "started"),
        ("send", "accepted"),
    ]


def test_a_number_that_is_somebody_elses_is_rejected_not_believed(shop: Shop) -> None:
    shop.fault(Kind.DUPLICATE_FOREIGN)
    shop.sell()
    shop.work()
    assert shop.document().state == "rejected"
    assert shop.at_the_authority() == {}
    assert "answer" not in shop.artifacts()


def test_an_unsigned_answer_is_never_believed(shop: Shop) -> None:
    shop.fault(Kind.UNSIGNED)
    shop.sell()
    shop.work(0.05)
    assert shop.document().state == "sent"
    assert "answer" not in shop.artifacts()


def test_a_rejection_keeps_its_rules_in_words(shop: Shop) -> None:
    shop.fault(Kind.REJECT, rule="FAJ43b", text="Nombre informado No corresponde")
    shop.sell()
    shop.work()
    assert shop.document().state == "rejected"
    with shop.house.unit(shop.tenant, writes=False) as session:
        last = session.scalars(select(Step).where(Step.outcome == "rejected")).one()
    assert {r["rule"]: r["text"] for r in last.details["rules"]}["FAJ43b"].startswith("Nombre")
    assert shop.at_the_authority() == {}


def deliver(shop: Shop) -> Delivery:
    (version,) = shop.versions()
    return Delivery(UUID(int=1), "edi.version.issued.v1", {"version": str(version.id)}, 1)


def test_three_deliveries_at_once_send_once(shop: Shop) -> None:
    shop.fault(Kind.SLOW, seconds="0.4")
    shop.sell()
    task = Task(shop.house.database, shop.tenant, shop.clock, shop.house.enabled)
    delivery, ends = deliver(shop), []

    def work() -> None:
        try:
            carry_out(task, delivery)
        except RetryLater:
            ends.append("later")
        else:
            ends.append("done")

    crowd = [Thread(target=work) for _ in range(3)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert len(ends) == 3
    assert "done" in ends
    assert shop.document().state == "accepted"
    assert shop.sends() == 1
    carry_out(task, delivery)
    assert shop.sends() == 1
    check_all_is_well(shop)


def test_the_first_files_of_a_year_signed_at_once_are_counted_without_a_failure(
    shop: Shop,
) -> None:
    for _ in range(6):
        shop.sell()
    task = Task(shop.house.database, shop.tenant, shop.clock, shop.house.enabled)
    deliveries = [
        Delivery(UUID(int=n), "edi.version.issued.v1", {"version": str(version.id)}, 1)
        for n, version in enumerate(shop.versions(), 1)
    ]
    with ThreadPoolExecutor(len(deliveries)) as crowd:
        ends = [crowd.submit(carry_out, task, delivery) for delivery in deliveries]
    assert [end.exception() for end in ends] == [None] * 6
    assert [document.state for document in shop.documents()] == ["accepted"] * 6
    with shop.house.unit(shop.tenant, writes=False) as session:
        assert session.scalars(select(FileCounter.last)).one() == 6
    assert shop.sends() == 6


def test_without_a_certificate_the_document_waits_for_one(shop: Shop) -> None:
    shop.sell()
    with shop.house.unit(shop.tenant) as session:
        session.scalars(select(Certificate)).one().archived_at = shop.clock.now()
        bump_epoch(session)
    shop.work(0.1)
    assert shop.document().state == "pending"
    with shop.house.unit(shop.tenant) as session:
        session.scalars(select(Certificate)).one().archived_at = None
        bump_epoch(session)
    shop.work()
    assert shop.document().state == "accepted"
    check_all_is_well(shop)


def test_a_business_never_sees_the_steps_of_another(shop: Shop, other: Shop) -> None:
    shop.sell()
    other.sell()
    shop.work()
    other.work()
    assert len(shop.steps()) == len(other.steps())
    with other.house.unit(other.tenant, writes=False) as session:
        ours = {version.id for version in shop.versions()}
        rows = session.scalars(select(Step)).all()
    assert rows
    assert not {row.version_id for row in rows} & ours
