"""Whatever a till sends, each part of its messages spoiled in every way, is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from core.ids import uuid7
from core.testing.web import ORIGIN
from tests.crash.flows import sale_request
from tests.fuzz.api import TRACES, UNWELCOME
from tests.tenancy.conftest import Town
from tests.tenancy.matrix import rows_of

pytestmark = pytest.mark.campaign


def messages(town: Town) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give everything that a till sends, with where it sends it."""
    shop = town.bakery
    sale = sale_request(shop)
    yield sale["path"], sale["body"]
    drawer = f"/pos/api/v1/sessions/{shop.drawer}"
    cash = {"id": str(uuid7()), "kind": "out", "amount": "1000", "reason": "Bolsas"}
    yield f"{drawer}/movements", cash
    opened = {"id": str(uuid7()), "float_amount": "50000"}
    yield f"/pos/api/v1/tills/{shop.till}/session", opened
    yield f"{drawer}/close", {"counted": [], "counted_total": "1", "note": "Cierre"}


def spoiled(message: Any, *, within: Any = None) -> Iterator[Any]:
    """Give the message once for each of its parts and each value that may not stand there."""
    whole = deepcopy(message) if within is None else within
    parts = message.items() if isinstance(message, dict) else enumerate(message)
    for key, part in list(parts):
        for value in UNWELCOME:
            message[key] = value
            yield message
        message[key] = part
        if isinstance(part, dict | list):
            yield from spoiled(part, within=whole)


def test_whatever_a_till_sends_is_answered(town: Town) -> None:
    house, asked = town.site.house, 0
    before = rows_of(house, house.pharmacy.id)
    client = town.site.app.test_client()
    faults: dict[str, str] = {}
    for path, message in messages(town):
        for part in _with_parts(message):
            asked += 1
            if "items" in part and isinstance(part["items"], list) and part["items"]:
                _renewed(part["items"][0])
            answer = client.post(
                path,
                data=json.dumps(part),
                content_type="application/json",
                base_url=ORIGIN,
                headers={
                    "Authorization": f"Bearer {town.token}",
                    "Idempotency-Key": str(uuid7()),
                },
            )
            inside = any(word in answer.text for word in TRACES)
            if answer.status_code >= 500 or inside or "unexpected" in answer.text:
                faults.setdefault(f"{path} {answer.text[:100]}", str(part)[:900])
    assert faults == {}, "\n".join(f"{k}\n  {v}" for k, v in faults.items())
    assert asked > 1000
    assert rows_of(house, house.pharmacy.id) == before


def _with_parts(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for _ in spoiled(message):
        yield message


def _renewed(item: Any) -> None:
    """Each message has its own ids, or only the first would be looked at."""
    if not isinstance(item, dict):
        return
    doc = item.get("doc")
    parts = [doc.get("lines"), doc.get("payments")] if isinstance(doc, dict) else []
    for one in (item, *(part for few in parts if isinstance(few, list) for part in few)):
        for name in ("uuid", "id"):
            if isinstance(one, dict) and isinstance(one.get(name), str) and len(one[name]) == 36:
                one[name] = str(uuid7())
