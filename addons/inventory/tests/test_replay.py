"""Cards from a list of moves, against the rules written a second time with fractions."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from addons.inventory.cards import Method
from addons.inventory.cli import replay_command
from addons.inventory.errors import ReplayError
from addons.inventory.replay import Policy, read_lines, replay

HEADINGS = "date,document,product,kind,quantity,unit_cost,reverses\n"
METHODS: tuple[Method, ...] = ("average", "fifo", "standard")


def card(
    text: str, method: Method = "average", negative: Policy = "block", decimals: int = 2
) -> dict[str, Any]:
    lines = read_lines(io.StringIO(HEADINGS + text))
    result = replay(lines, method=method, negative=negative, decimals=decimals)
    assert list(result) in ([], ["rice"])
    found: dict[str, Any] = result["rice"]
    return found


def balances(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (line["balance"]["quantity"], line["balance"]["unit_cost"], line["balance"]["value"])
        for line in result["lines"]
    ]


TOO_MUCH_BACK = """\
2026-01-01,R1,rice,receipt,9,5,
2026-01-01,S1,rice,issue,2,,
2026-01-01,C1,rice,customer_return,2,,S1
2026-01-01,C2,rice,customer_return,1,,S1
"""
TWO_RECEIPTS = "2026-01-01,R1,rice,receipt,10,100,\n2026-01-02,R2,rice,receipt,10,200,\n"


def test_ten_at_100_and_ten_at_200_sell_five_for_750_at_the_average() -> None:
    result = card(TWO_RECEIPTS + "2026-01-03,S1,rice,issue,5,,\n")
    assert balances(result) == [
        ("10", "100.000000", "1000.00"),
        ("20", "150.000000", "3000.00"),
        ("15", "150.000000", "2250.00"),
    ]
    assert result["lines"][2]["out"] == {
        "quantity": "5",
        "unit_cost": "150.000000",
        "value": "750.00",
    }
    assert result["lines"][2]["in"] is None
    assert result["totals"] == {"in_value": "3000.00", "out_value": "750.00", "variance": "0.00"}


def test_first_in_first_out_sells_the_oldest_five_for_500() -> None:
    result = card(TWO_RECEIPTS + "2026-01-03,S1,rice,issue,15,,\n", "fifo")
    assert result["lines"][2]["out"]["value"] == "2000.00"
    assert balances(result)[2] == ("5", "200.000000", "1000.00")


def test_the_standard_sells_at_the_first_cost_and_sends_the_rest_to_the_result() -> None:
    result = card(TWO_RECEIPTS + "2026-01-03,S1,rice,issue,5,,\n", "standard")
    assert [line["variance"] for line in result["lines"]] == ["0.00", "1000.00", "0.00"]
    assert balances(result)[2] == ("15", "100.000000", "1500.00")


@pytest.mark.parametrize("method", METHODS)
def test_the_last_units_take_the_whole_value(method: Method) -> None:
    result = card(
        "2026-01-01,R1,rice,receipt,3,33.333333,\n2026-01-02,S1,rice,issue,1,,\n"
        "2026-01-02,S2,rice,issue,1,,\n2026-01-02,S3,rice,issue,1,,\n",
        method,
    )
    assert [line["out"]["value"] for line in result["lines"][1:]] == ["33.33", "33.34", "33.33"]
    assert balances(result)[-1] == ("0", "0.000000", "0.00")


def test_a_return_in_parts_brings_back_exactly_what_left() -> None:
    result = card(
        "2026-01-01,R1,rice,receipt,7,14.29,\n2026-01-02,S1,rice,issue,3,,\n"
        "2026-01-03,C1,rice,customer_return,1,,S1\n2026-01-03,C2,rice,customer_return,1,,S1\n"
        "2026-01-03,C3,rice,customer_return,1,,S1\n"
    )
    assert [line["in"]["value"] for line in result["lines"][2:]] == ["14.29", "14.29", "14.29"]
    assert balances(result)[-1] == ("7", "14.290000", "100.03")


def test_a_return_without_its_document_comes_at_the_average_or_the_last_cost() -> None:
    text = TWO_RECEIPTS + "2026-01-03,C1,rice,customer_return,2,,\n"
    assert card(text)["lines"][2]["in"]["value"] == "300.00"
    assert card(text, "fifo")["lines"][2]["in"]["value"] == "400.00"
    sold_out = TWO_RECEIPTS + (
        "2026-01-03,S1,rice,issue,20,,\n2026-01-04,C1,rice,customer_return,1,,\n"
    )
    assert card(sold_out)["lines"][3]["in"]["value"] == "200.00"


def test_goods_go_back_to_the_supplier_at_their_own_cost() -> None:
    result = card(TWO_RECEIPTS + "2026-01-03,V1,rice,supplier_return,4,,R2\n")
    assert result["lines"][2]["out"]["value"] == "800.00"
    assert balances(result)[2] == ("16", "137.500000", "2200.00")


def test_a_return_to_the_supplier_never_takes_more_value_than_there_is() -> None:
    text = (
        "2026-01-01,R1,rice,receipt,10,1,\n2026-01-01,R2,rice,receipt,1,1000,\n"
        "2026-01-02,S1,rice,issue,10,,\n2026-01-03,V1,rice,supplier_return,1,,R2\n"
    )
    last = card(text)["lines"][3]
    assert (last["out"]["value"], last["variance"]) == ("91.82", "908.18")
    assert last["balance"] == {"quantity": "0", "unit_cost": "0.000000", "value": "0.00"}


def test_freight_stays_with_what_is_left_and_the_rest_goes_to_the_result() -> None:
    text = TWO_RECEIPTS + "2026-01-03,S1,rice,issue,15,,\n2026-01-04,L1,rice,landed_cost,,100,R1\n"
    line = card(text)["lines"][3]
    assert line["in"] == {"quantity": "0", "unit_cost": "0.000000", "value": "50.00"}
    assert line["variance"] == "50.00"
    assert card(text, "fifo")["lines"][3]["variance"] == "100.00"


def test_below_zero_goes_at_the_last_known_cost_and_the_next_receipt_corrects_it() -> None:
    text = (
        "2026-01-01,R1,rice,receipt,2,100,\n2026-01-02,S1,rice,issue,5,,\n"
        "2026-01-03,R2,rice,receipt,10,120,\n"
    )
    for method in ("average", "fifo"):
        result = card(text, method, "allow")
        assert balances(result) == [
            ("2", "100.000000", "200.00"),
            ("-3", "100.000000", "-300.00"),
            ("7", "120.000000", "840.00"),
        ]
        assert result["lines"][2]["variance"] == "60.00"


def test_a_count_finds_more_or_less() -> None:
    result = card(TWO_RECEIPTS + "2026-01-03,K1,rice,count,1,,\n2026-01-04,K2,rice,count,-2,,\n")
    assert result["lines"][2]["in"]["value"] == "150.00"
    assert result["lines"][3]["out"]["value"] == "300.00"
    found = card("2026-01-01,K1,rice,count,2,7.5,\n")
    assert found["lines"][0]["in"]["value"] == "15.00"
    assert card("2026-01-01,K1,rice,count,0,,\n")["totals"]["in_value"] == "0.00"


def test_lines_are_taken_by_date_and_keep_the_number_they_have_in_the_file() -> None:
    result = card("2026-01-02,S1,rice,issue,1,,\n2026-01-01,R1,rice,receipt,1,9,\n")
    assert [line["line"] for line in result["lines"]] == [2, 1]


def test_values_may_have_other_decimals() -> None:
    result = card("2026-01-01,R1,rice,receipt,3,33.3355,\n", decimals=0)
    assert result["lines"][0]["in"]["value"] == "100"
    assert card("2026-01-01,R1,rice,receipt,1,0.00005,\n", decimals=4)["totals"] == {
        "in_value": "0.0001",
        "out_value": "0.0000",
        "variance": "0.0000",
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("2026-01-01,S1,rice,issue,1,,\n", 1),
        ("2026-01-01,R1,rice,receipt,1,5,\n2026-01-01,K1,rice,count,-2,,\n", 2),
        ("2026-01-01,R1,rice,receipt,1,5,\n2026-01-01,V1,rice,supplier_return,2,,R1\n", 2),
        ("2026-01-01,R1,rice,receipt,1,,\n", 1),
        ("2026-01-01,R1,rice,receipt,1,-5,\n", 1),
        ("2026-01-01,R1,rice,receipt,0,5,\n", 1),
        ("2026-01-01,R1,rice,receipt,-1,5,\n", 1),
        ("2026-01-01,R1,rice,receipt,NaN,5,\n", 1),
        ("2026-01-01,R1,rice,receipt,1e9,5,\n", 1),
        ("01/02/2026,R1,rice,receipt,1,5,\n", 1),
        ("2026-01-01,R1,rice,gift,1,5,\n", 1),
        ("2026-01-01,C1,rice,customer_return,1,,S9\n", 1),
        ("2026-01-01,R1,rice,receipt,1,5,\n2026-01-01,L1,rice,landed_cost,,,R1\n", 2),
        ("2026-01-01,L1,rice,landed_cost,,5,R9\n", 1),
        (TOO_MUCH_BACK, 4),
    ],
)
def test_a_line_that_cannot_be_is_named(text: str, line: int) -> None:
    with pytest.raises(ReplayError) as refused:
        card(text)
    assert refused.value.context["line"] == line
    assert str(line) in str(refused.value)


def test_a_file_without_its_columns_is_refused() -> None:
    with pytest.raises(ReplayError, match="reverses"):
        read_lines(io.StringIO("date,document,product,kind,quantity,unit_cost\n"))


def test_the_command_prints_the_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "card.csv"
    file.write_text("\ufeff" + HEADINGS + TWO_RECEIPTS, encoding="utf-8")
    assert replay_command([str(file), "--json", "--method", "fifo"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["rice"]["totals"]["in_value"] == "3000.00"
    assert replay_command([str(file)]) == 0
    assert "3000.00" in capsys.readouterr().out


def test_the_command_fails_naming_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "card.csv"
    file.write_text(HEADINGS + "2026-01-01,S1,rice,issue,1,,\n", encoding="utf-8")
    assert replay_command([str(file), "--json"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "line 1" in shown.err
    assert replay_command([str(file), "--negative", "allow"]) == 0
    assert replay_command([str(tmp_path / "absent.csv")]) == 1
