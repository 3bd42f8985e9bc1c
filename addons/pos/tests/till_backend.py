"""A loopback server that speaks the till's contract, and is as unreliable as a test asks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from addons.pos.tests import till_products
from addons.pos.tests.till_answers import Refusal, answer, result
from addons.pos.till_texts import till_texts
from core.i18n import gettext, load_catalogs, use_language

ROOT: Final = Path(__file__).resolve().parents[3]
TENANT: Final = "0192f0c1-0000-7000-8000-00000000aa01"
TILL: Final = "0192f0c1-0000-7000-8000-00000000bb01"
CSP: Final = (
    "default-src 'none'; script-src 'self' 'nonce-x' 'strict-dynamic'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'"
)
TYPES: Final = {
    ".mjs": "text/javascript", ".js": "text/javascript", ".css": "text/css",
    ".svg": "image/svg+xml", ".woff2": "font/woff2", ".html": "text/html; charset=utf-8",
}  # fmt: skip
NO_ANSWER: Final = 0


def _ready() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass
class Business:
    """What the server knows, and how it misbehaves next."""

    session: dict[str, Any] | None = None
    sales: dict[str, dict[str, Any]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    posts: list[list[str]] = field(default_factory=list)
    movements: list[dict[str, Any]] = field(default_factory=list)
    closings: list[dict[str, Any]] = field(default_factory=list)
    #: Statuses to answer the next posts of sales with; ``NO_ANSWER`` stores them and hangs up.
    next_sync: list[int] = field(default_factory=list)
    #: Product ids whose sales are rejected.
    refused: set[str] = field(default_factory=set)
    #: What is left now and whether a sale below zero is refused, where not as on the shelf: by id.
    stock: dict[str, tuple[str, bool]] = field(default_factory=dict)
    #: Ids of the products whose present figure was asked for.
    questions: list[str] = field(default_factory=list)
    #: Set: the present figure is answered. Clear: who asks for it waits.
    answers_stock: threading.Event = field(default_factory=_ready)
    settings: dict[str, Any] = field(default_factory=dict)
    #: Ids of what sells most, most first.
    frequent: list[str] = field(default_factory=list)
    mode: str = "normal"
    permissions: list[str] = field(
        default_factory=lambda: ["pos.price.change", "pos.discount.give"]
    )
    switched: bool = False
    broken: bool = False
    accepts_after: int = 1
    asked: dict[str, int] = field(default_factory=dict)

    @property
    def expected(self) -> Decimal:
        """Say what should be in the drawer."""
        float_ = Decimal(self.session["float"]) if self.session else Decimal(0)
        cash = sum(
            (
                Decimal(p["amount"])
                for s in self.sales.values()
                for p in s["doc"]["payments"]
                if p["method"] == "cash"
            ),
            Decimal(0),
        )
        moved = sum(
            (Decimal(m["amount"]) * (1 if m["kind"] == "in" else -1) for m in self.movements),
            Decimal(0),
        )
        return float_ + cash + moved


class Handler(BaseHTTPRequestHandler):
    """Routes of the contract over one ``Business``."""

    protocol_version = "HTTP/1.1"
    business: Business
    pages: Environment

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Stay quiet."""

    def do_GET(self) -> None:
        """Answer pages, files and reads."""
        url = urlsplit(self.path)
        if url.path.startswith("/static/"):
            self._file(url.path.removeprefix("/static/"))
        elif url.path == f"/pos/till/{TILL}":
            self._page()
        else:
            self._api(url.path, parse_qs(url.query), None)

    def do_POST(self) -> None:
        """Answer writes."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._api(urlsplit(self.path).path, {}, body)

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def _file(self, name: str) -> None:
        first = name.split("/", 1)[0]
        addon = ROOT / "addons" / first / "static" / name
        found = addon if addon.is_file() else ROOT / "core" / "web" / "static" / name
        if found.is_file():
            self._send(200, found.read_bytes(), TYPES.get(found.suffix, "application/octet-stream"))
        else:
            self._send(404, b"", "text/plain")

    def _page(self) -> None:
        with use_language("es"):
            shell = {
                "language": "es",
                "theme": "auto",
                "nonce": "x",
                "csrf_token": "token-of-the-page",
                "tenant": {"uid": TENANT, "name": "Tienda La Esperanza", "is_demo": False},
            }
            page = self.pages.get_template("pos/till.html").render(
                shell=shell,
                till={"id": TILL, "name": "Caja 1"},
                static=lambda path: f"/static/{path}",
                _=gettext,
            )
        self._send(200, page.encode(), TYPES[".html"])

    def _api(self, path: str, query: dict[str, list[str]], body: Any) -> None:
        try:
            status, reply = self._reply(path.removeprefix("/pos/api/v1/"), query, body)
        except Refusal as refusal:
            status, reply = refusal.status, refusal.problem
        if status == NO_ANSWER:
            self.close_connection = True
            return
        self._send(status, json.dumps(reply).encode(), "application/json")

    def _reply(self, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        business = self.business
        if (
            self.headers["X-Tenant"] != TENANT
            or self.headers["X-CSRF-Token"] != "token-of-the-page"
        ):
            raise Refusal(403, "auth.forbidden", "Falta el negocio o la marca de la página.")
        if business.switched:
            raise Refusal(
                409,
                "tenancy.switched",
                "Usted entró a otro negocio en esta sesión. Cargue la página.",
            )
        if business.broken:
            return 503, {}
        routes: dict[str, Callable[[], Any]] = {
            "bootstrap": self._bootstrap,
            "catalog": lambda: till_products.page(query.get("after", [None])[0]),
            "session": lambda: self._open(body),
            "movements": lambda: self._move(body),
            "summary": lambda: self._summary(blind=query["blind"] == ["1"]),
            "close": lambda: self._close(body),
            "customers": lambda: till_products.customers(query["q"][0]),
        }
        if path == "sync":
            return self._sync(body["items"])
        if "/stock/" in path:
            return 200, self._left(path.rsplit("/", 1)[-1])
        if path.startswith("sales/"):
            return 200, self._sale(path.removeprefix("sales/"))
        route = routes.get(path.rsplit("/", 1)[-1])
        return (200, route()) if route else (404, {})

    def _open(self, body: dict[str, Any]) -> dict[str, Any]:
        self.business.session = {name: body[name] for name in ("id", "opened_at", "float")}
        return self.business.session

    def _move(self, body: dict[str, Any]) -> dict[str, Any]:
        self.business.movements.append(body)
        return body

    def _close(self, body: dict[str, Any]) -> dict[str, Any]:
        self.business.closings.append(body)
        summary = self._summary(blind=False)
        self.business.session = None
        return summary | {"counted": body["counted_total"]}

    def _bootstrap(self) -> dict[str, Any]:
        with use_language("es"):
            texts = till_texts()
        business = self.business
        return till_products.BOOTSTRAP | {
            "till": {"id": TILL, "name": "Caja 1", "prefix": "POSE"},
            "session": business.session,
            "settings": {"cash_rounding": "0", "left_handed": False, "validation_seconds": 2}
            | business.settings,
            "document": till_products.BOOTSTRAP["document"] | {"mode": business.mode},
            "permissions": business.permissions,
            "frequent": business.frequent,
            "texts": texts,
        }

    def _sync(self, items: list[dict[str, Any]]) -> tuple[int, Any]:
        business = self.business
        business.posts.append([item["uuid"] for item in items])
        status = business.next_sync.pop(0) if business.next_sync else 200
        if status >= 400:
            return status, {"title": "broken", "status": status, "code": "test.broken"}
        results = [self._store(item) for item in items]
        return (NO_ANSWER if status == NO_ANSWER else 200), {"results": results}

    def _store(self, item: dict[str, Any]) -> dict[str, Any]:
        business, uuid, doc = self.business, item["uuid"], item["doc"]
        text = json.dumps(doc, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if sha256(text.encode()).hexdigest() != item["sha256"]:
            return result(uuid, "rejected", error="La huella no coincide.")
        if uuid in business.sales:
            same = business.hashes[uuid] == item["sha256"]
            return result(uuid, "replayed" if same else "conflict", business.sales[uuid]["answer"])
        if business.refused & {line["product_id"] for line in doc["lines"]}:
            return result(uuid, "rejected", error="Un producto de la venta ya no existe.")
        made = answer(uuid, doc, 1096 + len(business.sales))
        business.sales[uuid] = {"doc": doc, "answer": made}
        business.hashes[uuid] = item["sha256"]
        return result(uuid, "stored", made)

    def _left(self, product: str) -> dict[str, Any]:
        self.business.questions.append(product)
        self.business.answers_stock.wait()
        (known,) = [one for one in till_products.PRODUCTS if one["id"] == product]
        stock, blocks = self.business.stock.get(product, (known["stock"], known["blocks"]))
        return {"stock": stock, "blocks": blocks}

    def _sale(self, uuid: str) -> dict[str, Any]:
        business = self.business
        if uuid not in business.sales:
            raise Refusal(404, "core.not_found", "Esta venta no existe.")
        business.asked[uuid] = business.asked.get(uuid, 0) + 1
        status = "accepted" if business.asked[uuid] >= business.accepts_after else "pending"
        answered: dict[str, Any] = business.sales[uuid]["answer"] | {"status": status}
        return answered

    def _summary(self, *, blind: bool) -> dict[str, Any]:
        business = self.business
        seen = {"sales_count": len(business.sales)}
        if blind:
            return seen
        cash = business.expected - Decimal(business.session["float"] if business.session else 0)
        by_method = [{"method": "cash", "title": "Efectivo", "expected": str(business.expected)}]
        for method, title in (("card", "Tarjeta"), ("transfer", "Nequi o Bre-B")):
            paid = sum(
                (
                    Decimal(p["amount"])
                    for s in business.sales.values()
                    for p in s["doc"]["payments"]
                    if p["method"] == method
                ),
                Decimal(0),
            )
            by_method.append({"method": method, "title": title, "expected": str(paid)})
        return seen | {
            "expected": str(business.expected),
            "by_method": by_method,
            "float": business.session["float"] if business.session else "0",
            "cash_sales": str(cash),
        }


@dataclass
class Backend:
    """A running server and its business."""

    business: Business
    url: str
    server: ThreadingHTTPServer

    @property
    def till_url(self) -> str:
        """Tell where the till page is."""
        return f"{self.url}/pos/till/{TILL}"

    def stop(self) -> None:
        """Close the port."""
        self.server.shutdown()
        self.server.server_close()


def start() -> Backend:
    """Serve a fresh business on a free loopback port."""
    load_catalogs([ROOT / "core" / "locale", ROOT / "addons" / "pos" / "locale"])
    business = Business()
    pages = Environment(
        loader=FileSystemLoader(ROOT / "addons" / "pos" / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    handler = type("TillHandler", (Handler,), {"business": business, "pages": pages})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return Backend(business, f"http://127.0.0.1:{server.server_address[1]}", server)
