from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select

from core.tenancy import Establishment, TenantRef, cache
from core.tenancy.cache import bump_epoch, cached, forget, read_epoch
from core.testing.house import House


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    forget()
    yield
    forget()


def names(house: House, tenant: TenantRef) -> list[str]:
    with house.unit(tenant, writes=False) as session:
        return cached(
            session, "names", lambda: list(session.scalars(select(Establishment.name)).all())
        )


def rename(house: House, tenant: TenantRef, name: str, *, bump: bool = True) -> None:
    with house.unit(tenant) as session:
        if bump:
            bump_epoch(session)
            bump_epoch(session)
        session.scalars(select(Establishment)).one().name = name


def test_what_was_built_is_kept_until_the_epoch_moves(house: House) -> None:
    assert names(house, house.bakery) == ["Principal"]
    rename(house, house.bakery, "Centro", bump=False)
    assert names(house, house.bakery) == ["Principal"]
    rename(house, house.bakery, "Norte")
    assert names(house, house.bakery) == ["Norte"]


def test_one_business_never_sees_what_another_built(house: House) -> None:
    rename(house, house.pharmacy, "Farmacia", bump=False)
    assert names(house, house.bakery) == ["Principal"]
    assert names(house, house.pharmacy) == ["Farmacia"]


def test_the_epoch_moves_once_per_transaction_and_not_when_it_is_rolled_back(
    house: House,
) -> None:
    def epoch() -> int:
        with house.unit(house.bakery, writes=False) as session:
            return read_epoch(session)

    before = epoch()
    rename(house, house.bakery, "Sur")
    assert epoch() == before + 1
    with house.session(house.bakery) as session, house.database.writing():
        bump_epoch(session)
        session.rollback()
    assert epoch() == before + 1


def test_every_chunk_of_an_import_moves_the_epoch(house: House) -> None:
    with house.session(house.bakery) as session:
        before = read_epoch(session)
        session.rollback()
        for number in range(3):
            with house.database.writing():
                bump_epoch(session)
                session.add(Establishment(code=f"E{number}", name="new"))
                session.commit()
        assert read_epoch(session) == before + 3
        session.rollback()


def test_a_bump_that_was_rolled_back_does_not_stick_to_the_next_transaction(house: House) -> None:
    with house.session(house.bakery) as session:
        before = read_epoch(session)
        session.rollback()
        with house.database.writing():
            bump_epoch(session)
            session.add(Establishment(code="E", name="new"))
            session.rollback()
            session.add(Establishment(code="F", name="new"))
            session.commit()
        assert read_epoch(session) == before
        session.rollback()


def test_a_late_reader_does_not_bring_old_facts_back(house: House) -> None:
    with house.unit(house.bakery, writes=False) as late:
        old = late.epoch
        rename_epoch = old + 1
        fresh = house.session(house.bakery)
        fresh.epoch = rename_epoch
        assert cached(fresh, "x", lambda: "new") == "new"
        assert cached(late, "x", lambda: "old") == "old"
        assert cached(fresh, "x", lambda: "built again") == "new"
        fresh.close()


def test_the_business_not_asked_for_longest_is_forgotten(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "BUSINESSES_KEPT", 2)
    built: list[int] = []

    def ask(number: int) -> None:
        session = house.session(TenantRef(number, UUID(int=number)))
        session.epoch = 1
        cached(session, "x", lambda: built.append(number))
        session.close()

    for number in (1, 2, 1, 3, 1, 2):
        ask(number)
    assert built == [1, 2, 3, 2]


def test_threads_that_build_at_once_get_the_same(house: House) -> None:
    got: list[object] = []
    together = threading.Barrier(4)

    def ask() -> None:
        session = house.session(house.bakery)
        session.epoch = 1
        together.wait()
        got.append(cached(session, "x", object))
        session.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, got))) == 1


def test_a_savepoint_that_fails_does_not_forget_that_the_epoch_must_move(house: House) -> None:
    with house.unit(house.bakery) as session:
        before = read_epoch(session)
        bump_epoch(session)
        with session.begin_nested():
            session.add(Establishment(code="A", name="new"))
        assert read_epoch(session) == before, "it moves last"
        session.begin_nested().rollback()
    with house.unit(house.bakery, writes=False) as session:
        assert read_epoch(session) == before + 1
