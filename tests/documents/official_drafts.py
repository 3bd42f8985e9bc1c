"""The business data of two official samples of DIAN's toolbox, as a program would enter them."""

from __future__ import annotations

from typing import Any, Final

from addons.l10n_co_dian.tests.official import INVOICE_CODE, POS_CODE, POS_PIN, TECHNICAL_KEY

__all__ = ["INVOICE_CODE", "POS_CODE", "consumer_invoice", "pos_ticket"]


def iva(**values: str) -> dict[str, str]:
    return {"code": "01", "rate": "19", **values}


_INVOICE_ISSUED: Final[dict[str, Any]] = {
    "prefix": "SETP",
    "number": "990058987",
    "issued_at": "2019-11-28T18:14:37-05:00",
    "issuer": {
        "kind": "company",
        "identification_type": "31",
        "identification": "99998888",
        "check_digit": "6",
        "name": "A & M INTERNACIONAL DE COMERCIO SAS",
        "address": "CR 9 A N0 99 - 07 OF 802",
        "municipality": "05001",
        "postal_code": "050031",
        "responsibilities": ["O-06"],
        "regime": "05",
        "tax_scheme": "24",
        "registration": "12345",
    },
    "resolution": "18760000001",
    "first": 990000000,
    "last": 995000000,
    "valid_from": "2019-01-19",
    "valid_to": "2030-01-19",
    "software_id": "20980788-349c-427a-aefd-a5674e7faf63",
    "software_name": "Toolbox",
    "software_maker": "DIAN",
    "software_company": "DIAN",
    "software_pin": "20191",
    "technical_key": TECHNICAL_KEY,
}


def consumer_invoice(establishment: str) -> dict[str, Any]:
    """ConsumidorFinal.xml: gifts, discounts, charges, an excluded service, a bag."""
    code = "AOHV84-225"
    charge = {
        "charge": True, "amount": "10000", "base": "1400000", "reason": "Cargo",
    }  # fmt: skip
    bag = {"code": "22", "unit_amount": "30.00", "units": "2"}
    lines: list[dict[str, Any]] = [
        {"description": "Base para TV", "unit_price": "300000.00", "discount": "50000.00",
         "taxes": [iva()]},
        {"description": "Antena (regalo)", "quantity": "2", "unit_price": "0",
         "worth": "100000.00", "taxes": [iva(base="100000.00")]},
        {"description": "TV", "unit_price": "1400000.00", "adjustments": [charge],
         "taxes": [iva()]},
        {"description": "Servicio (excluido)", "unit_price": "20000"},
        {"description": "Acarreo", "unit_price": "40000", "taxes": [iva()]},
        {"description": "Bolsas", "quantity": "2", "unit_price": "0", "worth": "2",
         "taxes": [bag]},
    ]  # fmt: skip
    changes = (
        (False, "10000", "D1", "11"),
        (False, "19000", "Descuento por IVA asumido", "7"),
        (False, "30000", "Descuento por temporada", "11"),
        (True, "15000", "Cargo financiero pago 30d", ""),
        (True, "5000", "Cargo financiero estudio", ""),
    )
    return {
        "format": "co.dian.01",
        "establishment_id": establishment,
        "buyer": {
            "identification_type": "13",
            "identification": "2222222222",
            "name": "consumidor o usuario final",
            "tax_scheme": "ZY",
        },
        "lines": [{"quantity": "1", "unit_code": "EA", "code": code, **line} for line in lines],
        "adjustments": [
            {
                "charge": charge,
                "amount": amount,
                "base": "1720000",
                "reason": reason,
                "reason_code": kind,
            }
            for charge, amount, reason, kind in changes
        ],
        "due_date": "2019-07-16",
        "order": "546326432432",
        "backfill": _INVOICE_ISSUED,
    }


_TICKET_ISSUED: Final[dict[str, Any]] = {
    "prefix": "EPOS",
    "number": "002",
    "issued_at": "2022-09-07T16:31:02-05:00",
    "issuer": {
        "kind": "company",
        "identification_type": "31",
        "identification": "2022516216",
        "check_digit": "1",
        "name": "PRUEBAS PILOTO III-2021",
        "address": "ED SENDAS",
        "municipality": "11001",
        "postal_code": "110111",
        "responsibilities": ["O-13"],
        "regime": "48",
        "tax_scheme": "01",
        "phone": "7450999",
        "activity": "0114",
    },
    "resolution": "18760000001",
    "first": 1,
    "last": 1000,
    "valid_from": "2022-01-01",
    "valid_to": "2030-01-01",
    "software_id": "710d99d0-6d49-4e18-bb70-196d1b17785f",
    "software_name": "ThePos",
    "software_maker": "Erick Rico",
    "software_company": "Chia.sas",
    "software_pin": POS_PIN,
}


def pos_ticket(establishment: str) -> dict[str, Any]:
    """documento-equivalente-pos.xml: shoes with IVA, a bag with its tax per unit."""
    return {
        "format": "co.dian.20",
        "establishment_id": establishment,
        "lines": [
            {
                "description": "Zapatos",
                "quantity": "1",
                "unit_code": "NIU",
                "unit_price": "100000.00",
                "code": "XGH124",
                "brand": "bucaramanga",
                "model": "clasico",
                "taxes": [iva()],
            },
            {
                "description": "Bolsa",
                "quantity": "1",
                "unit_code": "EA",
                "unit_price": "100.00",
                "code": "1",
                "taxes": [{"code": "22", "unit_amount": "50.00", "units": "1"}],
            },
        ],
        "till": {
            "plate": "234566",
            "location": "Gilbarco Encore 4 L1 - Manguera 17 AC",
            "cashier": "nombre del cajero",
            "type": "Caja de apoyo",
            "sale_code": "743992",
            "buyer_code": "79907759",
            "buyer_name": "Edison Hernandez",
            "buyer_points": 100,
        },
        "backfill": _TICKET_ISSUED,
    }
