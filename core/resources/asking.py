"""What a request asks of a resource, whoever sends it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from core.addons.parts import Permission
from core.errors import BadInputError
from core.i18n import _
from core.resources.check import RESERVED
from core.resources.declaration import Resource
from core.resources.periods import PERIODS, today_of
from core.resources.reading import Asked, Reach
from core.web.context import RequestContext, current

_NOWHERE: Final[frozenset[UUID]] = frozenset()
#: Of a number in an address; Python refuses to read thousands.
_DIGITS: Final = 9
_ETAG: Final = re.compile(r'(?:W/)?"?(\d{1,18})"?')


def here(resource: Resource[Any]) -> Resource[Any]:
    """Give a resource with what the addons of this business added to it."""
    context = current()
    return context.platform.extensions.whole(resource, context.enabled)


def reach_of(resource: Resource[Any], permission: Permission | None = None) -> Reach:
    """Tell where whoever asks may see and change records, or do what ``permission`` is for."""
    context = current()
    write = permission or resource.write_permission
    return Reach(
        read=context.establishments(resource.read_permission.name),
        write=context.establishments(write.name) if write else _NOWHERE,
        can=lambda permission: _may(context, permission),
    )


def asked_list() -> Asked:
    """Read the question of a list's address; what is empty is not asked."""
    return asked_in(request.args)


def asked_in(query: MultiDict[str, str]) -> Asked:
    """Read the question of a list out of a query, wherever it was kept."""
    said = {name: text for name, text in query.items() if text}
    today, zone = date.min, "UTC"
    if any(text in PERIODS for text in said.values()) or any(
        name.endswith(("_from", "_to")) for name in said
    ):
        today, zone = today_of(current().read())
    return Asked(
        search=said.get("q", "").strip(),
        filters={name: text for name, text in said.items() if name not in RESERVED},
        sort=said.get("sort", ""),
        after=said.get("after", ""),
        before=said.get("before", ""),
        archived="archived" in said,
        of=said.get("of", ""),
        start=int(said["start"][:_DIGITS]) if said.get("start", "").isdecimal() else 1,
        exact="exact" in said,
        columns=tuple(one for one in query.getlist("columns") if one),
        view=said.get("view", ""),
        today=today,
        zone=zone,
    )


def asked_size(usual: int, most: int) -> int:
    """Read how many rows a page shall have."""
    said = request.args.get("limit", "")
    if not said:
        return usual
    if not said.isdecimal() or len(said) > _DIGITS or not 1 <= int(said) <= most:
        text = _("Write a whole number from 1 to {most}.", most=most)
        raise BadInputError(text, fields={"limit": text})
    return int(said)


def version_of(said: str) -> int | None:
    """Read a version out of a form or an ``If-Match`` header; None when nothing is said.

    What cannot be a version is one that nobody has.
    """
    if not said.strip():
        return None
    found = _ETAG.fullmatch(said.strip())
    return int(found[1]) if found else -1


def _may(context: RequestContext, permission: Permission) -> bool:
    return context.can(permission.name)
