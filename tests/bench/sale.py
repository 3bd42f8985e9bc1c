"""One five-line sale in process, with every row of the enabled addons, beside its raw twin."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from tests.bench.figures import Figure, figure, interleaved
from tests.bench.place import databases_for, open_place
from tests.bench.raw_twin import Statement, Twin, recording
from tests.bench.shop import Shop, open_shop

if TYPE_CHECKING:
    from tests.bench.place import Engine

ROUNDS, EACH = 9, 40
_QUICK = 2, 4
SEED = 11


def sale_in_process(engine: Engine, *, quick: bool) -> Iterator[Figure]:
    """Sell the same basket over and over; on PostgreSQL it takes turns with its raw twin."""
    rounds, each = _QUICK if quick else (ROUNDS, EACH)
    with databases_for(engine) as (databases, folder), open_place(databases, folder, engine) as at:
        shop = open_shop(at)
        basket = shop.basket(Random(SEED))
        tickets = [shop.ticket(shop.tills[0], basket) for _ in range((rounds + 1) * each)]
        epoch = shop.epoch()
        works = {"sale": lambda: shop.sell(tickets.pop(), epoch)}
        if engine == "sqlite":
            taken = interleaved(works, rounds=rounds, each=each)
            yield figure("sale_in_process", engine, taken["sale"])
            return
        with open_place(databases, folder, engine, "twin") as beside:
            first, second = recorded(other := open_shop(beside))
            twin = Twin(other.place.application(), first, second)
            taken = interleaved({**works, "raw": twin}, rounds=rounds, each=each)
            twin.close()
        yield figure(
            "sale_in_process", engine, taken["sale"], taken["raw"], note=f"{len(second)} statements"
        )


def recorded(shop: Shop) -> tuple[list[Statement], list[Statement]]:
    """Record two sales of one basket."""
    basket = shop.basket(Random(SEED))
    epoch = shop.epoch()
    shop.sell(shop.ticket(shop.tills[0], basket), epoch)
    with recording() as first:
        shop.sell(shop.ticket(shop.tills[0], basket), epoch)
    with recording() as second:
        shop.sell(shop.ticket(shop.tills[0], basket), epoch)
    return first, second
