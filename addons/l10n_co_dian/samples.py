"""A fictitious shop and its documents, complete and correct: for benchmarks, tests and demos."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final

from addons.l10n_co_dian.catalogue import HABILITATION, IVA, KINDS, NIT, Formula
from addons.l10n_co_dian.codes import check_digit, cude, cufe, software_security_code
from addons.l10n_co_dian.snapshot import (
    Address,
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
    code_input,
    final_consumer,
)

#: The public numbering key of the authority's habilitation range SETP, and an invented PIN.
SAMPLE_KEY: Final = "fc8eac422eba16e22ffd8c6f94b3f40a6e38162c"
SAMPLE_PIN: Final = "75315"
SAMPLE_NIT: Final = "900123456"
_PRICE, _TAX = Decimal("20000.00"), Decimal("3800.00")

SAMPLE_SHOP: Final = Party(
    organisation="1",
    id_type=NIT,
    id_number=SAMPLE_NIT,
    check_digit=str(check_digit(SAMPLE_NIT)),
    name="Panadería La Guadua S.A.S.",
    trade_name="Panadería La Guadua",
    address=Address(
        line="Carrera 14 # 21-35",
        municipality_code="63001",
        municipality="Armenia",
        department_code="63",
        department="Quindío",
        postal_code="630004",
    ),
    responsibilities=("O-47",),
    regime="48",
    tax_scheme=IVA,
    email="facturas@laguadua.example",
    activity="1081",
)


def sample_document(
    document_type: str = "20", *, lines: int = 10, issued_at: datetime | None = None
) -> DocumentSnapshot:
    """Give a document of ``lines`` lines with 19 % IVA, its code computed with the sample secrets.

    ``document_type`` is "01" or "20". Each line costs 20,000.00 before IVA.
    """
    kind = KINDS[document_type]
    total_tax = lines * _TAX
    prefix = "SETP" if kind.formula is Formula.CUFE else "EPOS"
    bare = DocumentSnapshot(
        document_type=document_type,
        environment=HABILITATION,
        prefix=prefix,
        number=f"{prefix}990000123",
        issued_at=issued_at
        or datetime(2026, 11, 21, 9, 0, 5, tzinfo=timezone(timedelta(hours=-5))),
        issuer=SAMPLE_SHOP,
        buyer=final_consumer(document_type),
        software=Software(
            id="2d2f8f4e-0d0b-4a53-9d5a-6f1f1f8f3c11",
            provider_nit=SAMPLE_NIT,
            provider_check_digit=SAMPLE_SHOP.check_digit,
            name="Guadua",
            maker="Ana María Ríos",
            company="Panadería La Guadua S.A.S.",
        ),
        lines=tuple(_line(position) for position in range(1, lines + 1)),
        tax_totals=(TaxTotal(IVA, total_tax, (_iva(lines),)),),
        totals=Totals(
            extension=lines * _PRICE,
            tax_exclusive=lines * _PRICE,
            tax_inclusive=lines * _PRICE + total_tax,
            payable=lines * _PRICE + total_tax,
        ),
        payments=(Payment("1", "10", date(2026, 11, 21)),),
        range=NumberRange(
            resolution="18760000001",
            prefix=prefix,
            first=990_000_000,
            last=995_000_000,
            valid_from=date(2019, 1, 19),
            valid_to=date(2030, 1, 19),
        ),
        pos=_till(lines * _PRICE) if document_type == "20" else None,
    )
    return coded(bare)


def coded(snapshot: DocumentSnapshot) -> DocumentSnapshot:
    """Give ``snapshot`` with its code and software fingerprint, from the sample secrets."""
    if KINDS[snapshot.document_type].formula is Formula.CUFE:
        code = cufe(code_input(snapshot, SAMPLE_KEY))
    else:
        code = cude(code_input(snapshot, SAMPLE_PIN))
    fingerprint = software_security_code(snapshot.software.id, SAMPLE_PIN, snapshot.number)
    return replace(snapshot, code=code, software_security_code=fingerprint)


def _iva(times: int) -> Tax:
    return Tax(IVA, amount=times * _TAX, rate=Decimal(19), base=times * _PRICE)


def _line(position: int) -> Line:
    return Line(
        description=f"Torta de chocolate de la casa, número {position}",
        quantity=Decimal(2),
        unit_code="94",
        unit_price=Decimal("10000.00"),
        gross=_PRICE,
        extension=_PRICE,
        taxes=(_iva(1),),
        code=f"TORTA-{position:04d}",
        gtin=f"77000000{position:05d}",
    )


def _till(subtotal: Decimal) -> PosInfo:
    return PosInfo(
        till_plate="CAJA-01",
        till_location="Carrera 14 # 21-35, Armenia",
        cashier="Luisa Gómez",
        till_type="Caja principal",
        sale_code="V-000123",
        subtotal=subtotal,
    )
