"""Structured logs in which no secret can be read: JSON in production, readable in development."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, TextIO

import structlog

#: A key that contains one of these words has its value dropped, at any depth.
_SECRET_WORDS: Final = (
    "password",
    "passphrase",
    "passwd",
    "secret",
    "token",
    "authorization",
    "cookie",
    "private_key",
    "api_key",
    "csrf",
    "otp",
)
#: Keys that are secret only when they stand alone or at a word's border: "key", never "monkey".
_SECRET_ALONE: Final = re.compile(
    r"(^|_|-)(pin|key|kek|dek|pwd|credential|credentials)($|_|-)", re.IGNORECASE
)
#: Names that end in a secret word and are none.
_HARMLESS: Final = frozenset({"idempotency_key", "key_version", "key_class", "primary_key"})

_HIDDEN: Final = "[hidden]"
_IN_TEXT: Final = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{4,}"), r"\1 " + _HIDDEN),
    (re.compile(r"(?i)\b(password|secret|token|pin|key)=[^\s&;,'\"]+"), r"\1=" + _HIDDEN),
    (re.compile(r"(\w+://[^\s:/@]+):[^\s@/]+@"), r"\1:" + _HIDDEN + "@"),
    (
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*-----|$)", re.DOTALL),
        _HIDDEN,
    ),
)


def is_secret_name(name: str) -> bool:
    """Tell whether a value under this name is never written down."""
    lowered = name.lower()
    if lowered in _HARMLESS:
        return False
    return any(word in lowered for word in _SECRET_WORDS) or bool(_SECRET_ALONE.search(lowered))


def redacted(value: Any) -> Any:
    """Give ``value`` without its secrets: by name in mappings, by shape in texts."""
    if isinstance(value, Mapping):
        return {
            name: _HIDDEN if is_secret_name(str(name)) else redacted(inner)
            for name, inner in value.items()
        }
    if isinstance(value, str):
        for pattern, instead in _IN_TEXT:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return f"[{len(value)} bytes]"
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(inner) for inner in value]
    return value


def redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Take the secrets out of one log line; a structlog processor."""
    cleaned: MutableMapping[str, Any] = redacted(event)
    return cleaned


def set_up_logs(
    *, production: bool, level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """Send every log, ours and the libraries', to ``stream`` (standard error), redacted."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        # Before the redaction, so that the text of a traceback is looked at as well.
        structlog.processors.format_exc_info,
        redact,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(default=str)
        if production
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            *(p for p in shared if not isinstance(p, structlog.stdlib.ExtraAdder)),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
