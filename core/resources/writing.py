"""The one door for changes: screen, API, import and task pass it, so that rules hold for all.

Each change locks its record, checks the version that was read, calls the addon's service, writes
the audit log and bumps the epoch of the business. The version moves by itself, with the record and
with its lines (``core.db.aggregate``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from core.audit.services import record as audit
from core.db.base import Base, Posted
from core.db.relations import OWNED
from core.errors import BadInputError, ConflictError, ForbiddenError
from core.i18n import _
from core.resources.actions import Action
from core.resources.changes import changed_fields
from core.resources.commands import Command, Reference, input_of, line_of
from core.resources.declaration import M, Resource
from core.resources.errors import ActionRefusedError, StaleError, VersionMissingError
from core.resources.reading import Reach, find, not_found
from core.resources.rules import check_rules
from core.tenancy import Establishment, TenantSession
from core.tenancy.cache import bump_epoch


@dataclass(frozen=True, slots=True)
class Door(Generic[M]):
    """Changes records of one resource, in one unit of work, for somebody with a ``reach``."""

    resource: Resource[M]
    session: TenantSession
    reach: Reach

    def create(self, command: Command) -> M:
        """Make a record."""
        service = self.resource.create
        if service is None:
            raise ForbiddenError(_("This list cannot be changed here."))
        self._check_references(command)
        check_rules(self.resource.rules, command, None)
        made: M = self._served(lambda: self._whole(command, lambda own: service(self.session, own)))
        self._check_place(made)
        self._check_move(made, None)
        self._written("create", made, changed_fields({}, self.resource.values_of(made)))
        return made

    def update(self, key: UUID, expected: int | None, command: Command) -> M:
        """Change a record that is still as it was read."""
        service = self.resource.update
        found = self._locked(key)
        if service is None:
            raise ForbiddenError(_("This list cannot be changed here."))
        self._check_version(found, expected)
        self._check_references(command)
        before, state = self.resource.values_of(found), self._state(found)
        check_rules(self.resource.rules, command, before)
        self._served(lambda: self._whole(command, lambda own: service(self.session, found, own)))
        self._check_place(found)
        self._check_move(found, state)
        changes = changed_fields(before, self.resource.values_of(found))
        if changes:
            self._written("update", found, changes)
        return found

    def act(self, action: Action[M], key: UUID, expected: int | None) -> M:
        """Do an action to a record that is still as it was read, where its state allows it."""
        found = self._locked(key)
        self._check_version(found, expected)
        if not action.is_open(found):
            raise ActionRefusedError(
                _("«{action}» cannot be done to this record now.", action=action.label),
                action=action.name,
            )
        before, state = self.resource.values_of(found), self._state(found)
        self._served(lambda: action.service(self.session, found))
        self._check_place(found)
        self._check_move(found, state)
        changes = changed_fields(before, self.resource.values_of(found))
        now = self._state(found)
        if self.resource.states is not None and now != state:
            changes.setdefault(self.resource.states.name, (state, now))
        self._written(action.name, found, changes)
        return found

    def archive(self, key: UUID, expected: int | None) -> M:
        """Put a record away; it stays in whatever mentions it. Doing it again changes nothing."""
        found = self._locked(key)
        if not self.resource.is_archivable:
            raise ForbiddenError(_("This list cannot be changed here."))
        record: Any = found
        if record.archived_at is None:
            self._check_version(found, expected)
            if self.resource.archive is not None:
                self.resource.archive(self.session, found)
            record.archived_at = self.session.clock.now()
            self._written("archive", found, {})
        return found

    def restore(self, key: UUID) -> M:
        """Take a record back into use."""
        found = self._locked(key)
        if not self.resource.is_archivable:
            raise ForbiddenError(_("This list cannot be changed here."))
        record: Any = found
        if record.archived_at is not None:
            record.archived_at = None
            self._written("restore", found, {})
        return found

    def _whole(self, command: Command, own: Callable[[Any], M]) -> M:
        """Call the resource's service with its own command, then what other addons added."""
        parts = {part.key: part for part in self.resource.parts}
        if not parts:
            return own(command)
        bare = self.resource.own_command
        if bare is None:
            raise ForbiddenError(_("This list cannot be changed here."))
        record = own(bare(**{name: value for name, value in command if name not in parts}))
        self.session.flush()
        for key, part in parts.items():
            said = getattr(command, key)
            if said is None:
                continue
            try:
                part.save(self.session, record, said)
            except BadInputError as error:
                fields = {f"{key}.{name}": text for name, text in error.fields.items()}
                raise BadInputError(error.message, fields=fields, codes=error.codes) from error
        return record

    def _locked(self, key: UUID) -> M:
        """Lock a record that may be seen; refuse when it may only be seen."""
        resource = self.resource
        found = find(resource, self.session, self.reach, key)
        if resource.establishment is not None and self.reach.write is not None:
            place = getattr(found, str(resource.establishment.key))
            if place not in self.reach.write:
                raise ForbiddenError(_("You may not do this. Ask the owner of the business."))
        if issubclass(resource.model, Posted):
            # Never changed, so there is nothing to lock: the service locks what it moves.
            return found
        query = select(resource.model).where(resource.id == key).with_for_update()
        locked = self.session.scalars(query, execution_options={"populate_existing": True}).first()
        if locked is None:
            raise not_found()
        return locked

    def _check_version(self, found: M, expected: int | None) -> None:
        if not self.resource.is_versioned:
            return
        now: int = getattr(found, "version")  # noqa: B009 - only versioned models have one
        if expected is None:
            raise VersionMissingError(
                _("Say which version you read: send If-Match with the ETag of the record.")
            )
        if expected != now:
            raise _stale(version=now)

    def _check_references(self, command: Command) -> None:
        """Refuse the id of a record that is not there, or of a forbidden place."""
        wrong = {
            place: _("Choose one of the list.")
            for place, reference, said in _references(command)
            if not self._may_point(reference, said)
        }
        if wrong:
            raise BadInputError(_("Some values are not right."), fields=wrong)

    def _may_point(self, reference: Reference, said: UUID) -> bool:
        row = self.session.get(reference.model, (self.session.tenant_id, said))
        places = self.reach.write if reference.model is Establishment else None
        return row is not None and (places is None or said in places)

    def _check_place(self, written: M) -> None:
        """Refuse to leave a record where whoever writes may not write."""
        place = self.resource.establishment
        if place is None or self.reach.write is None:
            return
        if getattr(written, str(place.key)) not in self.reach.write:
            text = _("Choose one of your establishments.")
            raise BadInputError(text, fields={str(place.key): text})

    def _state(self, record: M) -> str:
        states = self.resource.states
        return "" if states is None else str(getattr(record, states.name))

    def _check_move(self, record: M, before: str | None) -> None:
        """Refuse a change of state that the life of the record does not have."""
        states, after = self.resource.states, self._state(record)
        if states is None or (before is None and after in states.known):
            return
        if before is None or not states.allows(before, after):
            raise ActionRefusedError(
                _("A record cannot go from «{before}» to «{after}».", before=before, after=after)
            )

    def _served(self, service: Callable[[], Any]) -> Any:
        try:
            # A savepoint: what a broken rule of the database undoes is this call only.
            with self.session.begin_nested():
                served = service()
                self.session.flush()
        except IntegrityError as error:
            raise _told(error, self.resource) from error
        except StaleDataError as error:
            raise _stale() from error
        return served

    def _written(self, verb: str, written: M, changes: Mapping[str, tuple[object, object]]) -> None:
        kind = self.resource.object_type
        details = {name: list(change) for name, change in changes.items()}
        told: dict[str, Any] = details if verb == "create" else {"changes": details}
        audit(self.session, f"{kind}.{verb}", kind, written.id, **(told if details else {}))
        bump_epoch(self.session)
        self.session.flush()


