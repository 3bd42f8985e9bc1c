"""A secret in memory, and the place it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from hmac import compare_digest
from typing import Final, Literal, NoReturn
from uuid import UUID

KeyClass = Literal["app", "signing"]

_SEPARATOR: Final = "|"


class Secret:
    """Bytes that never show up in a log, a traceback or a pickle by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = bytes(value)

    def reveal(self) -> bytes:
        """Give the bytes; keep them for as short as can be."""
        return self._value

    def reveal_text(self) -> str:
        """Give them as UTF-8 text."""
        return self._value.decode()

    def __repr__(self) -> str:
        return "Secret(hidden)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and compare_digest(self._value, other._value)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret lies. Moved anywhere else, its ciphertext does not open."""

    tenant: UUID
    #: ``<addon>.<what>``, e.g. ``edi.software_pin``.
    kind: str
    record_id: UUID

    def __post_init__(self) -> None:
        if not self.kind or _SEPARATOR in self.kind:
            raise ValueError(f"{self.kind!r} is no kind of secret")

    def context(self, key_version: int) -> bytes:
        """Give what the cipher binds: tenant uid, kind, record id and key version."""
        parts = (str(self.tenant), self.kind, str(self.record_id), str(key_version))
        return _SEPARATOR.join(parts).encode()
