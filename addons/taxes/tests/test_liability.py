from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from addons.taxes.catalogue import RATES, TAX_CLASSES, DatedRate, rate_on, rule_on
from addons.taxes.errors import NoProfileError, NoRateError, UnknownTaxClassError
from addons.taxes.liability import (
    FINAL_CONSUMER,
    Buyer,
    ProfilePeriod,
    SellerProfile,
    line_taxes,
)
from addons.taxes.rules import PricedLine, TaxRule, basket_amounts

DAY = date(2026, 11, 21)


def seller(*responsibilities: str) -> SellerProfile:
    return SellerProfile((ProfilePeriod(frozenset(responsibilities), date(2020, 1, 1)),))


RESPONSIBLE = seller("O-48", "O-33")
NOT_RESPONSIBLE = seller("O-49")


@pytest.mark.parametrize(
    ("tax_class", "rule"),
    [
        ("iva_19", TaxRule("01", "taxed", "percent", Decimal(19))),
        ("iva_5", TaxRule("01", "taxed", "percent", Decimal(5))),
        ("exempt", TaxRule("01", "exempt")),
        ("excluded", TaxRule("01", "excluded")),
        ("inc_8", TaxRule("04", "taxed", "percent", Decimal(8))),
        ("bag", TaxRule("22", "taxed", "per_unit", Decimal(73))),
    ],
)
def test_each_class_bears_its_tax(tax_class: str, rule: TaxRule) -> None:
    assert line_taxes(tax_class, RESPONSIBLE, FINAL_CONSUMER, DAY) == (rule,)


@pytest.mark.parametrize("tax_class", TAX_CLASSES)
def test_a_shop_not_responsible_for_iva_charges_none(tax_class: str) -> None:
    taxes = line_taxes(tax_class, NOT_RESPONSIBLE, FINAL_CONSUMER, DAY)
    amounts = basket_amounts([PricedLine(Decimal(1), Decimal(5000), taxes=taxes)])
    assert amounts.groups == ()
    assert amounts.total == 5000


def test_meals_bear_consumption_tax_without_any_duty_to_iva() -> None:
    assert len(line_taxes("inc_8", seller("O-33", "O-49"), FINAL_CONSUMER, DAY)) == 1
    assert line_taxes("inc_8", seller("O-48"), FINAL_CONSUMER, DAY) == ()


@pytest.mark.parametrize("tax_class", ["iva_19", "iva_5", "exempt", "excluded"])
def test_what_is_exported_is_exempt(tax_class: str) -> None:
    taxes = line_taxes(tax_class, RESPONSIBLE, Buyer("export"), DAY)
    assert taxes == (TaxRule("01", "exempt"),)


def test_a_shop_that_becomes_responsible_charges_from_that_day() -> None:
    change = date(2026, 7, 1)
    profile = SellerProfile(
        (
            ProfilePeriod(frozenset({"O-49"}), date(2024, 1, 1), change - timedelta(days=1)),
            ProfilePeriod(frozenset({"O-48"}), change),
        )
    )
    assert line_taxes("iva_19", profile, FINAL_CONSUMER, change - timedelta(days=1)) == ()
    assert len(line_taxes("iva_19", profile, FINAL_CONSUMER, change)) == 1
    with pytest.raises(NoProfileError):
        line_taxes("iva_19", profile, FINAL_CONSUMER, date(2023, 12, 31))


def test_of_two_periods_that_overlap_the_later_one_speaks() -> None:
    profile = SellerProfile(
        (
            ProfilePeriod(frozenset({"O-48"}), date(2026, 1, 1)),
            ProfilePeriod(frozenset({"O-49"}), date(2024, 1, 1)),
        )
    )
    assert profile.responsibilities(DAY) == {"O-48"}


def test_an_unknown_class_is_refused_whoever_sells() -> None:
    for profile in (RESPONSIBLE, NOT_RESPONSIBLE):
        with pytest.raises(UnknownTaxClassError):
            line_taxes("iva_16", profile, FINAL_CONSUMER, DAY)


@pytest.mark.parametrize(
    ("day", "pesos"),
    [
        (date(2017, 7, 1), 20),
        (date(2017, 12, 31), 20),
        (date(2020, 6, 1), 50),
        (date(2025, 12, 31), 70),
        (date(2026, 1, 1), 73),
    ],
)
def test_the_tax_on_bags_is_the_one_of_its_year(day: date, pesos: int) -> None:
    assert rate_on("bag", day).rate == pesos


@pytest.mark.parametrize("day", [date(2017, 6, 30), date(2022, 5, 5), date(2027, 1, 1)])
def test_a_year_whose_rate_is_not_published_is_never_guessed(day: date) -> None:
    with pytest.raises(NoRateError):
        rule_on("bag", day)


def test_a_business_can_hold_the_rate_we_do_not_have_yet() -> None:
    mine = DatedRate("bag_2027", "bag", Decimal(77), date(2027, 1, 1), None, "Circular DIAN")
    taxes = line_taxes("bag", RESPONSIBLE, FINAL_CONSUMER, date(2027, 3, 1), rates=(*RATES, mine))
    assert taxes[0].rate == 77


def test_no_class_has_two_rates_on_one_day() -> None:
    for first in RATES:
        for other in RATES:
            if first is not other and first.tax_class == other.tax_class:
                assert not first.holds(other.valid_from)


def test_codes_are_unique_and_every_rate_names_its_law() -> None:
    assert len({rate.code for rate in RATES}) == len(RATES)
    assert all("ET art" in rate.source for rate in RATES)
    assert {rate.tax_class for rate in RATES} == set(TAX_CLASSES)
