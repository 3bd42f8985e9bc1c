"""Finds the pages that links lead to, and the forms in them, as a browser would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import html

from core.testing.web import Browser

_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
#: Pages of the same kind that are read: records of a list differ little.
_OF_A_KIND: Final = 2
#: The texts of the documentation hold no form.
_UNREAD: Final = ("/docs", "/static", "/logout")


@dataclass(frozen=True, slots=True)
class Control:
    """One field of a form, with what stands in it."""

    name: str
    kind: str
    value: str
    #: Of a select or of radio buttons.
    options: tuple[str, ...] = ()
    #: Whether the person sees what was typed, and loses it when it is not shown again.
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form as a page has it; a button may send it to an address of its own."""

    page: str
    action: str
    method: str
    controls: tuple[Control, ...]

    @property
    def label(self) -> str:
        """The same for the same form of another record."""
        return f"{self.method} {kind_of(self.action)}"


def kind_of(address: str) -> str:
    """Give an address without ids and question."""
    return _ID.sub("*", urlsplit(address).path)


def tree_of(text: str) -> html.HtmlElement:
    """Parse a page; the parser would end a value at a character that HTML cannot hold."""
    parser = html.HTMLParser(encoding="utf-8")
    return html.document_fromstring(
        text.replace("\0", "").encode() or b"<html></html>", parser=parser
    )


def crawl(browser: Browser, *starts: str) -> Iterator[tuple[str, html.HtmlElement]]:
    """Give every page that a link leads to from ``starts``, a few of each kind."""
    waiting, seen = list(starts), set[str]()
    kinds: dict[str, int] = {}
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if path in seen or kind.startswith(_UNREAD) or kinds.get(kind, 0) >= _OF_A_KIND:
            continue
        seen.add(path)
        answer = browser.get(path, buffered=True)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        tree = tree_of(answer.text)
        yield path, tree
        waiting += [one for one in tree.xpath("//a/@href") if one.startswith("/")]


def forms_of(path: str, tree: html.HtmlElement) -> Iterator[Form]:
    """Give the forms of a page: each address that one of its buttons sends it to."""
    for form in tree.iter("form"):
        name = form.get("id")
        apart = tree.xpath("//*[@form=$name]", name=name) if name else []
        tags = ("input", "select", "textarea", "button")
        controls = tuple(_controls([*form.iter(*tags), *apart]))
        buttons = [*form.iter("button"), *(one for one in apart if one.tag == "button")]
        actions = {one.get("formaction") or form.get("action") for one in buttons}
        if not buttons and form.get("hidden") is None:
            actions = {form.get("action")}
        for action in sorted(one or path for one in actions):
            method = form.get("method", "get").upper()
            yield Form(path, urljoin(path, action), method, controls)


def _controls(elements: list[html.HtmlElement]) -> Iterator[Control]:
    for one in elements:
        name = one.get("name")
        # A browser sends nothing of a template: it is what a new line is made from.
        if not name or one.get("disabled") is not None or one.xpath("ancestor::template"):
            continue
        if one.tag == "select":
            options = tuple(one.xpath(".//option/@value"))
            yield Control(name, "select", value_of(one), options)
        else:
            kind = str(one.tag) if one.tag != "input" else one.get("type", "text")
            unseen = ("hidden", "password", "checkbox", "radio", "file", "submit", "button")
            yield Control(name, kind, value_of(one), typed=kind not in unseen)


def value_of(control: html.HtmlElement) -> str:
    """Give what stands in a control."""
    if control.tag == "textarea":
        return control.text or ""
    if control.tag == "select":
        chosen = control.xpath(".//option[@selected]/@value") or control.xpath(".//option/@value")
        return str(chosen[0]) if chosen else ""
    return control.get("value", "")
