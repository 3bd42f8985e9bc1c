"""Everything that goes wrong between us and the authority, and what the client makes of it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import sleep

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.simulator import Fault, Kind, SimulatorConfig, running
from addons.l10n_co_dian.simulator.faults import Script
from addons.l10n_co_dian.soap.client import ClientOptions, DianClient
from addons.l10n_co_dian.soap.duplicates import settle_duplicate
from addons.l10n_co_dian.soap.errors import EndpointError
from addons.l10n_co_dian.soap.outcomes import (
    FOREIGN_RULE,
    OTHER_BYTES_RULE,
    Duplicate,
    Faulted,
    counts_as_outage,
    is_not_found,
)
from addons.l10n_co_dian.soap.transport import Transport
from addons.l10n_co_dian.tests.service.conftest import NOW, Sealed, Stage
from core.clock import StoppedClock
from core.outcome import Accepted, BrokenRule, Outcome, Pending, Rejected, Unreachable

pytestmark = pytest.mark.services


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Kind.ERROR_AFTER, "http: 500"),
        (Kind.TRUNCATED_AFTER, "broken"),
        (Kind.RESET_AFTER, "broken"),
        (Kind.MALFORMED, "unreadable"),
        (Kind.XXE, "unreadable"),
        (Kind.BOMB, "unreadable"),
        (Kind.UNSIGNED, "unverified"),
    ],
)
def test_an_acceptance_whose_answer_is_spoiled_is_found_by_asking(
    kind: Kind, reason: str, stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(kind)
    sealed = document()
    outcome = stage.send(sealed)
    assert isinstance(outcome, Unreachable)
    assert outcome.reason.startswith(reason)
    assert outcome.maybe_delivered
    assert stage.accepted_codes() == {sealed.snapshot.number: sealed.code}
    asked = stage.client.get_status(sealed.code)
    # What was stored without a signature stays without one.
    assert isinstance(asked, Unreachable if kind is Kind.UNSIGNED else Accepted)


def test_a_timeout_after_the_acceptance_is_ambiguous(
    stage: Stage, impatient: DianClient, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.TIMEOUT_AFTER, seconds="1")
    sealed = document()
    outcome = impatient.send_bill_sync("z.zip", sealed.archive)
    assert outcome == Unreachable("timeout: ReadTimeout", maybe_delivered=True)
    assert counts_as_outage(outcome)
    assert isinstance(stage.client.get_status(sealed.code), Accepted)


def test_an_answer_that_takes_too_long_is_a_timeout_and_one_that_does_not_is_fine(
    stage: Stage, impatient: DianClient, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.SLOW, seconds="0.6", times=2)
    late = impatient.send_bill_sync("z.zip", document(1).archive)
    assert isinstance(late, Unreachable)
    assert isinstance(stage.send(document(2)), Accepted)


@pytest.mark.parametrize("status", [500, 502, 503, 403])
def test_an_error_page_is_an_outage_and_nothing_was_taken(
    status: int, stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.HTML, status=status)
    outcome = stage.send(document())
    assert outcome == Unreachable(f"http: {status}", maybe_delivered=status >= 500)
    assert isinstance(outcome, Unreachable)
    assert counts_as_outage(outcome)
    assert stage.accepted_codes() == {}


def test_a_throttled_request_was_not_delivered_and_is_no_outage(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.THROTTLED)
    outcome = stage.send(document())
    assert outcome == Unreachable("throttled: 429", maybe_delivered=False)
    assert isinstance(outcome, Unreachable)
    assert not counts_as_outage(outcome)


def test_a_connection_reset_before_an_answer_is_ambiguous(
    stage: Stage, document: Callable[..., Sealed], capfd: pytest.CaptureFixture[str]
) -> None:
    stage.script(Kind.RESET)
    outcome = stage.send(document())
    assert isinstance(outcome, Unreachable)
    assert (outcome.reason.partition(":")[0], outcome.maybe_delivered) == ("broken", True)
    assert stage.accepted_codes() == {}
    # Breaking on purpose is no accident of the server: it complains about nothing.
    assert isinstance(stage.send(document()), Accepted)
    assert capfd.readouterr().err == ""


def test_a_soap_fault_with_status_500_is_not_taken_for_an_outage(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.FAULT)
    outcome = stage.send(document())
    assert isinstance(outcome, Faulted)
    assert outcome.rules[0].rule == "SOAP:InvalidSecurity"
    stage.script(Kind.INTERNAL_FAULT)
    internal = stage.send(document())
    assert isinstance(internal, Unreachable)
    assert internal.reason.startswith("fault: InternalServiceFault")
    assert not counts_as_outage(internal)


def test_nobody_listening_means_that_nothing_was_delivered(
    shop: SigningIdentity, clock: StoppedClock, document: Callable[..., Sealed]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with DianClient(f"http://127.0.0.1:{port}/", shop.key, shop.chain, clock) as client:
        outcome = client.send_bill_sync("z.zip", document().archive)
    assert isinstance(outcome, Unreachable)
    assert not outcome.maybe_delivered
    assert counts_as_outage(outcome)


def test_a_rejection_by_a_given_rule_keeps_the_number_free(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.REJECT, rule="FAK24", text="DV no corresponde al NIT informado")
    sealed = document()
    outcome = stage.send(sealed)
    assert isinstance(outcome, Rejected)
    assert outcome.rules == (BrokenRule("FAK24", "DV no corresponde al NIT informado"),)
    assert isinstance(stage.send(sealed), Accepted)


def test_a_document_in_process_is_pending_for_as_long_as_it_takes(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.PENDING, asks=2)
    sealed = document()
    assert isinstance(stage.send(sealed), Pending)
    outcomes = [stage.client.get_status(sealed.code) for _ in range(3)]
    assert outcomes[:2] == [Pending(sealed.code), Pending(sealed.code)]
    assert isinstance(outcomes[2], Accepted)


def test_a_batch_in_process_is_pending_too(stage: Stage, document: Callable[..., Sealed]) -> None:
    stage.script(Kind.PENDING, asks=1, operation="SendBillAsync")
    sent = stage.client.send_bill_async("z.zip", document().archive)
    assert isinstance(sent, Pending)
    assert stage.client.get_status_zip(sent.key) == Pending(sent.key)
    assert isinstance(stage.client.get_status_zip(sent.key), Accepted)


def test_an_accepted_document_may_be_unknown_for_a_while(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.TRUNCATED_AFTER, Kind.HIDDEN, asks=2)
    sealed = document()
    stage.send(sealed)
    outcomes = [stage.client.get_status(sealed.code) for _ in range(3)]
    assert [is_not_found(outcome) for outcome in outcomes] == [True, True, False]
    assert isinstance(outcomes[2], Accepted)


def settle(stage: Stage, sealed: Sealed, duplicate: object) -> Outcome:
    assert isinstance(duplicate, Duplicate)
    return settle_duplicate(stage.client, sealed.code, sealed.sha, stored_key=duplicate.key)


@pytest.mark.parametrize("kind", [Kind.DUPLICATE_OWN, Kind.TRUNCATED_AFTER])
def test_regla_90_for_our_own_document_is_settled_as_accepted(
    kind: Kind, stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(kind)
    sealed = document()
    first = stage.send(sealed)
    duplicate = first if kind is Kind.DUPLICATE_OWN else stage.send(sealed)
    outcome = settle(stage, sealed, duplicate)
    assert isinstance(outcome, Accepted)
    assert (outcome.key, outcome.warnings) == (sealed.code, ())
    # Nothing was sent by settling.
    assert settle(stage, sealed, duplicate) == outcome


def test_regla_90_for_somebody_elses_document_is_a_rejection_that_says_so(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.DUPLICATE_FOREIGN)
    sealed = document()
    duplicate = stage.send(sealed)
    outcome = settle(stage, sealed, duplicate)
    assert isinstance(outcome, Rejected)
    assert outcome.rules[0].rule == FOREIGN_RULE
    contents = stage.server.simulator.ledger.contents()
    assert contents.codes() == {}
    assert len(contents.codes(foreign=True)) == 1


def test_without_the_stored_key_a_foreign_document_is_not_decided_by_guessing(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.DUPLICATE_FOREIGN)
    sealed = document()
    stage.send(sealed)
    assert is_not_found(settle_duplicate(stage.client, sealed.code, sealed.sha))


def test_a_duplicate_that_is_still_hidden_is_not_decided_either(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.HIDDEN, asks=1)
    sealed = document()
    stage.send(sealed)
    duplicate = stage.send(sealed)
    assert is_not_found(settle(stage, sealed, duplicate))
    assert isinstance(settle(stage, sealed, duplicate), Accepted)


def test_the_same_code_with_other_bytes_is_ours_with_a_warning(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    sealed = document()
    stage.send(sealed)
    outcome = settle_duplicate(stage.client, sealed.code, "0" * 64)
    assert isinstance(outcome, Accepted)
    assert [rule.rule for rule in outcome.warnings] == [OTHER_BYTES_RULE]


def test_a_duplicate_is_not_settled_while_the_authority_is_away(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    sealed = document()
    stage.send(sealed)
    stage.script(Kind.HTML, operation="GetXmlByDocumentKey")
    outcome = settle_duplicate(stage.client, sealed.code, sealed.sha)
    assert outcome == Unreachable("http: 503", maybe_delivered=True)


def test_an_answer_signed_by_a_stranger_proves_nothing(
    stage: Stage, shop: SigningIdentity, document: Callable[..., Sealed]
) -> None:
    options = ClientOptions(answer_roots=shop.chain[1:])
    with DianClient(stage.server.url, shop.key, shop.chain, stage.clock, options=options) as client:
        outcome = client.send_bill_sync("z.zip", document().archive)
    assert isinstance(outcome, Unreachable)
    assert outcome.reason.startswith("unverified")


def test_proof_can_be_waived_for_an_authority_that_signs_otherwise(
    stage: Stage, shop: SigningIdentity, document: Callable[..., Sealed]
) -> None:
    stage.script(Kind.UNSIGNED)
    options = ClientOptions(proves_answers=False)
    with DianClient(stage.server.url, shop.key, shop.chain, stage.clock, options=options) as client:
        assert isinstance(client.send_bill_sync("z.zip", document().archive), Accepted)


@pytest.mark.parametrize(
    "url",
    [
        "http://vpfe.dian.gov.co/x",
        "http://192.168.1.9/x",
        "ftp://127.0.0.1/x",
        "https:///x",
        "http://127.0.0.1.nip.io/x",
    ],
)
def test_plain_http_goes_to_this_machine_only(
    url: str, shop: SigningIdentity, clock: StoppedClock
) -> None:
    with pytest.raises(EndpointError):
        DianClient(url, shop.key, shop.chain, clock)


def client_over(
    handler: Callable[[httpx.Request], httpx.Response], shop: SigningIdentity
) -> DianClient:
    return DianClient(
        "https://vpfe.example/x",
        shop.key,
        shop.chain,
        StoppedClock(NOW),
        timeout=0.2,
        transport=httpx.MockTransport(handler),
    )


def test_a_redirect_is_not_followed(shop: SigningIdentity) -> None:
    seen: list[str] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        headers = {"Location": "https://elsewhere.example/"}
        return httpx.Response(302, headers=headers, stream=httpx.ByteStream(b""))

    outcome = client_over(elsewhere, shop).get_status("a" * 96)
    assert outcome == Unreachable("http: 302", maybe_delivered=False)
    assert seen == ["https://vpfe.example/x"]


def test_an_endless_answer_is_cut_off(shop: SigningIdentity) -> None:
    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield b"<a>" * 100_000

    outcome = client_over(lambda _r: httpx.Response(200, stream=Endless()), shop).get_status("a")
    assert isinstance(outcome, Unreachable)
    assert outcome.reason.partition(":")[0] in {"broken", "timeout"}


def test_an_answer_that_drips_is_a_timeout() -> None:
    """Each byte comes in time, the whole never would."""
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = listener.accept()
        with connection, listener, suppress(OSError):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _byte in range(1000):
                connection.sendall(b"x")
                sleep(0.02)

    thread = Thread(target=drip, daemon=True)
    thread.start()
    transport = Transport(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=0.2)
    outcome = transport.post("a", b"<a/>")
    assert outcome == Unreachable("timeout: the answer drips", maybe_delivered=True)
    transport.close()
    thread.join(5)


def test_a_server_whose_certificate_nobody_vouches_for_is_refused(
    config: SimulatorConfig, shop: SigningIdentity, clock: StoppedClock, tmp_path: Path
) -> None:
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    key.write_bytes(shop.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    chain.write_bytes(b"".join(c.public_bytes(Encoding.PEM) for c in shop.chain))
    with (
        running(config, clock=clock, tls=(chain, key)) as server,
        DianClient(server.url, shop.key, shop.chain, clock, timeout=5) as client,
    ):
        outcome = client.get_status("a" * 96)
    assert isinstance(outcome, Unreachable)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.reason
    assert not outcome.maybe_delivered


def drawn(seed: int) -> list[bool]:
    fault = Fault.model_validate({"kinds": [Kind.HTML], "chance": "0.3"})
    script = Script((fault,), seed)
    return [script.next("SendBillSync") is not None for _ in range(200)]


def test_the_same_seed_draws_the_same_faults() -> None:
    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
    assert 30 < sum(drawn(7)) < 90


def test_a_fault_meets_only_what_it_was_written_for() -> None:
    fault = Fault.model_validate(
        {"kinds": [Kind.HTML], "issuer": "900", "skip": 1, "times": 2, "operation": "GetStatus"}
    )
    script = Script((fault,), 0)
    assert script.next("SendBillSync", "900") is None
    assert script.next("GetStatus", "800") is None
    met = [script.next("GetStatus", "900") is not None for _ in range(5)]
    assert met == [False, True, True, False, False]
    script.add(fault)
    script.clear()
    assert script.next("GetStatus", "900") is None
