from __future__ import annotations

from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest

from addons.taxes.rules import basket_amounts
from addons.taxes.tests import make_vectors
from addons.taxes.tests.wire import REFUSALS, VECTORS, read_line, sent_lines, written
from core.errors import PlatformError


def test_the_vectors_cover_what_a_till_sells() -> None:
    baskets = VECTORS["baskets"]
    lines = [line for basket in baskets for line in basket["lines"]]
    assert len(baskets) == 200
    assert {1, 80} <= {len(basket["lines"]) for basket in baskets}
    assert {line[3] for line in lines} == set(VECTORS["taxes"])
    assert {line[4] for line in lines} == {0, 1}
    assert any(len(line[0].partition(".")[2]) == 3 for line in lines)
    assert any(line[2] != "0" for line in lines)
    assert sum(basket["discount"] != "0" for basket in baskets) > 50


@pytest.mark.parametrize("number", range(200))
def test_a_basket_amounts_to_the_cents_of_the_exact_reference(number: int) -> None:
    basket = VECTORS["baskets"][number]
    lines = [read_line(line) for line in sent_lines(basket)]
    assert written(basket_amounts(lines, Decimal(basket["discount"]))) == basket["expected"]


def test_the_caller_s_decimal_context_changes_nothing() -> None:
    basket = VECTORS["baskets"][-1]
    with localcontext() as careless:
        careless.prec = 4
        lines = [read_line(line) for line in sent_lines(basket)]
        amounts = basket_amounts(lines, Decimal(basket["discount"]))
    assert written(amounts) == basket["expected"]


def test_the_file_is_what_its_script_writes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(make_vectors, "HERE", tmp_path)
    make_vectors.main()
    ours = Path(__file__).parent / "vectors.json"
    assert (tmp_path / "vectors.json").read_bytes() == ours.read_bytes()


@pytest.mark.parametrize(("code", "lines", "discount"), REFUSALS)
def test_a_basket_that_cannot_be_sold_is_refused_by_name(
    code: str, lines: list[dict[str, Any]], discount: str
) -> None:
    with pytest.raises(PlatformError) as refusal:
        basket_amounts([read_line(line) for line in lines], Decimal(discount))
    assert refusal.value.code == code
