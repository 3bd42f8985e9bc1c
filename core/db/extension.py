"""What one addon knows about a record of another: a row of its own beside it, never a column in it.

::

    class PartnerDian(Extension, Base):
        __tablename__ = "l10n_co_dian_partner"
        extends = "contacts_partner"
        known_as = "dian"
        regime: Mapped[str] = mapped_column(default="49")

``PartnerDian.of(partner)`` always answers: the row, or a frozen default where there is none.
``PartnerDian.edit(partner)`` makes the row when it is needed. Templates write ``partner.dian``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self
from uuid import UUID

from sqlalchemy import Table, event, select
from sqlalchemy.orm import Session, object_session

from core.db.ownership import OwnershipError, addon_of
from core.db.relations import tenant_foreign_key
from core.errors import PlatformError
from core.i18n import _
from core.tenancy.models import TenantBound

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession

_FROZEN: Final = "_frozen_default"

#: (table extended, attribute) to the class, for templates.
_extensions: Final[dict[tuple[str, str], type[Extension]]] = {}


class ExtensionDisabledError(PlatformError):
    """The business does not use the addon whose data was asked for."""

    code: ClassVar[str] = "addons.extension_disabled"
    http_status: ClassVar[int] = 404


class FrozenDefaultError(PlatformError):
    """Somebody wanted to change the default that stands for a missing row."""

    code: ClassVar[str] = "db.frozen_default"
    http_status: ClassVar[int] = 500


class Extension(TenantBound):
    """Mix in before the addon's Base; the row has the key of the record it extends.

    Every column needs a default or may be empty, so that a missing row has a meaning. The row goes
    when the record goes. ``known_as`` is the attribute in templates.
    """

    extends: ClassVar[str]
    known_as: ClassVar[str]

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        table = getattr(cls, "__table__", None)
        if not isinstance(table, Table):
            raise OwnershipError(f"{cls.__name__}: mix Extension in before the addon's Base")
        for column in table.columns:
            if not column.primary_key and not column.nullable and column.default is None:
                raise OwnershipError(
                    f"{cls.__name__}.{column.name} needs a default: most records have no row"
                )
        table.append_constraint(tenant_foreign_key("id", cls.extends, ondelete="CASCADE"))
        _extensions[cls.extends, cls.known_as] = cls

    @classmethod
    def of(cls, record: TenantBound) -> Self:
        """Give the row of ``record``, or a default that cannot be changed or saved."""
        session = cls._session(record)
        return session.get(cls, (record.tenant_id, record.id)) or cls._default(record)

    @classmethod
    def of_many(cls, records: Sequence[TenantBound]) -> dict[UUID, Self]:
        """Give the rows of ``records`` of one kind by their ids, with one query for all."""
        if not records:
            return {}
        session = cls._session(records[0])
        wanted = [record.id for record in records]
        rows = {row.id: row for row in session.scalars(select(cls).where(cls.id.in_(wanted)))}
        return {record.id: rows.get(record.id) or cls._default(record) for record in records}

    @classmethod
    def edit(cls, record: TenantBound) -> Self:
        """Give the row of ``record`` to be changed; one is made where there is none."""
        session = cls._session(record)
        found = session.get(cls, (record.tenant_id, record.id))
        if found is None:
            found = cls(**cls._values(record))
            session.add(found)
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        if self.__dict__.get(_FROZEN):
            raise FrozenDefaultError(
                f"{type(self).__name__} has no row here: change it through edit()"
            )
        super().__setattr__(name, value)

    @classmethod
    def _default(cls, record: TenantBound) -> Self:
        made = cls(**cls._values(record))
        made.__dict__[_FROZEN] = True
        return made

    @classmethod
    def _values(cls, record: TenantBound) -> dict[str, Any]:
        mapper = cls.__mapper__  # type: ignore[attr-defined] # Base, mixed in after, sets it
        values: dict[str, Any] = {"tenant_id": record.tenant_id, "id": record.id}
        for attribute in mapper.column_attrs:
            (column,) = attribute.columns
            if column.primary_key or column.default is None:
                continue
            made = column.default.arg
            values[attribute.key] = made if column.default.is_scalar else made(None)
        return values

    @classmethod
    def _session(cls, record: TenantBound) -> TenantSession:
        if record.__tablename__ != cls.extends:  # type: ignore[attr-defined] # mapped classes have it
            raise OwnershipError(f"{cls.__name__} extends {cls.extends}, not {record}")
        session: Any = object_session(record)
        if session is None:
            raise OwnershipError(f"{record} is in no session: load or add it first")
        table: Table = cls.__table__  # type: ignore[attr-defined] # likewise
        addon = addon_of(table)
        runs = table.metadata.tables.get(table.key) is table
        if addon not in session.enabled or not runs:
            raise ExtensionDisabledError(_("{addon} is not switched on.", addon=addon), addon=addon)
        if record in session.new:
            session.flush()
        found: TenantSession = session
        return found


def extension_of(record: object, attribute: str) -> Extension:
    """Give what a template means by ``partner.dian``; ``AttributeError`` when nothing is meant."""
    table = getattr(record, "__tablename__", None)
    found = _extensions.get((str(table), attribute))
    if found is None or not isinstance(record, TenantBound):
        raise AttributeError(attribute)
    return found.of(record)


@event.listens_for(Session, "before_attach")
def _refuse_frozen(_session: Session, instance: object) -> None:
    if isinstance(instance, Extension) and instance.__dict__.get(_FROZEN):
        raise FrozenDefaultError("a default that stands for a missing row is never saved")
