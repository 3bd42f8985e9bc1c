"""The same sale in process in a shop that just opened, and in shops with a long past."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from random import Random

from addons.pos.pricing import Ticket
from tests.bench.figures import Figure, figure, interleaved
from tests.bench.past import shop_with_past
from tests.bench.place import Engine, databases_for, open_place
from tests.bench.sale import SEED
from tests.bench.shop import Shop

PASTS = (0, 20_000, 200_000)
_QUICK_PASTS = (0, 20, 200)


def sale_with_past(engine: Engine, *, quick: bool) -> Iterator[Figure]:
    """Sell the same basket in three databases by turns; the limit is the shop without a past."""
    pasts = _QUICK_PASTS if quick else PASTS
    rounds, each = (2, 4) if quick else (9, 40)
    with databases_for(engine) as (databases, folder), ExitStack() as opened:
        shops = {
            past: shop_with_past(
                opened.enter_context(open_place(databases, folder, engine, f"past{past}")), past
            )
            for past in pasts
        }
        works = {str(past): _selling(shop, (rounds + 1) * each) for past, shop in shops.items()}
        taken = interleaved(works, rounds=rounds, each=each)
    for past in pasts:
        yield figure(
            f"sale_after_{past}",
            engine,
            taken[str(past)],
            taken[str(pasts[0])],
            note="the past is copied from 10 made sales; the audit chain of the copies is not real",
        )


def _selling(shop: Shop, count: int) -> partial[object]:
    basket = shop.basket(Random(SEED))
    tickets = [shop.ticket(shop.tills[0], basket) for _ in range(count)]
    epoch = shop.epoch()
    return partial(_sell_next, shop, tickets, epoch)


def _sell_next(shop: Shop, tickets: list[Ticket], epoch: int) -> object:
    return shop.sell(tickets.pop(), epoch)
