"""Snapshots come back from JSON exactly, and compute their code inputs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.l10n_co_dian.codes import cude, cufe, seed
from addons.l10n_co_dian.errors import SnapshotError
from addons.l10n_co_dian.samples import sample_document
from addons.l10n_co_dian.snapshot import (
    FINAL_CONSUMER,
    DocumentSnapshot,
    Line,
    code_input,
    final_consumer,
    from_json,
    to_json,
)
from addons.l10n_co_dian.tests import official

TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6, max_value=10**12)


@given(TEXT, DECIMALS, DECIMALS, st.datetimes(timezones=st.just(UTC)))
def test_a_snapshot_comes_back_as_it_was(
    text: str, quantity: Decimal, amount: Decimal, moment: datetime
) -> None:
    line = Line(text, quantity, text, amount, amount, amount, code=text)
    base = sample_document(lines=1)
    party = replace(base.issuer, name=text, email=text)
    before = replace(base, lines=(line,), issuer=party, issued_at=moment, notes=(text, text))
    written = to_json(before)
    after = from_json(written)
    assert after == before
    assert to_json(after) == written
    assert str(after.lines[0].quantity) == str(quantity)


@pytest.mark.parametrize("make", [official.consumer_invoice, official.pos_ticket])
def test_the_official_documents_come_back_as_they_were(make: object) -> None:
    before = make()  # type: ignore[operator]
    assert from_json(to_json(before)) == before


def test_json_is_canonical_and_holds_decimals_as_strings() -> None:
    plain = json.loads(to_json(sample_document(lines=1)))
    assert plain["totals"]["payable"] == "23800.00"
    assert list(plain) == sorted(plain)


def test_no_secret_is_in_a_snapshot() -> None:
    written = to_json(official.pos_ticket())
    assert official.TECHNICAL_KEY not in written
    assert '"12345"' not in written


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"payable":"23800.00"', '"payable":23800.00'),
        ('"version":1', '"version":2'),
        ('"version":1', '"version":1,"surprise":1'),
        ('"postal_code":', '"zip":'),
        ('"number":', '"numero":'),
    ],
)
def test_json_that_is_not_exactly_a_snapshot_is_refused(old: str, new: str) -> None:
    written = to_json(sample_document(lines=1))
    assert old in written
    with pytest.raises(SnapshotError):
        from_json(written.replace(old, new))


def test_text_that_no_file_can_hold_is_refused() -> None:
    with pytest.raises(SnapshotError):
        to_json(replace(sample_document(lines=1), notes=("\ud800",)))


def test_the_official_invoice_entered_again_gives_the_official_cufe() -> None:
    fields = code_input(official.consumer_invoice(), official.TECHNICAL_KEY)
    assert cufe(fields) == official.INVOICE_CODE


def test_the_official_ticket_entered_again_gives_the_official_cude() -> None:
    fields = code_input(official.pos_ticket(), official.POS_PIN)
    assert cude(fields) == official.POS_CODE


def at(moment: datetime) -> DocumentSnapshot:
    return replace(sample_document(lines=1), issued_at=moment)


@pytest.mark.parametrize(
    ("moment", "day", "time"),
    [
        (
            datetime(2026, 11, 21, 23, 59, 58, 999_999, tzinfo=official.COLOMBIA),
            "2026-11-21",
            "23:59:58-05:00",
        ),
        (datetime(2026, 11, 22, 0, 0, 0, tzinfo=official.COLOMBIA), "2026-11-22", "00:00:00-05:00"),
        (
            datetime(2026, 12, 31, 19, 0, 0, tzinfo=official.COLOMBIA),
            "2026-12-31",
            "19:00:00-05:00",
        ),
        (
            datetime(2027, 1, 1, 0, 0, 0, 1, tzinfo=official.COLOMBIA),
            "2027-01-01",
            "00:00:00-05:00",
        ),
    ],
)
def test_the_fiscal_day_is_that_of_the_shop_around_midnight(
    moment: datetime, day: str, time: str
) -> None:
    snapshot = at(moment)
    assert str(snapshot.issue_date) == day
    assert snapshot.issue_time == time
    assert seed(code_input(snapshot, "12345")).startswith(f"{snapshot.number}{day}{time}")


def test_a_time_of_issue_without_its_offset_has_no_code() -> None:
    with pytest.raises(SnapshotError):
        code_input(at(datetime(2026, 11, 21, 9, 0, tzinfo=UTC).replace(tzinfo=None)), "12345")


def test_the_final_consumer_is_the_constant_of_the_law() -> None:
    assert FINAL_CONSUMER.id_number == "222222222222"
    assert FINAL_CONSUMER.responsibilities == ("R-99-PN",)
    assert final_consumer("01").tax_scheme == "ZZ"
    assert final_consumer("20").tax_scheme == "01"
