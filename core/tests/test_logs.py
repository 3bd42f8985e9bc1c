from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from core.logs import is_secret_name, redacted, set_up_logs
from core.vault.secret import Secret

MARK = "hunter2-xyzzy"


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "newPassword",
        "pin",
        "software_pin",
        "key",
        "api_key",
        "signing-key",
        "access_token",
        "csrf_token",
        "client_secret",
        "Authorization",
        "Set-Cookie",
        "kek",
        "otp",
    ],
)
def test_a_value_under_a_secret_name_is_dropped_at_any_depth(name: str) -> None:
    assert is_secret_name(name)
    line = redacted({"request": [{"body": {name: MARK}}], name: MARK, "total": "1190.00"})
    assert MARK not in str(line)
    assert line["total"] == "1190.00"


@pytest.mark.parametrize(
    "name", ["shipping", "monkey", "keyboard", "spin", "opinion", "idempotency_key", "total"]
)
def test_ordinary_names_are_kept(name: str) -> None:
    assert redacted({name: "12"}) == {name: "12"}


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {MARK}",
        f"authorization: basic {MARK}",
        f"GET /hook?token={MARK}&page=2",
        f"postgresql://guadua:{MARK}@db/guadua",
        f"-----BEGIN PRIVATE KEY-----\n{MARK}\n-----END PRIVATE KEY-----",
        f"-----BEGIN RSA PRIVATE KEY-----\n{MARK}",
    ],
)
def test_secrets_are_masked_inside_texts(text: str) -> None:
    assert MARK not in redacted(text)
    assert "[hidden]" in redacted(text)


def test_bytes_are_never_written() -> None:
    assert redacted({"body": MARK.encode(), "more": (MARK.encode(),)}) == {
        "body": "[13 bytes]",
        "more": ["[13 bytes]"],
    }


@pytest.mark.parametrize("production", [True, False])
def test_our_log_and_that_of_libraries_come_out_redacted(*, production: bool) -> None:
    stream = io.StringIO()
    set_up_logs(production=production, stream=stream)
    structlog.get_logger("core.sale").warning(
        "sale.refused", pin=MARK, reason="closed", secret_object=Secret(MARK.encode())
    )
    logging.getLogger("library").error("asked with Bearer %s", MARK, extra={"cookie": MARK})
    structlog.get_logger("core.sale").error(
        "sale.failed", exc_info=ValueError(f"password={MARK} is wrong")
    )
    told = stream.getvalue()
    assert MARK not in told
    assert "sale.refused" in told
    assert "closed" in told
    assert "ValueError" in told


def test_production_writes_one_json_document_per_line() -> None:
    stream = io.StringIO()
    set_up_logs(production=True, stream=stream)
    structlog.get_logger("core.sale").info("sale.completed", total="1190.00")
    logging.getLogger("library").info("hello %s", "there")
    ours, theirs = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (ours["event"], ours["total"], ours["level"]) == ("sale.completed", "1190.00", "info")
    assert (theirs["event"], theirs["logger"]) == ("hello there", "library")
    assert ours["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_written() -> None:
    stream = io.StringIO()
    set_up_logs(production=True, stream=stream, level=logging.WARNING)
    structlog.get_logger("core.sale").info("sale.completed")
    assert stream.getvalue() == ""
