"""The oracle: what it remembers, what it refuses, and that a killed process loses nothing."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from addons.l10n_co_dian.certificates import SigningIdentity, make_test_chain
from addons.l10n_co_dian.samples import SAMPLE_KEY, SAMPLE_NIT, SAMPLE_PIN, coded
from addons.l10n_co_dian.simulator import Kind, Ledger, SimulatorConfig
from addons.l10n_co_dian.simulator.authority import authority_identity
from addons.l10n_co_dian.simulator.ledger import Acceptance, Attempt, Identity
from addons.l10n_co_dian.soap.client import DianClient
from addons.l10n_co_dian.soap.outcomes import Duplicate
from addons.l10n_co_dian.tests.service.conftest import NOW, Sealed, Stage, pem, sealed
from addons.l10n_co_dian.ubl import build_xml
from addons.l10n_co_dian.xades import sign
from core.clock import SystemClock
from core.outcome import Accepted

pytestmark = pytest.mark.services

ROOT = Path(__file__).resolve().parents[4]
ONE = Identity("900", "01", "A1")


def attempt(identity: Identity = ONE, code: str = "c1", verdict: str = "accepted") -> Attempt:
    return Attempt(NOW, "SendBillSync", identity, code, "s", "f", verdict, ("a", "b"))


def acceptance(identity: Identity = ONE, code: str = "c1") -> Acceptance:
    return Acceptance(NOW, identity, code, "s", "f", xml=b"<x/>", answer=b"<y/>", rules=("n",))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "l.sqlite3")


def test_what_is_recorded_is_read_back_from_the_file(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.record(attempt(), acceptance())
    contents = Ledger.read(tmp_path / "l.sqlite3")
    assert contents.attempts == (attempt(),)
    assert contents.codes() == {ONE: "c1"}
    assert ledger.accepted(ONE) == acceptance() == ledger.accepted_code("c1")
    ledger.close()


@pytest.mark.parametrize(("identity", "code"), [(ONE, "c2"), (ONE._replace(number="A2"), "c1")])
def test_a_number_and_a_code_are_accepted_once(
    identity: Identity, code: str, ledger: Ledger
) -> None:
    ledger.record(attempt(), acceptance())
    assert not ledger.record(attempt(identity, code), acceptance(identity, code))
    assert len(ledger.contents().attempts) == 1
    ledger.close()


@pytest.mark.parametrize(
    "statement", ["DELETE FROM attempt", "UPDATE accepted SET code = 'x'", "DELETE FROM accepted"]
)
def test_nothing_recorded_is_changed_or_removed(
    statement: str, ledger: Ledger, tmp_path: Path
) -> None:
    ledger.record(attempt(), acceptance())
    other = sqlite3.connect(tmp_path / "l.sqlite3")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        other.execute(statement)
    other.close()
    ledger.close()


def test_the_key_of_the_authority_outlives_it(tmp_path: Path) -> None:
    first = authority_identity(tmp_path / "l", NOW)
    again = authority_identity(tmp_path / "l", NOW)
    assert first.chain == again.chain
    key = tmp_path / "l.authority.pem"
    assert key.stat().st_mode & 0o077 == 0


def test_every_attempt_is_in_the_ledger_with_its_verdict_and_fault(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.HTML)
    stage.script(Kind.ERROR_AFTER)
    sealed = document()
    for _ in range(3):
        stage.send(sealed)
    told = httpx.get(stage.server.base + "/_control/ledger").json()
    assert [(a["verdict"], a["fault"]) for a in told["attempts"]] == [
        ("unread", "html"),
        ("accepted", "accept-then-500"),
        ("duplicate", ""),
    ]
    assert [a["code"] for a in told["accepted"]] == [sealed.code]
    later = httpx.get(stage.server.base + "/_control/ledger?since=2").json()
    assert (len(later["attempts"]), len(later["accepted"])) == (1, 0)


def test_of_many_sends_at_once_of_one_number_one_is_accepted(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    """Two versions of one number, as when a row was not locked."""
    snapshot = document(9).snapshot
    versions = [document(9)]
    other = coded(
        replace(snapshot, notes=("otra",), issued_at=snapshot.issued_at.replace(minute=1))
    )
    shop = stage.shop
    versions.append(Sealed(other, sign(build_xml(other), shop.key, shop.chain, NOW)))
    assert versions[0].code != versions[1].code
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(stage.send, versions * 8))
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds.count(Accepted) == 1
    assert kinds.count(Duplicate) == 15
    (code,) = stage.accepted_codes().values()
    assert {o.key for o in outcomes if isinstance(o, Accepted | Duplicate)} == {code}


def test_a_random_campaign_never_accepts_a_number_twice(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    """Send until the authority says that it has it, through every fault that hides the answer."""
    kinds = (Kind.ERROR_AFTER, Kind.TRUNCATED_AFTER, Kind.RESET, Kind.HTML, Kind.MALFORMED)
    for kind in kinds:
        stage.script(kind, chance="0.15")
    documents = [document(number) for number in range(1, 16)]
    for waiting in documents:
        for _try in range(50):
            stage.send(waiting)
            if isinstance(stage.client.get_status(waiting.code), Accepted):
                break
    assert stage.accepted_codes() == {d.snapshot.number: d.code for d in documents}


@pytest.fixture(scope="module")
def today() -> datetime:
    """The time of the machine: another process has no stopped clock."""
    return SystemClock().now()


@pytest.fixture(scope="module")
def shop_today(today: datetime) -> SigningIdentity:
    return make_test_chain("Panadería La Guadua S.A.S.", SAMPLE_NIT, today)


@pytest.fixture
def configured(tmp_path: Path, shop_today: SigningIdentity, config: SimulatorConfig) -> Path:
    file = tmp_path / "simulator.json"
    # The key of the other tests is of their day, not of today.
    (tmp_path / "ledger.sqlite3.authority.pem").unlink()
    file.write_text(config.model_copy(update={"trusted": (pem(shop_today),)}).model_dump_json())
    return file


def start(configured: Path) -> tuple[subprocess.Popen[str], str]:
    code = (
        "import sys; from addons.l10n_co_dian.simulator import simulate_command;"
        "sys.exit(simulate_command(sys.argv[1:]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "--config", str(configured), "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def test_the_command_serves_until_it_is_asked_to_stop(configured: Path) -> None:
    process, url = start(configured)
    try:
        assert url.startswith("http://127.0.0.1:")
        base = url.removesuffix("/WcfDianCustomerServices.svc")
        assert httpx.get(base + "/_control/health").json() == {"ok": True}
    finally:
        close(process)
    assert process.returncode == 0


def test_a_killed_authority_remembers_everything_it_accepted(
    configured: Path, shop_today: SigningIdentity, today: datetime, config: SimulatorConfig
) -> None:
    """SIGKILL in the middle of a stream of documents: whatever was acknowledged is there."""
    key, chain = shop_today.key, shop_today.chain
    documents = [sealed(number, by=shop_today, at=today) for number in range(1, 9)]
    acknowledged: dict[str, str] = {}
    process, url = start(configured)
    with DianClient(url, key, chain, SystemClock(), timeout=5) as client:
        for position, document in enumerate(documents, 1):
            outcome = client.send_bill_sync("z.zip", document.archive)
            if isinstance(outcome, Accepted):
                acknowledged[document.snapshot.number] = document.code
            if position == 6:
                os.kill(process.pid, signal.SIGKILL)
                process.wait(10)
    assert len(acknowledged) == 6
    found = Ledger.read(config.ledger).codes()
    assert {identity.number: code for identity, code in found.items()} == acknowledged
    close(process)
    process, url = start(configured)
    try:
        with DianClient(url, key, chain, SystemClock(), timeout=5) as client:
            for code in acknowledged.values():
                assert isinstance(client.get_status(code), Accepted)
            assert isinstance(client.send_bill_sync("z.zip", documents[0].archive), Duplicate)
    finally:
        close(process)


def close(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(10)
    assert process.stdout
    process.stdout.close()


def test_the_stage_is_set_at_run_time_through_the_control_endpoint(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    control = stage.server.base + "/_control/"
    posts = {
        "issuers": {"nit": SAMPLE_NIT, "name": "Otra"},
        "software": [{"id": "s", "pin": SAMPLE_PIN, "owner_nit": SAMPLE_NIT}],
        "buyers": {"kind": "31", "number": "900", "name": "Compradora"},
        "ranges": {
            "nit": SAMPLE_NIT,
            "resolution": "9",
            "prefix": "X",
            "first": 1,
            "last": 5,
            "valid_from": "2026-01-01",
            "valid_to": "2027-01-01",
            "technical_key": SAMPLE_KEY,
        },
        "faults": {"kinds": ["html"], "status": 502},
    }
    for name, value in posts.items():
        assert httpx.post(control + name, content=json.dumps(value)).json() == {"added": 1}
    registry = stage.server.simulator.registry
    issuer = registry.issuer(SAMPLE_NIT)
    assert issuer is not None
    assert issuer.name == "Otra"
    assert registry.software("s") is not None
    assert registry.buyer("31", "900") is not None
    assert [r.prefix for r in registry.ranges(SAMPLE_NIT)] == ["EPOS", "SETP", "X"]
    assert httpx.delete(control + "faults").json() == {"faults": 0}
    assert isinstance(stage.send(document()), Accepted)
    pem_text = httpx.get(control + "authority").text
    assert pem_text.count("BEGIN CERTIFICATE") == 3
    assert "PRIVATE" not in pem_text


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("issuers", b"{", 400),
        ("issuers", b'{"nit": "900"}', 400),
        ("issuers", b'{"nit": "9-0", "name": "x"}', 400),
        ("faults", b'{"kinds": ["unheard-of"]}', 400),
        ("roots", b"no pem", 400),
        ("secrets", b"{}", 404),
    ],
)
def test_what_the_control_endpoint_does_not_understand_it_refuses(
    path: str, content: bytes, status: int, stage: Stage
) -> None:
    assert httpx.post(f"{stage.server.base}/_control/{path}", content=content).status_code == status


def test_the_control_endpoint_is_for_this_machine_only(stage: Stage) -> None:
    url = stage.server.base + "/_control/health"
    assert httpx.get(url, headers={"Host": "evil.example"}).status_code == 403
    seen: list[str] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/_control/health", "wsgi.url_scheme": "http",
               "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "192.168.1.7"}  # fmt: skip
    stage.server.simulator(environ, lambda status, _headers: seen.append(status))  # type: ignore[arg-type]
    assert seen == ["403 Forbidden"]


def test_a_configuration_file_says_where_its_ledger_is(
    tmp_path: Path, shop: SigningIdentity
) -> None:
    file = tmp_path / "c.json"
    file.write_text(json.dumps({"ledger": "l.sqlite3", "trusted": [pem(shop)]}))
    assert SimulatorConfig.read(file).ledger == tmp_path / "l.sqlite3"
    file.write_text(json.dumps({"legder": "l.sqlite3"}))
    with pytest.raises(ValueError, match="legder"):
        SimulatorConfig.read(file)
