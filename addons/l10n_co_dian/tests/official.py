"""Two official samples of the authority's toolbox, entered again as our own snapshots."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from addons.l10n_co_dian.snapshot import (
    Address,
    Adjustment,
    Beneficiary,
    DocumentSnapshot,
    Line,
    NumberRange,
    Party,
    Payment,
    PosInfo,
    Software,
    Tax,
    TaxTotal,
    Totals,
    Treatment,
    final_consumer,
)

COLOMBIA = timezone(timedelta(hours=-5))
TECHNICAL_KEY = "fc8eac422eba16e22ffd8c6f94b3f40a6e38162c"
INVOICE_CODE = (
    "b629c5d2a9bea378550e74f3f376bc9aa85d09d8ff6d7455f689599d4b4f1c39"
    "b6f670feb1d93aee376c716817807a1c"
)
POS_PIN = "12345"
POS_CODE = (
    "63586429c4577b7461150bdc28ed35cbee4edb3fe8872d4ef55d74f7b7a9ecd0"
    "62419600290208fc869ca94c47e895ca"
)
POS_SOFTWARE_CODE = (
    "cfb3e564f5660585cd0ba4f23090242a73d3f4f298110d2eaa3976ce03cba4c6"
    "f980f6fa9a41b68a072d8e7decbd53a8"
)
D = Decimal
ZERO = D(0)


def iva(base: str, amount: str) -> Tax:
    return Tax("01", amount=D(amount), rate=D(19), base=D(base))


def sold(description: str, price: str, extension: str, **more: object) -> Line:
    values: dict[str, object] = {
        "quantity": D(1),
        "unit_code": "EA",
        "gross": D(price),
        "code": "AOHV84-225",
    }
    return Line(
        description=description,
        unit_price=D(price),
        extension=D(extension),
        **{**values, **more},  # type: ignore[arg-type]
    )


def bag_tax(amount: str, each: str, quantity: str) -> Tax:
    return Tax(
        "22",
        amount=D(amount),
        unit_amount=D(each),
        unit_quantity=D(quantity),
        unit_code="94",
    )


INVOICE_ISSUER = Party(
    organisation="1",
    id_type="31",
    id_number="99998888",
    check_digit="6",
    name="A & M INTERNACIONAL DE COMERCIO SAS",
    address=Address("CR 9 A N0 99 - 07 OF 802", "05001", "Medellín", "05", "Antioquia", "050031"),
    responsibilities=("O-06",),
    regime="05",
    tax_scheme="24",
    registration="12345",
)


INVOICE_LINES = (
    sold(
        "Base para TV",
        "300000.00",
        "250000.00",
        discount=D("50000.00"),
        taxes=(iva("250000.00", "47500.00"),),
    ),
    sold(
        "Antena (regalo)",
        "0",
        "0",
        quantity=D(2),
        reference_price=D("100000.00"),
        taxes=(iva("100000.00", "19000.00"),),
    ),
    sold(
        "TV",
        "1400000.00",
        "1410000.00",
        adjustments=(Adjustment(True, D(10000), D(1400000), "Cargo", percent=D("0.71")),),
        taxes=(iva("1410000.00", "267900.00"),),
    ),
    sold("Servicio (excluido)", "20000", "20000", treatment=Treatment.EXCLUDED),
    sold("Acarreo", "40000", "40000.00", taxes=(iva("40000", "7600"),)),
    sold(
        "Bolsas",
        "0",
        "0",
        quantity=D(2),
        reference_price=D(2),
        taxes=(bag_tax("60.00", "30.00", "2"),),
    ),
)


INVOICE_TAXES = (
    TaxTotal("01", D(342000), (iva("1800000", "342000"),)),
    TaxTotal("04", ZERO, (Tax("04", ZERO, rate=D(2), base=ZERO),)),
    TaxTotal("03", ZERO, (Tax("03", ZERO, rate=ZERO, base=ZERO),)),
    TaxTotal("22", D(60), (bag_tax("60.00", "30.00", "2"),)),
)


INVOICE_ADJUSTMENTS = (
    Adjustment(False, D(10000), D(1720000), "D1", D("0.58"), "11"),
    Adjustment(False, D(19000), D(1720000), "Descuento por IVA asumido", D("1.10"), "7"),
    Adjustment(False, D(30000), D(1720000), "Descuento por temporada", D("1.74"), "11"),
    Adjustment(True, D(15000), D(1720000), "Cargo financiero pago 30d", D("0.87")),
    Adjustment(True, D(5000), D(1720000), "Cargo financiero estudio", D("0.29")),
)


def consumer_invoice() -> DocumentSnapshot:
    """ConsumidorFinal.xml: gifts, discounts, charges, an excluded service, a bag."""
    return DocumentSnapshot(
        document_type="01",
        environment="2",
        prefix="SETP",
        number="SETP990058987",
        issued_at=datetime(2019, 11, 28, 18, 14, 37, tzinfo=COLOMBIA),
        issuer=INVOICE_ISSUER,
        buyer=Party("2", "13", "2222222222", "consumidor o usuario final", tax_scheme="ZY"),
        software=Software(
            "20980788-349c-427a-aefd-a5674e7faf63", "99998888", "6", "Toolbox", "DIAN", "DIAN"
        ),
        lines=INVOICE_LINES,
        tax_totals=INVOICE_TAXES,
        withholdings=(TaxTotal("05", ZERO, (Tax("05", ZERO, rate=D(15), base=ZERO),)),),
        adjustments=INVOICE_ADJUSTMENTS,
        totals=Totals(
            extension=D("1720000.00"),
            tax_exclusive=D("1800000.00"),
            tax_inclusive=D("2062060.00"),
            allowances=D("59000.00"),
            charges=D("20000.00"),
            payable=D("2023060.00"),
        ),
        payments=(Payment("1", "10", date(2019, 7, 16)),),
        due_date=date(2019, 7, 16),
        range=NumberRange(
            "18760000001", "SETP", 990000000, 995000000, date(2019, 1, 19), date(2030, 1, 19)
        ),
        software_security_code=(
            "31ab410dffb0fc76d44d3867514a8662963470093f5144240b0f6b066916569d"
            "faf3d97dfe9d98bb2066713e8267a6f9"
        ),
        order="546326432432",
    )


TICKET_ISSUER = Party(
    organisation="1",
    id_type="31",
    id_number="2022516216",
    check_digit="1",
    name="PRUEBAS PILOTO III-2021",
    address=Address("ED SENDAS", "11001", "Bogotá, D.C.", "11", "Bogotá", "110111"),
    responsibilities=("O-13",),
    regime="48",
    tax_scheme="01",
    phone="7450999",
    activity="0114",
)


TICKET_LINES = (
    sold(
        "Zapatos",
        "100000.00",
        "100000.00",
        unit_code="NIU",
        code="XGH124",
        brand="bucaramanga",
        model="clasico",
        taxes=(iva("100000.00", "19000.00"),),
    ),
    sold("Bolsa", "100.00", "100.00", code="1", taxes=(bag_tax("50.00", "50.00", "1"),)),
)


def pos_ticket() -> DocumentSnapshot:
    """documento-equivalente-pos.xml: shoes with IVA, a bag with its tax per unit."""
    return DocumentSnapshot(
        document_type="20",
        environment="2",
        prefix="EPOS",
        number="EPOS002",
        issued_at=datetime(2022, 9, 7, 16, 31, 2, tzinfo=COLOMBIA),
        issuer=TICKET_ISSUER,
        buyer=final_consumer("20"),
        software=Software(
            "710d99d0-6d49-4e18-bb70-196d1b17785f",
            "2022516216",
            "1",
            "ThePos",
            "Erick Rico",
            "Chia.sas",
        ),
        lines=TICKET_LINES,
        tax_totals=(
            TaxTotal("01", D("19000.00"), (iva("100000.00", "19000.00"),)),
            TaxTotal("22", D("50.00"), (bag_tax("50.00", "50.00", "1"),)),
        ),
        totals=Totals(D("100100.00"), D("100000.00"), D("119150.00"), D("119150.00")),
        payments=(Payment("1", "10", date(2022, 3, 17)),),
        due_date=date(2022, 8, 31),
        range=NumberRange("18760000001", "EPOS", 1, 1000, date(2022, 1, 1), date(2030, 1, 1)),
        pos=PosInfo(
            "234566",
            "Gilbarco Encore 4 L1 - Manguera 17 AC",
            "nombre del cajero",
            "Caja de apoyo",
            "743992",
            D("100100.00"),
        ),
        beneficiary=Beneficiary("79907759", "Edison Hernandez", 100),
    )
