"""A bakery with a certificate, and a simulated authority that knows it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from addons.l10n_co_dian.certificates import SigningIdentity, make_test_chain
from addons.l10n_co_dian.samples import (
    SAMPLE_KEY,
    SAMPLE_NIT,
    SAMPLE_PIN,
    coded,
    sample_document,
)
from addons.l10n_co_dian.simulator import Fault, Kind, Running, SimulatorConfig, running
from addons.l10n_co_dian.simulator.authority import authority_identity
from addons.l10n_co_dian.simulator.config import Buyer, Issuer, Range, Software
from addons.l10n_co_dian.snapshot import DocumentSnapshot
from addons.l10n_co_dian.soap.client import ClientOptions, DianClient
from addons.l10n_co_dian.soap.package import pack
from addons.l10n_co_dian.ubl import build_xml
from addons.l10n_co_dian.xades import BOGOTA, sign
from core.clock import StoppedClock

NOW = datetime(2026, 11, 21, 14, 0, 5, tzinfo=UTC)
TEST_SET = "7a1a8a9e-5d8e-4a9a-9a51-0d1f6a3c0001"


LAST_DAY = date(2099, 1, 19)


def sample(kind: str = "20", *, at: datetime = NOW, lines: int = 2) -> DocumentSnapshot:
    """The sample document under a range that does not end while these tests are in use."""
    plain = sample_document(kind, lines=lines, issued_at=at.astimezone(BOGOTA))
    assert plain.range
    return coded(replace(plain, range=replace(plain.range, valid_to=LAST_DAY)))


@dataclass(frozen=True)
class Sealed:
    """One signed document, ready to send."""

    snapshot: DocumentSnapshot
    xml: bytes

    @property
    def code(self) -> str:
        return self.snapshot.code

    @property
    def sha(self) -> str:
        return sha256(self.xml).hexdigest()

    @property
    def archive(self) -> bytes:
        return pack("fv09001234560002600000001.xml", self.xml)


@dataclass(frozen=True)
class Stage:
    """The simulator, the bakery's client, and how to make things go wrong."""

    server: Running
    client: DianClient
    shop: SigningIdentity
    clock: StoppedClock

    def script(self, *kinds: Kind, **values: object) -> None:
        entry = {"kinds": kinds, **values}
        self.server.simulator.script.add(Fault.model_validate(entry))

    def send(self, sealed: Sealed) -> object:
        return self.client.send_bill_sync("z.zip", sealed.archive, expected_code=sealed.code)

    def accepted_codes(self) -> dict[str, str]:
        contents = self.server.simulator.ledger.contents()
        return {identity.number: code for identity, code in contents.codes().items()}


def pem(identity: SigningIdentity) -> str:
    return "".join(c.public_bytes(Encoding.PEM).decode() for c in identity.chain[1:])


@pytest.fixture(scope="session")
def dian_data() -> Path:
    root = Path(__file__).resolve().parents[4]
    named = os.environ.get("GUADUA_SHARED_DATA")
    return (Path(named) if named else root.parent / "shared" / "data") / "dian"


@pytest.fixture(scope="session")
def shop() -> SigningIdentity:
    return make_test_chain("Panadería La Guadua S.A.S.", SAMPLE_NIT, NOW)


@pytest.fixture(scope="session")
def impostor() -> SigningIdentity:
    return make_test_chain("Panadería La Guadua S.A.S.", SAMPLE_NIT, NOW)


@pytest.fixture(scope="session")
def authority_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One key for all simulated authorities: making keys is slow."""
    ledger = tmp_path_factory.mktemp("authority") / "ledger"
    authority_identity(ledger, NOW)
    return ledger.with_name("ledger.authority.pem")


@pytest.fixture
def config(
    tmp_path: Path, shop: SigningIdentity, dian_data: Path, authority_key: Path
) -> SimulatorConfig:
    ledger = tmp_path / "ledger.sqlite3"
    shutil.copy(authority_key, tmp_path / "ledger.sqlite3.authority.pem")
    schemas = dian_data / "xsd"
    return SimulatorConfig(
        issuers=(Issuer(nit=SAMPLE_NIT, name="Panadería La Guadua"),),
        ranges=(numbering("EPOS"), numbering("SETP", key=SAMPLE_KEY)),
        software=(
            Software(
                id=sample_document().software.id,
                pin=SAMPLE_PIN,
                owner_nit=SAMPLE_NIT,
                test_set_id=TEST_SET,
            ),
        ),
        buyers=(Buyer(kind="13", number="1094000111", name="Luz Dary Ossa", email="l@d.example"),),
        trusted=(pem(shop),),
        ledger=ledger,
        schemas=schemas,
        strict=schemas.is_dir(),
    )


def numbering(prefix: str, *, key: str = "") -> Range:
    return Range(
        nit=SAMPLE_NIT,
        resolution="18760000001",
        prefix=prefix,
        first=990_000_000,
        last=995_000_000,
        valid_from=date(2019, 1, 19),
        valid_to=LAST_DAY,
        technical_key=key,
    )


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(NOW)


@pytest.fixture
def stage(config: SimulatorConfig, shop: SigningIdentity, clock: StoppedClock) -> Iterator[Stage]:
    with running(config, clock=clock) as server:
        roots = ClientOptions(answer_roots=server.simulator.identity.chain[1:])
        with DianClient(
            server.url, shop.key, shop.chain, clock, timeout=5, options=roots
        ) as client:
            yield Stage(server, client, shop, clock)


@pytest.fixture
def impatient(stage: Stage) -> Iterator[DianClient]:
    """The bakery's client, not waiting longer than a third of a second."""
    with DianClient(
        stage.server.url, stage.shop.key, stage.shop.chain, stage.clock, timeout=0.3
    ) as client:
        yield client


@pytest.fixture
def document(shop: SigningIdentity) -> Callable[..., Sealed]:
    """Make a signed document: ``document(7, kind="01")``, fields of the snapshot changed."""

    def make(number: int = 1, *, kind: str = "20", **changes: object) -> Sealed:
        return sealed(number, kind=kind, by=shop, at=NOW, **changes)

    return make


def sealed(
    number: int, *, by: SigningIdentity, at: datetime, kind: str = "20", **changes: object
) -> Sealed:
    plain = sample(kind, at=at)
    full = f"{plain.prefix}{990_000_000 + number}"
    snapshot = coded(replace(plain, number=full, **changes))  # type: ignore[arg-type]
    return Sealed(snapshot, sign(build_xml(snapshot), by.key, by.chain, at))
