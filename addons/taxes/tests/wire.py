"""Baskets of ``vectors.json`` as the rules take them and give them back."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from addons.taxes.rules import BasketAmounts, PricedLine, TaxRule

VECTORS: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "vectors.json").read_text(encoding="utf-8")
)

#: Baskets that have no amounts, and the code of the refusal, the same at the till.
REFUSALS: Final[list[tuple[str, list[dict[str, Any]], str]]] = [
    ("taxes.bad_line", [{"quantity": "-1", "unit_price": "100"}], "0"),
    ("taxes.bad_line", [{"quantity": "0", "unit_price": "100"}], "0"),
    ("taxes.bad_line", [{"quantity": "1", "unit_price": "-100"}], "0"),
    ("taxes.bad_line", [{"quantity": "1", "unit_price": "100", "discount": "-1"}], "0"),
    ("taxes.bad_line", [{"quantity": "1", "unit_price": "100"}], "-1"),
    ("taxes.bad_line", [{"quantity": "1", "unit_price": "100"}], "0.005"),
    ("taxes.discount_too_large", [{"quantity": "2", "unit_price": "5", "discount": "10.01"}], "0"),
    ("taxes.discount_too_large", [{"quantity": "1", "unit_price": "100"}], "100.01"),
    ("taxes.discount_too_large", [], "1"),
    (
        "taxes.bad_rate",
        [
            {
                "quantity": "1",
                "unit_price": "100",
                "taxes": [{"code": "01", "treatment": "taxed", "rate": "100.01"}],
            }
        ],
        "0",
    ),
    (
        "taxes.bad_rate",
        [
            {
                "quantity": "1",
                "unit_price": "100",
                "taxes": [{"code": "01", "treatment": "taxed", "rate": "-5"}],
            }
        ],
        "0",
    ),
    (
        "taxes.bad_rate",
        [
            {
                "quantity": "1",
                "unit_price": "100",
                "taxes": [{"code": "01", "treatment": "exempt", "rate": "5"}],
            }
        ],
        "0",
    ),
    (
        "taxes.conflicting_rules",
        [
            {
                "quantity": "1",
                "unit_price": "100",
                "taxes": [
                    {"code": "01", "treatment": "taxed", "rate": "19"},
                    {"code": "01", "treatment": "taxed", "rate": "5"},
                ],
            }
        ],
        "0",
    ),
    (
        "taxes.price_below_tax",
        [
            {
                "quantity": "1",
                "unit_price": "50",
                "taxes": [{"code": "22", "treatment": "taxed", "kind": "per_unit", "rate": "73"}],
            }
        ],
        "0",
    ),
]


def read_line(sent: dict[str, Any]) -> PricedLine:
    """Read a line as the till sends it."""
    return PricedLine(
        quantity=Decimal(sent["quantity"]),
        unit_price=Decimal(sent["unit_price"]),
        discount=Decimal(sent.get("discount", "0")),
        taxes=tuple(
            TaxRule(
                rule["code"],
                rule["treatment"],
                rule.get("kind", "percent"),
                Decimal(rule.get("rate", "0")),
            )
            for rule in sent.get("taxes", [])
        ),
        price_includes_tax=sent.get("price_includes_tax", True),
    )


def sent_lines(basket: dict[str, Any]) -> list[dict[str, Any]]:
    """Write the lines of a vector as the till sends them."""
    return [
        {
            "quantity": quantity,
            "unit_price": price,
            "discount": discount,
            "taxes": [
                {"code": code, "treatment": treatment, "kind": kind, "rate": rate}
                for code, treatment, kind, rate in VECTORS["taxes"][taxes]
            ],
            "price_includes_tax": bool(included),
        }
        for quantity, price, discount, taxes, included in basket["lines"]
    ]


def plain(value: Decimal) -> str:
    """Write a rate or a count of units without trailing zeros."""
    return format(value.normalize(), "f")


def written(amounts: BasketAmounts) -> dict[str, Any]:
    """Write amounts as ``vectors.json`` has them."""
    return {
        "lines": [
            [
                str(line.gross),
                str(line.discount),
                str(line.base),
                [
                    [plain(base) if rule.kind == "per_unit" else str(base), str(amount)]
                    for rule, base, amount in line.taxes
                ],
                str(line.total),
            ]
            for line in amounts.lines
        ],
        "groups": [
            [
                group.code,
                group.treatment,
                group.kind,
                plain(group.rate),
                plain(group.base) if group.kind == "per_unit" else str(group.base),
                str(group.amount),
            ]
            for group in amounts.groups
        ],
        "subtotal": str(amounts.subtotal),
        "taxable_base": str(amounts.taxable_base),
        "taxes_total": str(amounts.taxes_total),
        "total": str(amounts.total),
    }
