"""What the till's test server answers of a sale: its number, its code, or why not."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Any

import segno

from addons.pos.tests import till_products
from addons.taxes.services import PricedLine, TaxRule, basket_amounts


class Refusal(Exception):  # noqa: N818 - a problem document, not a fault of the server
    """Problem details to answer with."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.problem = {
            "type": "about:blank",
            "title": detail,
            "status": status,
            "detail": detail,
            "code": code,
        }


def totals(doc: dict[str, Any]) -> Any:
    """Count a sale again, as the server does."""
    by_id = {product["id"]: product for product in till_products.PRODUCTS}
    lines = [
        PricedLine(
            quantity=Decimal(line["quantity"]),
            unit_price=Decimal(line["unit_price"]),
            discount=Decimal(line["discount"]),
            taxes=tuple(
                TaxRule(t["code"], t["treatment"], t["kind"], Decimal(t["rate"]))
                for t in by_id[line["product_id"]]["taxes"]
            ),
        )
        for line in doc["lines"]
    ]
    return basket_amounts(lines, Decimal(doc["document_discount"]))


def qr_path(text: str) -> str:
    """Draw a QR as one SVG path of horizontal runs, without a border."""
    rows = []
    for y, row in enumerate(segno.make(text, error="m").matrix):
        x = 0
        while x < len(row):
            run = 1
            while x + run < len(row) and row[x + run] == row[x]:
                run += 1
            if row[x]:
                rows.append(f"M{x} {y}.5h{run}")
            x += run
    return "".join(rows)


def answer(uuid: str, doc: dict[str, Any], number: int) -> dict[str, Any]:
    """Give a stored sale its number, code and amounts."""
    amounts = totals(doc)
    if amounts.total != Decimal(doc["total"]):
        raise Refusal(422, "pos.total_differs", "El total no coincide.")
    code = sha256(uuid.encode()).hexdigest() + sha256(doc["total"].encode()).hexdigest()[:32]
    change = sum(Decimal(p["tendered"]) - Decimal(p["amount"]) for p in doc["payments"])
    return {
        "number": number,
        "prefix": "POSE",
        "full_number": f"POSE-{number}",
        "issued_at": doc["closed_at"],
        "code": code,
        "qr": f"NumFac: POSE{number}",
        "qr_svg": qr_path(
            f"https://catalogo-vpfe.dian.gov.co/document/searchqr?documentkey={code}"
        ),
        "document_title": till_products.DOCUMENT_TITLE,
        "total": str(amounts.total),
        "change": str(change),
        "lines": [{"total": str(line.total)} for line in amounts.lines],
        "groups": [
            {
                "title": f"IVA {g.rate:f} %",
                "rate": str(g.rate),
                "base": str(g.base),
                "amount": str(g.amount),
            }
            for g in amounts.groups
        ],
        "payments": doc["payments"],
        "status": "pending",
    }


def result(uuid: str, status: str, made: Any = None, error: str | None = None) -> dict[str, Any]:
    """Say what became of one sale."""
    problem = {"code": "test.refused", "message": error, "fields": None} if error else None
    return {"uuid": uuid, "status": status, "answer": made, "error": problem}
