"""Sales over HTTP through the real server, with the worker beside, from light clients."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, select

from addons.pos.models import Sale
from core.testing.services import free_port
from tests.bench.cost import FORM_TOKEN
from tests.bench.figures import Figure, percentile
from tests.bench.place import Engine, Place, databases_for, open_place
from tests.bench.setting_up import serving, working
from tests.bench.shop import EMAIL, PASSWORD, Shop, open_shop

TENANT = re.compile(r'<meta name="tenant" content="([^"]*)">')
CLIENT = Path(__file__).with_name("client.py")
#: More requests than all clients could send in a second: what is left over is thrown away.
_PER_SECOND = 1200
_CLIENTS = 8


@dataclass(frozen=True, slots=True)
class _Run:
    taken: list[float]
    failed: list[str]
    busy: float


def sales_over_http(engine: Engine, *, seconds: int) -> Iterator[Figure]:
    """One client; eight on four tills with the worker draining; eight on one till."""
    with databases_for(engine) as (databases, folder), open_place(databases, folder, engine) as at:
        # Nobody listens there: documents are signed, and wait for the authority to come back.
        shop = open_shop(at, service_url=f"http://127.0.0.1:{free_port()}/dian")
        with serving(at):
            headers = log_in(at)
            yield load(shop, headers, tills=1, clients=1, seconds=max(1, seconds // 3))
            with working(at):
                yield load(shop, headers, tills=4, clients=_CLIENTS, seconds=seconds)
            yield load(shop, headers, tills=1, clients=_CLIENTS, seconds=max(1, seconds // 3))


def load(shop: Shop, headers: dict[str, str], *, tills: int, clients: int, seconds: int) -> Figure:
    """Let so many clients sell for so long."""
    files = [
        _write(shop, headers, till=n % tills, seed=n, count=seconds * _PER_SECOND // clients)
        for n in range(clients)
    ]
    port = str(shop.place.settings.port)
    crowd = [
        subprocess.Popen(
            [sys.executable, "-S", str(CLIENT), port, str(seconds), str(file)],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )
        for file in files
    ]
    runs = [_Run(**json.loads(each.communicate(timeout=seconds + 60)[0])) for each in crowd]
    taken = sorted(time for run in runs for time in run.taken)
    failed = [said for run in runs for said in run.failed]
    share = sum(run.busy for run in runs) / seconds
    gaps = _gaps(shop)
    note = f"{len(failed)} failed, {gaps} gaps in numbers, clients took {share:.0%} of a core"
    return Figure(
        name=f"sale_over_http_{tills}_tills",
        engine=shop.place.engine,
        p50_ms=percentile(taken, 50),
        p95_ms=percentile(taken, 95),
        p99_ms=percentile(taken, 99),
        per_s=(len(taken) - len(failed)) / seconds,
        clients=clients,
        note=note + (f"; {failed[0]}" if failed else ""),
    )


def _write(shop: Shop, headers: dict[str, str], *, till: int, seed: int, count: int) -> Path:
    random = Random(seed)
    bodies = [shop.request(shop.tills[till], random) for _ in range(count)]
    file = shop.place.settings.data_dir / f"client-{seed}.jsonl"
    file.write_bytes(b"\n".join([json.dumps(headers).encode(), *bodies]))
    return file


def _gaps(shop: Shop) -> int:
    """Count numbers that were left out; every prefix starts at 1."""
    with shop.session() as session:
        rows = session.execute(
            select(Sale.prefix, func.max(Sale.number), func.count(Sale.id)).group_by(Sale.prefix)
        ).all()
    return sum(highest - count for _, highest, count in rows)


def log_in(place: Place, email: str = EMAIL) -> dict[str, str]:
    """Enter as the cashier and give the headers that a till's requests carry."""
    host = place.settings.public_url.partition("://")[2]
    connection = HTTPConnection("127.0.0.1", place.settings.port, timeout=30)
    cookie, page = _ask(connection, host, "GET", "/login")
    form = {"login": email, "password": PASSWORD, "csrf_token": _found(FORM_TOKEN, page)}
    cookie, _ = _ask(connection, host, "POST", "/login", cookie=cookie, form=form)
    _, page = _ask(connection, host, "GET", "/account", cookie=cookie)
    connection.close()
    return {
        "Host": host,
        "Cookie": cookie,
        "X-CSRF-Token": _found(FORM_TOKEN, page),
        "X-Tenant": _found(TENANT, page),
    }


def _ask(
    connection: HTTPConnection, host: str, method: str, path: str, **sent: Any
) -> tuple[str, str]:
    headers = {"Host": host, "Content-Type": "application/x-www-form-urlencoded"}
    if cookie := sent.get("cookie"):
        headers["Cookie"] = cookie
    connection.request(method, path, urlencode(sent.get("form", {})), headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    fresh = answer.headers.get("Set-Cookie", "").partition(";")[0]
    return fresh or str(cookie), text


def _found(what: re.Pattern[str], page: str) -> str:
    found = what.search(page)
    if found is None:
        raise RuntimeError(f"the page carries no {what.pattern}")
    return found[1]
