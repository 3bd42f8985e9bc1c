"""Numbers, times and documents that come back exactly as they went in, on every database."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation
from operator import floordiv, mod, mul, truediv
from typing import Annotated, Any, ClassVar, Final, cast

import orjson
from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import mapped_column

from core.errors import PlatformError

#: A figure has at most this many digits, decimals included: it must fit a BIGINT.
DIGITS: Final = 18
_LIMIT: Final = 10**DIGITS
_EXACT: Final = Context(prec=60, traps=[Inexact, InvalidOperation])

#: Whole numbers: 64 bits everywhere (SQLite's INTEGER is).
Whole: Final = BigInteger().with_variant(Integer(), "sqlite")


class InexactError(DontWrapMixin, PlatformError, TypeError):
    """A value or an expression that the column could not hold exactly."""

    code: ClassVar[str] = "db.inexact"
    http_status: ClassVar[int] = 500


class Scaled(TypeDecorator[Decimal]):
    """Exact decimals, stored as a BIGINT count of the smallest step.

    NUMERIC comparisons are not leakproof, so under row-level security they use no index; and
    SQLite has no exact decimals at all. Sums stay exact; products are made in Python.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Store 64-bit integers on every engine."""
        return dialect.type_descriptor(Whole)

    class Comparator(TypeDecorator.Comparator[Decimal]):
        """Compares, adds and sums; steps times steps are not steps, so multiply in Python."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            """Refuse what SQL would get wrong."""
            places = cast("Scaled", self.type).places
            scales = [side.type for side in other if isinstance(side, ColumnElement)]
            mixed = any(getattr(scale, "places", places) != places for scale in scales)
            if mixed or op in {mul, truediv, floordiv, mod}:
                raise InexactError("multiply, divide and mix scales in Python, not in SQL")
            return super().operate(op, *other, **kwargs)

        reverse_operate = operate

    comparator_factory = Comparator

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Check that the value fits; we never round on the way in."""
        return self.steps(value)

    def steps(self, value: Any) -> int | None:
        """Count the steps of a value, exactly, or refuse it."""
        if value is None:
            return None
        if not value and type(value) is Decimal:
            return 0
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise InexactError(f"{value!r} is a {type(value).__name__}, pass a Decimal")
        try:
            scaled = _EXACT.scaleb(Decimal(value), self.places)
            steps = int(scaled)
        except (Inexact, InvalidOperation, ValueError, OverflowError) as error:
            raise InexactError(f"{value} is not an exact number") from error
        if steps != scaled or not -_LIMIT < steps < _LIMIT:
            raise InexactError(f"{value} does not fit {DIGITS} digits, {self.places} decimals")
        return steps

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Give back what went in; PostgreSQL sums BIGINT as NUMERIC, still whole steps."""
        if value is None:
            return None
        return _EXACT.scaleb(Decimal(int(value)), -self.places)


class Instant(TypeDecorator[datetime]):
    """A point in time, always with its zone; stored and given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a time without a zone: it could be any of 38 moments."""
        if value is not None and value.tzinfo is None:
            raise InexactError(f"{value} has no time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Put the zone back that SQLite forgets."""
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON document kept as text with sorted keys: the same bytes, and digests, on every engine.

    Decimals are not JSON numbers: write them as strings.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write it canonically."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Read it back."""
        return None if value is None else orjson.loads(value)


def canonical_json(value: Any) -> str:
    """Give the one way to write ``value``: sorted keys, no spaces; decimals as strings."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=_plain).decode()


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} is no JSON")


#: Money, four decimals.
Amount = Annotated[Decimal, mapped_column(Scaled(4))]
#: How much of something, six decimals.
Quantity = Annotated[Decimal, mapped_column(Scaled(6))]
#: What one of something sells for, six decimals.
UnitPrice = Annotated[Decimal, mapped_column(Scaled(6))]
#: What one of something costs, six decimals.
UnitCost = Annotated[Decimal, mapped_column(Scaled(6))]
#: A percentage or an exchange rate, eight decimals.
Rate = Annotated[Decimal, mapped_column(Scaled(8))]
#: Any JSON document.
JsonDocument = Annotated[Any, mapped_column(Json())]
