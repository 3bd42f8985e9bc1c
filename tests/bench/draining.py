"""Sales over HTTP while the worker signs and the simulated authority accepts, and the memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from subprocess import Popen
from time import monotonic, sleep
from typing import Final

from sqlalchemy import select

from addons.l10n_co_dian.simulator import SimulatorConfig, running
from addons.pos.models import Sale
from core.clock import SystemClock
from tests.bench.figures import Figure, percentile
from tests.bench.over_http import load, log_in
from tests.bench.place import Engine, databases_for, open_place
from tests.bench.setting_up import PATIENCE, resident, serving, web_memory, working
from tests.bench.shop import Shop, open_shop

_CLIENTS: Final = 8
#: What a process may have in memory, in MB of 1,000,000 bytes, and after how many sales.
_MEMORY: Final = 130
_SALES: Final = 1000
#: Loads after which the memory is looked at even if fewer sales were made.
_LOADS: Final = 10

Accepted = dict[str, datetime]


def sales_while_draining(engine: Engine, *, seconds: int, quick: bool) -> Iterator[Figure]:
    """Eight clients on four tills, one worker, an authority that answers; then both memories."""
    with databases_for(engine) as (databases, folder), open_place(databases, folder, engine) as at:
        ledger = at.settings.data_dir / "authority.sqlite3"
        with running(SimulatorConfig(ledger=ledger, strict=False)) as service:
            shop = open_shop(at, service_url=service.url)
            shop.authority.tell(service.base)
            with serving(at) as web, working(at) as worker:
                headers = log_in(at)
                load(shop, headers, tills=1, clients=1, seconds=1)
                _wait_for_the_first(ledger)
                clock = SystemClock()
                begin = clock.now()
                sold = load(shop, headers, tills=4, clients=_CLIENTS, seconds=seconds)
                end = clock.now()
                yield from _draining(shop, sold, _accepted(ledger, begin, end), seconds)
                for _ in range(0 if quick else _LOADS):
                    if _count(shop) >= _SALES:
                        break
                    load(shop, headers, tills=4, clients=_CLIENTS, seconds=seconds)
                yield from _memories(shop, web, worker)


def _draining(shop: Shop, sold: Figure, accepted: Accepted, seconds: int) -> Iterator[Figure]:
    rate = len(accepted) / seconds
    note = f"{rate:.1f} documents/s accepted meanwhile; {sold.note}"
    yield replace(sold, name="sale_while_draining", note=note)
    waits = _waits(shop, accepted)
    yield Figure(
        name="document_accepted",
        engine=shop.place.engine,
        p50_ms=percentile(waits, 50) if waits else None,
        p95_ms=percentile(waits, 95) if waits else None,
        p99_ms=percentile(waits, 99) if waits else None,
        per_s=rate,
        clients=_CLIENTS,
        note="from the sale to the authority's acceptance, while more is sold than is sent",
    )


def _memories(shop: Shop, web: Popen[bytes], worker: Popen[bytes]) -> Iterator[Figure]:
    sales = _count(shop)
    for name, mebibytes in (("web", web_memory(web.pid)), ("worker", resident(worker.pid))):
        used = mebibytes * 1.048576
        yield Figure(
            name=f"memory_{name}",
            engine=shop.place.engine,
            ratio=used / _MEMORY,
            clients=_CLIENTS,
            note=f"{used:.0f} MB resident after {sales} sales; ratio is beside {_MEMORY} MB",
        )


def _wait_for_the_first(ledger: Path) -> None:
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        with closing(sqlite3.connect(ledger)) as connection:
            if connection.execute("SELECT 1 FROM accepted LIMIT 1").fetchone():
                return
        sleep(0.1)
    raise RuntimeError("the authority accepted nothing")


def _accepted(ledger: Path, begin: datetime, end: datetime) -> Accepted:
    """Read when the authority accepted each number, between two moments."""
    with closing(sqlite3.connect(ledger)) as connection:
        rows = connection.execute("SELECT number, at FROM accepted").fetchall()
    read = {number: datetime.fromisoformat(at) for number, at in rows}
    return {number: at for number, at in read.items() if begin <= at < end}


def _waits(shop: Shop, accepted: Accepted) -> list[float]:
    with shop.session() as session:
        rows = session.execute(select(Sale.prefix, Sale.number, Sale.recorded_at)).all()
    made = {f"{prefix}{number}": at for prefix, number, at in rows}
    return [(at - made[number]).total_seconds() * 1000 for number, at in accepted.items()]


def _count(shop: Shop) -> int:
    with shop.session() as session:
        return len(session.execute(select(Sale.id)).all())
