"""What stored documents prove of themselves."""

from __future__ import annotations

from addons.l10n_co_dian.catalogue import Formula
from addons.l10n_co_dian.codes import digest, seed
from addons.l10n_co_dian.errors import UnreadableDocumentError
from addons.l10n_co_dian.reading import code_input_of, read_facts
from addons.l10n_co_dian.safe_xml import parse
from core.i18n import _


def code_twice(signed: bytes, *, software_pin: str, technical_key: str) -> tuple[str, str]:
    """Give the code that a document declares, and the one its own fields give with the secrets."""
    facts = read_facts(parse(signed))
    if facts.formula is None:
        raise UnreadableDocumentError(_("The document has no code that could be computed."))
    key = technical_key if facts.formula is Formula.CUFE else software_pin
    return facts.declared_code, digest(seed(code_input_of(facts, key)))
