"""Generated requests to every route of the API document, and what no answer may be."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import jsonschema_rs
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, openapi
from schemathesis.core import NotSet
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from werkzeug.test import TestResponse

from core.api.once import HEADER
from core.api.problems import CONTENT_TYPE
from core.ids import uuid7
from core.testing.web import ORIGIN
from tests.tenancy.conftest import Town
from tests.tenancy.matrix import ids_of

_HEADERS: Final = (HEADER, "If-Match")
#: What a header can carry.
_TELLABLE: Final = re.compile(r"[\x20-\x7e]*")
_SELDOM: Final = st.sampled_from((True, False, False, False))
#: Words that mean something to one field or another.
WORDS: Final = ("un", "kg", "iva_19", "excluded", "31", "13", "900373913", "cash", "2026-03-16")
#: What no field expects; JSON can say them all.
UNWELCOME: Final[tuple[Any, ...]] = (
    "",
    " ",
    "x" * 100_000,
    "\x00",
    "Lech\x00e",
    "\x07\x1b[31m",
    "\ud800",
    "\u202etxt.exe",
    "🥑👩‍👩‍👧",
    "e\u0301" * 200,
    "{{7*7}}",
    "${7*7}",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    '"; DROP TABLE core_user; --',
    "%",
    "_",
    "\\",
    "=1+1",
    "NaN",
    "Infinity",
    "-0",
    "1e400",
    "9" * 5000,
    "-1",
    "٣",
    "1_000",
    "0x10",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    float("nan"),
    float("inf"),
    10**400,
    2**63,
    -(2**63) - 1,
    -1,
    0,
    0.1,
    True,
    None,
    [],
    {},
    [[]],
)
#: Words of our inside, which no answer tells.
TRACES: Final = ("Traceback (most recent", "sqlalchemy.", "psycopg.", "sqlite3.")


@dataclass
class Campaign:
    """A program that holds a token of the bakery and asks anything."""

    town: Town
    document: dict[str, Any]
    #: Ids of both businesses, by what they are of, such as "product".
    ids: dict[str, list[str]]
    statuses: Counter[int] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    _validators: dict[str, Any] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        """How many requests were sent."""
        return self.statuses.total()

    def ask(self, case: Case[Any], data: st.DataObject) -> None:
        """Send what was generated, with ids that somebody has in it, and look at the answer."""
        operation = case.operation
        path = operation.path
        for name, made_up in dict(case.path_parameters or {}).items():
            one = str(data.draw(self._ids(path, made_up)))
            path = path.replace(f"{{{name}}}", quote(one.encode("utf-8", "replace"), safe=""))
        query = self._bent("", dict(case.query or {}), data)
        body = None if isinstance(case.body, NotSet) else self._bent("", case.body, data)
        headers = {
            name: str(value) for name, value in dict(case.headers or {}).items() if name in _HEADERS
        }
        if operation.method != "get" and data.draw(st.booleans()):
            headers |= {HEADER: str(uuid7()), "If-Match": '"1"'}
        answer = self.town.site.app.test_client().open(
            path,
            base_url=ORIGIN,
            method=operation.method.upper(),
            query_string=[(_text(name), _text(value)) for name, value in query.items()],
            data=_written(body),
            content_type=None if body is None else "application/json",
            headers={
                "Authorization": f"Bearer {self.town.token}",
                **{name: value for name, value in headers.items() if _TELLABLE.fullmatch(value)},
            },
        )
        self.statuses[answer.status_code] += 1
        if answer.status_code < 400:
            self.reached[operation.label] += 1
        for fault in self.wrong(operation.label, answer):
            said = f"{path} {query} {headers} {str(body)[:400]}"
            self.faults.setdefault(f"{operation.label}: {fault}", f"{said} → {answer.text[:300]}")

    def _bent(self, name: str, value: Any, data: st.DataObject) -> Any:
        """Put in ids that somebody has, words that mean something here, and unwelcome values."""
        if isinstance(value, dict):
            return {key: self._bent(key, one, data) for key, one in value.items()}
        if isinstance(value, list):
            return [self._bent(name, one, data) for one in value]
        if name.endswith("_id"):
            return data.draw(self._ids(name, value))
        if isinstance(value, str | int | float) and data.draw(_SELDOM):
            return data.draw(st.sampled_from((*WORDS, *UNWELCOME)))
        return value

    def _ids(self, name: str, made_up: Any) -> st.SearchStrategy[Any]:
        """Give ids of what ``name`` says, or of anything, or the one that was made up."""
        said = name.replace("ies", "y").replace("/{", "s/{")
        noun = max((one for one in self.ids if one in said), key=len, default="")
        anything = [one for few in self.ids.values() for one in few]
        right = self.ids.get(noun) or anything
        return st.sampled_from(right) | st.sampled_from(anything) | st.just(made_up)

    def wrong(self, label: str, answer: TestResponse) -> Iterator[str]:
        """Name what an answer may not be."""
        status = answer.status_code
        if status >= 500:
            yield f"answers {status}"
        if any(word in answer.text for word in TRACES):
            yield "tells of its inside"
        if status >= 400:
            if answer.content_type != CONTENT_TYPE:
                yield f"{status} is {answer.content_type}"
            elif faults := self.unlike({"$ref": "#/components/schemas/Problem"}, answer):
                yield f"{status} is no problem document: {faults}"
            elif not all(answer.get_json()[word] for word in ("code", "title")):
                yield f"{status} has no words"
            return
        method, path = label.split(" ", 1)
        declared = self.document["paths"][path][method.lower()]["responses"].get(str(status))
        if declared is None:
            yield f"{status} is not declared"
        elif "content" in declared:
            schema = declared["content"]["application/json"]["schema"]
            if faults := self.unlike(schema, answer):
                yield f"{status} is not as declared: {faults}"

    def unlike(self, schema: dict[str, Any], answer: TestResponse) -> str:
        """Say where an answer is not as its schema says; empty when it is."""
        key = json.dumps(schema)
        found = self._validators.get(key)
        if found is None:
            whole = {**schema, "components": self.document["components"]}
            found = jsonschema_rs.validator_for(whole, validate_formats=True)
            self._validators[key] = found
        return "; ".join(
            f"{'/'.join(map(str, one.instance_path))} {one.message[:120]}"
            for one in found.iter_errors(answer.json)
        )


def by_noun(tables: dict[str, list[Any]]) -> Iterator[tuple[str, str]]:
    """Give ids by the last word of their table's name."""
    for table, ids in tables.items():
        for one in ids:
            yield table.rpartition("_")[2], str(one)


