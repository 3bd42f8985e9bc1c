from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from addons.catalog.demo_products import DEMO_PRODUCTS, DemoProduct
from addons.catalog.rules import USUAL_LAYOUTS, gtin, label_code, read_code
from core.search.folding import words

PICTURES = {
    "aceite",
    "aguacate",
    "arroz",
    "banano",
    "cafe",
    "frijol",
    "gaseosa",
    "huevos",
    "jabon",
    "leche",
    "pan",
    "panela",
    "papa",
    "papel",
    "queso",
    "tomate",
}


def named(start: str) -> list[DemoProduct]:
    found = [one for one in DEMO_PRODUCTS if one.name.startswith(start)]
    assert found, start
    return found


def test_there_are_three_hundred_products_and_no_two_alike() -> None:
    assert len(DEMO_PRODUCTS) == 300
    assert len({one.name for one in DEMO_PRODUCTS}) == 300
    assert len({one.barcode or one.plu for one in DEMO_PRODUCTS}) == 300


def test_no_two_are_one_for_the_search() -> None:
    assert len({words(one.name) for one in DEMO_PRODUCTS}) == 300


def test_every_packed_product_has_a_valid_colombian_barcode() -> None:
    for one in DEMO_PRODUCTS:
        if one.barcode is not None:
            assert gtin(one.barcode) == one.barcode
            assert (len(one.barcode), one.barcode[:3]) == (13, "770")


def test_what_is_weighed_is_sold_by_the_kilo_under_a_plu_that_a_label_can_carry() -> None:
    weighed = [one for one in DEMO_PRODUCTS if one.weighable]
    assert len(weighed) > 30
    for one in weighed:
        assert (one.unit, one.barcode) == ("kg", None)
        label = label_code(USUAL_LAYOUTS[1], one.plu or "", Decimal("0.750"))
        assert read_code(label, USUAL_LAYOUTS).code == one.plu
    assert {one.category for one in weighed} == {"Fruver", "Carnes"}


def test_prices_are_whole_pesos_above_cost() -> None:
    rates = {"iva_19": 19, "iva_5": 5}
    for one in DEMO_PRODUCTS:
        net = one.price * 100 / (100 + rates.get(one.tax_class, 0))
        assert one.price == one.price.to_integral_value()
        assert 0 < one.cost < net, one.name


def test_every_class_of_a_grocery_and_every_picture_is_used() -> None:
    classes = Counter(one.tax_class for one in DEMO_PRODUCTS)
    assert set(classes) == {"iva_19", "iva_5", "exempt", "excluded"}
    assert min(classes.values()) >= 20
    assert {one.picture for one in DEMO_PRODUCTS} == PICTURES | {None}
    assert len({one.category for one in DEMO_PRODUCTS}) == 15


@pytest.mark.parametrize(
    ("start", "tax_class"),
    [
        ("Leche entera", "exempt"),
        ("Huevos", "exempt"),
        ("Arroz", "exempt"),
        ("Pechuga", "exempt"),
        ("Queso campesino", "exempt"),
        ("Pan ", "excluded"),
        ("Papa pastusa", "excluded"),
        ("Panela ", "excluded"),
        ("Sal refinada", "excluded"),
        ("Agua sin gas", "excluded"),
        ("Lenteja", "excluded"),
        ("Café", "iva_5"),
        ("Azúcar", "iva_5"),
        ("Chocolate de mesa", "iva_5"),
        ("Spaghetti", "iva_5"),
        ("Mortadela", "iva_5"),
        ("Ron ", "iva_5"),
        ("Aceite", "iva_19"),
        ("Gaseosa", "iva_19"),
        ("Cerveza", "iva_19"),
        ("Jabón", "iva_19"),
        ("Yogur", "iva_19"),
    ],
)
def test_staples_bear_the_class_that_the_law_gives_them(start: str, tax_class: str) -> None:
    assert {one.tax_class for one in named(start)} == {tax_class}
