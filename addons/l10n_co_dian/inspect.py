"""Looking into any electronic document, ours or anybody's, without a database.

Tells what it is, recomputes its code, checks its signature and its schema. Whatever the file, the
answer is a report: what cannot be read is explained in ``problem``, what is missing to compute the
code in ``hint``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lxml import etree

from addons.l10n_co_dian.catalogue import Formula
from addons.l10n_co_dian.codes import (
    MASK,
    check_technical_key,
    digest,
    seed,
    software_security_code,
)
from addons.l10n_co_dian.envelope import unwrap
from addons.l10n_co_dian.errors import SchemasMissingError, UnreadableDocumentError
from addons.l10n_co_dian.reading import (
    CONTAINER,
    Facts,
    code_input_of,
    masked_seed,
    read_facts,
    seed_in_note,
)
from addons.l10n_co_dian.safe_xml import NS, first_text, parse
from addons.l10n_co_dian.schemas import schemas_of, validate_root
from addons.l10n_co_dian.verification import SignatureReport, verify_root
from core.errors import PlatformError
from core.i18n import _

MAX_NESTING: Final = 3
_SOFTWARE: Final = "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/sts:DianExtensions/"


def inspect_document(
    data: bytes,
    *,
    technical_key: str | None = None,
    pin: str | None = None,
    from_note: bool = False,
    show_secret: bool = False,
    schemas: Path | None = None,
) -> dict[str, Any]:
    """Report on one document; never raises for what the file holds.

    ``technical_key`` serves a CUFE, ``pin`` a CUDE, CUDS or event. ``from_note`` hashes the seed
    printed in ``cbc:Note`` instead (official samples were edited after their code was computed).
    ``code_matches`` is None where the code could not be computed. A container lists the documents
    it holds in ``embedded``.
    """
    asked = _Question(technical_key, pin, from_note, show_secret, schemas)
    return _inspect(data, asked, depth=0)


@dataclass(frozen=True)
class _Question:
    """What the asker knows and wants; its secrets appear nowhere unless asked for."""

    technical_key: str | None = field(repr=False)
    pin: str | None = field(repr=False)
    from_note: bool
    show_secret: bool
    schemas: Path | None

    def key(self, formula: Formula) -> str | None:
        """Give the secret that ``formula`` needs; refuse a technical key that cannot be one."""
        if formula is not Formula.CUFE:
            return self.pin
        return self.technical_key and check_technical_key(self.technical_key)


def _empty_report() -> dict[str, Any]:
    return {
        "document_type": None,
        "title": None,
        "number": None,
        "issue_date": None,
        "declared_code": None,
        "computed_code": None,
        "formula": None,
        "code_matches": None,
        "seed": None,
        "software_code_matches": None,
        "signature": _signature(SignatureReport()),
        "xsd": {"checked": False, "valid": None, "errors": []},
        "embedded": [],
        "hint": None,
        "problem": None,
    }


def _inspect(data: bytes, asked: _Question, *, depth: int) -> dict[str, Any]:
    report = _empty_report()
    try:
        root = parse(unwrap(data))
        report["signature"] = _signature(verify_root(root))
        facts = read_facts(root)
        report |= {
            "document_type": facts.document_type or None,
            "title": facts.title,
            "number": facts.number or None,
            "issue_date": facts.issue_date or None,
            "declared_code": facts.declared_code or None,
            "formula": facts.formula,
            "xsd": _schema(root, asked.schemas),
        }
        if facts.kind == CONTAINER:
            report["embedded"] = list(_embedded(root, asked, depth))
        report |= _code(facts, asked)
    except PlatformError as error:
        report["problem"] = str(error)
    return report


def _code(facts: Facts, asked: _Question) -> dict[str, Any]:
    """Recompute the code, if there is one and its secret is known."""
    if facts.formula is None:
        return {}
    if asked.from_note:
        return _code_from_note(facts, asked)
    key = asked.key(facts.formula)
    fields = code_input_of(facts, key or "")
    computed = digest(seed(fields)) if key else None
    return {
        "seed": seed(fields, masked=not (asked.show_secret and key)),
        "computed_code": computed,
        "code_matches": computed == facts.declared_code if computed else None,
        "software_code_matches": _software_code(facts, asked.pin),
        "hint": None if key else str(_missing_key(facts.formula)),
    }


def _missing_key(formula: Formula) -> object:
    if formula is Formula.CUFE:
        return _("Give the technical key of the range to compute the CUFE.")
    return _("Give the PIN of the software to compute the {formula}.", formula=formula.value)


def _code_from_note(facts: Facts, asked: _Question) -> dict[str, Any]:
    printed = seed_in_note(facts)
    if printed is None:
        return {"problem": str(_("No note of the document prints the seed of its code."))}
    computed = digest(printed)
    return {
        "seed": printed if asked.show_secret else masked_seed(printed, facts),
        "computed_code": computed,
        "code_matches": computed == facts.declared_code,
        "software_code_matches": _software_code(facts, asked.pin),
    }


def _software_code(facts: Facts, pin: str | None) -> bool | None:
    software = first_text(facts.root, _SOFTWARE + "sts:SoftwareProvider/sts:SoftwareID")
    declared = first_text(facts.root, _SOFTWARE + "sts:SoftwareSecurityCode")
    if not (pin and software and declared):
        return None
    return software_security_code(software, pin, facts.number) == declared


def _signature(found: SignatureReport) -> dict[str, Any]:
    return {
        "present": found.present,
        "valid": found.valid,
        "digest_valid": found.digest_valid,
        "value_valid": found.value_valid,
        "signer": found.signer,
        "role": found.role,
        "policy": found.policy,
        "signing_time": found.signing_time.isoformat() if found.signing_time else None,
        "problems": list(found.problems),
    }


def _schema(root: etree._Element, folder: Path | None) -> dict[str, Any]:
    try:
        errors = validate_root(root, folder)
    except SchemasMissingError as error:
        return {"checked": False, "valid": None, "errors": [str(error)]}
    return {"checked": True, "valid": not errors, "errors": errors}


def _embedded(root: etree._Element, asked: _Question, depth: int) -> Iterator[dict[str, Any]]:
    """Inspect what a container holds: the document, and the authority's answer to it."""
    if depth >= MAX_NESTING:
        raise UnreadableDocumentError(_("Containers are nested too deeply."))
    path = "cac:Attachment/cac:ExternalReference/cbc:Description"
    for place in (path, "cac:ParentDocumentLineReference/cac:DocumentReference/" + path):
        for node in root.findall(place, NS):
            text = (node.text or "").strip()
            if text.startswith("<"):
                yield _inspect(text.encode(), asked, depth=depth + 1)


