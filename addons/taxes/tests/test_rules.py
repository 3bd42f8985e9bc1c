from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.taxes.errors import BadLineError, BadRateError
from addons.taxes.rules import PricedLine, TaxGroup, TaxRule, basket_amounts
from core.money import half_up2

IVA_19 = TaxRule("01", "taxed", "percent", Decimal(19))
IVA_5 = TaxRule("01", "taxed", "percent", Decimal(5))
EXEMPT = TaxRule("01", "exempt")
EXCLUDED = TaxRule("01", "excluded")
INC_8 = TaxRule("04", "taxed", "percent", Decimal(8))
BAG = TaxRule("22", "taxed", "per_unit", Decimal(73))
CENT = Decimal("0.01")


def sold(price: str, *taxes: TaxRule, quantity: str = "1", discount: str = "0") -> PricedLine:
    return PricedLine(Decimal(quantity), Decimal(price), Decimal(discount), taxes)


def pesos(*amounts: Decimal) -> tuple[int, ...]:
    assert all(amount == int(amount) for amount in amounts), amounts
    return tuple(map(int, amounts))


def test_a_shelf_price_holds_its_tax() -> None:
    (line,) = basket_amounts([sold("11900", IVA_19)]).lines
    assert pesos(line.base, line.taxes[0].amount, line.total) == (10000, 1900, 11900)


def test_a_price_without_tax_gets_it_on_top() -> None:
    line = PricedLine(Decimal(3), Decimal("3333.33"), taxes=(IVA_5,), price_includes_tax=False)
    amounts = basket_amounts([line])
    assert str(amounts.subtotal) == "9999.99"
    assert str(amounts.total) == "10499.99"


def test_a_weight_is_rounded_half_up_once() -> None:
    (line,) = basket_amounts([sold("9990", EXCLUDED, quantity="0.0005")]).lines
    assert str(line.total) == "5.00"


@pytest.mark.parametrize(("base", "tax"), [("0.10", "0.00"), ("0.30", "0.02"), ("0.50", "0.02")])
def test_half_a_cent_of_tax_goes_to_the_even_cent(base: str, tax: str) -> None:
    line = PricedLine(Decimal(1), Decimal(base), taxes=(IVA_5,), price_includes_tax=False)
    assert str(basket_amounts([line]).taxes_total) == tax


def test_two_rates_share_the_tax_of_one_price() -> None:
    (line,) = basket_amounts([sold("12700", IVA_19, INC_8)]).lines
    assert [tax.amount for tax in line.taxes] == [1900, 800]
    assert line.base == 10000


def test_exempt_is_declared_at_zero_and_excluded_is_not_declared() -> None:
    amounts = basket_amounts([sold("4600", EXEMPT), sold("3200", EXCLUDED), sold("1190", IVA_19)])
    assert [group.treatment for group in amounts.groups] == ["exempt", "taxed"]
    assert [pesos(group.rate, group.base) for group in amounts.groups] == [(0, 4600), (19, 1000)]
    assert pesos(amounts.subtotal, amounts.taxable_base, amounts.total) == (8800, 5600, 8990)


def test_a_line_without_taxes_is_sold_all_the_same() -> None:
    amounts = basket_amounts([sold("5000")])
    assert amounts.groups == ()
    assert pesos(amounts.taxable_base, amounts.total) == (0, 5000)


def test_bags_pay_by_the_unit_and_are_no_base_of_any_percentage() -> None:
    amounts = basket_amounts([sold("73", BAG, quantity="2"), sold("1190", IVA_19)])
    bags = amounts.groups[1]
    assert (bags.code, bags.kind) == ("22", "per_unit")
    assert pesos(bags.base, bags.amount) == (2, 146)
    assert pesos(amounts.subtotal, amounts.taxable_base, amounts.total) == (1000, 1000, 1336)


def test_a_discount_of_the_document_never_touches_the_tax_on_bags() -> None:
    amounts = basket_amounts([sold("73", BAG), sold("11900", IVA_19)], Decimal(11900))
    assert amounts.total == 73
    assert [line.discount for line in amounts.lines] == [0, 11900]


def test_a_discount_that_does_not_divide_is_spread_to_the_cent() -> None:
    amounts = basket_amounts([sold("1000", IVA_19)] * 3, Decimal(100))
    assert [str(line.discount) for line in amounts.lines] == ["33.34", "33.33", "33.33"]
    assert amounts.total == 2900


def test_the_same_rate_written_otherwise_is_the_same_group() -> None:
    other = TaxRule("01", "taxed", "percent", Decimal("19.00"))
    assert len(basket_amounts([sold("1190", IVA_19), sold("1190", other)]).groups) == 1


def test_an_empty_basket_amounts_to_nothing() -> None:
    amounts = basket_amounts([])
    assert (amounts.lines, amounts.groups, str(amounts.total)) == ((), (), "0.00")


