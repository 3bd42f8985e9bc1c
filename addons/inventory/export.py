"""Lists as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from flask import Response

#: A spreadsheet takes a cell that begins with one of these for a formula and runs it.
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

#: What could end the name of a file in a header, or lead elsewhere.
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")

Cell = str | Decimal | datetime | None


def csv_of(headings: Sequence[object], rows: Iterable[Sequence[Cell]]) -> str:
    """Write rows with their headings: numbers plain with a point, moments in ISO 8601 (UTC).

    Text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_cell(str(heading)) for heading in headings])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def download(name: str, text: str) -> Response:
    """Answer with a file of that name; the mark in front tells spreadsheets that it is UTF-8."""
    answer = Response("\ufeff" + text, mimetype="text/csv")
    safe = _UNSAFE.sub("-", name)
    answer.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    return answer


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
