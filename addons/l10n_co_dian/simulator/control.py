"""Setting the stage at run time and reading what happened; for this machine only.

``POST /_control/{issuers,ranges,software,buyers,faults}`` takes one JSON object or a list;
``POST /_control/roots`` PEM text; ``DELETE /_control/faults`` ends all faults;
``GET /_control/ledger?since=N``, ``/_control/authority`` (PEM of who signs the answers) and
``/_control/health`` tell.
"""

from __future__ import annotations

from dataclasses import fields
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

import orjson

from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.simulator.authority import chain_pem
from addons.l10n_co_dian.simulator.config import Registry
from addons.l10n_co_dian.simulator.faults import Fault, Script
from addons.l10n_co_dian.simulator.ledger import Acceptance, Attempt, Ledger

PREFIX: Final = "/_control/"
_KINDS: Final = frozenset({"issuers", "ranges", "software", "buyers"})


class Told(NamedTuple):
    """An answer of the control endpoint."""

    status: HTTPStatus
    body: bytes
    content_type: str = "application/json"


def is_from_here(address: str, host: str) -> bool:
    """Tell whether a request comes from this machine and was addressed to it by name.

    The name matters too: a web page in a browser on this machine can reach us by another name.
    """
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return ip_address(address).is_loopback and (
            name == "localhost" or ip_address(name).is_loopback
        )
    except ValueError:
        return False


class Control:
    """The control endpoint of one simulator."""

    def __init__(
        self, registry: Registry, script: Script, ledger: Ledger, identity: SigningIdentity
    ) -> None:
        self._registry = registry
        self._script = script
        self._ledger = ledger
        self._identity = identity

    def handle(self, method: str, path: str, query: str, body: bytes) -> Told:
        """Answer one request; what cannot be understood is a 400 that says why."""
        what = path.removeprefix(PREFIX)
        try:
            told = self._add(what, body) if method == "POST" else self._tell(method, what, query)
        except ValueError as wrong:  # what pydantic and orjson raise are ValueErrors too
            return _json({"error": str(wrong)}, HTTPStatus.BAD_REQUEST)
        return told or _json({"error": "not found"}, HTTPStatus.NOT_FOUND)

    def _tell(self, method: str, what: str, query: str) -> Told | None:
        match method, what:
            case "GET", "health":
                return _json({"ok": True})
            case "GET", "authority":
                return Told(HTTPStatus.OK, chain_pem(self._identity), "application/x-pem-file")
            case "GET", "ledger":
                return self._read_ledger(query)
            case "DELETE", "faults":
                self._script.clear()
                return _json({"faults": 0})
            case _:
                return None

    def _add(self, what: str, body: bytes) -> Told | None:
        if what == "roots":
            return _json({"added": self._registry.trust(body.decode())})
        if what not in _KINDS | {"faults"}:
            return None
        given = orjson.loads(body)
        entries = given if isinstance(given, list) else [given]
        for entry in entries:
            if what == "faults":
                # JSON gives lists where the model holds tuples: read it as JSON again.
                self._script.add(Fault.model_validate_json(orjson.dumps(entry)))
            else:
                self._registry.add(what, entry)
        return _json({"added": len(entries)})

    def _read_ledger(self, query: str) -> Told:
        since = int(parse_qs(query).get("since", ["0"])[0])
        contents = self._ledger.contents(since=since)
        return _json(
            {
                "attempts": [_plain(entry) for entry in contents.attempts],
                "accepted": [_plain(entry) for entry in contents.accepted],
            }
        )


def _plain(entry: Attempt | Acceptance) -> dict[str, object]:
    """Give an entry as JSON takes it: its identity spread out, without the documents."""
    hidden = {"identity", "xml", "answer"}
    values = {f.name: getattr(entry, f.name) for f in fields(entry) if f.name not in hidden}
    return {**entry.identity._asdict(), **values}


def _json(value: object, status: HTTPStatus = HTTPStatus.OK) -> Told:
    return Told(status, orjson.dumps(value))
