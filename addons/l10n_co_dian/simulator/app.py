"""The simulated service as a WSGI application."""

# allow source.machine: the simulator listens on this machine as a program of its own

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from time import sleep
from typing import TYPE_CHECKING, Final

from addons.l10n_co_dian.errors import SchemasMissingError
from addons.l10n_co_dian.schemas import find_schemas
from addons.l10n_co_dian.simulator.authority import authority_identity
from addons.l10n_co_dian.simulator.config import Registry, SimulatorConfig
from addons.l10n_co_dian.simulator.control import PREFIX, Control, is_from_here
from addons.l10n_co_dian.simulator.faults import Fault, Kind, Script
from addons.l10n_co_dian.simulator.identity import certificate_nit
from addons.l10n_co_dian.simulator.judge import NOBODY
from addons.l10n_co_dian.simulator.ledger import Attempt, Ledger
from addons.l10n_co_dian.simulator.replies import fault as soap_fault
from addons.l10n_co_dian.simulator.sabotage import (
    SOAP_TYPE,
    Deed,
    Reply,
    early_reply,
    late_reply,
)
from addons.l10n_co_dian.simulator.service import Service
from addons.l10n_co_dian.simulator.wsdl import description
from addons.l10n_co_dian.soap.errors import SecurityFaultError
from addons.l10n_co_dian.soap.security import (
    Request,
    declares_where_it_should,
    verify_request,
)
from addons.l10n_co_dian.soap.untrusted import LARGEST
from core.clock import Clock, SystemClock
from core.i18n import _

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: The path of the real service; any path is answered, this one is announced.
PATH: Final = "/WcfDianCustomerServices.svc"


class Simulator:
    """A simulated authority; call it as a WSGI application.

    Raises ``SchemasMissingError`` when it is to be strict and has no schemas.
    """

    def __init__(self, config: SimulatorConfig, clock: Clock | None = None) -> None:
        if config.strict and find_schemas(config.schemas) is None:
            raise SchemasMissingError(
                _("The authority's schemas are not installed. Run: manage.py dian schemas fetch.")
            )
        self.clock = clock or SystemClock()
        self._wsdl = config.wsdl
        self.registry = Registry(config)
        self.script = Script(config.faults, config.seed)
        self.ledger = Ledger(config.ledger)
        self.identity = authority_identity(config.ledger, self.clock.now())
        self._service = Service(self.registry, self.ledger, self.identity, self.clock)
        self._control = Control(self.registry, self.script, self.ledger, self.identity)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request, or break the connection as the script says."""
        reply, fault = self._reply(environ)
        _misbehave(environ, reply, fault)
        body = reply.body
        headers = [("Content-Type", reply.content_type), ("Content-Length", str(len(body)))]
        start(f"{reply.status} {HTTPStatus(reply.status).phrase}", headers)
        return [body[: len(body) // 2] if reply.deed is Deed.TRUNCATE else body]

    def _reply(self, environ: WSGIEnvironment) -> tuple[Reply, Fault | None]:
        path = environ.get("PATH_INFO", "")
        method = environ["REQUEST_METHOD"]
        url = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}{path}"
        if path.startswith(PREFIX):
            return self._controlled(environ, method, path), None
        if method == "POST":
            return self._posted(_body(environ), url)
        asked = environ.get("QUERY_STRING", "")
        found = description(asked, url, self._wsdl) if method == "GET" else None
        if found is None:
            return Reply(404, "text/plain", b"GET ?wsdl, or POST a SOAP message\n"), None
        return Reply(200, "text/xml; charset=utf-8", found), None

    def _controlled(self, environ: WSGIEnvironment, method: str, path: str) -> Reply:
        if not is_from_here(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_HOST", "")):
            return Reply(403, "text/plain", b"only from this machine\n")
        told = self._control.handle(method, path, environ.get("QUERY_STRING", ""), _body(environ))
        return Reply(told.status, told.content_type, told.body)

    def _posted(self, raw: bytes, url: str) -> tuple[Reply, Fault | None]:
        if not declares_where_it_should(raw):
            # What the real service answers, without a word.
            return Reply(400, "text/plain", b""), None
        try:
            request = verify_request(
                raw, now=self.clock.now(), trusted=self.registry.trusted, to=url
            )
            return self._answered(request)
        except SecurityFaultError as wrong:
            return Reply(500, SOAP_TYPE, soap_fault(wrong.code, wrong.reason)), None

    def _answered(self, request: Request) -> tuple[Reply, Fault | None]:
        nit = certificate_nit(request.certificate)
        fault = self.script.next(request.operation.name, nit)
        if fault is None:
            return Reply(200, SOAP_TYPE, self._service.answer(request, None)), None
        if Kind.SLOW in fault.kinds:
            sleep(float(fault.seconds))
        if early := early_reply(fault):
            self._note_unread(request, nit, fault)
            return early, fault
        return late_reply(Reply(200, SOAP_TYPE, self._service.answer(request, fault)), fault), fault

    def _note_unread(self, request: Request, nit: str, fault: Fault) -> None:
        attempt = Attempt(
            at=self.clock.now(),
            operation=request.operation.name,
            identity=NOBODY._replace(issuer=nit),
            code="",
            sha256="",
            file_name=request.arguments.get("fileName", ""),
            verdict="unread",
            fault="+".join(fault.kinds),
        )
        self.ledger.record(attempt)


def create_simulator(config: SimulatorConfig, clock: Clock | None = None) -> WSGIApplication:
    """Make a simulated authority from its configuration, as a WSGI application."""
    return Simulator(config, clock)


def _body(environ: WSGIEnvironment) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    body: bytes = environ["wsgi.input"].read(min(int(length), LARGEST))
    return body


def _misbehave(environ: WSGIEnvironment, reply: Reply, fault: Fault | None) -> None:
    """Hold or break the connection; raising makes the server drop it without a word."""
    if reply.deed is Deed.HOLD:
        sleep(float(fault.seconds) if fault else 0)
        raise ConnectionAbortedError("held until the asker went away")
    if reply.deed is Deed.RESET:
        _reset(environ.get("werkzeug.socket"))
        raise ConnectionResetError("reset on purpose")


def _reset(connection: socket.socket | None) -> None:
    if connection is None:
        return
    with suppress(OSError):
        # No lingering: closing now sends a reset instead of a polite end.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(connection.detach())
