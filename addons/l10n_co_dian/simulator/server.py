"""Serving a simulator over HTTP on this machine, from a program, a test or a command."""

# allow source.machine: the simulator ends when its program is asked to

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING, Final

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from addons.l10n_co_dian.schemas import schemas_of
from addons.l10n_co_dian.simulator.app import PATH, Simulator
from addons.l10n_co_dian.simulator.config import SimulatorConfig
from core.clock import Clock

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

LOOPBACK: Final = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Says nothing about each request: the ledger does."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - inherited
        """Say nothing."""

    def connection_dropped(
        self, error: BaseException, environ: WSGIEnvironment | None = None
    ) -> None:
        """Read no further request from a connection that was broken on purpose."""
        super().connection_dropped(error, environ)
        self.close_connection = True


class Running:
    """A simulator that answers at ``url`` until ``stop``."""

    def __init__(
        self,
        config: SimulatorConfig,
        *,
        clock: Clock | None = None,
        host: str = LOOPBACK,
        port: int = 0,
        tls: tuple[Path, Path] | None = None,
    ) -> None:
        self.simulator = Simulator(config, clock)
        self._server: BaseWSGIServer = make_server(
            host,
            port,
            self.simulator,
            threaded=True,
            request_handler=_Quiet,
            ssl_context=(str(tls[0]), str(tls[1])) if tls else None,
        )
        # A thread that holds a connection on purpose must not keep the process alive.
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._server.block_on_close = False  # type: ignore[attr-defined]
        scheme = "https" if tls else "http"
        self.base = f"{scheme}://{host}:{self._server.server_port}"
        self.url = self.base + PATH

    def forever(self) -> None:
        """Answer until ``stop`` is called from elsewhere."""
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Stop answering and close the ledger."""
        self._server.shutdown()
        self._server.server_close()
        self.simulator.ledger.close()


@contextmanager
def running(
    config: SimulatorConfig, *, clock: Clock | None = None, tls: tuple[Path, Path] | None = None
) -> Iterator[Running]:
    """Run a simulator in a thread, on a free port, for the length of a block."""
    server = Running(config, clock=clock, tls=tls)
    thread = Thread(target=server.forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


def serve(config: SimulatorConfig, host: str = LOOPBACK, port: int = 0) -> None:
    """Serve until the process is asked to stop (SIGTERM or SIGINT); print where."""
    server = Running(config, host=host, port=port)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # shutdown() waits for the loop that this handler interrupts: call it from elsewhere.
        Thread(target=server.stop, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    server.forever()


def simulate_command(argv: Sequence[str]) -> int:
    """Run ``manage.py dian simulate`` with these arguments."""
    parser = argparse.ArgumentParser(
        prog="dian simulate", description="Serve a simulated tax authority on this machine."
    )
    configure_simulate(parser)
    return run_simulate(parser.parse_args(argv))


def configure_simulate(parser: argparse.ArgumentParser) -> None:
    """Say what ``dian simulate`` takes."""
    parser.add_argument("--config", type=Path, help="JSON file with issuers, ranges, software")
    parser.add_argument("--ledger", type=Path, help="file that records every attempt")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=8390, help="0 takes any free port")


def run_simulate(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    config = SimulatorConfig.read(options.config) if options.config else SimulatorConfig()
    if options.ledger:
        config = config.model_copy(update={"ledger": options.ledger})
    config = config.model_copy(update={"schemas": config.schemas or schemas_of(options)})
    serve(config, options.host, options.port)
    return 0