@pytest.mark.parametrize("bad", [1.5, Decimal("NaN"), Decimal("Infinity"), None, 3])
def test_only_finite_decimals_are_quantities(bad: Decimal) -> None:
    with pytest.raises(BadLineError):
        PricedLine(bad, Decimal(100))
    with pytest.raises(BadLineError):
        basket_amounts([], bad)


@pytest.mark.parametrize("rate", [Decimal(0), Decimal("NaN"), Decimal("100.00000001")])
def test_a_taxed_percentage_lies_above_zero_and_up_to_a_hundred(rate: Decimal) -> None:
    with pytest.raises(BadRateError):
        TaxRule("01", "taxed", "percent", rate)
    assert TaxRule("01", "taxed", "percent", Decimal(100)).rate == 100


@pytest.mark.parametrize("treatment", ["exempt", "excluded"])
def test_nothing_untaxed_is_charged_by_the_unit(treatment: Literal["exempt", "excluded"]) -> None:
    with pytest.raises(BadRateError):
        TaxRule("22", treatment, "per_unit")


def test_a_tax_has_a_code() -> None:
    with pytest.raises(BadRateError):
        TaxRule("", "exempt")


quantities = st.decimals(Decimal("0.001"), Decimal(999), places=3)
prices = st.decimals(Decimal(0), Decimal(500_000), places=2)
taxes = st.sampled_from(
    [(IVA_19,), (IVA_5,), (EXEMPT,), (EXCLUDED,), (INC_8,), (IVA_19, INC_8), (IVA_5, INC_8), ()]
)


@st.composite
def lines(draw: st.DrawFn, *, included: bool | None = None) -> PricedLine:
    quantity, price = draw(quantities), draw(prices)
    percent_off = draw(st.sampled_from([0, 0, 0, 10, 33, 100]))
    discount = quantity * price * percent_off / 100
    inside = draw(st.booleans()) if included is None else included
    return PricedLine(quantity, price, discount, draw(taxes), inside)


def baskets(*, included: bool | None = None) -> st.SearchStrategy[list[PricedLine]]:
    return st.lists(lines(included=included), min_size=1, max_size=80)


def worth(line: PricedLine) -> Decimal:
    return half_up2(line.quantity * line.unit_price - line.discount)


discounts = st.decimals(Decimal(0), Decimal(1), places=4)


@given(baskets(included=True), discounts)
def test_a_ticket_is_the_sum_of_its_shelf_prices(basket: list[PricedLine], off: Decimal) -> None:
    shelf = sum(map(worth, basket), Decimal(0))
    discount = (shelf * off).quantize(CENT, "ROUND_DOWN")
    assert basket_amounts(basket, discount).total == shelf - discount


@given(baskets(), discounts)
def test_every_sum_is_the_sum_of_the_lines(basket: list[PricedLine], off: Decimal) -> None:
    discount = (sum(map(worth, basket), Decimal(0)) * off).quantize(CENT, "ROUND_DOWN")
    amounts = basket_amounts(basket, discount)
    owed = [tax for line in amounts.lines for tax in line.taxes]
    for group in amounts.groups:
        mine = [t for t in owed if (t.rule.code, t.rule.rate) == (group.code, group.rate)]
        assert group.base == sum(tax.base for tax in mine)
        assert group.amount == sum(tax.amount for tax in mine)
    assert amounts.taxes_total == sum(group.amount for group in amounts.groups)
    assert amounts.subtotal == sum(line.base for line in amounts.lines)
    assert amounts.total == amounts.subtotal + amounts.taxes_total
    given = sum(half_up2(line.quantity * line.unit_price) - worth(line) for line in basket)
    assert sum(line.discount for line in amounts.lines) == given + discount
    assert min(line.base for line in amounts.lines) >= 0
    assert min((tax.amount for tax in owed), default=0) >= 0


@given(baskets(), discounts)
def test_no_tax_leaves_what_dian_tolerates(basket: list[PricedLine], off: Decimal) -> None:
    discount = (sum(map(worth, basket), Decimal(0)) * off).quantize(CENT, "ROUND_DOWN")
    assert all(off_by(group) <= 2 for group in basket_amounts(basket, discount).groups)


def off_by(group: TaxGroup) -> Decimal:
    due = group.base * group.rate
    return abs((due if group.kind == "per_unit" else due / 100) - group.amount)


def test_eighty_lines_of_every_tax_stay_within_a_peso() -> None:
    chance = Random(80)
    for _ticket in range(300):
        basket = [
            PricedLine(
                Decimal(chance.randint(1, 4000)).scaleb(-3),
                Decimal(chance.randrange(150, 60000, 50)),
                taxes=chance.choice([(IVA_19,), (IVA_5,), (IVA_19, INC_8), (EXEMPT,), (EXCLUDED,)]),
            )
            for _place in range(80)
        ]
        amounts = basket_amounts(basket, Decimal(chance.randint(0, 500_000)).scaleb(-2))
        assert all(off_by(group) <= 1 for group in amounts.groups)
