"""The sample pages behind a loopback server that sends the strict Content-Security-Policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from core.web.tests.rendering import NONCE, STATIC, render
from core.web.tests.samples import SAMPLES

POLICY: Final = (
    f"default-src 'none'; script-src 'nonce-{NONCE}' 'strict-dynamic'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
#: What the demonstration of a lookup, a plan and a switched business answer.
LOOKUP: Final = b'{"items": [{"value": "9", "label": "Caf\\u00e9 molido", "note": "$ 22.900"}]}'
SWITCHED: Final = b'{"code": "tenancy.switched", "status": 409}'


@dataclass(frozen=True, slots=True)
class Gallery:
    """Where the pages are, and what the browser sent with its requests."""

    address: str
    seen: list[tuple[str, str, dict[str, str]]]

    def page(self, name: str, language: str = "es") -> str:
        """Give the address of one sample page."""
        return f"{self.address}/pages/{language}/{name}.html"


def write_pages(folder: Path) -> None:
    """Write every sample page in both languages as a file."""
    for language in ("es", "en"):
        (folder / "pages" / language).mkdir(parents=True, exist_ok=True)
        for sample in SAMPLES:
            text = render(sample.template, shell=sample.frame(language), **sample.context)
            target = folder / "pages" / language / f"{sample.name}.html"
            target.write_text(text, encoding="utf-8")
    plan = next(each for each in SAMPLES if each.name == "app-enable")
    text = render("app_plan.html", shell=plan.frame("es"), **plan.context)
    (folder / "plan.html").write_text(text, encoding="utf-8")


class _Handler(SimpleHTTPRequestHandler):
    """Pages from one folder, static files from the project, three fixed answers."""

    def __init__(self, *args: Any, folder: Path, seen: list[Any], **kwargs: Any) -> None:
        self.folder, self.seen = folder, seen
        super().__init__(*args, **kwargs)

    def translate_path(self, path: str) -> str:
        path = path.split("?", maxsplit=1)[0]
        if path.startswith("/static/"):
            return str(STATIC / path.removeprefix("/static/"))
        if path == "/admin/apps/plan":
            return str(self.folder / "plan.html")
        return str(self.folder / path.lstrip("/"))

    def do_GET(self) -> None:
        self._note()
        if "/lookup?" in self.path:
            self._answer(200, LOOKUP)
        elif self.path == "/switched":
            self._answer(409, SWITCHED)
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self._note()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b"<div id='g-totals' class='g-totals'>$ 999.999</div>"
        self._answer(200, body, "text/html; charset=utf-8")

    def _note(self) -> None:
        self.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))

    def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        if self.path.startswith("/static/"):
            self.send_header("Cache-Control", "max-age=600, immutable")
        super().end_headers()

    def guess_type(self, path: Any) -> str:
        kind = super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind == "text/html" else kind

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is inherited
        """Say nothing: the requests are in ``seen``."""


@contextmanager
def serve(folder: Path) -> Iterator[Gallery]:
    """Serve the written pages on a free loopback port while the block runs."""
    seen: list[Any] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, folder=folder, seen=seen))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Gallery(f"http://127.0.0.1:{server.server_address[1]}", seen)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
