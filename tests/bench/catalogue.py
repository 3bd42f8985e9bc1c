"""Finding one of 100,000 products beside another business of the same size.

Through the services that tills and lists use, as the application's role, behind row-level
security. The limit is the SQL that they sent, sent again raw on a connection of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from sqlalchemy import event

from addons.catalog.resources import PRODUCTS
from addons.catalog.services import product_by_barcode
from core.resources.reading import Asked, read_page
from core.tenancy import TenantSession
from core.testing.resources import EVERYWHERE
from tests.bench.figures import Figure, Work, figure, interleaved
from tests.bench.place import Engine, Place, databases_for, open_place
from tests.bench.shelves import COMMON, RARE, fill_shelves
from tests.bench.shop import Shop, open_shop

#: Figure to what is typed into the list of products.
SEARCHES: Final = {
    "search_rare_word": RARE,
    "search_common_word": COMMON,
    "search_two_letters": "pa",
    "search_two_words": "leche entera",
    "search_accents": "CAFÉ orgánica",
    "search_first_word": "cafe",
}
Sent = list[tuple[str, Any]]


def finding_products(engine: Engine, *, quick: bool) -> Iterator[Figure]:
    """Scan a barcode, and type rare words, common words and beginnings into the list."""
    count, rounds, each = (400, 2, 4) if quick else (100_000, 9, 20)
    with databases_for(engine) as (databases, folder), open_place(databases, folder, engine) as at:
        shop = open_shop(at)
        _, barcodes = fill_shelves(shop, count, seed=1)
        fill_shelves(open_shop(at, email="otra@bench.example"), count, seed=2)
        asking: dict[str, Callable[[TenantSession], object]] = {
            "barcode": partial(_scan, barcodes[count // 3]),
            **{name: partial(_search, text) for name, text in SEARCHES.items()},
        }
        epoch = shop.epoch()
        with _by_hand(shop) as raw:
            for name, ask in asking.items():
                ours = partial(_ask, shop, epoch, ask)
                with _listening(at) as sent:
                    found = ours()
                works: dict[str, Work] = {"ours": ours, "raw": partial(raw, sent)}
                taken = interleaved(works, rounds=rounds, each=each)
                said = f"{found} found; {len(sent)} statements; {count} products twice"
                yield figure(name, engine, taken["ours"], taken["raw"], note=said)


def _ask(shop: Shop, epoch: int, ask: Callable[[TenantSession], object]) -> object:
    with shop.session(epoch) as session:
        return ask(session)


def _scan(code: str, session: TenantSession) -> int:
    return 0 if product_by_barcode(session, code) is None else 1


def _search(text: str, session: TenantSession) -> str:
    page = read_page(PRODUCTS, session, EVERYWHERE, Asked(search=text))
    return f"{page.total}{'+' if page.capped else ''}"


@contextmanager
def _listening(place: Place) -> Iterator[Sent]:
    """Hear what is sent meanwhile, but for what says which business asks."""
    sent: Sent = []

    def hear(*said: Any) -> None:
        if "set_config" not in said[2]:
            sent.append((said[2], said[3]))

    engine = place.installation.database.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", hear)


@contextmanager
def _by_hand(shop: Shop) -> Iterator[Callable[[Sent], None]]:
    """Give what sends statements raw, in one transaction, and reads all their rows."""
    # A connection of the same settings: they decide about plans.
    lent = shop.place.installation.database.engine.raw_connection()
    connection: Any = lent.driver_connection
    if shop.place.engine == "postgresql":
        connection.autocommit = True
        connection.execute("SELECT set_config('app.tenant', %s, false)", (str(shop.tenant.id),))

    def send(sent: Sequence[tuple[str, Any]]) -> None:
        connection.execute("BEGIN")
        for statement, values in sent:
            connection.execute(statement, values).fetchall()
        connection.execute("COMMIT")

    try:
        yield send
    finally:
        lent.invalidate()
