"""Write ``vectors.json``: baskets and what they amount to, from exact fractions.

A second, slower writing of the rules that shares no code with ``rules.py`` or ``rules.mjs``, so
that agreement means something. Run from the root of the repository, without arguments:
``python addons/taxes/tests/make_vectors.py``. The seed is fixed: the file only changes when the
rules do.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, Final

HERE: Final = Path(__file__).parent
SEED: Final = 20261121

#: Tax sets that a line may bear: (code, treatment, kind, rate).
TAX_SETS: Final[dict[str, list[tuple[str, str, str, str]]]] = {
    "iva_19": [("01", "taxed", "percent", "19")],
    "iva_5": [("01", "taxed", "percent", "5")],
    "exempt": [("01", "exempt", "percent", "0")],
    "excluded": [("01", "excluded", "percent", "0")],
    "inc_8": [("04", "taxed", "percent", "8")],
    "bag": [("22", "taxed", "per_unit", "73")],
    "iva_19_inc_8": [("01", "taxed", "percent", "19"), ("04", "taxed", "percent", "8")],
    "iva_5_spirits": [
        ("01", "taxed", "percent", "5"),
        ("32", "taxed", "percent", "25"),
        ("32", "taxed", "per_unit", "342.5"),
    ],
    "iva_19_bag": [("01", "taxed", "percent", "19"), ("22", "taxed", "per_unit", "73")],
    "odd": [("36", "taxed", "percent", "12.375")],
    "none": [],
}
COMMON: Final = ["iva_19", "iva_5", "exempt", "excluded"]
SIZES: Final = [(1, 5)] * 100 + [(6, 15)] * 70 + [(16, 40)] * 24 + [(80, 80)] * 6


def half_up(value: Fraction) -> Fraction:
    cents = value * 100
    return Fraction((2 * cents.numerator + cents.denominator) // (2 * cents.denominator), 100)


def half_even(value: Fraction) -> Fraction:
    return Fraction(round(value * 100), 100)  # Python rounds a Fraction's half to even, exactly


def spread(total: Fraction, weights: list[Fraction]) -> list[Fraction]:
    if total == 0:
        return [Fraction(0)] * len(weights)
    exact = [total * 100 * weight / sum(weights) for weight in weights]
    parts = [value.numerator // value.denominator for value in exact]
    while sum(parts) < total * 100:
        lost = [value - part for value, part in zip(exact, parts, strict=True)]
        parts[lost.index(max(lost))] += 1
    return [Fraction(part, 100) for part in parts]


def plain(value: Fraction, least: int = 0) -> str:
    places = least
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs(int(value * 10**places))).zfill(places + 1)
    cut = len(digits) - places
    return ("-" if value < 0 else "") + digits[:cut] + ("." + digits[cut:] if places else "")


def money(value: Fraction) -> str:
    return plain(value, 2)


def computed(line: list[Any], share: Fraction) -> dict[str, Any]:
    quantity, price, discount = (Fraction(text) for text in line[:3])
    rules = TAX_SETS[line[3]]
    net = half_up(quantity * price - discount)
    taxes = []
    fixed = [
        (rule, quantity, half_even(quantity * Fraction(rule[3])))
        for rule in rules
        if rule[2] == "per_unit"
    ]
    percents = [rule for rule in rules if rule[2] == "percent" and rule[1] != "excluded"]
    rates = [Fraction(rule[3]) / 100 for rule in percents]
    if line[4]:
        worth = net - sum(amount for _rule, _base, amount in fixed) - share
        tax = half_even(worth - worth / (1 + sum(rates)))
        base = worth - tax
        parts = spread(tax, rates)
    else:
        base = net - share
        parts = [half_even(base * rate) for rate in rates]
    taxes = [(rule, base, part) for rule, part in zip(percents, parts, strict=True)] + fixed
    gross = half_up(quantity * price)
    total = base + sum(amount for _rule, _base, amount in taxes)
    return {
        "gross": gross,
        "discount": gross - net + share,
        "base": base,
        "taxes": taxes,
        "total": total,
    }


def room(line: list[Any]) -> Fraction:
    """Tell how much of a line may be given away: not its taxes per unit."""
    done = computed(line, Fraction(0))
    fixed = sum(amount for rule, _base, amount in done["taxes"] if rule[2] == "per_unit")
    net: Fraction = done["gross"] - done["discount"]
    return net - fixed if line[4] else net


def expected(lines: list[list[Any]], discount: Fraction) -> dict[str, Any]:
    shares = spread(discount, [room(line) for line in lines])
    done = [computed(line, share) for line, share in zip(lines, shares, strict=True)]
    groups: dict[tuple[str, str, Fraction], list[Any]] = {}
    for (code, treatment, kind, rate), base, amount in (t for one in done for t in one["taxes"]):
        group = groups.setdefault((code, kind, Fraction(rate)), [treatment, Fraction(0), 0])
        group[1] += base
        group[2] += amount
    declared = [one for one in done if any(t[0][2] == "percent" for t in one["taxes"])]
    return {
        "lines": [
            [
                money(one["gross"]),
                money(one["discount"]),
                money(one["base"]),
                [
                    [plain(base) if rule[2] == "per_unit" else money(base), money(amount)]
                    for rule, base, amount in one["taxes"]
                ],
                money(one["total"]),
            ]
            for one in done
        ],
        "groups": [
            [
                code,
                treatment,
                kind,
                plain(rate),
                plain(base) if kind == "per_unit" else money(base),
                money(amount),
            ]
            for (code, kind, rate), (treatment, base, amount) in sorted(groups.items())
        ],
        "subtotal": money(sum((one["base"] for one in done), Fraction(0))),
        "taxable_base": money(sum((one["base"] for one in declared), Fraction(0))),
        "taxes_total": money(sum((t[2] for one in done for t in one["taxes"]), Fraction(0))),
        "total": money(sum((one["total"] for one in done), Fraction(0))),
    }


def random_line(chance: Random, *, included: bool) -> list[Any]:
    taxes = chance.choice(COMMON if chance.random() < 0.75 else list(TAX_SETS))
    if any(rule[2] == "per_unit" for rule in TAX_SETS[taxes]):
        quantity = Fraction(chance.randint(1, 6))
        price = Fraction(chance.choice([500, 1200, 38900, 73]) if taxes == "bag" else 38900)
    elif chance.random() < 0.35:
        quantity = Fraction(chance.randint(5, 4999), 1000)
        price = Fraction(chance.randrange(900, 42000, 5))
    else:
        quantity = Fraction(chance.choice([1, 1, 1, 2, 3, 6, 12]))
        price = Fraction(chance.randrange(150, 60000, 50))
    if not included or chance.random() < 0.05:
        price += Fraction(chance.randint(0, 999999), 10 ** chance.choice([2, 4, 6]))
    discount = Fraction(0)
    if chance.random() < 0.2 and taxes not in {"bag", "iva_5_spirits", "iva_19_bag"}:
        ceiling = int(quantity * price * 100)
        discount = Fraction(chance.choice([ceiling // 10, ceiling // 3, ceiling]), 100)
    return [plain(quantity), plain(price), plain(discount), taxes, int(included)]


def random_basket(chance: Random, size: tuple[int, int], number: int) -> dict[str, Any]:
    prices = ["included", "included", "excluded", "mixed"][number % 4]
    lines = [
        random_line(
            chance,
            included=chance.random() < 0.5 if prices == "mixed" else prices == "included",
        )
        for _place in range(chance.randint(*size))
    ]
    most = sum(room(line) for line in lines)
    some = [Fraction(1, 20), Fraction(1, 3), Fraction(1, 7), Fraction(1)]
    share = chance.choice([Fraction(0)] * 4 + some)
    discount = Fraction(int(most * share * 100), 100)
    return {
        "discount": plain(discount),
        "lines": lines,
        "expected": expected(lines, discount),
    }


def main() -> None:
    chance = Random(SEED)
    baskets = [random_basket(chance, size, number) for number, size in enumerate(SIZES)]
    written = ",\n".join(
        json.dumps(basket, ensure_ascii=False, separators=(",", ":")) for basket in baskets
    )
    taxes = json.dumps(TAX_SETS, separators=(",", ":"))
    (HERE / "vectors.json").write_text(
        f'{{"taxes":{taxes},\n"baskets":[\n{written}\n]}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
