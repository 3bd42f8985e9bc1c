"""Making the signed file of a version: build, sign, check against the authority's schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from addons.edi.models import FileCounter
from core.errors import BadInputError
from core.process import process_of

if TYPE_CHECKING:
    from addons.edi.signers import Signer
    from addons.edi.standing import Standing
    from core.events.consumers import Task
    from core.tenancy import TenantSession

#: A step to write down: its name, what came of it, and the details.
Taken = tuple[str, str, dict[str, Any]]

#: File names count by the year of the authority.
_ZONE = ZoneInfo("America/Bogota")


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed file, and how its name is counted when it is stored."""

    xml: bytes = field(repr=False)
    steps: tuple[Taken, ...]
    file_name: Callable[[TenantSession], str]


@dataclass(frozen=True, slots=True)
class Unwritable:
    """Why a version cannot become a document; only another version can mend it."""

    steps: tuple[Taken, ...]


def sign_version(task: Task, standing: Standing) -> Signed | Unwritable:
    """Build, sign with the true time, and check; outside any transaction of ours."""
    with task.unit(writes=False) as session:
        signer = standing.signer(session)
    form = signer.form
    try:
        xml = form.build(standing.snapshot, standing.builder_version)
    except BadInputError as wrong:
        return Unwritable((("build", "rejected", {"rules": _as_rules(wrong)}),))
    role = str(signer.issuer.details.get("signer_role", "supplier"))
    signed = form.sign(xml, signer.identity, task.clock.now(), role=role)
    process = process_of(task.database)
    faults = form.validate(signed, process.schemas or process.folder)
    made: list[Taken] = [("build", "done", {}), ("sign", "done", {})]
    if faults:
        rules = [{"rule": "XSD", "text": fault, "warning": False} for fault in faults]
        return Unwritable((*made, ("validate", "rejected", {"rules": rules})))
    made.append(("validate", "not_checked" if faults is None else "done", {}))
    return Signed(signed, tuple(made), lambda session: _name(session, signer, standing))


def _name(session: TenantSession, signer: Signer, standing: Standing) -> str:
    year = session.clock.now().astimezone(_ZONE).year
    number = _count(session, signer.issuer.id, year)
    return signer.form.file_name(standing.snapshot, year, number)


def _count(session: TenantSession, issuer_id: UUID, year: int) -> int:
    """Count one more file of an issuer in a year; the row is held until the file is stored."""
    query = select(FileCounter).where(FileCounter.issuer_id == issuer_id, FileCounter.year == year)
    query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        row = _first_of(session, issuer_id, year) or session.scalars(query).one()
    row.last += 1
    session.flush()
    return row.last


def _first_of(session: TenantSession, issuer_id: UUID, year: int) -> FileCounter | None:
    """Begin to count an issuer's year; None when another worker began it at the same moment."""
    row = FileCounter(issuer_id=issuer_id, year=year, last=0)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row


def _as_rules(wrong: BadInputError) -> list[dict[str, Any]]:
    fields = wrong.fields or {"document": str(wrong)}
    return [
        {"rule": name, "text": str(reason), "warning": False} for name, reason in fields.items()
    ]
