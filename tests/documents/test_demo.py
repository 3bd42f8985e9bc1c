"""The demonstration's shop issues to a simulated authority that knows it from its file."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from pathlib import Path

import pytest
from sqlalchemy import select

from addons.edi.models import Issuer
from addons.l10n_co_dian.cli import COMMANDS, CONFIG
from addons.l10n_co_dian.demo import minimarket_documents
from addons.l10n_co_dian.simulator import SimulatorConfig, running
from core.addons.parts import DemoPlace, DemoTill
from core.ids import uuid7
from core.process import process_of
from core.tenancy import Establishment
from core.tenancy.cache import bump_epoch
from tests.documents.shop import Shop

pytestmark = pytest.mark.services


def test_a_sale_of_the_demonstration_is_accepted(bare: Shop, authority_key: Path) -> None:
    folder = process_of(bare.house.database).folder / CONFIG.parent
    folder.mkdir()
    shutil.copy(authority_key, folder / "dian-ledger.sqlite3.authority.pem")
    with bare.house.unit(bare.tenant) as session:
        places = tuple(session.scalars(select(Establishment)))
        tills = tuple(
            DemoTill(key, places[0].id, f"C{n}", f"Caja {n}")
            for n, key in enumerate((bare.place.till_id, uuid7()), start=1)
        )
        base = bare.server.base
        place = DemoPlace(session, "minimercado", places, bare.house.cashier, base, tills)
        minimarket_documents(place)
    config = SimulatorConfig.read(folder / CONFIG.name)
    assert not config.strict
    assert [issuer.nit for issuer in config.issuers] == ["900123456"]
    assert [known.prefix for known in config.ranges] == ["POSA", "POSB", "SETP"]
    with running(config, clock=bare.clock) as server:
        bare.server = server
        point_to(bare, server.url)
        assert bare.sell()["full_number"] == "POSA1"
        bare.work()
        assert bare.document().state == "accepted"
        assert bare.at_the_authority() == {"POSA1": bare.document().code}


def point_to(shop: Shop, url: str) -> None:
    with shop.house.unit(shop.tenant) as session:
        for row in session.scalars(select(Issuer)):
            row.service_url = url
        bump_epoch(session)


def run(name: str, *arguments: str) -> int:
    (command,) = [known for known in COMMANDS if known.name == name]
    parser = ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(arguments))


def test_inspect_says_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_text("<a")
    assert run("inspect", str(tmp_path / "bad.xml")) == 1
    assert run("inspect", str(tmp_path / "missing.xml")) == 1
