"""A deed on many records: asked before, told after: ``bulk.html``."""

from __future__ import annotations

from dataclasses import dataclass

from core.web.pages.record import FieldView
from core.web.pages.shell import Text


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one record."""

    title: str
    url: str
    text: Text
    refused: bool = False


@dataclass(frozen=True, slots=True)
class BulkPage:
    """Before the deed ``url`` takes it, with ``picked``; after it ``results`` says what became.

    ``count`` records are meant, or were changed; ``refused`` were not. ``fields`` may be set for
    all of them, each only where somebody marks it.
    """

    title: Text
    back_url: str
    url: str = ""
    count: int = 0
    refused: int = 0
    text: Text = ""
    picked: tuple[str, ...] = ()
    query: str = ""
    fields: tuple[FieldView, ...] = ()
    results: tuple[BulkResult, ...] = ()
