"""A new business: from nothing to its first completed sale."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from statistics import median
from time import perf_counter, process_time

from addons.l10n_co_dian.certificates import make_test_chain
from tests.bench.figures import Figure, figure
from tests.bench.place import Engine, databases_for, open_place
from tests.bench.shop import EMAIL, LINES, NIT, make_shop


def new_business(engine: Engine, *, quick: bool) -> Iterator[Figure]:
    """Time business, cashier, addons, products on the shelf, till, ranges, drawer and a sale.

    The signing certificate is bought, not made: it is there before.
    """
    taken, busy = [], []
    with databases_for(engine) as (databases, folder), open_place(databases, folder, engine) as at:
        identity = make_test_chain("Minimercado de Prueba", NIT, at.installation.clock.now())
        for n in range(2 if quick else 8):
            begin, busy_before = perf_counter(), process_time()
            shop = make_shop(at, tills=1, products=LINES, email=f"{n}{EMAIL}", identity=identity)
            shop.sell(shop.ticket(shop.tills[0], shop.basket(Random(n))), shop.epoch())
            taken.append((perf_counter() - begin) * 1000)
            busy.append((process_time() - busy_before) * 1000)
    yield figure(
        "new_business",
        engine,
        taken,
        note=f"{LINES} products, one till, the first sale; processor {median(busy):.0f} ms of it",
    )
