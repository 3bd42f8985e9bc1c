"""Bodies that make one more record of each resource that people write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from addons.catalog.rules import gtin_check_digit

Body = dict[str, Any]


def _partner(number: int, _known: Mapping[str, str]) -> Body:
    return {
        "identification_type": "13",
        "identification": str(52_000_000 + number),
        "name": f"Señora Ángela {number}",
        "email": "angela@correo.co",
        "municipality": "11001",
    }


def _product(number: int, known: Mapping[str, str]) -> Body:
    start = f"770{number:09d}"
    return {
        "code": f"P{number}",
        "name": f"Bocadillo veleño {number}",
        "unit_id": known["unit"],
        "price": "2450.5",
        "barcodes": [{"code": f"{start}{gtin_check_digit(start)}", "quantity": "1"}],
        "stocked": True,
        "price_includes_tax": True,
    }


def _category(number: int, _known: Mapping[str, str]) -> Body:
    return {"name": f"Dulces {number}", "position": number}


def _unit(number: int, _known: Mapping[str, str]) -> Body:
    return {"code": f"u{number}", "name": f"Unidad {number}", "decimals": 2, "unece": "KGM"}


def _profile(number: int, _known: Mapping[str, str]) -> Body:
    day = f"{2021 + number // 300}-{1 + number % 300 // 25:02d}-{1 + number % 25:02d}"
    return {"valid_from": day, "iva": True, "inc": False, "others": ["O-13"]}


def _till(number: int, known: Mapping[str, str]) -> Body:
    code = f"C{number}"
    return {"establishment_id": known["establishment"], "code": code, "name": f"Caja {number}"}


def _method(number: int, _known: Mapping[str, str]) -> Body:
    return {"code": f"m{number}", "name": f"Billetera {number}", "kind": "transfer", "means": "47"}


SAMPLES: Final[Mapping[str, Callable[[int, Mapping[str, str]], Body]]] = {
    "contacts.partners": _partner,
    "catalog.products": _product,
    "catalog.categories": _category,
    "catalog.units": _unit,
    "taxes.profile": _profile,
    "pos.tills": _till,
    "pos.methods": _method,
}
