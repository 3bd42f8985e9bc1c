"""A list as a spreadsheet, written while it is read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from core.resources.cells import sheet_cell
from core.resources.declaration import M, Resource
from core.resources.reading import Asked, Reach, names_for, read_all, visible_columns, without_place
from core.tenancy import TenantSession

#: Tells spreadsheets that the file is UTF-8.
_MARK = "\ufeff"


def csv_lines(
    resource: Resource[M], session: TenantSession, reach: Reach, asked: Asked
) -> Iterator[str]:
    """Write every matching record, visible columns only; no value can run as a formula.

    Decimals have a point, days and moments are ISO 8601, so that programs read them too.
    """
    columns = visible_columns(resource, reach)
    yield _MARK + _line([str(column.label) for column in columns])
    for records in read_all(resource, session, reach, without_place(asked)):
        names = names_for(session, columns, records)
        # The next chunk reads a snapshot of its own: no transaction is as long as the download.
        session.commit()
        yield "".join(
            _line([sheet_cell(column, record, names) for column in columns]) for record in records
        )


def _line(cells: Sequence[str]) -> str:
    written = StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
