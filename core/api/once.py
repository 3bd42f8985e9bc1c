"""Writes that may be sent again: one key, one result, kept with what it did.

The answer is stored in the unit of work that did the work, so an answer that got lost on its way
comes back when the request is repeated, and nothing happens twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, ClassVar, Final
from uuid import UUID, uuid5

import orjson
from flask import Response, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.db.idempotency import Idempotency, IdempotencyConflictError
from core.errors import PlatformError
from core.i18n import _
from core.tenancy import TenantSession
from core.web.context import current

HEADER: Final = "Idempotency-Key"
LONGEST: Final = 200
#: How long the answer to a write is kept that is not fiscal: longer than any client tries again.
KEPT: Final = timedelta(days=30)
#: Keys that are no UUID become one under this name.
_NAMESPACE: Final = UUID("0198c0de-0000-7000-8000-000000000001")

#: Does the work and gives the status and the JSON body of the answer.
Work = Callable[[TenantSession], tuple[int, Any]]


class KeyMissingError(PlatformError):
    """A write came without the key that makes it safe to repeat."""

    code: ClassVar[str] = "api.idempotency_key_missing"
    http_status: ClassVar[int] = 400


@dataclass(frozen=True, slots=True)
class Answered:
    """What a write answered, now or when its key came for the first time."""

    status: int
    body: Any
    replayed: bool = False


def once(scope: str, work: Work, *, fiscal: bool = False) -> Response:
    """Do ``work`` and keep its answer, or give what the same key was answered before.

    The answer is kept for ``KEPT``, and for ever when the write is ``fiscal``.
    ``scope`` names the kind of write. The same key with another request is refused with
    ``api.idempotency_conflict``. Refusals are not kept: the request may be corrected and sent
    again under the same key.
    """
    found = do_once(asked_key(), asked_fingerprint(), scope, work, fiscal=fiscal)
    response = Response(_written(found.body), found.status, mimetype="application/json")
    if found.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def do_once(
    key: UUID, fingerprint: bytes, scope: str, work: Work, *, fiscal: bool = False
) -> Answered:
    """Do ``work`` under a key, wherever the key came from: a header, or a form."""
    try:
        with current().write() as session:
            known = _known(session, key)
            if known is not None:
                return _replayed(known, scope, fingerprint)
            status, body = work(session)
            stored = {"status": status, "body": orjson.Fragment(_written(body))}
            session.add(
                Idempotency(
                    id=key,
                    scope=scope,
                    fingerprint=fingerprint,
                    answer=orjson.loads(orjson.dumps(stored)),
                    recorded_at=(now := session.clock.now()),
                    expires_at=None if fiscal else now + KEPT,
                )
            )
    except IntegrityError:
        # The same key at the same moment: whoever was first did it, and that answer is ours too.
        answered = _known(current().read(), key)
        if answered is None:
            raise
        return _replayed(answered, scope, fingerprint)
    return Answered(status, body)


def asked_key() -> UUID:
    """Read the key of the request; any text serves, a UUID is kept as it is."""
    said = request.headers.get(HEADER, "").strip()
    if not said or len(said) > LONGEST:
        raise KeyMissingError(_("Send an Idempotency-Key header: a fresh UUID for each write."))
    try:
        return UUID(said)
    except ValueError:
        return uuid5(_NAMESPACE, said)


def asked_fingerprint() -> bytes:
    """Give the SHA-256 of what is asked: method, path, query and body."""
    whole = sha256(f"{request.method} {request.full_path}\n".encode())
    whole.update(request.get_data())
    return whole.digest()


def _known(session: TenantSession, key: UUID) -> Idempotency | None:
    return session.scalar(select(Idempotency).where(Idempotency.id == key))


def _replayed(known: Idempotency, scope: str, fingerprint: bytes) -> Answered:
    if known.scope != scope or bytes(known.fingerprint) != fingerprint:
        raise IdempotencyConflictError(
            _("This was already saved with other contents. Reload and check before repeating."),
            key=str(known.id),
        )
    return Answered(known.answer["status"], known.answer["body"], replayed=True)


def _written(body: Any) -> bytes:
    return orjson.dumps(body, default=str, option=orjson.OPT_SORT_KEYS)
