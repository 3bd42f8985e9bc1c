"""Years of sales in minutes: copies of really made ones, with all that the worker did for them.

A handful of sales is made, signed, accepted by the simulated authority and sealed. All their rows
are then written again and again with other ids, numbers, codes, times and days, older and older,
in the tables' own order. Stock balances go down with them; the chain of the audit log is invented.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256, sha384
from operator import itemgetter
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Date, Table, Uuid

from addons.l10n_co_dian.simulator import Running, SimulatorConfig, running
from core.audit.sealer import seal_pending
from core.db.base import Base
from core.db.types import Instant
from core.db.uow import tenant_unit
from core.ids import uuid7
from core.worker import assemble
from tests.bench.bulk import Pourer, Row, pouring
from tests.bench.place import Place
from tests.bench.shop import Shop, open_shop

#: Sales that are really made; a copy of all of them is a round.
MODELS: Final = 10
#: A round takes as long as ten sales of a quiet shop.
_ROUND: Final = timedelta(minutes=50)
_ROUND_MS: Final = _ROUND // timedelta(milliseconds=1)
#: Rounds that are written together.
_TOGETHER: Final = 40
_ZONE: Final = ZoneInfo("America/Bogota")
_WORD: Final = re.compile(r"([0-9a-zA-Z-]+)")
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_CODE: Final = re.compile(r"[0-9a-f]{96}")

#: Gives a minted value as it was so many rounds ago.
Older = Callable[[int], Any]


def shop_with_past(place: Place, sales: int) -> Shop:
    """Open a shop that has sold ``sales`` times before, by tens."""
    with _authority(place) as service:
        shop = open_shop(place, service_url=service.url)
        shop.authority.tell(service.base)
        _sell(shop, 1)
        begin = uuid7()
        with pouring(place) as pourer:
            pourer.run(
                f"UPDATE edi_range SET next_number = {sales + 2} "
                f"WHERE tenant_id = {shop.tenant.id} AND prefix = 'P1'"
            )
        _sell(shop, MODELS)
    if sales:
        with pouring(place) as pourer:
            _lower_stock(pourer, begin, sales // MODELS)
            _Models(pourer, shop, begin).write(sales // MODELS)
    return shop


@contextmanager
def _authority(place: Place) -> Iterator[Running]:
    ledger = place.settings.data_dir / "authority.sqlite3"
    with running(SimulatorConfig(ledger=ledger, strict=False)) as service:
        yield service


def _sell(shop: Shop, count: int) -> None:
    """Sell, and let a worker do all that follows."""
    random, here = Random(count), shop.place.installation
    for _ in range(count):
        shop.sell(shop.ticket(shop.tills[0], shop.basket(random)), shop.epoch())
    assemble(here).worker.drain()
    sealed = 1
    while sealed:
        with tenant_unit(here.database, shop.tenant, here.clock, writes=True) as session:
            sealed = seal_pending(session)


def _lower_stock(pourer: Pourer, begin: UUID, rounds: int) -> None:
    for name in ("quantity", "value"):
        pourer.run(
            f"UPDATE inventory_balance SET {name} = {name} - {rounds} * coalesce((SELECT sum("
            f"m.{name}) FROM inventory_move m WHERE m.tenant_id = inventory_balance.tenant_id "
            f"AND m.product_id = inventory_balance.product_id AND m.id >= {pourer.key(begin)}), 0)"
        )


class _Models:
    """The rows of the really made sales, taken apart into what stays and what a copy mints."""

    def __init__(self, pourer: Pourer, shop: Shop, begin: UUID) -> None:
        self._pourer = pourer
        self._begin = begin
        self._constants: list[Any] = []
        self._minted: dict[tuple[str, Any], int] = {}
        self._makers: list[Older] = []
        addons = {"core", *shop.place.installation.registry.running}
        read = {t: pourer.read(t, shop.tenant.id) for t in _tables(addons)}
        own = {t: [row for row in rows if self._is_ours(t, row)] for t, rows in read.items()}
        self._seals = len(own[Base.metadata.tables["core_audit_seal"]])
        sales = Base.metadata.tables["pos_sale"]
        self._first, *_ = (_named(sales, row, "occurred_at") for row in own[sales])
        self._numbers = {f"P1{_named(sales, row, 'number')}" for row in own[sales]}
        self._places = {
            table: [
                [self._place(c, v) for c, v in zip(table.columns, row, strict=True)] for row in rows
            ]
            for table, rows in own.items()
        }
        # Minted values come behind the constants, whose number is known only now.
        start = len(self._constants)
        self._getters: dict[Table, list[Callable[[list[Any]], Row]]] = {
            table: [itemgetter(*(at if at >= 0 else start - at - 1 for at in row)) for row in rows]
            for table, rows in self._places.items()
            if rows
        }

    def write(self, rounds: int) -> None:
        """Write all models ``rounds`` times, the oldest first."""
        backs = range(rounds, 0, -1)
        for at in range(0, rounds, _TOGETHER):
            pools = [
                [*self._constants, *(make(back) for make in self._makers)]
                for back in backs[at : at + _TOGETHER]
            ]
            for table, getters in self._getters.items():
                self._pourer.pour(table, (get(pool) for pool in pools for get in getters))

    def _is_ours(self, table: Table, row: Row) -> bool:
        return _uuid(_named(table, row, "id")) >= self._begin

    def _place(self, column: Column[Any], value: Any) -> int:
        """Say where a column finds its value: from 0 a constant, from -1 down a minted one."""
        make = None if value is None else self._older(column, value)
        if make is None:
            self._constants.append(value)
            return len(self._constants) - 1
        key = (type(column.type).__name__ + column.name, value)
        if key not in self._minted:
            self._makers.append(make)
            self._minted[key] = len(self._makers)
        return -self._minted[key]

    def _older(self, column: Column[Any], value: Any) -> Older | None:
        """Give what makes the value of an older copy; None where it stays."""
        kind = column.type
        if isinstance(kind, Uuid):
            return self._older_id(value)
        if isinstance(kind, Instant):
            return lambda back: _alike(value, _instant(value) - back * _ROUND)
        if isinstance(kind, Date):
            first = _instant(self._first)
            return lambda back: _alike(value, (first - back * _ROUND).astimezone(_ZONE).date())
        if isinstance(value, str):
            return self._older_text(value)
        return self._counted().get(column.name, lambda _value: None)(value)

    def _counted(self) -> dict[str, Callable[[Any], Older]]:
        """Give what numbers sales and links of the audit chain, by the name of its column."""
        return {
            "number": lambda value: lambda back: value - back * MODELS,
            "seq": lambda value: lambda back: value + back * self._seals,
            "hash": lambda value: lambda back: sha256(b"%d" % back + value).digest(),
            "prev_hash": lambda value: lambda back: sha256(b"%d" % back + value).digest(),
        }

    def _older_id(self, value: UUID | str) -> Older | None:
        whole = _uuid(value).int
        if whole < self._begin.int:
            return None
        if isinstance(value, str):
            return lambda back: f"{whole - (back * _ROUND_MS << 80):032x}"
        return lambda back: UUID(int=whole - (back * _ROUND_MS << 80))

    def _older_text(self, text: str) -> Older | None:
        makers = [self._older_word(word) or word for word in _WORD.split(text)]
        if all(isinstance(one, str) for one in makers):
            return None
        return lambda back: "".join(m if isinstance(m, str) else m(back) for m in makers)

    def _older_word(self, word: str) -> Older | None:
        if len(word) == 96 and _CODE.fullmatch(word):
            return lambda back: sha384(f"{back}{word}".encode()).hexdigest()
        if word in self._numbers:
            return lambda back: f"P1{int(word[2:]) - back * MODELS}"
        if _ID.fullmatch(word) and (older := self._older_id(UUID(word))):
            return lambda back: str(older(back))
        return None


def _tables(addons: Container[str]) -> list[Table]:
    """Give the tables of ``addons`` that hold rows of a business, parents first."""
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.info.get("addon") in addons and {"tenant_id", "id"} <= set(table.columns.keys())
    ]


def _named(table: Table, row: Row, column: str) -> Any:
    return row[list(table.columns.keys()).index(column)]


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(hex=value)


def _instant(value: datetime | str) -> datetime:
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _alike(value: object, fresh: datetime | date) -> object:
    """Write a time as the engine keeps the one it is made from: SQLite has texts."""
    if not isinstance(value, str):
        return fresh
    if isinstance(fresh, datetime):
        return fresh.replace(tzinfo=None).isoformat(" ", "microseconds")
    return fresh.isoformat()