def _written(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body, default=str).encode()


def _text(value: Any) -> str:
    return str(value).encode("utf-8", "replace").decode()


def prepared(town: Town) -> Campaign:
    """Read the API document as the program does, and the ids of both businesses."""
    answer = town.site.app.test_client().get(
        "/api/v1/openapi.json",
        base_url=ORIGIN,
        headers={"Authorization": f"Bearer {town.token}"},
    )
    house = town.site.house
    ids: dict[str, list[str]] = {}
    for tenant in (house.bakery, house.pharmacy):
        for noun, one in by_noun(ids_of(house, tenant.id)):
            ids.setdefault(noun, []).append(one)
    document: dict[str, Any] = answer.get_json()
    return Campaign(town, document, ids)


def operations(campaign: Campaign) -> list[APIOperation[Any, Any, Any, Any]]:
    """Give every operation of the document."""
    schema = openapi.from_dict(campaign.document)
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


def run(campaign: Campaign, requests: int) -> None:
    """Send as many requests over all operations; half of them as declared, half not."""
    every = operations(campaign)
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    each = max(1, round(requests / len(every) / len(modes)))
    for operation in every:
        for mode in modes:
            _try(campaign, operation.as_strategy(generation_mode=mode), each)


def _try(campaign: Campaign, cases: st.SearchStrategy[Case[Any]], examples: int) -> None:
    quiet = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=settings.get_current_profile_name() != "nightly",
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @quiet
    @given(cases, st.data())
    def ask(case: Case[Any], data: st.DataObject) -> None:
        campaign.ask(case, data)

    ask()
