"""What one sale costs the web process, without network: the WSGI application called directly.

``python -m tests.bench.cost [--sqlite] [--profile]`` repeats it. Processor time of the thread is
what to compare: on a machine that is busy with other things the clock on the wall says little.
"""

from __future__ import annotations

import cProfile
import io
import logging
import pstats
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from http.cookies import SimpleCookie
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from core.app import Parts, create_app
from tests.bench.figures import Figure, percentile
from tests.bench.place import Engine, Place, databases_for, open_place
from tests.bench.shop import EMAIL, PASSWORD, Shop, open_shop

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

SALES_URL = "/pos/api/v1/sync"
FORM_TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]*)">')


class Caller:
    """A browser that calls the application directly."""

    def __init__(self, application: WSGIApplication, place: Place) -> None:
        self._application = application
        self._host = place.settings.public_url.partition("://")[2]
        self._headers: dict[str, str] = {}

    def log_in(self, tenant: str) -> None:
        """Enter as the cashier."""
        token = self._form_token("/login")
        form = {"login": EMAIL, "password": PASSWORD, "csrf_token": token}
        self.call("POST", "/login", urlencode(form).encode(), "application/x-www-form-urlencoded")
        self._headers["HTTP_X_CSRF_TOKEN"] = self._form_token("/account")
        self._headers["HTTP_X_TENANT"] = tenant

    def call(self, method: str, path: str, body: bytes = b"", kind: str = "") -> bytes:
        """Send one request and give the body of its answer; anything refused raises."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": self._host,
            "CONTENT_TYPE": kind or "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **self._headers,
        }
        answered: list[Any] = []
        begin: StartResponse = lambda *given: answered.append(given) or (lambda _: None)  # type: ignore[func-returns-value]  # noqa: E731
        answer = self._application(environ, begin)
        text = b"".join(answer)
        if close := getattr(answer, "close", None):
            close()
        status, headers = answered[0][:2]
        if int(status[:3]) >= 400:
            raise RuntimeError(f"{path}: {status} {text[:500]!r}")
        self._keep_cookie(headers)
        return text

    def _form_token(self, path: str) -> str:
        found = FORM_TOKEN.search(self.call("GET", path).decode())
        if found is None:
            raise RuntimeError(f"{path} carries no form token")
        return found[1]

    def _keep_cookie(self, headers: list[tuple[str, str]]) -> None:
        for name, value in headers:
            if name.lower() == "set-cookie":
                morsels = SimpleCookie(value).items()
                pairs = [f"{key}={one.value}" for key, one in morsels]
                self._headers["HTTP_COOKIE"] = "; ".join(pairs)


def seller_through(shop: Shop) -> Callable[[bytes], None]:
    """Give what sends one request of a till through the whole web application of this process."""
    logging.disable(logging.INFO)
    here = shop.place.installation
    parts = Parts(database=here.database, registry=here.registry, discovery=here.discovery)
    caller = Caller(create_app(here.settings, parts), shop.place)
    caller.log_in(str(shop.tenant.uid))

    def send(body: bytes) -> None:
        answer = caller.call("POST", SALES_URL, body)
        if b'"stored"' not in answer:
            raise RuntimeError(answer.decode())

    return send


def sale_through_wsgi(engine: Engine, count: int) -> Iterator[Figure]:
    """Measure ``count`` sales of one till; the note says what they cost the processor."""
    with databases_for(engine) as (databases, folder), open_place(databases, folder, engine) as at:
        yield _measured(open_shop(at), count)


def _measured(shop: Shop, count: int) -> Figure:
    send = seller_through(shop)
    random = Random(7)
    bodies = [shop.request(shop.tills[0], random) for _ in range(count + 30)]
    for body in bodies[:30]:
        send(body)
    walls, works = [], []
    for body in bodies[30:]:
        wall, work = perf_counter(), process_time()
        send(body)
        works.append((process_time() - work) * 1000)
        walls.append((perf_counter() - wall) * 1000)
    cpu = median(works)
    return Figure(
        name="sale_through_wsgi",
        engine=shop.place.engine,
        p50_ms=median(walls),
        p95_ms=percentile(walls, 95),
        p99_ms=percentile(walls, 99),
        per_s=1000 / median(walls),
        note=f"processor {cpu:.2f} ms per sale in the web process",
    )


def profile(shop: Shop, count: int, order: str) -> None:
    """Print where the time of a sale goes."""
    send = seller_through(shop)
    random = Random(7)
    bodies = [shop.request(shop.tills[0], random) for _ in range(count + 30)]
    for body in bodies[:30]:
        send(body)
    watched = cProfile.Profile(process_time)
    watched.enable()
    for body in bodies[30:]:
        send(body)
    watched.disable()
    pstats.Stats(watched).sort_stats(order).print_stats(70)


def main(arguments: Sequence[str]) -> int:
    """Measure, or profile."""
    engine: Engine = "sqlite" if "--sqlite" in arguments else "postgresql"
    if "--profile" not in arguments:
        for figure in sale_through_wsgi(engine, 400):
            print(figure.line())
        return 0
    with databases_for(engine) as (databases, folder), open_place(databases, folder, engine) as at:
        profile(open_shop(at), 300, "tottime" if "--own" in arguments else "cumtime")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
