"""Writes the lines of a command into the rows of a record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from core.errors import BadInputError
from core.i18n import _
from core.resources.commands import Line
from core.tenancy import TenantBound, TenantSession

R = TypeVar("R", bound=TenantBound)
L = TypeVar("L", bound=Line)


def keep_lines(  # noqa: PLR0913 - all by name but the three that every caller gives
    session: TenantSession,
    rows: list[R],
    lines: Sequence[L],
    *,
    make: Callable[[], R],
    fill: Callable[[R, L], None],
    refuse_removal: Callable[[R], object] | None = None,
    field: str = "lines",
) -> None:
    """Make ``rows``, a list of an owned relationship, what ``lines`` say.

    Lines are matched by id: a row whose values stay is not written, one that no line names is
    removed (or refused, when ``refuse_removal`` gives a reason), and a line without id makes a row.
    Rows with a ``position`` are numbered in the order of the lines. What ``fill`` refuses by field
    is told beside the cell of its line.
    """
    known = {row.id: row for row in rows}
    _check_ids(known, lines, field)
    named = {line.id for line in lines}
    gone = [row for key, row in known.items() if key not in named]
    reasons = [reason for row in gone if refuse_removal and (reason := refuse_removal(row))]
    if reasons:
        raise BadInputError(reasons[0], fields={field: reasons[0]})
    for row in gone:
        rows.remove(row)
    if gone:
        # What a removed row was unique for may be given to a new one.
        session.flush()
    for place, line in enumerate(lines):
        row = known[line.id] if line.id is not None else make()
        try:
            fill(row, line)
        except BadInputError as error:
            raise _placed(error, f"{field}.{place}") from error
        if hasattr(row, "position"):
            numbered: Any = row
            numbered.position = place
        if line.id is None:
            rows.append(row)


def _check_ids(known: dict[Any, Any], lines: Sequence[Line], field: str) -> None:
    seen: set[object] = set()
    wrong: dict[str, object] = {}
    for place, line in enumerate(lines):
        if line.id is None:
            continue
        if line.id not in known:
            wrong[f"{field}.{place}"] = _("This line does not exist any more.")
        elif line.id in seen:
            wrong[f"{field}.{place}"] = _("This line is there twice.")
        seen.add(line.id)
    if wrong:
        raise BadInputError(_("Some values are not right."), fields=wrong)


def _placed(error: BadInputError, place: str) -> BadInputError:
    fields = {f"{place}.{name}": text for name, text in error.fields.items()}
    codes = {f"{place}.{name}": code for name, code in error.codes.items()}
    return BadInputError(error.message, fields=fields or {place: error.message}, codes=codes)
