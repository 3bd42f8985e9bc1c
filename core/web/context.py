"""The request as views see it: who acts, for which business, what they may do, and a session.

Views call ``current()``; nothing of Flask's request is needed to decide about access or data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from flask import g

from core.auth.errors import LogInNeededError, NoBusinessError
from core.auth.lookup import Standing
from core.auth.policy import known_addons, known_rights
from core.auth.principal import Principal, Rights
from core.errors import ForbiddenError
from core.i18n import _
from core.tenancy import TenantRef, TenantSession
from core.web.cookies import Cookie

if TYPE_CHECKING:
    from core.addons.hooks import EnabledHooks
    from core.web.platform import Platform

_NOWHERE: Final[frozenset[UUID]] = frozenset()


@dataclass(slots=True)
class RequestContext:
    """One request: never kept beyond it, never shared between threads."""

    platform: Platform
    request_id: str
    nonce: str
    cookie: Cookie
    #: Asks the database who sent the request; called at most once.
    identify: Callable[[], Standing | None] = field(repr=False)
    #: The id of the log-in that began while this request was answered.
    new_login: bytes = b""
    #: What ends with the request.
    closing: ExitStack = field(default_factory=ExitStack, repr=False)
    _standing: Standing | None = None
    _asked: bool = False
    _rights: Rights | None = None
    _enabled: frozenset[str] | None = None
    _session: TenantSession | None = field(default=None, repr=False)
    _notices: list[tuple[str, str, str]] | None = None

    @property
    def standing(self) -> Standing | None:
        """What one query told about who asks; None when nobody logged in."""
        if not self._asked:
            self._asked = True
            self._standing = self.identify()
        return self._standing

    @property
    def visitor(self) -> Principal | None:
        """Who acts, or None when nobody logged in."""
        return self.standing.principal if self.standing else None

    @property
    def asked(self) -> bool:
        """Whether anybody wanted to know who sent the request."""
        return self._asked

    def refuse_strangers(self) -> None:
        """Refuse when nobody logged in."""
        self._known()

    def refuse_without_business(self) -> None:
        """Refuse when no business was chosen."""
        self.tenant  # noqa: B018 - it refuses

    @property
    def principal(self) -> Principal:
        """Who acts; refuses when nobody logged in."""
        return self._known().principal

    @property
    def tenant(self) -> TenantRef:
        """The business that is worked for; refuses when none was chosen."""
        tenant = self._known().tenant
        if tenant is None:
            raise NoBusinessError(_("Choose the business you want to work for."))
        return tenant

    @property
    def login(self) -> bytes:
        """The id of the log-in; a program has none and is refused."""
        login = self._known().login
        if not login:
            raise ForbiddenError(_("A program cannot do this: log in."))
        return login

    @property
    def epoch(self) -> int:
        """The epoch of the business at the beginning of this request."""
        return self._known().epoch

    @property
    def enabled(self) -> frozenset[str]:
        """The addons that the business switched on and that run here."""
        if self._enabled is None:
            known = known_addons(self._reader())
            self._enabled = known.intersection(self.platform.registry.running)
            self._reader().enabled = self._enabled
        return self._enabled

    @property
    def hooks(self) -> EnabledHooks:
        """The hooks of the addons in ``enabled``."""
        return self.platform.registry.enabled(self.enabled)

    @property
    def rights(self) -> Rights:
        """Every permission held, and where; those of addons that are off are not in it."""
        if self._rights is None:
            self._rights = known_rights(self.read(), self.principal, self.platform.permissions)
        return self._rights

    def can(self, permission: str) -> bool:
        """Tell whether the one who acts holds ``permission`` somewhere; an unknown name raises."""
        self.platform.permissions.addon_of(permission)
        return permission in self.rights

    def establishments(self, permission: str) -> frozenset[UUID] | None:
        """Tell where ``permission`` is held: None means everywhere, an empty set nowhere."""
        self.platform.permissions.addon_of(permission)
        return self.rights.get(permission, _NOWHERE)

    def require(self, permission: str, establishment: UUID | None = None) -> None:
        """Refuse unless ``permission`` is held, in ``establishment`` where one is given."""
        where = self.establishments(permission)
        if where is None or (where and establishment is None) or establishment in where:
            return
        raise ForbiddenError(_("You may not do this. Ask the owner of the business."))

    def read(self) -> TenantSession:
        """Give the session that this request reads with; it begins when used and ends for you."""
        session = self._reader()
        session.enabled = self.enabled
        return session

    @contextmanager
    def write(self) -> Iterator[TenantSession]:
        """Open a unit of work that commits at the end of the block and rolls back if it raises.

        Enter it when everything is parsed and checked: on SQLite it holds the one write turn.
        """
        session = self._session_of_its_own(writes=True)
        with self.platform.database.writing(), session, session.begin():
            yield session

    def hot(self) -> TenantSession:
        """Give a session without a transaction: what ``write_plan`` takes.

        It knows the facts of this request's epoch; the write itself finds out if they are old.
        It only reads: the write opens a transaction of its own, and on SQLite one that could write
        would keep the others out while it looks prices up.
        """
        return self._session_of_its_own(writes=False, epoch=self.epoch)

    def _session_of_its_own(self, *, writes: bool, epoch: int | None = None) -> TenantSession:
        self.pause_reading()
        return TenantSession(
            self.platform.database,
            tenant=self.tenant,
            clock=self.platform.clock,
            enabled=self.enabled,
            user_id=self.principal.user_id,
            writes=writes,
            epoch=epoch,
        )

    def flash(
        self, kind: Literal["ok", "warn", "bad", "info"], text: object, *, undo_url: str = ""
    ) -> None:
        """Say something on the next page that is shown; ``undo_url`` takes a POST."""
        self._notices = [*self.notices, (kind, str(text), undo_url)]

    @property
    def notices(self) -> list[tuple[str, str, str]]:
        """What waits to be said, those of this request included."""
        if self._notices is None:
            return list(self.standing.notices) if self.standing else []
        return self._notices

    def take_notices(self) -> list[tuple[str, str, str]]:
        """Give what waits to be said; it is said now."""
        taken, self._notices = self.notices, []
        return taken

    @property
    def notices_to_keep(self) -> list[tuple[str, str, str]] | None:
        """Give what the log-in must keep from now on, None when nothing changed."""
        kept = self._notices
        before = list(self.standing.notices) if self.standing else []
        return None if kept is None or kept == before or self.standing is None else kept

    def pause_reading(self) -> None:
        """End the read transaction: what was read stays usable, the next read sees what is new."""
        if self._session is not None and self._session.in_transaction():
            self._session.commit()

    def end(self) -> None:
        """Close what was opened; the request is over."""
        if self._session is not None:
            self._session.close()
            self._session = None
        self.closing.close()

    def _reader(self) -> TenantSession:
        if self._session is None:
            self._session = TenantSession(
                self.platform.database,
                tenant=self.tenant,
                clock=self.platform.clock,
                user_id=self.principal.user_id,
                epoch=self.epoch,
            )
        return self._session

    def _known(self) -> Standing:
        if self.standing is None:
            raise LogInNeededError(_("Log in to continue."))
        return self.standing


def current() -> RequestContext:
    """Give the request that is being answered."""
    context: RequestContext = g.guadua
    return context
