"""Log-ins: one row per browser, found by the SHA-256 of a token that only the browser holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final, cast
from uuid import UUID

from sqlalchemy import delete, or_, select

from core.auth.errors import LogInRefusedError, TooManyTriesError
from core.auth.models import LoginFailure, LoginSession, Membership, User
from core.auth.passwords import Passwords
from core.auth.users import businesses_of, folded_email
from core.clock import Clock
from core.db.engine import Database
from core.db.uow import platform_unit
from core.errors import BadInputError, NotFoundError
from core.i18n import _
from core.tenancy import PlatformSession, Tenant

#: Without being used a log-in ends after this; an operator's sooner.
IDLE: Final = timedelta(hours=12)
IDLE_OPERATOR: Final = timedelta(minutes=30)
#: However much it is used.
LIFETIME: Final = timedelta(days=7)
REMEMBERED: Final = timedelta(days=30)
#: Tries that cost nothing; each one after doubles the wait.
FREE_TRIES: Final = 5
FIRST_WAIT: Final = 15
LONGEST_WAIT: Final = 15 * 60
#: After this long without a try, earlier ones are forgotten.
FORGET_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody typed to get in, and from where."""

    email: str
    password: str
    remember: bool = False
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class NewLogin:
    """A fresh log-in: ``token`` goes into the cookie and nowhere else."""

    token: str
    expires_at: datetime
    remember: bool
    has_business: bool


def login_id(token: str) -> bytes:
    """Give the id under which the database knows the token."""
    return sha256(token.encode()).digest()


def log_in(database: Database, clock: Clock, passwords: Passwords, attempt: Attempt) -> NewLogin:
    """Check what was typed and begin a log-in.

    Unknown e-mail, wrong password and a person shut out get the same answer after the same work.
    After five failures each further one doubles the wait, known e-mail or not.
    """
    try:
        email = folded_email(attempt.email)
    except BadInputError:
        email = ""
    trace = sha256(email.encode()).digest()
    with platform_unit(database, clock, writes=False) as session:
        _refuse_impatient(session, trace)
        found = session.scalar(select(User).where(User.email == email, User.is_active))
        known = found.password_hash if found else None
    # Outside of the unit of work: it takes its time on purpose.
    agrees = passwords.agrees(attempt.password, known)
    if not agrees or found is None or known is None:
        with platform_unit(database, clock, writes=True) as session:
            _count_failure(session, trace)
        raise LogInRefusedError(_("The e-mail or the password is not right."))
    renewed = passwords.hashed_again(attempt.password) if passwords.is_outdated(known) else known
    with platform_unit(database, clock, writes=True) as session:
        _refuse_impatient(session, trace)
        session.execute(delete(LoginFailure).where(LoginFailure.id == trace))
        user = session.get_one(User, found.id)
        user.password_hash = renewed
        return _begin(session, user, attempt)


def log_out(session: PlatformSession, login: bytes) -> None:
    """End a log-in; ending it again is fine."""
    row = session.get(LoginSession, login)
    if row is not None and row.revoked_at is None:
        row.revoked_at = session.clock.now()


def switch_business(session: PlatformSession, login: bytes, tenant_uid: UUID) -> NewLogin:
    """Work for another business from now on, under a new token; the old one ends.

    A business the person does not belong to does not exist for them.
    """
    old = session.get_one(LoginSession, login)
    tenant = session.scalar(
        select(Tenant)
        .join(Membership, Membership.tenant_id == Tenant.id)
        .where(
            Tenant.uid == tenant_uid,
            Tenant.archived_at.is_(None),
            Membership.user_id == old.user_id,
            Membership.archived_at.is_(None),
        )
    )
    if tenant is None:
        raise NotFoundError(_("That business does not exist, or you do not belong to it."))
    return _rotated(session, old, lambda fresh: setattr(fresh, "tenant_id", tenant.id))


