"""Passwords: Argon2id, a bounded number at a time, and none that anybody would try first."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_bytes
from threading import BoundedSemaphore
from typing import ClassVar, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from core.auth.errors import WeakPasswordError
from core.errors import PlatformError
from core.i18n import _

SHORTEST: Final = 8
LONGEST: Final = 128
#: Each hashing takes 64 MiB: this many at a time, the others wait this many seconds.
AT_ONCE: Final = 4
PATIENCE: Final = 20

#: What is tried first everywhere, in Spanish and English, folded and without digits around it.
_COMMON: Final = frozenset(
    (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
)
_ROWS: Final = ("01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_DIGITS_AND_SIGNS: Final = "0123456789!¡?¿*.-_@#$%&+ "


class BusyError(PlatformError):
    """Too many people log in at this very moment."""

    code: ClassVar[str] = "auth.busy"
    http_status: ClassVar[int] = 503


class Passwords:
    """Hashes and checks passwords. One per process: it bounds how many are hashed at a time.

    Checking takes about a tenth of a second on purpose; do it outside of any unit of work.
    """

    def __init__(self, *, quick: bool = False) -> None:
        """Take the usual parameters (RFC 9106, low memory); ``quick`` is for tests only."""
        self._hasher = (
            PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
            if quick
            else PasswordHasher()
        )
        self._places = BoundedSemaphore(AT_ONCE)
        #: Checked where there is no such person, so that the answer takes as long.
        self._nobody = self._unheard_of()

    def _unheard_of(self) -> str:
        """Give the hash of nothing: it takes as long to check, and no time to make."""
        made = self._hasher
        salt, digest = (
            b64encode(token_bytes(size)).decode().rstrip("=")
            for size in (made.salt_len, made.hash_len)
        )
        cost = f"m={made.memory_cost},t={made.time_cost},p={made.parallelism}"
        return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"

    def hashed(self, password: str, *, about: Iterable[str] = ()) -> str:
        """Give the hash of a password that is good enough; ``about`` are the person's own words."""
        refuse_weak(password, about)
        return self.hashed_again(password)

    def hashed_again(self, password: str) -> str:
        """Give a fresh hash of a password that was good enough when it was chosen."""
        with self._place():
            return self._hasher.hash(password)

    def agrees(self, password: str, known: str | None) -> bool:
        """Tell whether ``known`` is the hash of ``password``; None takes as long and says no."""
        if len(password) > LONGEST:
            return False
        with self._place():
            try:
                return self._hasher.verify(known or self._nobody, password) and known is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, known: str) -> bool:
        """Tell whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(known)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=PATIENCE):
            raise BusyError(_("Too many people are entering right now. Try again in a moment."))
        try:
            yield
        finally:
            self._places.release()


def refuse_weak(password: str, about: Iterable[str] = ()) -> None:
    """Refuse a password that is too short, too long, or easy to guess; no rule asks for signs."""
    if len(password) < SHORTEST:
        raise _weak(_("The password needs at least {count} characters.", count=SHORTEST))
    if len(password) > LONGEST:
        raise _weak(_("The password may have at most {count} characters.", count=LONGEST))
    folded = password.casefold()
    core = folded.strip(_DIGITS_AND_SIGNS)
    own = {word for text in about for word in _words(text.casefold())}
    if len(set(folded)) < 4 or core in _COMMON or core in own or _is_row(folded):
        raise _weak(_("That password is too easy to guess. Choose another one."))


def _words(text: str) -> list[str]:
    name = text.partition("@")[0]
    return [name, *(part for part in name.replace(".", " ").split() if len(part) > 2)]


def _is_row(folded: str) -> bool:
    return any(folded in row or folded in row[::-1] for row in _ROWS)


def _weak(text: object) -> WeakPasswordError:
    return WeakPasswordError(text, fields={"password": text})
