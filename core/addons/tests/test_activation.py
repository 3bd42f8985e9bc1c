"""A business switches addons on and off for itself alone, effective at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.addons.activation import (
    disable,
    draining_addons,
    enable,
    enabled_addons,
    finish_draining,
)
from core.addons.errors import AddonRefusedError, ObligationsPendingError, UnknownAddonError
from core.addons.gate import may_consume
from core.addons.lifecycle import Owner, install
from core.addons.models import Activation
from core.addons.parts import Event
from core.addons.registry import AddonRegistry
from core.addons.tests.toys import HOOKS, MODELS, Shelf
from core.audit.models import AuditEntry
from core.clock import StoppedClock
from core.events.consumers import StoredActivation
from core.events.models import Outbox
from core.events.publish import publish
from core.events.subscriptions import subscriptions_of
from core.events.worker import Worker
from core.testing.house import House

pytestmark = pytest.mark.services

STARTS = (
    HOOKS
    + """

from decimal import Decimal


@hookimpl
def on_enabled(session):
    from addons.{name}.models import Thing
    session.add(Thing(code="first", price=Decimal(1)))
    session.flush()
"""
)

#: Owes as many documents as there are things.
OWES = (
    STARTS
    + """

from core.addons.parts import Obligation


@hookimpl
def pending_obligations(session):
    from addons.{name}.models import Thing
    from sqlalchemy import func, select
    count = session.scalar(select(func.count(Thing.id)))
    return [Obligation("Documents to send", count, "/toys/")] if count else []
"""
)


#: Makes a thing of every delivery.
CONSUMES = (
    STARTS
    + """

from core.addons.parts import Consumer


@hookimpl
def register_consumers():
    return (Consumer("toy.sold.v1", "count", _count),)


def _count(session, delivery):
    from addons.{name}.models import Thing
    session.add(Thing(code=str(delivery.id), price=Decimal(2)))
