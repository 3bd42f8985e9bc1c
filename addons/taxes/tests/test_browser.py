"""The till's arithmetic in a real browser, against the same vectors as the server's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from addons.taxes.tests.wire import REFUSALS, VECTORS, sent_lines
from core.i18n.formats import money, quantity
from core.money import half_even2, half_up2, truncate2, whole_pesos

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[1] / "static"

COMPUTE = """async (baskets) => {
  const { basketAmounts } = await import("/taxes/rules.mjs");
  return baskets.map(([lines, discount]) => basketAmounts(lines, discount));
}"""
REFUSE = """async ([lines, discount]) => {
  const { basketAmounts } = await import("/taxes/rules.mjs");
  try { basketAmounts(lines, discount); } catch (error) { return error.code; }
  return "accepted";
}"""
ROUND = """async (amounts) => {
  const d = await import("/taxes/decimal.mjs");
  return amounts.map((text) => {
    const it = d.decimal(text);
    return [d.halfUp2(it), d.halfEven2(it), d.truncate2(it), d.wholePesos(it)].map(String);
  });
}"""
WRITE = """async (amounts) => {
  const { money, quantity } = await import("/taxes/decimal.mjs");
  return amounts.map((text) => [money(text), money(text, 2), quantity(text, "kg")]);
}"""


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves the addon's static files and an empty page, and says nothing."""

    def guess_type(self, path: Any) -> str:
        return "text/javascript" if str(path).endswith(".mjs") else "text/html"

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    handler = partial(QuietHandler, directory=str(STATIC))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield page
    context.close()
    server.shutdown()
    server.server_close()
    thread.join()


def compact(result: dict[str, Any]) -> dict[str, Any]:
    """Write what the browser computed as ``vectors.json`` has it."""
    return {
        **{key: result[key] for key in ("subtotal", "taxable_base", "taxes_total", "total")},
        "lines": [
            [
                line["gross"],
                line["discount"],
                line["base"],
                [[tax["base"], tax["amount"]] for tax in line["taxes"]],
                line["total"],
            ]
            for line in result["lines"]
        ],
        "groups": [
            [group[key] for key in ("code", "treatment", "kind", "rate", "base", "amount")]
            for group in result["groups"]
        ],
    }


def test_the_till_computes_every_basket_to_the_server_s_cents(page: Page) -> None:
    baskets = VECTORS["baskets"]
    computed = page.evaluate(COMPUTE, [[sent_lines(one), one["discount"]] for one in baskets])
    assert len(computed) == 200
    for basket, result in zip(baskets, computed, strict=True):
        assert compact(result) == basket["expected"]


@pytest.mark.parametrize(("code", "lines", "discount"), REFUSALS)
def test_the_till_refuses_what_the_server_refuses(
    page: Page, code: str, lines: list[dict[str, Any]], discount: str
) -> None:
    assert page.evaluate(REFUSE, [lines, discount]) == code


@pytest.mark.parametrize("price", [1.1, 100, None, "1,5", "1e3", "", " 1"])
def test_the_till_takes_no_number_but_plain_decimals(page: Page, price: object) -> None:
    line = {"quantity": "1", "unit_price": price}
    assert page.evaluate(REFUSE, [[line], "0"]) == "taxes.bad_line"


AMOUNTS = ["0.005", "0.015", "2.345", "-2.345", "2.3450001", "49.5", "-49.5", "8739.4999", "7"]


def test_the_till_rounds_as_the_server(page: Page) -> None:
    server = [
        [str(rule(Decimal(text))) for rule in (half_up2, half_even2, truncate2, whole_pesos)]
        for text in AMOUNTS
    ]
    assert page.evaluate(ROUND, AMOUNTS) == server


def test_the_till_writes_figures_as_the_server(page: Page) -> None:
    texts = ["52450", "8739.50", "-50", "0", "0.750", "999", "1000", "1234567.89", "0.5", "-0.4"]
    server = [[money(Decimal(t)), money(Decimal(t), 2), quantity(Decimal(t), "kg")] for t in texts]
    assert page.evaluate(WRITE, texts) == server
