"""What a snapshot must satisfy to become a legal document; asked before anything is written.

The tolerance between sums is the authority's own (2.00, rules FAU02 to FAU14). Check digits are
only asked to be there: whether they are right is asked where a party is registered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from addons.l10n_co_dian.catalogue import HABILITATION, IVA, KINDS, NIT, PRODUCTION
from addons.l10n_co_dian.codes import CENT
from addons.l10n_co_dian.errors import SnapshotError
from addons.l10n_co_dian.snapshot import (
    Adjustment,
    DocumentSnapshot,
    Line,
    Party,
    Tax,
    TaxTotal,
    Treatment,
)
from addons.l10n_co_dian.ubl.text import clean
from core.i18n import LazyText, _

#: Document types that can be written: invoice, invoice in the authority's contingency, POS, and
#: the credit notes of both.
SUPPORTED: Final = frozenset({"01", "04", "20", "91", "94"})
TOLERANCE: Final = Decimal("2.00")
COLOMBIA: Final = timedelta(hours=-5)
_LIMIT: Final = Decimal(10**15)
_STEP6: Final = Decimal("0.000001")
_NUMBER: Final = re.compile(r"[A-Z0-9]{1,20}")
_IDENTITY: Final = re.compile(r"[A-Za-z0-9-]{1,20}")
_CODE: Final = re.compile(r"[0-9a-f]{96}")
_DATE_SIZED: Final = re.compile(r"[0-9A-Z]{1,3}")

Finding = tuple[str, LazyText]


def check(snapshot: DocumentSnapshot) -> None:
    """Raise ``SnapshotError`` naming every field that the document cannot be written with."""
    findings = dict(_findings(snapshot))
    if findings:
        first = next(iter(findings))
        raise SnapshotError(
            _(
                "The document {number} cannot be written: {field}: {reason}",
                number=snapshot.number,
                field=first,
                reason=findings[first],
            ),
            fields={field: str(reason) for field, reason in findings.items()},
        )


def _findings(snapshot: DocumentSnapshot) -> Iterator[Finding]:
    if snapshot.document_type not in SUPPORTED:
        yield "document_type", _("This kind of document is not written yet.")
        return
    yield from _identity(snapshot)
    yield from _numbering(snapshot)
    yield from _party("issuer", snapshot.issuer)
    yield from _party("buyer", snapshot.buyer)
    yield from _contents(snapshot)
    for index, line in enumerate(snapshot.lines, 1):
        yield from _line(f"lines.{index}", line)
    numbers = list(_numbers(snapshot))
    yield from numbers
    if not numbers:
        yield from _sums(snapshot)


def _identity(snapshot: DocumentSnapshot) -> Iterator[Finding]:
    if snapshot.environment not in {PRODUCTION, HABILITATION}:
        yield "environment", _("It must be 1 (production) or 2 (habilitation).")
    if snapshot.issued_at.utcoffset() != COLOMBIA:
        yield "issued_at", _("The time of issue must be Colombian time, five hours before UTC.")
    for field in ("code", "software_security_code"):
        if not _CODE.fullmatch(getattr(snapshot, field)):
            yield field, _("It must be 96 hexadecimal digits.")


def _numbering(snapshot: DocumentSnapshot) -> Iterator[Finding]:
    number, prefix, numbers = snapshot.number, snapshot.prefix, snapshot.range
    if not _NUMBER.fullmatch(number):
        yield "number", _("It must be letters and digits, without spaces.")
        return
    own = number.removeprefix(prefix)
    if not number.startswith(prefix) or not own.isdigit():
        yield "number", _("It must be the prefix followed by digits.")
        return
    if not KINDS[snapshot.document_type].has_range:
        return
    if numbers is None:
        yield "range", _("The numbering authorisation is missing.")
        return
    if numbers.prefix != prefix or not numbers.first <= int(own) <= numbers.last:
        yield "number", _("It is outside the authorised range.")
    if not numbers.valid_from <= snapshot.issue_date <= numbers.valid_to:
        yield "range", _("The numbering authorisation was not valid that day.")


def _party(field: str, party: Party) -> Iterator[Finding]:
    if not _IDENTITY.fullmatch(party.id_number):
        yield f"{field}.id_number", _("It must be letters and digits, without spaces.")
    if party.id_type == NIT and not (party.id_number.isdigit() and party.check_digit.isdigit()):
        yield f"{field}.check_digit", _("A NIT needs digits and its check digit.")
    if not clean(party.name):
        yield f"{field}.name", _("The name is missing.")
    if party.organisation not in {"1", "2"}:
        yield f"{field}.organisation", _("It must be 1 (company) or 2 (person).")


def _contents(snapshot: DocumentSnapshot) -> Iterator[Finding]:
    if not snapshot.lines:
        yield "lines", _("A document needs at least one line.")
    if not snapshot.payments or any(p.form not in {"1", "2"} for p in snapshot.payments):
        yield "payments", _("Say how it is paid: 1 cash or 2 credit, and the means.")
    if not all(_DATE_SIZED.fullmatch(p.means) for p in snapshot.payments):
        yield "payments", _("Say how it is paid: 1 cash or 2 credit, and the means.")
    if not re.fullmatch(r"[A-Z]{3}", snapshot.currency):
        yield "currency", _("It must be three capital letters, for instance COP.")
    if (snapshot.currency == "COP") != (snapshot.exchange is None):
        yield "exchange", _("A rate to pesos goes with another currency, and only with it.")
    if snapshot.document_type == "20" and snapshot.pos is None:
        yield "pos", _("A POS document must tell its till.")
    if snapshot.issuer.address is None:
        yield "issuer.address", _("The address of the seller is missing.")
    is_note = KINDS[snapshot.document_type].root != "Invoice"
    if is_note != (snapshot.correction is not None):
        yield "correction", _("A note, and only a note, says which document it corrects.")


def _line(field: str, line: Line) -> Iterator[Finding]:
    if not clean(line.description):
        yield f"{field}.description", _("The description is missing.")
    if not any(map(clean, (line.gtin, line.unspsc, line.code))):
        yield f"{field}.code", _("The product needs a code, its own or a standard one.")
    if not clean(line.unit_code):
        yield f"{field}.unit_code", _("The unit is missing.")
    if not line.quantity.is_finite() or line.quantity <= 0:
        yield f"{field}.quantity", _("The quantity must be more than zero.")
    vat = [tax for tax in line.taxes if tax.code == IVA]
    if line.treatment is Treatment.EXCLUDED and vat:
        yield f"{field}.taxes", _("An excluded line has no IVA, not even at 0 %.")
    if line.treatment is Treatment.EXEMPT and not (vat and all(t.rate == 0 for t in vat)):
        yield f"{field}.taxes", _("An exempt line has IVA at 0 %.")


def _numbers(snapshot: DocumentSnapshot) -> Iterator[Finding]:
    for field, value, step in _figures(snapshot):
        if not value.is_finite() or abs(value) >= _LIMIT:
            yield field, _("It is not a number that a document can carry.")
        elif value < 0 and field != "totals.rounding":
            yield field, _("It cannot be negative.")
        elif value != value.quantize(step):
            yield field, _("It has too many decimals.")
    for field, tax in _taxes(snapshot):
        by_rate = tax.rate is not None and tax.base is not None
        by_unit = tax.unit_amount is not None and tax.unit_quantity is not None
        if by_rate == by_unit or not clean(tax.code):
            yield field, _("A tax has either a rate and a base, or an amount per unit.")


def _taxes(snapshot: DocumentSnapshot) -> Iterator[tuple[str, Tax]]:
    for index, line in enumerate(snapshot.lines, 1):
        for tax in (*line.taxes, *line.withholdings):
            yield f"lines.{index}.taxes.{tax.code}", tax
    for total in (*snapshot.tax_totals, *snapshot.withholdings):
        for tax in total.parts:
            yield f"tax_totals.{tax.code}", tax


def _figures(snapshot: DocumentSnapshot) -> Iterator[tuple[str, Decimal, Decimal]]:
    totals = snapshot.totals
    for name in totals.__slots__:
        yield f"totals.{name}", getattr(totals, name), CENT
    for index, line in enumerate(snapshot.lines, 1):
        field = f"lines.{index}"
        yield f"{field}.quantity", line.quantity, _STEP6
        yield f"{field}.unit_price", line.unit_price, _STEP6
        yield f"{field}.gross", line.gross, CENT
        yield f"{field}.discount", line.discount, CENT
        yield f"{field}.extension", line.extension, CENT
        if line.reference_price is not None:
            yield f"{field}.reference_price", line.reference_price, _STEP6
        yield from _adjustment_figures(f"{field}.adjustments", line.adjustments)
    yield from _adjustment_figures("adjustments", snapshot.adjustments)
    for tax_total in (*snapshot.tax_totals, *snapshot.withholdings):
        yield f"tax_totals.{tax_total.code}", tax_total.amount, CENT
    for field, tax in _taxes(snapshot):
        yield from _tax_figures(field, tax)
    if snapshot.pos is not None:
        yield "pos.subtotal", snapshot.pos.subtotal, CENT
    if snapshot.exchange is not None:
        yield "exchange.rate", snapshot.exchange.rate, _STEP6


def _adjustment_figures(
    field: str, adjustments: Iterable[Adjustment]
) -> Iterator[tuple[str, Decimal, Decimal]]:
    for adjustment in adjustments:
        yield f"{field}.amount", adjustment.amount, CENT
        yield f"{field}.base", adjustment.base, CENT
        yield f"{field}.percent", adjustment.percent, _STEP6


def _tax_figures(field: str, tax: Tax) -> Iterator[tuple[str, Decimal, Decimal]]:
    yield f"{field}.amount", tax.amount, CENT
    if tax.base is not None:
        yield f"{field}.base", tax.base, CENT
    for name, value in (
        ("rate", tax.rate),
        ("unit_amount", tax.unit_amount),
        ("unit_quantity", tax.unit_quantity),
    ):
        if value is not None:
            yield f"{field}.{name}", value, _STEP6


def _sums(snapshot: DocumentSnapshot) -> Iterator[Finding]:
    totals = snapshot.totals
    different = _("It is not the sum of its parts.")
    if _apart(totals.extension, sum((x.extension for x in snapshot.lines), Decimal(0))):
        yield "totals.extension", different
    taxes = sum((t.amount for t in snapshot.tax_totals), Decimal(0))
    if _apart(totals.tax_inclusive, totals.extension + taxes):
        yield "totals.tax_inclusive", different
    payable = totals.tax_inclusive - totals.allowances + totals.charges + totals.rounding
    if _apart(totals.payable, payable) and _apart(totals.payable, payable - totals.prepaid):
        yield "totals.payable", different
    for total in snapshot.tax_totals:
        yield from _tax_sum(total, snapshot.lines)
    for index, line in enumerate(snapshot.lines, 1):
        adjusted = sum((a.amount if a.charge else -a.amount for a in line.adjustments), Decimal(0))
        is_gift = line.reference_price is not None
        if not is_gift and _apart(line.extension, line.gross - line.discount + adjusted):
            yield f"lines.{index}.extension", different


def _tax_sum(total: TaxTotal, lines: Iterable[Line]) -> Iterator[Finding]:
    parts = sum((part.amount for part in total.parts), Decimal(0))
    from_lines = sum(
        (t.amount for line in lines for t in line.taxes if t.code == total.code), Decimal(0)
    )
    if _apart(total.amount, parts) or _apart(total.amount, from_lines):
        yield f"tax_totals.{total.code}", _("It is not the sum of its parts.")


def _apart(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) > TOLERANCE
