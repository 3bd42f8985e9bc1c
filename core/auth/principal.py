"""Who acts in a request: a person who logged in, or a program with an API token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

#: What somebody may do: the permission, and in which establishments (None: in all of them).
Rights: TypeAlias = Mapping[str, frozenset[UUID] | None]


@dataclass(frozen=True, slots=True)
class Principal:
    """A person, or an API token of a business.

    ``user_id`` is what rows are stamped with: the person, or whoever made the token.
    """

    user_id: UUID
    name: str
    email: str = ""
    language: str = "es"
    theme: str = "auto"
    #: Runs this installation: may see what concerns no business.
    is_operator: bool = False
    #: Set when a program acts; it holds no form token and needs none.
    token_id: UUID | None = None