def _stale(**context: object) -> StaleError:
    return StaleError(
        _("Somebody saved this record after you opened it. Check it and save again."), **context
    )


def _references(command: Command, place: str = "") -> Iterator[tuple[str, Reference, UUID]]:
    """Give every id in a command that names another record, with its place, lines included."""
    for name, field in type(command).model_fields.items():
        said = getattr(command, name)
        reference = input_of(name, field).reference
        if reference is not None and said is not None:
            yield f"{place}{name}", reference, said
        elif isinstance(said, Command):
            yield from _references(said, f"{place}{name}.")
        elif line_of(field) is not None:
            for index, line in enumerate(said or ()):
                yield from _references(line, f"{place}{name}.{index}.")


def _told(error: IntegrityError, resource: Resource[Any]) -> Exception:
    """Say which field has what another record has; what else is broken is a conflict."""
    command = resource.command
    text = _("Another record has this already. Write a different one.")
    for table, place in _tables(resource):
        column = _taken_column(error, table)
        if column and command and (place or column) in command.model_fields:
            return BadInputError(_("Some values are not right."), fields={place or column: text})
    return ConflictError(_("This does not go together with what is already saved."))


def _tables(resource: Resource[Any]) -> Iterator[tuple[str, str]]:
    """Give the tables that a command writes, each with the field that its lines are in."""
    yield resource.table, ""
    for relation in inspect(resource.model).relationships:
        if relation.info.get(OWNED):
            yield str(relation.mapper.class_.__tablename__), relation.key


def _taken_column(error: IntegrityError, table: str) -> str:
    """Give the last column of the unique key that is taken, by what the database says of it."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        constraints = Base.metadata.tables[table].constraints
        for one in constraints:
            if one.name == diagnosis.constraint_name:
                columns: Any = getattr(one, "columns", ())
                return str([column.name for column in columns][-1])
        return ""
    said = str(error.orig)
    start = "UNIQUE constraint failed: "
    last = said.removeprefix(start).rpartition(", ")[2] if said.startswith(start) else ""
    return last.removeprefix(f"{table}.") if last.startswith(f"{table}.") else ""
