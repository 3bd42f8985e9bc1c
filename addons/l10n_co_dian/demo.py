"""A practice business that issues documents to the simulated authority.

Its certificate, software and ranges are worth nothing outside: they are registered with the
simulator, which is told by a file or through its control endpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

import httpx
import orjson
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from addons.edi.services import (
    CertificateFile,
    IssuerDraft,
    RangeDraft,
    add_range,
    business_facts,
    configure_issuer,
    install_certificate,
)
from addons.l10n_co_dian.certificates import SigningIdentity, make_test_chain
from addons.l10n_co_dian.cli import CONFIG
from addons.l10n_co_dian.formats import INVOICE, POS
from addons.l10n_co_dian.samples import SAMPLE_KEY
from addons.l10n_co_dian.simulator.app import PATH
from addons.l10n_co_dian.soap.transport import trust
from core.platform.files import write_durably
from core.process import process_of

if TYPE_CHECKING:
    from core.addons.parts import DemoPlace
    from core.tenancy import TenantSession

#: Where ``manage.py dian simulate`` answers when nothing else is said.
SIMULATOR: Final = f"http://127.0.0.1:8390{PATH}"
#: Invented; the ids of software follow from the NIT, so that a demo made again is the same.
DEMO_PIN: Final = "75315"
DEMO_RESOLUTION: Final = "18760000001"
DETAILS: Final = {
    "software_name": "Guadua",
    "software_maker": "Guadua",
    "software_company": "Guadua",
}
#: What a simulator is told as lists.
_KINDS: Final = ("issuers", "software", "ranges")
_RANGE_KEYS: Final = ("nit", "resolution", "prefix")
_FAMILY: Final = UUID("6f1c6b62-5a0e-4f0e-9a4d-2d6a0c1b7e11")


@dataclass(frozen=True, slots=True)
class DemoRange:
    """A range of POS documents for an establishment, or for one of its tills."""

    establishment_id: UUID
    prefix: str
    till_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """What the simulator must be told of a business: plain values, as its file has them."""

    issuers: list[dict[str, Any]]
    software: list[dict[str, Any]]
    ranges: list[dict[str, Any]]
    roots: str

    def tell(self, base: str) -> None:
        """Register with a simulator that runs at ``base`` (``http://127.0.0.1:8390``)."""
        told = {kind: orjson.dumps(getattr(self, kind)) for kind in _KINDS}
        with httpx.Client(verify=trust()) as client:
            for kind, body in (*told.items(), ("roots", self.roots.encode())):
                client.post(f"{base}/_control/{kind}", content=body).raise_for_status()

    def add_to(self, config: Path) -> None:
        """Add to the file that ``dian simulate --config`` reads, replacing what it knew of us."""
        known: dict[str, Any] = orjson.loads(config.read_bytes()) if config.exists() else {}
        for kind, keys in (("issuers", ("nit",)), ("software", ("id",)), ("ranges", _RANGE_KEYS)):
            fresh = getattr(self, kind)
            mine = [tuple(entry[key] for key in keys) for entry in fresh]
            old = [e for e in known.get(kind, []) if tuple(e[key] for key in keys) not in mine]
            known[kind] = [*old, *fresh]
        # The schemas are the authority's: a demonstration works without them.
        known["strict"] = False
        known["trusted"] = sorted({*known.get("trusted", []), self.roots})
        config.parent.mkdir(parents=True, exist_ok=True)
        write_durably(config, orjson.dumps(known, option=orjson.OPT_INDENT_2))


def configure_demo(
    session: TenantSession,
    *,
    ranges: Sequence[DemoRange],
    service_url: str = SIMULATOR,
    identity: SigningIdentity | None = None,
) -> Registration:
    """Let a practice business issue POS documents and invoices to the simulator.

    ``ranges`` are of POS documents; invoices get one of the first's establishment. Gives what the
    simulator must be told; the caller tells it when the unit of work is committed.
    """
    business = business_facts(session)
    nit = business.identification
    now = session.clock.now()
    signer = identity or make_test_chain(business.legal_name, nit, now)
    install_certificate(session, POS.name, CertificateFile(_pem(signer)))
    software = [
        {"id": str(uuid5(_FAMILY, f"{nit} {form.name}")), "pin": DEMO_PIN, "owner_nit": nit}
        for form in (POS, INVOICE)
    ]
    for form, program in zip((POS, INVOICE), software, strict=True):
        draft = IssuerDraft(
            format=form.name,
            software_id=program["id"],
            software_pin=DEMO_PIN,
            service_url=service_url,
            details=dict(DETAILS),
        )
        configure_issuer(session, draft)
    authorised = [_add(session, draft, nit) for draft in _drafts(session, ranges)]
    return Registration(
        issuers=[{"nit": nit, "name": business.legal_name}],
        software=software,
        ranges=authorised,
        # A request encloses the leaf alone: whoever believes it knows all that is above.
        roots="".join(c.public_bytes(Encoding.PEM).decode("ascii") for c in signer.chain[1:]),
    )


def minimarket_documents(place: DemoPlace) -> None:
    """Let the minimarket issue POS documents: a range and a prefix for each of its tills.

    So no two tills ever ask for the same number, and a ticket tells the till that gave it.
    """
    registration = configure_demo(
        place.session,
        ranges=tuple(
            DemoRange(till.establishment_id, f"POS{letter}", till.id)
            for till, letter in zip(place.tills, ascii_uppercase, strict=False)
        ),
        service_url=f"{place.authority_url}{PATH}",
    )
    registration.add_to(process_of(place.session.database).folder / CONFIG)


def _drafts(session: TenantSession, ranges: Sequence[DemoRange]) -> list[RangeDraft]:
    today = session.clock.now().date()
    valid_from, valid_to = today - timedelta(days=30), today + timedelta(days=700)
    drafts = [
        RangeDraft(
            format=POS.name,
            establishment_id=one.establishment_id,
            till_id=one.till_id,
            resolution=DEMO_RESOLUTION,
            prefix=one.prefix,
            first=1,
            last=500_000,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        for one in ranges
    ]
    drafts.append(
        RangeDraft(
            format=INVOICE.name,
            establishment_id=ranges[0].establishment_id,
            resolution=DEMO_RESOLUTION,
            prefix="SETP",
            first=990_000_000,
            last=995_000_000,
            valid_from=valid_from,
            valid_to=valid_to,
            technical_key=SAMPLE_KEY,
        )
    )
    return drafts


def _add(session: TenantSession, draft: RangeDraft, nit: str) -> dict[str, Any]:
    row = add_range(session, draft)
    return {
        "nit": nit,
        "resolution": row.resolution,
        "prefix": row.prefix,
        "first": row.first,
        "last": row.last,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat(),
        "technical_key": draft.technical_key,
    }


def _pem(identity: SigningIdentity) -> bytes:
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key + b"".join(found.public_bytes(Encoding.PEM) for found in identity.chain)
