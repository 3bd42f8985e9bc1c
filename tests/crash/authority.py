"""The simulated authority of a crash test: it lives on while the other side is killed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from typing import Final

from addons.l10n_co_dian.simulator import Fault, Kind, Running, SimulatorConfig
from addons.l10n_co_dian.simulator.app import PATH
from addons.l10n_co_dian.simulator.authority import authority_identity
from core.testing.fixtures import MONDAY
from core.testing.services import free_port
from core.testing.shared import shared_data
from tests.crash.world import SharedClock

_LEDGER: Final = "ledger.sqlite3"
#: The flows that send documents, and what goes wrong in each: an answer that is lost is asked for.
FAULTS: Final[Mapping[str, tuple[Fault, ...]]] = {
    "document": (),
    "inquiry": (Fault(kinds=(Kind.RESET_AFTER,)),),
}


class Authority:
    """Answers at one address; each system it serves has a ledger of its own."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self._faults = faults
        self._port = free_port()
        self._server: Running | None = None
        self._thread: Thread | None = None

    @property
    def service(self) -> str:
        """Tell the address that documents are sent to."""
        return f"http://127.0.0.1:{self._port}{PATH}"

    def prepare(self, folder: Path) -> None:
        """Make the authority's own keys, which every copy of ``folder`` takes along."""
        authority_identity(folder / _LEDGER, MONDAY)

    def open(self, folder: Path) -> None:
        """Serve the system in ``folder``."""
        shared = shared_data()
        schemas = shared / "dian" / "xsd" if shared else None
        config = SimulatorConfig.read(folder / "authority.json").model_copy(
            update={
                "ledger": folder / _LEDGER,
                "schemas": schemas,
                "strict": schemas is not None,
                "faults": self._faults,
            }
        )
        clock = SharedClock(folder / "clock")
        self._server = Running(config, clock=clock, port=self._port)
        self._thread = Thread(target=self._server.forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        if self._server and self._thread:
            self._server.stop()
            self._thread.join()
        self._server = self._thread = None

    def problems(self, code: str) -> list[str]:
        """Say where the authority's ledger differs from one document, sent once."""
        if self._server is None:
            return ["the authority was never open"]
        held = self._server.simulator.ledger.contents()
        found = []
        if [one.code for one in held.accepted] != [code]:
            found.append(
                f"accepted are {[one.code[:8] for one in held.accepted]}, ours: {code[:8]}"
            )
        sent = [one for one in held.attempts if one.operation == "SendBillSync"]
        if len(sent) != 1:
            found.append(f"sent {len(sent)} times: {[one.verdict for one in sent]}")
        return found
