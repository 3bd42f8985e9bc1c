"""Two shops in one house, each known to one simulated authority."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from addons.edi.signers import forget_keys
from addons.l10n_co_dian.certificates import SigningIdentity, make_test_chain
from addons.l10n_co_dian.demo import DemoRange, configure_demo
from addons.l10n_co_dian.simulator import Running, SimulatorConfig, running
from addons.l10n_co_dian.simulator.authority import authority_identity
from addons.taxes.services import RESPONSIBLE_FOR_IVA, set_profile
from core.clock import StoppedClock
from core.i18n import catalog, load_catalogs
from core.tenancy import Business, Establishment, TenantRef
from core.tenancy.cache import forget
from core.testing.addons import all_addons, house_with_addons
from core.testing.databases import TestDatabases
from core.testing.fixtures import MONDAY
from core.testing.house import House
from core.testing.shared import shared_data as find_shared
from tests.documents.shop import Shop, place_of_sale

ROOT = Path(__file__).parents[2]
SPEAKING = ("edi", "l10n_co_dian", "contacts")
NITS = ("900123456", "901234567")


@pytest.fixture(scope="session")
def spanish() -> dict[str, str]:
    """Read the Spanish of these addons, without letting other tests speak it."""
    before = dict(catalog._catalogs["es"])
    load_catalogs(ROOT / "addons" / name / "locale" for name in SPEAKING)
    read = dict(catalog._catalogs["es"])
    catalog._catalogs["es"] = before
    return read


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch, spanish: dict[str, str]) -> Iterator[None]:
    monkeypatch.setitem(catalog._catalogs, "es", dict(spanish))
    forget()
    forget_keys()
    with capture_logs():
        yield


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    with house_with_addons(databases, clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def identities() -> dict[str, SigningIdentity]:
    return {nit: make_test_chain(f"Negocio {nit}", nit, MONDAY) for nit in NITS}


@pytest.fixture(scope="session")
def authority_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ledger = tmp_path_factory.mktemp("authority") / "ledger"
    authority_identity(ledger, MONDAY)
    return ledger.with_name("ledger.authority.pem")


@pytest.fixture
def server(tmp_path: Path, authority_key: Path, clock: StoppedClock) -> Iterator[Running]:
    shared = find_shared()
    schemas = shared / "dian" / "xsd" if shared else None
    shutil.copy(authority_key, tmp_path / "ledger.sqlite3.authority.pem")
    config = SimulatorConfig(
        ledger=tmp_path / "ledger.sqlite3", schemas=schemas, strict=schemas is not None
    )
    with running(config, clock=clock) as opened:
        yield opened


@pytest.fixture
def shop(
    house: House, clock: StoppedClock, server: Running, identities: dict[str, SigningIdentity]
) -> Shop:
    return open_shop(house, house.bakery, clock, server, identities[NITS[0]])


@pytest.fixture
def bare(house: House, clock: StoppedClock, server: Running) -> Shop:
    """A shop with its legal data and nothing configured."""
    return shop_of(house, house.bakery, clock, server, NITS[0])


def open_shop(
    house: House,
    tenant: TenantRef,
    clock: StoppedClock,
    server: Running,
    identity: SigningIdentity,
) -> Shop:
    nit = NITS[0] if tenant == house.bakery else NITS[1]
    shop = shop_of(house, tenant, clock, server, nit)
    with house.unit(tenant) as session:
        ranges = [DemoRange(shop.place.establishment_id, "POSE")]
        registration = configure_demo(
            session, ranges=ranges, service_url=server.url, identity=identity
        )
    registration.tell(server.base)
    return shop


def shop_of(
    house: House, tenant: TenantRef, clock: StoppedClock, server: Running, nit: str
) -> Shop:
    with house.unit(tenant) as session:
        session.add(
            Business(
                id=tenant.uid,
                legal_name=f"Negocio {nit} S.A.S.",
                identification=nit,
                email=f"facturas@{nit}.example",
            )
        )
        place = session.scalars(select(Establishment)).one()
        place.address, place.municipality = "Carrera 14 # 21-35", "63001"
        set_profile(session, valid_from=date(2020, 1, 1), responsibilities=[RESPONSIBLE_FOR_IVA])
    return Shop(house, all_addons(), tenant, place_of_sale(place.id), clock, server)


@pytest.fixture
def other(
    house: House, clock: StoppedClock, server: Running, identities: dict[str, SigningIdentity]
) -> Shop:
    """The other business of the house, which issues too."""
    return open_shop(house, house.pharmacy, clock, server, identities[NITS[1]])
