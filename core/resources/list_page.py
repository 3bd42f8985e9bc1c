"""The page of a list, and the same page with what somebody typed into its dialog."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.resources.asking import reach_of
from core.resources.declaration import Resource
from core.resources.listing import listing
from core.resources.reading import PAGE, Asked, read_page
from core.web.context import current
from core.web.pages.listing import ViewDraft
from core.web.shell import page


def list_page(resource: Resource[Any], asked: Asked, draft: ViewDraft | None = None) -> str:
    """Render the list; ``draft`` is a view that could not be saved, shown again to be mended."""
    reach, session = reach_of(resource), current().read()
    found = read_page(resource, session, reach, asked, size=PAGE)
    shown = listing(resource, session, reach, asked, found)
    if shown.filtered and not found.records:
        bare = replace(asked, filters={}, archived=False, of="", after="", before="", start=1)
        shown = replace(shown, unfiltered=read_page(resource, session, reach, bare, size=1).total)
    if draft is not None:
        shown = replace(shown, draft=draft)
    return page("list.html", resource.title, listing=shown)
