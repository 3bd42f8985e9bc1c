"""Keeps the words of records, and finds records by the beginnings of words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, intersect, select, true
from sqlalchemy.orm import aliased

from core.search.folding import words
from core.search.models import SearchWord

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession


def index_record(
    session: TenantSession, resource: str, record_id: UUID, texts: Iterable[str]
) -> None:
    """Replace the words of a record by those of ``texts``, in the same unit of work."""
    session.execute(
        delete(SearchWord).where(SearchWord.resource == resource, SearchWord.record_id == record_id)
    )
    found = dict.fromkeys(word for text in texts for word in words(text))
    session.add_all(SearchWord(resource=resource, word=word, record_id=record_id) for word in found)


def matching(resource: str, key: Any, text: str) -> ColumnElement[bool]:
    """Give the condition that every word of ``text`` begins a word of the record ``key``.

    Ranges of text, never LIKE: under row-level security only they drive the index. Several words
    are combined among the words: a table of records is read for what all of them found.
    """
    found = [select(one.record_id).where(_begins(one, resource, word)) for one, word in _each(text)]
    if not found:
        return true()
    condition: ColumnElement[bool] = key.in_(found[0] if len(found) == 1 else intersect(*found))
    return condition


@dataclass(frozen=True, slots=True)
class WordSearch:
    """How a list is searched by the words of its records."""

    resource: str
    key: Any

    def __call__(self, text: str) -> ColumnElement[bool]:
        """Give ``matching``, which finds all records at once."""
        return matching(self.resource, self.key, text)

    def one_by_one(self, text: str) -> ColumnElement[bool]:
        """Give the same for whoever looks at a stretch of records, each by itself."""
        return and_(
            true(),
            *(
                exists().where(one.record_id == self.key, _begins(one, self.resource, word))
                for one, word in _each(text)
            ),
        )


def _each(text: str) -> list[tuple[type[SearchWord], str]]:
    return [(aliased(SearchWord), word) for word in words(text)]


def _begins(one: type[SearchWord], resource: str, word: str) -> ColumnElement[bool]:
    return and_(one.resource == resource, one.word >= word, one.word < word + "\U0010ffff")