"""
)


@pytest.fixture
def registry(owner: Owner, shelf: Shelf, clock: StoppedClock) -> AddonRegistry:
    """``toy_top`` requires ``toy_base``; both are installed and nobody uses them."""
    shelf.add("toy_base", models=MODELS, hooks=STARTS)
    shelf.add("toy_top", "toy_base", models=MODELS, hooks=OWES)
    for name in ("toy_base", "toy_top"):
        shelf.migrate(name)
    install(owner, shelf.find(), "toy_top", clock)
    return loaded(shelf, "toy_base", "toy_top")


def loaded(shelf: Shelf, *names: str) -> AddonRegistry:
    made = AddonRegistry()
    made.load(shelf.find(), set(names))
    made.configure()
    return made


def on(house: House) -> tuple[frozenset[str], frozenset[str]]:
    found = []
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant, writes=False) as session:
            found.append(enabled_addons(session))
    return found[0], found[1]


def test_switching_on_takes_along_what_is_required_for_this_business_only(
    house: House, registry: AddonRegistry, shelf: Shelf
) -> None:
    with house.unit(house.bakery) as session:
        assert enable(session, registry, "toy_top") == ["toy_base", "toy_top"]
        assert session.enabled == {"toy_base", "toy_top"}
    assert on(house) == (frozenset({"toy_base", "toy_top"}), frozenset())
    thing = shelf.model("toy_base", "Thing")
    with house.unit(house.bakery, writes=False) as session:
        assert session.scalars(select(thing.code)).all() == ["first"]
    with house.unit(house.pharmacy, writes=False) as session:
        assert session.scalars(select(thing.code)).all() == []


def test_the_very_next_request_sees_it(house: House, registry: AddonRegistry) -> None:
    def menu() -> list[object]:
        with house.unit(house.bakery, writes=False) as session:
            hooks = registry.enabled(enabled_addons(session))
            return [item.title for item in hooks.navigation_items(session=session)]

    assert menu() == []
    with house.unit(house.bakery) as session:
        enable(session, registry, "toy_base")
    assert menu() == ["toy_base"]
    with house.unit(house.bakery) as session:
        disable(session, registry, "toy_base")
    assert menu() == []


def test_switching_is_written_down_and_makes_caches_forget(
    house: House, registry: AddonRegistry
) -> None:
    with house.unit(house.bakery) as session:
        before = session.epoch
        enable(session, registry, "toy_base")
    with house.unit(house.bakery) as session:
        assert session.epoch == before + 1
        disable(session, registry, "toy_base")
    with house.unit(house.bakery, writes=False) as session:
        assert session.epoch == before + 2
        acts = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(act.action, act.details["addon"]) for act in acts] == [
            ("core.addon.enable", "toy_base"),
            ("core.addon.disable", "toy_base"),
        ]
        assert {act.recorded_by for act in acts} == {house.cashier}


def test_switching_on_again_changes_nothing(house: House, registry: AddonRegistry) -> None:
    for expected in (["toy_base"], []):
        with house.unit(house.bakery) as session:
            assert enable(session, registry, "toy_base") == expected


def test_off_and_on_again_is_one_row_with_the_last_dates(
    house: House, registry: AddonRegistry, shelf: Shelf, clock: StoppedClock
) -> None:
    for switch in (enable, disable, enable):
        clock.advance(timedelta(hours=1))
        with house.unit(house.bakery) as session:
            for thing in session.scalars(select(shelf.model("toy_base", "Thing"))):
                session.delete(thing)
            session.flush()
            switch(session, registry, "toy_base")
    with house.unit(house.bakery, writes=False) as session:
        row = session.scalars(select(Activation)).one()
        assert (row.enabled_at, row.disabled_at) == (clock.now(), None)


def test_an_addon_that_does_not_run_is_not_switched_on(
    house: House, registry: AddonRegistry
) -> None:
    with house.unit(house.bakery) as session, pytest.raises(AddonRefusedError) as refused:
        enable(session, registry, "toy_none")
    assert refused.value.context["reason"] == "it is not installed"


def test_nothing_is_switched_on_when_its_first_rows_cannot_be_made(
    house: House, registry: AddonRegistry, shelf: Shelf
) -> None:
    thing = shelf.model("toy_base", "Thing")
    with house.unit(house.bakery) as session:
        session.add(thing(code="first", price=1))
    with pytest.raises(AddonRefusedError), house.unit(house.bakery) as session:
        enable(session, registry, "toy_base")
    assert on(house) == (frozenset(), frozenset())


def test_what_is_required_is_not_switched_off(house: House, registry: AddonRegistry) -> None:
    with house.unit(house.bakery) as session:
        enable(session, registry, "toy_top")
    with house.unit(house.bakery) as session, pytest.raises(AddonRefusedError) as refused:
        disable(session, registry, "toy_base")
    assert refused.value.context["required_by"] == ["toy_top"]
    with house.unit(house.pharmacy) as session, pytest.raises(UnknownAddonError):
        disable(session, registry, "toy_base")


def test_what_still_owes_something_stays_on_unless_it_may_finish_unseen(
    house: House, registry: AddonRegistry, shelf: Shelf
) -> None:
    with house.unit(house.bakery) as session:
        enable(session, registry, "toy_top")
    with house.unit(house.bakery) as session, pytest.raises(ObligationsPendingError) as refused:
        disable(session, registry, "toy_top")
    assert refused.value.context["obligations"] == [
        {"title": "Documents to send", "count": 1, "url": "/toys/"}
    ]
    with house.unit(house.bakery) as session:
        disable(session, registry, "toy_top", drain=True)
    with house.unit(house.bakery) as session:
        enabled, draining = enabled_addons(session), draining_addons(session)
        assert (enabled, draining) == (frozenset({"toy_base"}), frozenset({"toy_top"}))
        assert may_consume("toy_top", enabled, draining)
        assert finish_draining(session, registry) == []
        for thing in session.scalars(select(shelf.model("toy_top", "Thing"))):
            session.delete(thing)
    with house.unit(house.bakery) as session:
        assert finish_draining(session, registry) == ["toy_top"]
        assert not may_consume("toy_top", enabled_addons(session), draining_addons(session))


def test_what_waited_for_an_addon_is_done_once_it_is_on_again(
    house: House, owner: Owner, shelf: Shelf, clock: StoppedClock
) -> None:
    shelf.add("toy_base", models=MODELS, hooks=CONSUMES)
    shelf.migrate("toy_base")
    install(owner, shelf.find(), "toy_base", clock)
    registry = loaded(shelf, "toy_base")
    thing = shelf.model("toy_base", "Thing")
    worker = Worker(house.database, clock, subscriptions_of(registry), StoredActivation())
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant) as session:
            enable(session, registry, "toy_base")
            for first in session.scalars(select(thing)):
                session.delete(first)
            session.flush()
            disable(session, registry, "toy_base")
            publish(session, Event("toy.sold.v1", {}))
    assert worker.drain()["parked"] == 2
    with house.unit(house.bakery) as session:
        enable(session, registry, "toy_base")
    assert worker.drain()["done"] == 1
    told = []
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant, writes=False) as session:
            things = session.scalars(select(thing.price).order_by(thing.price)).all()
            told.append((things, session.scalars(select(Outbox.state)).all()))
    assert told == [([1, 2], ["done"]), ([], ["parked"])]
