"""Every form of the site, sent with values that nobody expects."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from random import Random
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from core.ids import uuid7
from core.testing.web import ORIGIN, Browser
from tests.fuzz.api import TRACES
from tests.fuzz.pages import Form, crawl, forms_of, kind_of, tree_of, value_of
from tests.tenancy.conftest import Town

#: They end the log-in, change the business or turn off what is tried.
_LEAVING: Final = re.compile(r"/(logout|switch/.*|account.*|admin/apps/.*)")
#: Carried by every form of ours; what happens without them is tried elsewhere.
_CARRIED: Final = frozenset({"csrf_token", "tenant_uid"})
SCRIPT: Final = "<script>alert(4711)</script>"
SUM: Final = "{{4711*4711}}"
SUMMED: Final = str(4711 * 4711)
_TYPED: Final = (
    "",
    " ",
    "x" * 300,
    "x" * 70_000,
    "Lech\x00e",
    "Lech\x07\x1be",
    "a\r\nb",
    "\u202etxt.exe\u200f",
    "\ufeff\u200b",
    "🥑👩‍👩‍👧",
    "e\u0301" * 50,
    SUM,
    "${4711*4711}",
    SCRIPT,
    f'"><img src=x onerror=alert(4711)>{SCRIPT}',
    "' OR 1=1 --",
    '"; DROP TABLE core_user; --',
    "%s%n{0}{x}",
    "../../etc/passwd",
    "=1+1",
    "9" * 40,
    "9" * 5000,
    "-5",
    "-" + "9" * 40,
    "0",
    "0,00000001",
    "NaN",
    "Infinity",
    "1e400",
    "1e-400",
    "1_000",
    "٣٤",
    "0x10",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "true",
    "null",
    "[]",
    '{"a":1}',
    "00000000-0000-0000-0000-000000000000",
)


@dataclass
class Sender:
    """The owner of the bakery, who sends forms and looks at what comes back."""

    town: Town
    browser: Browser
    ids: list[str]
    random: Random
    statuses: Counter[int] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    def forms(self) -> dict[str, Form]:
        """Give every form that a page has, one of each kind."""
        found: dict[str, Form] = {}
        for path, tree in crawl(self.browser, "/", "/login"):
            for form in forms_of(path, tree):
                if not _LEAVING.fullmatch(form.action):
                    found.setdefault(f"{form.label} {[c.name for c in form.controls]}", form)
        return found

    def send(self, form: Form, times: int) -> None:
        """Send a form again and again; once something was stored, as the page has it then."""
        for _ in range(times):
            if self._once(form) in {303, 409, 412}:
                form = self._again(form)

    def _again(self, form: Form) -> Form:
        tree = tree_of(self.browser.get(form.page).text)
        names = [one.name for one in form.controls]
        for one in forms_of(form.page, tree):
            if [control.name for control in one.controls] == names:
                return one
        return form

    def _once(self, form: Form) -> int:
        """Send a form with one to three of its fields spoiled; give the status."""
        fields = [one for one in form.controls if one.name not in _CARRIED]
        said = MultiDict[str, Any]((one.name, self._plausible(one)) for one in fields)
        for one in self.random.sample(fields, k=min(len(fields), self.random.choice((1, 1, 2, 3)))):
            self._spoil(said, one.name)
        answer = self._sent(form, said)
        self.statuses[answer.status_code] += 1
        for fault in self.wrong(form, said, answer):
            text = f"{form.page}: {_short(said)} → {answer.status_code}"
            self.faults.setdefault(f"{form.label}: {fault}", text)
        return answer.status_code

    def _plausible(self, control: Any) -> str:
        if control.value or not control.typed:
            chosen = [one for one in control.options if one]
            return control.value or (self.random.choice(chosen) if chosen else "")
        usual = {"date": "2026-03-16", "number": "1", "email": "a@b.co", "time": "10:00"}
        return (
            usual.get(control.kind)
            or f"{self.random.choice(('7', '1', 'Queso '))}{self.random.randrange(10**6)}"
        )

    def _spoil(self, said: MultiDict[str, Any], name: str) -> None:
        way = self.random.randrange(12)
        value = self.random.choice((*_TYPED, self.random.choice(self.ids), str(uuid7())))
        if way == 0:
            said.poplist(name)
        elif way == 1:
            said.setlist(name, [value, said.get(name, ""), value])
        elif way == 2:
            said.setlist(f"{name}[]", said.poplist(name))
        elif way == 3:
            said[name] = (BytesIO(b"\xff\xfe\x00"), "a.bin")
        else:
            said[name] = value

    def _sent(self, form: Form, said: MultiDict[str, Any]) -> TestResponse:
        if form.method == "GET":
            words = [(k, v) for k, v in said.items(multi=True) if isinstance(v, str)]
            return self.browser.get(form.action, query_string=MultiDict(words))
        carried = {"csrf_token": self.browser.token, "tenant_uid": self.browser.tenant}
        data = MultiDict([*carried.items(), *said.items(multi=True)])
        return self.browser.client.post(form.action, data=data, base_url=ORIGIN)

    def wrong(self, form: Form, said: MultiDict[str, Any], answer: TestResponse) -> Iterator[str]:
        """Name what the answer may not be, and what the page that it leads to may not show."""
        status = answer.status_code
        if status >= 500:
            yield f"answers {status}"
            return
        if status in {400, 403} and answer.headers.get("X-Error-Code", "").startswith("auth"):
            yield f"was not believed: {answer.headers['X-Error-Code']}"
        yield from unsafe(answer)
        if status in {409, 422} and form.method == "POST" and answer.mimetype == "text/html":
            yield from forgotten(form, said, answer)
        if status in {302, 303}:
            self.stored[form.label] += 1
            target = answer.headers["Location"]
            shown = self.browser.get(target)
            if shown.status_code >= 400:
                yield f"leads to {kind_of(target)}, which answers {shown.status_code}"
            yield from unsafe(shown)


def unsafe(answer: TestResponse) -> Iterator[str]:
    """Say what of a value was run or read as markup, or tells of the inside."""
    if answer.mimetype != "text/html":
        return
    text = answer.text
    if SCRIPT in text or "<img src=x" in text:
        yield "shows what was typed as markup"
    if SUMMED in text:
        yield "runs what was typed as a template"
    if any(word in text for word in TRACES):
        yield "tells of its inside"


def forgotten(form: Form, said: MultiDict[str, Any], answer: TestResponse) -> Iterator[str]:
    """Say which typed text is not in the answered form any more."""
    tree = tree_of(answer.text)
    shown = {one.get("name"): value_of(one) for one in tree.xpath("//*[@name]")}
    for control in form.controls:
        typed = said.get(control.name)
        if not control.typed or not isinstance(typed, str) or len(said.getlist(control.name)) != 1:
            continue
        if control.name not in shown:
            yield f"{answer.status_code} without the field {control.name}"
        elif _seen(shown[control.name]) != _seen(typed):
            yield f"forgets what was typed in {control.name}"


def _seen(text: str) -> str:
    """Give what a browser keeps: neither ends of lines nor characters that HTML cannot hold."""
    return "".join(
        one for one in text if one.isprintable() or one in "\u202e\u200f\ufeff\u200b"
    ).strip()


def _short(said: Mapping[str, Any]) -> str:
    pairs = said.items(multi=True) if isinstance(said, MultiDict) else said.items()
    return str(
        [(name, value if len(str(value)) < 60 else f"{str(value)[:60]}…") for name, value in pairs]
    )
