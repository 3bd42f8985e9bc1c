"""What somebody typed, beside what others saved meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from core.i18n import _
from core.resources.commands import Command, Line, line_of
from core.resources.forms import Typed, is_new, is_removed, line_keys, said_of


def overtaken(command: type[Command], said: Mapping[str, str], now: Mapping[str, object]) -> Typed:
    """Keep what was typed and say at each field that differs what it is now.

    Lines that others added join the form, so that saving does not remove them unseen; lines that
    others removed stay as new ones, and say so.
    """
    saved = said_of(command, now)
    merged = dict(said)
    hints: dict[str, object] = {}
    for name, info in command.model_fields.items():
        line = line_of(info)
        if line is not None:
            _merge_lines(line, name, saved, merged, hints)
    for name, value in saved.items():
        if not name.endswith("-keys") and merged.get(name, "") != value:
            hints.setdefault(name, value or "—")
    return Typed(merged, {}, hints)


def _merge_lines(
    line: type[Line],
    name: str,
    saved: Mapping[str, str],
    merged: dict[str, str],
    hints: dict[str, object],
) -> None:
    keys, there = line_keys(merged, name), line_keys(saved, name)
    fresh = 1 + sum(is_new(key) for key in keys)
    for place, key in enumerate(keys):
        if is_new(key) or key in there or is_removed(merged, name, key):
            continue
        keys[place] = f"new{fresh}0"
        fresh += 1
        for one in line.model_fields:
            merged[f"{name}-{keys[place]}-{one}"] = merged.pop(f"{name}-{key}-{one}", "")
        merged.pop(f"{name}-{keys[place]}-id", None)
        hints[f"{name}-{keys[place]}"] = _("Somebody removed this line; saving adds it again.")
    for key in there:
        if key in keys:
            continue
        keys.append(key)
        start = f"{name}-{key}-"
        merged |= {one: text for one, text in saved.items() if one.startswith(start)}
        hints[f"{name}-{key}"] = _("Somebody added this line.")
    merged[f"{name}-keys"] = " ".join(keys)
