"""What a change did to a record, as the audit log keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.resources.cells import plain


def changed_fields(
    before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    """Give what differs, old and new; of lines only those that were removed, changed or added."""
    return {
        name: _difference(before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    }


def _difference(old: object, new: object) -> tuple[object, object]:
    if not _are_lines(new) and not _are_lines(old):
        return plain(old), plain(new)
    before: list[Any] = plain(old) or []
    after: list[Any] = plain(new) or []
    if len(before) == len(after) and all(one in after for one in before):
        # Only their order is another one.
        return before, after
    return [one for one in before if one not in after], [one for one in after if one not in before]


def _are_lines(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)
