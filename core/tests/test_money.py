from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    UnknownCurrencyError,
    UnsharableError,
    half_even2,
    half_up2,
    largest_remainder,
    printed_decimals,
    truncate2,
    whole_pesos,
)


@pytest.mark.parametrize(
    ("amount", "up", "even", "cut", "pesos"),
    [
        ("0.005", "0.01", "0.00", "0.00", "0"),
        ("0.015", "0.02", "0.02", "0.01", "0"),
        ("2.345", "2.35", "2.34", "2.34", "2"),
        ("2.3450001", "2.35", "2.35", "2.34", "2"),
        ("-2.345", "-2.35", "-2.34", "-2.34", "-2"),
        ("49.5", "49.50", "49.50", "49.50", "50"),
        ("-49.5", "-49.50", "-49.50", "-49.50", "-50"),
        ("8739.4999", "8739.50", "8739.50", "8739.49", "8739"),
    ],
)
def test_each_rule_rounds_its_own_way(
    amount: str, up: str, even: str, cut: str, pesos: str
) -> None:
    exact = Decimal(amount)
    rounded = (half_up2(exact), half_even2(exact), truncate2(exact), whole_pesos(exact))
    assert tuple(map(str, rounded)) == (up, even, cut, pesos)


def test_a_large_amount_keeps_its_cents_whatever_the_context() -> None:
    with localcontext() as careless:
        careless.prec = 3
        assert str(half_up2(Decimal("999999999999999999.995"))) == "1000000000000000000.00"
        assert str(half_even2(Decimal("12345678901234567890.12"))) == "12345678901234567890.12"


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**6))
def test_a_quotient_is_rounded_from_its_exact_value(top: int, bottom: int) -> None:
    exact = round(Fraction(top, bottom) * 100)
    assert half_even2(Decimal(top), Decimal(bottom)) == Decimal(exact) / 100


def test_what_is_left_over_goes_to_those_who_lost_most_then_to_the_first() -> None:
    shares = largest_remainder(Decimal("1.00"), [Decimal(1), Decimal(1), Decimal(1)])
    assert list(map(str, shares)) == ["0.34", "0.33", "0.33"]
    shares = largest_remainder(Decimal("0.10"), [Decimal("0.25"), Decimal("0.2"), Decimal(1)])
    assert list(map(str, shares)) == ["0.02", "0.01", "0.07"]


weights = st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=40)


@given(weights, st.decimals(0, 1, places=4))
def test_parts_add_up_and_none_exceeds_its_weight(parts: list[Decimal], rate: Decimal) -> None:
    total = truncate2(sum(parts, Decimal(0)) * rate)
    shares = largest_remainder(total, parts)
    assert sum(shares) == total
    assert all(0 <= share <= weight for share, weight in zip(shares, parts, strict=True))


def test_nothing_is_shared_among_nobody() -> None:
    assert largest_remainder(Decimal(0), []) == ()
    assert largest_remainder(Decimal(0), [Decimal(0)]) == (Decimal(0),)


@pytest.mark.parametrize(
    ("total", "parts"),
    [("1", []), ("1", ["0", "0"]), ("-1", ["1"]), ("1", ["2", "-1"]), ("0.005", ["1"])],
)
def test_what_cannot_be_shared_exactly_is_refused(total: str, parts: list[str]) -> None:
    with pytest.raises(UnsharableError):
        largest_remainder(Decimal(total), list(map(Decimal, parts)))


def test_pesos_are_printed_whole_and_dollars_with_cents() -> None:
    assert (printed_decimals("COP"), printed_decimals("USD"), printed_decimals("CLP")) == (0, 2, 0)
    with pytest.raises(UnknownCurrencyError):
        printed_decimals("ZZZ")