def inspect_command(argv: Sequence[str] | None = None) -> int:
    """Run ``dian inspect``: 0 inspected, 1 unreadable or its code does not match, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="manage.py dian inspect",
        description="Tell what an electronic document is; check its code, signature and schema.",
    )
    configure_inspect(parser)
    try:
        options = parser.parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    return run_inspect(options)


def configure_inspect(parser: argparse.ArgumentParser) -> None:
    """Say what ``dian inspect`` takes."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="XML, ZIP with one XML, or Base64 of either"
    )
    parser.add_argument("--technical-key", metavar="K", help="key of the range; - reads a line")
    parser.add_argument("--pin", metavar="P", help="PIN of the software; - reads a line")
    parser.add_argument("--key-file", metavar="F", type=Path, help="one key or PIN per line")
    parser.add_argument("--from-note", action="store_true", help="hash the seed in cbc:Note")
    parser.add_argument("--show-secret", action="store_true", help="do not mask the key")
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run_inspect(options: argparse.Namespace) -> int:
    """Inspect one file and say what was found."""
    try:
        keys = _keys(options)
        data = options.file.read_bytes()
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    report = inspect_document(
        data,
        technical_key=keys["technical_key"],
        pin=keys["pin"],
        from_note=options.from_note,
        show_secret=options.show_secret,
        schemas=schemas_of(options),
    )
    if options.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(_for_people(report)) + "\n")
    for remark in filter(None, (report["problem"], report["hint"])):
        sys.stderr.write(f"{remark}\n")
    return 1 if report["problem"] or report["code_matches"] is False else 0


def _keys(options: argparse.Namespace) -> dict[str, str | None]:
    """Collect the secrets: given, read from standard input (-) or from a file, told by shape."""
    keys: dict[str, str | None] = {"technical_key": options.technical_key, "pin": options.pin}
    for name, value in keys.items():
        if value == "-":
            keys[name] = sys.stdin.readline().strip()
    if options.key_file is not None:
        for line in options.key_file.read_text(encoding="utf-8").split():
            name = "technical_key" if len(line) == 40 else "pin"
            keys[name] = keys[name] or line
    return keys


def _for_people(report: dict[str, Any], indent: str = "") -> Iterator[str]:
    yes_no = {True: _("yes"), False: _("no"), None: _("not checked")}
    signature, xsd = report["signature"], report["xsd"]
    facts = (
        (_("Document"), f"{report['document_type'] or '?'} · {report['title'] or '?'}"),
        (_("Number"), report["number"] or "?"),
        (_("Issue date"), report["issue_date"] or "?"),
        (_("Declared code"), report["declared_code"] or "?"),
        (_("Computed code"), report["computed_code"] or MASK),
        (_("The code matches"), yes_no[report["code_matches"]]),
        (_("Seed"), report["seed"] or "?"),
        (_("Signed"), yes_no[signature["present"]]),
        (_("The signature is valid"), yes_no[signature["valid"]]),
        (_("Signer"), signature["signer"] or "?"),
        (_("The schema is respected"), yes_no[xsd["valid"]]),
    )
    for label, value in facts:
        yield f"{indent}{label}: {value}"
    for fault in (*signature["problems"], *xsd["errors"]):
        yield f"{indent}  - {fault}"
    for inner in report["embedded"]:
        yield ""
        yield from _for_people(inner, indent + "  ")
