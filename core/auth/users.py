"""People: made once, known by their e-mail, members of any number of businesses."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from core.auth.errors import EmailTakenError
from core.auth.models import LoginSession, Membership, User
from core.errors import BadInputError, NotFoundError
from core.i18n import LANGUAGES, _
from core.tenancy import PlatformSession, Tenant, TenantRef

THEMES = ("light", "dark", "auto")


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person to be made; ``password_hash`` comes from ``Passwords.hashed``."""

    email: str
    name: str
    password_hash: str
    language: str = "es"
    is_operator: bool = False


@dataclass(frozen=True, slots=True)
class BusinessOf:
    """A business that a person may enter."""

    ref: TenantRef
    name: str
    is_demo: bool


def folded_email(email: str) -> str:
    """Give the one way to write an e-mail address; refuses what cannot be one."""
    folded = unicodedata.normalize("NFKC", email).strip().casefold()
    name, at, domain = folded.rpartition("@")
    if not (name and at and domain) or len(folded) > 254 or any(c.isspace() for c in folded):
        text = _("Write an e-mail address such as ana@tienda.co.")
        raise BadInputError(text, fields={"email": text})
    return folded


def create_user(session: PlatformSession, new: NewUser) -> User:
    """Make a person; refuses an e-mail that somebody has."""
    email = folded_email(new.email)
    name = _name(new.name)
    if user_by_email(session, email) is not None:
        raise EmailTakenError(_("There is already somebody with that e-mail."))
    user = User(
        email=email,
        name=name,
        password_hash=new.password_hash,
        language=new.language if new.language in LANGUAGES else "es",
        is_operator=new.is_operator,
        created_at=session.clock.now(),
    )
    session.add(user)
    session.flush()
    return user


def user_by_email(session: PlatformSession, email: str) -> User | None:
    """Find a person by an e-mail as ``folded_email`` writes it."""
    return session.scalar(select(User).where(User.email == email))


def join_business(session: PlatformSession, user_id: UUID, tenant: TenantRef) -> None:
    """Let a person work for a business, again if they once left; doing it twice is fine."""
    known = session.get(Membership, (user_id, tenant.id))
    if known is not None:
        known.archived_at = None
        return
    session.add(
        Membership(user_id=user_id, tenant_id=tenant.id, created_at=session.clock.now()),
    )
    session.flush()


def leave_business(session: PlatformSession, user_id: UUID, tenant: TenantRef) -> None:
    """End a membership: the next request of every log-in of theirs is outside of the business."""
    known = session.get(Membership, (user_id, tenant.id))
    if known is None or known.archived_at is not None:
        raise NotFoundError(_("This person does not belong to the business."))
    known.archived_at = session.clock.now()


def businesses_of(session: PlatformSession, user_id: UUID) -> list[BusinessOf]:
    """List the businesses a person may enter, by name."""
    rows = session.scalars(
        select(Tenant)
        .join(Membership, Membership.tenant_id == Tenant.id)
        .where(
            Membership.user_id == user_id,
            Membership.archived_at.is_(None),
            Tenant.archived_at.is_(None),
        )
        .order_by(Tenant.name, Tenant.id)
    )
    return [BusinessOf(row.ref, row.name, row.is_demo) for row in rows]


def set_language(session: PlatformSession, user_id: UUID, language: str) -> None:
    """Keep the language of a person; an unknown one is refused."""
    if language not in LANGUAGES:
        raise BadInputError(_("Choose one of the languages shown."))
    session.get_one(User, user_id).language = language


def set_theme(session: PlatformSession, user_id: UUID, theme: str) -> None:
    """Keep the theme of a person; an unknown one is refused."""
    if theme not in THEMES:
        raise BadInputError(_("Choose one of the themes shown."))
    session.get_one(User, user_id).theme = theme


def rename(session: PlatformSession, user_id: UUID, name: str) -> None:
    """Give a person another name."""
    session.get_one(User, user_id).name = _name(name)


def password_hash_of(session: PlatformSession, user_id: UUID) -> str:
    """Give what ``Passwords.agrees`` compares with."""
    return session.get_one(User, user_id).password_hash


def change_password(session: PlatformSession, user_id: UUID, password_hash: str) -> None:
    """Keep another password, hashed by ``Passwords.hashed``."""
    session.get_one(User, user_id).password_hash = password_hash


def deactivate(session: PlatformSession, user_id: UUID) -> None:
    """Shut a person out everywhere, at once; nothing of what they did changes."""
    session.get_one(User, user_id).is_active = False
    session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=session.clock.now())
    )


def _name(said: str) -> str:
    name = " ".join(said.split())
    if not name or len(name) > 120:
        text = _("Write the name of the person.")
        raise BadInputError(text, fields={"name": text})
    return name
