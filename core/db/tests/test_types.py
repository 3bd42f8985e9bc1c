from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, func

from core.db.types import InexactError, Instant, Json, Scaled, canonical_json

ANY: Any = None


@given(st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1))
def test_a_figure_comes_back_as_it_went_in(steps: int) -> None:
    amount = Decimal(steps).scaleb(-4)
    kind = Scaled(4)
    assert kind.process_bind_param(amount, ANY) == steps
    assert kind.process_result_value(steps, ANY) == amount


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        True,
        "1",
        Decimal("0.00001"),
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal(10) ** 15,
        Decimal("1." + "0" * 70 + "1"),
    ],
)
def test_what_would_not_be_exact_is_refused(value: Any) -> None:
    with pytest.raises(InexactError):
        Scaled(4).process_bind_param(value, ANY)


def test_sql_may_add_but_not_multiply() -> None:
    price: Any = column("price", Scaled(4))
    quantity: Any = column("quantity", Scaled(6))
    assert func.sum(price) is not None
    assert (price + price) is not None
    with pytest.raises(InexactError):
        price * quantity
    with pytest.raises(InexactError):
        price + quantity
    with pytest.raises(InexactError):
        price / Decimal(2)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InexactError):
        Instant().process_bind_param(datetime(2026, 3, 1), ANY)  # noqa: DTZ001


def test_sqlite_times_get_their_zone_back() -> None:
    naive = datetime(2026, 3, 1, 12)  # noqa: DTZ001
    assert Instant().process_result_value(naive, ANY) == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_documents_are_written_one_way() -> None:
    assert canonical_json({"b": Decimal("1.50"), "a": [1]}) == '{"a":[1],"b":"1.50"}'
    assert Json().process_result_value('{"a":1}', ANY) == {"a": 1}
