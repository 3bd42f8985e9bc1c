"""Where the reader of a list is: a key in the address, never an offset."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Final

import orjson

from core.errors import BadInputError
from core.i18n import _

#: How many pages back the address remembers the way.
TRAIL: Final = 8
_BEGINNING: Final = "-"


@dataclass(frozen=True, slots=True)
class Place:
    """The key that the page begins after, the rows before it, and the way back."""

    token: str = ""
    seen: int = 0
    trail: tuple[str, ...] = ()

    def query(self, **kept: str) -> dict[str, Any]:
        """Give the address's values of this page."""
        place = {"after": self.token, "seen": str(self.seen), "trail": ".".join(self.trail)}
        return {name: value for name, value in {**kept, **place}.items() if value not in {"", "0"}}

    def next(self, token: str, shown: int) -> Place:
        """Give the page after this one."""
        return Place(token, self.seen + shown, (*self.trail, self.token or _BEGINNING)[-TRAIL:])

    def previous(self, limit: int) -> Place | None:
        """Give the page before this one, None at the beginning or where the way is forgotten."""
        if not self.trail:
            return None
        before = self.trail[-1]
        if before == _BEGINNING:
            return Place()
        return Place(before, max(0, self.seen - limit), self.trail[:-1])


def place_of(query: dict[str, str]) -> Place:
    """Read the place from an address."""
    seen = query.get("seen", "")
    trail = tuple(part for part in query.get("trail", "").split(".") if part)
    count = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    return Place(query.get("after", ""), count, trail[-TRAIL:])


def written_key(*parts: str) -> str:
    """Write a key for an address."""
    return urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read_key(token: str, parts: int) -> list[str]:
    """Read a key of so many parts; one that we did not write is refused."""
    try:
        found = orjson.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError) as error:
        raise wrong_key() from error
    if not isinstance(found, list) or len(found) != parts:
        raise wrong_key()
    return [str(part) for part in found]


def wrong_key() -> BadInputError:
    """Give the refusal of a place that no list has."""
    return BadInputError(_("This address is damaged. Open the list again."))
