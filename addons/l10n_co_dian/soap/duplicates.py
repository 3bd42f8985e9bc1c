"""Regla 90: DIAN has the number already, ours after a lost answer or somebody else's.

The number may have been used at a former provider, so the rule is neither success nor failure:
the stored document is fetched and its code compared with ours.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Final, Protocol

from addons.l10n_co_dian.soap.answers import Missing, XmlAnswer
from addons.l10n_co_dian.soap.errors import UnreadableAnswerError
from addons.l10n_co_dian.soap.outcomes import (
    FOREIGN_RULE,
    NOT_FOUND,
    OTHER_BYTES_RULE,
)
from addons.l10n_co_dian.soap.untrusted import read_xml
from core.i18n import gettext
from core.outcome import Accepted, BrokenRule, Outcome, Rejected, Unreachable

_UUID: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}UUID"


class Archive(Protocol):
    """What is asked; ``DianClient`` is one."""

    def get_status(self, track_id: str, *, expected_code: str = "") -> Outcome:
        """Ask what became of a document by its code."""
        ...

    def get_xml_by_document_key(self, key: str) -> XmlAnswer:
        """Fetch the document that DIAN stores under a code."""
        ...


def settle_duplicate(
    client: Archive, expected_code: str, expected_sha: str, *, stored_key: str = ""
) -> Outcome:
    """Say whether the number that DIAN already has is our document.

    ``expected_code`` and ``expected_sha`` (SHA-256 of the signed XML, hexadecimal) are ours;
    ``stored_key`` is the key that the answer with Regla 90 named (``Duplicate.key``).

    Accepted only if the stored document carries our code, with a warning when its bytes are not
    ours (an earlier signature of the same version). Rejected with ``FOREIGN_RULE`` when it carries
    another code. When DIAN does not find it, nothing is decided: it may lag behind itself.
    Asking again gives the same answer; nothing is sent.
    """
    expected = expected_code.lower()
    stored = client.get_xml_by_document_key(stored_key or expected)
    if isinstance(stored, Unreachable):
        return stored
    if isinstance(stored, Missing):
        if stored_key and stored_key.lower() != expected:
            return _foreign(stored_key)
        return Unreachable(f"{NOT_FOUND}: {stored.code} {stored.text}", maybe_delivered=True)
    if code := _code_unlike(expected, stored):
        return _foreign(code)
    if sha256(stored).hexdigest() == expected_sha.lower():
        return client.get_status(expected)
    return _warn_of_other_bytes(client.get_status(expected))


def _code_unlike(expected: str, stored: bytes) -> str:
    """Give the code of a stored document that is not ours; of ours, nothing."""
    code = stored_code(stored)
    return "" if code == expected else code or "?"


def _warn_of_other_bytes(verdict: Outcome) -> Outcome:
    if not isinstance(verdict, Accepted):
        return verdict
    text = gettext("DIAN holds this document with other bytes; keep DIAN's copy.")
    other = BrokenRule(OTHER_BYTES_RULE, text, warning=True)
    return replace(verdict, warnings=(*verdict.warnings, other))


def stored_code(xml: bytes) -> str | None:
    """Read the code of a stored document, or nothing if it is not a document."""
    try:
        code = read_xml(xml).findtext(_UUID)
    except UnreadableAnswerError:
        return None
    return code.strip().lower() if code and code.strip() else None


def _foreign(code: str) -> Rejected:
    text = gettext(
        "DIAN already holds another document under this number ({code}). Use the next number.",
        code=code,
    )
    return Rejected((BrokenRule(FOREIGN_RULE, text),))
