"""The POS document (20) and the invoice (01) of DIAN, as formats of electronic documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addons.edi.services import (
    SOFTWARE_PIN,
    TECHNICAL_KEY,
    CertificateFile,
    DocumentText,
    Identity,
    Paper,
    ReadCertificate,
)
from addons.l10n_co_dian.catalogue import KINDS
from addons.l10n_co_dian.certificate_files import read_certificate
from addons.l10n_co_dian.certificates import load_pem
from addons.l10n_co_dian.codes import check_technical_key, document_file_name, qr_url
from addons.l10n_co_dian.drafting import drafted_snapshot, prepared_as_issued
from addons.l10n_co_dian.errors import SchemasMissingError
from addons.l10n_co_dian.issuing import Prepared, check_details, legend, prepare
from addons.l10n_co_dian.sale_document import coded, pos_snapshot
from addons.l10n_co_dian.snapshot import (
    DocumentSnapshot,
    NumberRange,
    Software,
    from_json,
    to_json,
)
from addons.l10n_co_dian.soap.application_response import acceptance_problem
from addons.l10n_co_dian.stored import code_twice
from addons.l10n_co_dian.ubl import BUILDER_VERSION, build_xml, check
from core.clock import Clock
from core.errors import PlatformError
from core.i18n import LazyText, _

if TYPE_CHECKING:
    from addons.edi.services import (
        Backfill,
        Channel,
        CustomerFacts,
        DocumentDraft,
        IssuerFacts,
        PlaceFacts,
        RangeFacts,
    )
    from core.sale import IssuedNumber, Sale
    from core.tenancy import TenantSession


class DianFormat:
    """One kind of document of DIAN, transported like all of them."""

    def __init__(self, kind: str, title: LazyText, *, for_sales: bool, secrets: set[str]) -> None:
        self.kind = KINDS[kind]
        self.name = f"co.dian.{kind}"
        self.title = title
        self.for_sales = for_sales
        self.secrets = frozenset(secrets)

    def check_range(self, technical_key: str) -> None:
        """Refuse a technical key that is not 40 hexadecimal digits, where one is needed."""
        if TECHNICAL_KEY in self.secrets or technical_key:
            check_technical_key(technical_key)

    def check_issuer(self, details: Mapping[str, Any]) -> None:
        """Refuse an issuer without the name and the makers of its program."""
        check_details(details)

    def prepare(
        self, session: TenantSession, issuer: IssuerFacts, place: PlaceFacts, numbers: RangeFacts
    ) -> Prepared:
        """Put together issuer, software and range; refuse a wrong technical key here already."""
        self.check_range(numbers.technical_key)
        return prepare(session, issuer, place, numbers)

    def sale_document(
        self, prepared: Prepared, sale: Sale, number: IssuedNumber, customer: CustomerFacts | None
    ) -> DocumentText:
        """Give the POS document of a sale."""
        return self._text(pos_snapshot(prepared, sale, number, customer))

    def prepare_backfill(self, backfill: Backfill, environment: str) -> Prepared:
        """Give what the paper has; refuse a technical key that cannot be one."""
        self.check_range(backfill.technical_key)
        return prepared_as_issued(backfill, environment)

    def drafted_document(
        self,
        prepared: Prepared,
        draft: DocumentDraft,
        number: IssuedNumber,
        customer: CustomerFacts | None,
    ) -> DocumentText:
        """Give the document of a draft; refuse one that could not be written."""
        bare = drafted_snapshot(self.kind.code, prepared, draft, number, customer)
        snapshot = coded(bare, prepared)
        check(snapshot)
        return self._text(snapshot)

    def reissued_document(
        self, prepared: Prepared, snapshot: str, issued_at: datetime
    ) -> DocumentText:
        """Give a rejected document anew: same number and goods, the issuer's data of now."""
        before = from_json(snapshot)
        fresh = replace(
            before,
            issued_at=issued_at,
            issuer=prepared.seller(issued_at.date()),
            software=prepared.software,
            range=prepared.range,
        )
        again = coded(fresh, prepared)
        check(again)
        return self._text(again)

    def _text(self, snapshot: DocumentSnapshot) -> DocumentText:
        return DocumentText(
            snapshot=to_json(snapshot),
            code=snapshot.code,
            type=snapshot.document_type,
            title=self.kind.title,
            qr_url=qr_url(snapshot.code, snapshot.environment),
            builder_version=BUILDER_VERSION,
            buyer=snapshot.buyer.name,
            currency=snapshot.currency,
            total=snapshot.totals.payable,
        )

    def build(self, snapshot: str, builder_version: int) -> bytes:
        """Write the unsigned XML."""
        return build_xml(from_json(snapshot), builder_version)

    # What only a worker does, only a worker loads: signing, checking and the line to DIAN.

    def validate(self, xml: bytes, folder: Path) -> Sequence[str] | None:
        """Check against DIAN's schemas; None where they are not installed."""
        from addons.l10n_co_dian.schemas import validate  # noqa: PLC0415

        try:
            return validate(xml, folder)
        except SchemasMissingError:
            return None

    def file_name(self, snapshot: str, year: int, counter: int) -> str:
        """Name the file as the annex says: kind, NIT, own software, year, counter."""
        issuer = from_json(snapshot).issuer
        return document_file_name(self.kind.file_prefix, issuer.id_number, year, counter)

    def look_up(self, code: str, environment: str) -> str:
        """Give DIAN's public page of a document."""
        return qr_url(code, environment)

    def paper(self, snapshot: str) -> Paper:
        """Give title, authorisation and program of a stored document."""
        said = from_json(snapshot)
        return self._paper(said.range, said.software)

    def till_paper(self, prepared: Prepared) -> Paper:
        """Give title, authorisation and program of a range's documents."""
        return self._paper(prepared.range, prepared.software)

    def _paper(self, numbers: NumberRange | None, software: Software) -> Paper:
        lines = legend(numbers, software)
        return Paper(self.kind.title, lines, software.name, software.company)

    def read_certificate(self, given: CertificateFile, now: datetime) -> ReadCertificate:
        """Read PKCS#12 or PEM; refuse what may not sign legal documents now."""
        return read_certificate(given, now)

    def read_identity(self, key: bytes, chain: str) -> Identity:
        """Read a private key and its chain, both PEM."""
        identity = load_pem(key, chain.encode())
        return Identity(identity.key, identity.chain)

    def sign(self, xml: bytes, identity: Identity, when: datetime, *, role: str) -> bytes:
        """Sign with XAdES-EPES."""
        from addons.l10n_co_dian.xades import sign  # noqa: PLC0415

        return sign(xml, identity.key, identity.chain, when, role)

    def open_channel(
        self, issuer: IssuerFacts, identity: Identity, clock: Clock, *, timeout: float
    ) -> Channel:
        """Open a line to DIAN's web service at the issuer's address."""
        from addons.l10n_co_dian.channel import DianChannel  # noqa: PLC0415

        return DianChannel(issuer, identity, clock, timeout=timeout)

    def recompute(self, signed: bytes, *, software_pin: str, technical_key: str) -> tuple[str, str]:
        """Give the code in stored bytes, and the one recomputed from their fields."""
        return code_twice(signed, software_pin=software_pin, technical_key=technical_key)

    def answer_problem(self, answer: bytes, code: str) -> str:
        """Say why a stored ApplicationResponse does not prove an acceptance, or nothing."""
        try:
            return acceptance_problem(answer, code)
        except PlatformError as unreadable:
            return str(unreadable)


POS: Final = DianFormat("20", _("POS document"), for_sales=True, secrets={SOFTWARE_PIN})
INVOICE: Final = DianFormat(
    "01", _("Invoice"), for_sales=False, secrets={SOFTWARE_PIN, TECHNICAL_KEY}
)
