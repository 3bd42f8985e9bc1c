"""Reading answers: recorded ones, made-up ones, and harmful ones."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from addons.l10n_co_dian.soap.answers import (
    Acquirer,
    DianAnswer,
    Fault,
    Missing,
    NumberingRange,
    Upload,
    read_acquirer,
    read_answer,
    read_documents,
    read_ranges,
    read_rule,
    read_stored,
    read_upload,
)
from addons.l10n_co_dian.soap.errors import UnreadableAnswerError
from addons.l10n_co_dian.soap.operations import OPERATIONS, SOAP, WCF
from addons.l10n_co_dian.soap.outcomes import (
    Duplicate,
    Faulted,
    counts_as_outage,
    document_outcome,
    fault_outcome,
    is_not_found,
    upload_outcome,
)
from core.outcome import Accepted, BrokenRule, Pending, Rejected, Unreachable


def recorded(folder: Path, name: str) -> bytes:
    file = folder / "soap_responses" / name
    if not file.is_file():
        pytest.skip(f"no recorded answers in {folder}")
    return file.read_bytes()


def answered(operation: str, result: str) -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><{operation}Response xmlns="{WCF}">'
        f'<{operation}Result xmlns:b="urn:b" xmlns:c="urn:c">{result}</{operation}Result>'
        f"</{operation}Response></s:Body></s:Envelope>"
    ).encode()


def one(operation: str, result: str) -> DianAnswer:
    element = read_answer(answered(operation, result), OPERATIONS[operation])
    assert not isinstance(element, Fault)
    (answer,) = read_documents(element)
    return answer


def trusting(_document: bytes, _code: str) -> str:
    return ""


def test_the_recorded_acceptance_of_a_test_set_gives_its_key(dian_data: Path) -> None:
    raw = recorded(dian_data, "response_sendtestasync_success.xml")
    element = read_answer(raw, OPERATIONS["SendTestSetAsync"])
    assert not isinstance(element, Fault)
    upload = read_upload(element)
    assert upload_outcome(upload) == Pending("ef9998bd-8081-4882-9762-3d7cc53ac497")


def test_the_recorded_parse_error_is_a_rejection_with_its_words(dian_data: Path) -> None:
    raw = recorded(dian_data, "response_sendtestasys_with_error.xml")
    element = read_answer(raw, OPERATIONS["SendTestSetAsync"])
    assert not isinstance(element, Fault)
    words = "Error al parsear xml. Namespace prefix 'ds' is not defined."
    assert upload_outcome(read_upload(element)) == Rejected((BrokenRule("", words),))


def test_the_recorded_rejection_names_its_twenty_one_rules(dian_data: Path) -> None:
    raw = recorded(dian_data, "response_getstatusZip_with_errors.xml")
    element = read_answer(raw, OPERATIONS["GetStatusZip"])
    assert not isinstance(element, Fault)
    (answer,) = read_documents(element)
    assert (answer.valid, answer.code) == (False, "99")
    assert answer.key.startswith("840ca7a4606904ac")
    outcome = document_outcome(answer, proof=trusting)
    assert isinstance(outcome, Rejected)
    assert len(outcome.rules) == 21
    assert not any(rule.warning for rule in outcome.rules)
    by_id = {rule.rule: rule.text for rule in outcome.rules}
    assert by_id["FAD06"] == "Valor del CUFE no está calculado correctamente."
    assert by_id["FAJ28"].endswith("Country, IdentificationCode")
    assert "  " not in "".join(by_id.values())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Regla: FAD06, Rechazo: Mal.", BrokenRule("FAD06", "Mal.")),
        ("Regla: FAJ43b, Notificación: Ojo.", BrokenRule("FAJ43b", "Ojo.", warning=True)),
        ("Regla: RUT01, Notificacion: Ojo.", BrokenRule("RUT01", "Ojo.", warning=True)),
        ("regla:  90 , rechazo: Ya.", BrokenRule("90", "Ya.")),
        ("Regla: X, Rechazo: a: b, c", BrokenRule("X", "a: b, c")),
        ("Algo salió mal", BrokenRule("", "Algo salió mal")),
        ("Regla: X, Aviso: nuevo", BrokenRule("", "Regla: X, Aviso: nuevo")),
    ],
)
def test_a_rule_is_split_and_what_is_not_understood_stays_a_rejection(
    line: str, expected: BrokenRule
) -> None:
    assert read_rule(line) == expected


ACCEPTED = (
    "<b:IsValid>true</b:IsValid><b:StatusCode>00</b:StatusCode>"
    "<b:XmlBase64Bytes>PGE+</b:XmlBase64Bytes><b:XmlDocumentKey>ABC</b:XmlDocumentKey>"
)


def test_an_acceptance_keeps_its_notifications_as_warnings() -> None:
    lines = "<c:string>Regla: FAJ43b, Notificación: Ojo.</c:string>"
    answer = one("SendBillSync", f"<b:ErrorMessage>{lines}</b:ErrorMessage>{ACCEPTED}")
    outcome = document_outcome(answer, expected="ABC", proof=trusting)
    assert outcome == Accepted("abc", b"<a>", (BrokenRule("FAJ43b", "Ojo.", warning=True),))


def test_an_acceptance_of_another_code_is_not_ours() -> None:
    outcome = document_outcome(one("SendBillSync", ACCEPTED), expected="def", proof=trusting)
    assert isinstance(outcome, Unreachable)
    assert outcome.maybe_delivered
    assert outcome.reason.startswith("mismatch")


def test_an_acceptance_without_proof_is_asked_again() -> None:
    outcome = document_outcome(one("SendBillSync", ACCEPTED), proof=lambda _d, _c: "unsigned")
    assert outcome == Unreachable("unverified: unsigned", maybe_delivered=True)


def status(code: str, *, valid: str = "false", rule: str = "") -> DianAnswer:
    lines = f"<c:string>{rule}</c:string>" if rule else ""
    return one(
        "GetStatus",
        f"<b:ErrorMessage>{lines}</b:ErrorMessage><b:IsValid>{valid}</b:IsValid>"
        f"<b:StatusCode>{code}</b:StatusCode><b:StatusDescription>x</b:StatusDescription>"
        "<b:XmlDocumentKey>k</b:XmlDocumentKey>",
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (status("98"), Pending("ask")),
        (status(""), Pending("ask")),
        (status("0"), Pending("ask")),
        (status("89"), Rejected((BrokenRule("89", "x"),))),
        (status("92"), Rejected((BrokenRule("92", "x"),))),
        (status("99", rule="Regla: 90, Rechazo: Ya."), Duplicate("k")),
        (status("99", rule="Regla: F1, Rechazo: No."), Rejected((BrokenRule("F1", "No."),))),
    ],
)
def test_the_status_code_decides_what_an_answer_means(answer: DianAnswer, expected: object) -> None:
    assert document_outcome(answer, asked="ask", proof=trusting) == expected


@pytest.mark.parametrize("code", ["66", "90"])
def test_an_unknown_track_id_is_neither_a_rejection_nor_an_outage(code: str) -> None:
    outcome = document_outcome(status(code), proof=trusting)
    assert is_not_found(outcome)
    assert not counts_as_outage(outcome)


@pytest.mark.parametrize("code", ["", "66", "99", "17"])
def test_valid_with_another_status_than_00_is_never_accepted(code: str) -> None:
    outcome = document_outcome(status(code, valid="true"), proof=trusting)
    assert isinstance(outcome, Unreachable)


def fault(side: str, subcode: str) -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><s:Code><s:Value>s:{side}</s:Value>'
        f"<s:Subcode><s:Value>a:{subcode}</s:Value></s:Subcode></s:Code><s:Reason>"
        "<s:Text>why</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"
    ).encode()


def test_a_fault_of_the_sender_means_that_nothing_was_read() -> None:
    read = read_answer(fault("Sender", "InvalidSecurity"), OPERATIONS["SendBillSync"])
    assert read == Fault(sender=True, code="InvalidSecurity", text="why")
    outcome = fault_outcome(read)
    assert outcome == Faulted((BrokenRule("SOAP:InvalidSecurity", "why"),))
    assert not counts_as_outage(outcome)


def test_a_fault_of_the_receiver_must_be_asked_and_is_no_outage() -> None:
    read = read_answer(fault("Receiver", "InternalServiceFault"), OPERATIONS["SendBillSync"])
    assert isinstance(read, Fault)
    outcome = fault_outcome(read)
    assert isinstance(outcome, Unreachable)
    assert outcome.maybe_delivered
    assert not counts_as_outage(outcome)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html><body>503</body></html>",
        b"not xml at all",
        answered("GetStatus", "")[:-20],
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + answered("GetStatus", "&x;"),
        b'<!DOCTYPE a [<!ENTITY x "y">]>' + answered("GetStatus", "&x;"),
        b"<!DOCTYPE a>" + answered("GetStatus", ""),
        answered("SendBillSync", ""),
    ],
)
def test_what_is_no_answer_is_unreadable(raw: bytes) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_answer(raw, OPERATIONS["GetStatus"])


def test_an_answer_that_is_too_large_is_not_even_parsed() -> None:
    with pytest.raises(UnreadableAnswerError, match="larger"):
        read_answer(b"<" * (20 * 1024 * 1024 + 1), OPERATIONS["GetStatus"])


def test_a_comment_does_not_cut_a_value_short() -> None:
    answer = one("GetStatus", "<b:XmlDocumentKey>abc<!-- x -->def</b:XmlDocumentKey>")
    assert answer.key == "abcdef"


def test_a_file_that_is_not_base64_is_unreadable() -> None:
    with pytest.raises(UnreadableAnswerError, match="base64"):
        one("GetStatus", "<b:XmlBase64Bytes>&lt;a/&gt;</b:XmlBase64Bytes>")


def test_a_stored_document_is_read_byte_for_byte() -> None:
    xml = b"<a>\r\n \xc3\xb1</a>"
    content = b64encode(xml).decode()
    body = f"<b:Code>100</b:Code><b:XmlBytesBase64>{content}</b:XmlBytesBase64>"
    raw = answered("GetXmlByDocumentKey", body)
    element = read_answer(raw, OPERATIONS["GetXmlByDocumentKey"])
    assert not isinstance(element, Fault)
    assert read_stored(element).xml == xml


def test_numbering_ranges_are_read_with_their_dates() -> None:
    entry = (
        "<c:NumberRangeResponse><c:ResolutionNumber>1876</c:ResolutionNumber>"
        "<c:ResolutionDate>2026-01-02T00:00:00</c:ResolutionDate><c:Prefix>SETP</c:Prefix>"
        "<c:FromNumber>1</c:FromNumber><c:ToNumber>900</c:ToNumber>"
        "<c:ValidDateFrom>2026-01-02</c:ValidDateFrom><c:ValidDateTo>{}</c:ValidDateTo>"
        "<c:TechnicalKey>k</c:TechnicalKey></c:NumberRangeResponse>"
    )

    def ranges(last_day: str) -> tuple[NumberingRange, ...] | Missing:
        body = (
            "<b:OperationCode>100</b:OperationCode>"
            f"<b:ResponseList>{entry.format(last_day)}</b:ResponseList>"
        )
        element = read_answer(answered("GetNumberingRange", body), OPERATIONS["GetNumberingRange"])
        assert not isinstance(element, Fault)
        return read_ranges(element)

    found = ranges("2028-01-02")
    assert isinstance(found, tuple)
    assert (found[0].prefix, found[0].first, found[0].last) == ("SETP", 1, 900)
    assert str(found[0].valid_to) == "2028-01-02"
    with pytest.raises(UnreadableAnswerError):
        ranges("mañana")


def test_an_acquirer_without_a_name_is_nobody() -> None:
    def read(body: str) -> Acquirer | Missing:
        element = read_answer(answered("GetAcquirer", body), OPERATIONS["GetAcquirer"])
        assert not isinstance(element, Fault)
        return read_acquirer(element)

    known = read("<b:ReceiverName>Luz</b:ReceiverName><b:ReceiverEmail>l@e</b:ReceiverEmail>")
    assert known == Acquirer("Luz", "l@e")
    unknown = read("<b:Message>no</b:Message><b:StatusCode>404</b:StatusCode>")
    assert unknown == Missing("404", "no")


def test_an_upload_without_key_or_reason_must_be_asked() -> None:
    outcome = upload_outcome(Upload("", ()))
    assert isinstance(outcome, Unreachable)
    assert outcome.maybe_delivered