def end_other_logins(session: PlatformSession, user_id: UUID, login: bytes = b"") -> int:
    """End every log-in of a person but ``login``; gives how many there were."""
    others = session.scalars(
        select(LoginSession).where(
            LoginSession.user_id == user_id,
            LoginSession.id != login,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > session.clock.now(),
        )
    ).all()
    for other in others:
        other.revoked_at = session.clock.now()
    return len(others)


def choose_establishment(
    session: PlatformSession, login: bytes, establishment: UUID | None
) -> None:
    """Remember where the person works now; the caller checked that it is theirs."""
    session.get_one(LoginSession, login).establishment_id = establishment


def touch(session: PlatformSession, login: bytes) -> None:
    """Note that a log-in is in use."""
    row = session.get(LoginSession, login)
    if row is not None:
        row.last_seen_at = session.clock.now()


def forget_logins(session: PlatformSession) -> int:
    """Take away log-ins that ended long ago and tries that count no more; give how many.

    A log-in is kept for ``LIFETIME`` after its end, so that people see where they were logged in.
    """
    now = session.clock.now()
    ended = now - LIFETIME
    gone = session.execute(
        delete(LoginSession).where(
            or_(LoginSession.expires_at < ended, LoginSession.revoked_at < ended)
        )
    )
    tries = session.execute(delete(LoginFailure).where(LoginFailure.retry_at < now - FORGET_AFTER))
    return cast("int", gone.rowcount + tries.rowcount)  # type: ignore[attr-defined]


def keep_notices(
    session: PlatformSession, login: bytes, notices: Sequence[tuple[str, str, str]]
) -> None:
    """Keep what the next page says first, instead of what was kept."""
    row = session.get(LoginSession, login)
    if row is not None:
        row.notices = [list(notice) for notice in notices]


def _begin(session: PlatformSession, user: User, attempt: Attempt) -> NewLogin:
    now = session.clock.now()
    businesses = businesses_of(session, user.id)
    only = businesses[0].ref.id if len(businesses) == 1 else None
    lives = REMEMBERED if attempt.remember else LIFETIME
    idle = IDLE_OPERATOR if user.is_operator else REMEMBERED if attempt.remember else IDLE
    token = token_urlsafe(32)
    session.add(
        LoginSession(
            id=login_id(token),
            user_id=user.id,
            tenant_id=only,
            created_at=now,
            last_seen_at=now,
            expires_at=now + lives,
            idle_minutes=int(idle.total_seconds() // 60),
            user_agent=attempt.user_agent[:200],
        )
    )
    return NewLogin(token, now + lives, attempt.remember, only is not None)


def _rotated(
    session: PlatformSession, old: LoginSession, change: Callable[[LoginSession], None]
) -> NewLogin:
    now = session.clock.now()
    token = token_urlsafe(32)
    fresh = LoginSession(
        id=login_id(token),
        user_id=old.user_id,
        tenant_id=old.tenant_id,
        created_at=old.created_at,
        last_seen_at=now,
        expires_at=old.expires_at,
        idle_minutes=old.idle_minutes,
        user_agent=old.user_agent,
    )
    change(fresh)
    session.add(fresh)
    old.revoked_at = now
    session.flush()
    remember = old.expires_at - old.created_at >= REMEMBERED
    return NewLogin(token, old.expires_at, remember, fresh.tenant_id is not None)


def _refuse_impatient(session: PlatformSession, trace: bytes) -> None:
    known = session.get(LoginFailure, trace)
    wait = (known.retry_at - session.clock.now()).total_seconds() if known else 0
    if wait > 0:
        seconds = int(wait) + 1
        raise TooManyTriesError(
            _("Too many tries. Wait {seconds} seconds and try again.", seconds=seconds),
            retry_after=seconds,
        )


def _count_failure(session: PlatformSession, trace: bytes) -> None:
    now = session.clock.now()
    known = session.get(LoginFailure, trace)
    if known is not None and known.retry_at < now - FORGET_AFTER:
        known.failures = 0
    if known is None:
        known = LoginFailure(id=trace, failures=0, retry_at=now)
        session.add(known)
    known.failures += 1
    over = known.failures - FREE_TRIES
    wait = min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else 0
    known.retry_at = now + timedelta(seconds=wait)
