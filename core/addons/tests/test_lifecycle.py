"""Addons are installed with what they require, and removed with their data safe."""

from __future__ import annotations

import json
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from zipfile import ZipFile

import pytest
from sqlalchemy import inspect, text

from core.addons.activation import enable
from core.addons.errors import AddonRefusedError, UnknownAddonError
from core.addons.lifecycle import (
    Owner,
    generation,
    install,
    installed_addons,
    installed_heads,
    plan_install,
    upgrade_addon,
)
from core.addons.registry import AddonRegistry
from core.addons.removal import uninstall
from core.addons.tests.toys import EXTENSION, HOOKS, MODELS, Shelf
from core.clock import StoppedClock
from core.db.uow import platform_unit
from core.testing.house import House

pytestmark = pytest.mark.services

BUSY = (
    HOOKS
    + """

from datetime import timedelta
from flask import Blueprint
from core.addons.parts import Consumer, Schedule


@hookimpl
def register_routes():
    return (Blueprint("{name}", __name__, url_prefix="/{name}"),)


@hookimpl
def register_consumers():
    return (Consumer("pos.sale.completed.v1", "{name}.count", lambda session, delivery: None),)


@hookimpl
def register_schedules():
    return (Schedule("{name}.sweep", timedelta(hours=1), lambda session: None),)
"""
)


@pytest.fixture
def toys(shelf: Shelf) -> Shelf:
    """``toy_top`` requires ``toy_base``; both have tables."""
    shelf.add("toy_base", models=MODELS, hooks=BUSY)
    shelf.add("toy_top", "toy_base", models=MODELS)
    shelf.migrate("toy_base")
    shelf.migrate("toy_top")
    return shelf


def installed(owner: Owner) -> set[str]:
    with owner.engine.connect() as connection:
        return set(installed_addons(connection))


def toy_tables(owner: Owner) -> set[str]:
    return {name for name in inspect(owner.engine).get_table_names() if name.startswith("toy_")}


def present_generation(house: House) -> int:
    with platform_unit(house.database, house.clock, writes=False) as session:
        return generation(session)


def running(shelf: Shelf) -> AddonRegistry:
    registry = AddonRegistry()
    registry.load(shelf.find())
    registry.configure()
    return registry


def test_the_plan_says_everything_before_it_is_done(owner: Owner, toys: Shelf) -> None:
    base, top = plan_install(owner, toys.find(), "toy_top")
    assert base.as_dict() == {
        "addon": "toy_base",
        "version": "1.0.0",
        "installed_version": None,
        "migrations": ("0001 Change tables.",),
        "tables": ("toy_base_thing",),
        "permissions": ("toy_base.thing.read",),
        "routes": ("/toy_base",),
        "consumers": ("toy_base.count",),
        "schedules": ("toy_base.sweep",),
        "asks": (),
    }
    assert top.addon == "toy_top"
    assert installed(owner) == set()


def test_installing_takes_along_what_is_required_and_replaces_processes(
    house: House, owner: Owner, toys: Shelf, clock: StoppedClock
) -> None:
    before = present_generation(house)
    assert install(owner, toys.find(), "toy_top", clock) == ["toy_base", "toy_top"]
    assert installed(owner) == {"toy_base", "toy_top"}
    assert present_generation(house) == before + 2
    with platform_unit(house.database, clock, writes=False) as session:
        assert installed_heads(session) == {"toy_base": "0001", "toy_top": "0001"}


def test_installing_again_changes_nothing(
    house: House, owner: Owner, toys: Shelf, clock: StoppedClock
) -> None:
    install(owner, toys.find(), "toy_top", clock)
    before = present_generation(house)
    assert install(owner, toys.find(), "toy_top", clock) == []
    assert upgrade_addon(owner, toys.find(), "toy_top", clock) == []
    assert present_generation(house) == before


def test_an_addon_that_cannot_run_is_not_installed(
    owner: Owner, shelf: Shelf, clock: StoppedClock
) -> None:
    shelf.add("toy_base", hooks="import no_such_module")
    with pytest.raises(AddonRefusedError) as refused:
        install(owner, shelf.find(), "toy_base", clock)
    assert "no_such_module" in str(refused.value.context)
    assert installed(owner) == set()


def test_code_older_than_its_installation_is_not_an_upgrade(
    owner: Owner, toys: Shelf, clock: StoppedClock
) -> None:
    install(owner, toys.find(), "toy_base", clock)
    toys.forget()
    toys.add("toy_base", models=MODELS, version="0.9.0")
    with pytest.raises(AddonRefusedError, match="newer"):
        upgrade_addon(owner, toys.find(), "toy_base", clock)


def test_what_is_not_installed_is_not_upgraded(
    owner: Owner, toys: Shelf, clock: StoppedClock
) -> None:
    with pytest.raises(AddonRefusedError):
        upgrade_addon(owner, toys.find(), "toy_base", clock)


def test_row_level_security_and_the_view_stand_after_installing(
    house: House, owner: Owner, toys: Shelf, clock: StoppedClock
) -> None:
    install(owner, toys.find(), "toy_base", clock)
    running(toys)
    thing = toys.model("toy_base", "Thing")
    with house.unit(house.bakery) as session:
        session.add(thing(code="a", price=Decimal("1.5")))
    with house.unit(house.pharmacy) as session:
        assert session.query(thing).count() == 0
    with owner.engine.connect() as connection:
        (shown,) = connection.execute(text("SELECT price FROM toy_base_thing_v")).scalars()
        assert Decimal(shown) == Decimal("1.5")
        if house.database.kind == "postgresql":
            forced = text("SELECT relforcerowsecurity FROM pg_class WHERE relname='toy_base_thing'")
            assert connection.execute(forced).scalar_one() is True


# --- removal ---------------------------------------------------------------------------------


def test_what_is_required_or_in_use_is_not_removed(
    house: House, owner: Owner, toys: Shelf, clock: StoppedClock
) -> None:
    install(owner, toys.find(), "toy_top", clock)
    with pytest.raises(AddonRefusedError) as refused:
        uninstall(owner, "toy_base", clock=clock)
    assert refused.value.context["required_by"] == ["toy_top"]
    registry = running(toys)
    with house.unit(house.pharmacy) as session:
        enable(session, registry, "toy_top")
    with pytest.raises(AddonRefusedError) as refused:
        uninstall(owner, "toy_top", clock=clock)
    assert refused.value.context["businesses"] == 1
    assert installed(owner) == {"toy_base", "toy_top"}


def test_what_is_not_installed_is_not_removed(owner: Owner, clock: StoppedClock) -> None:
    for name in ("toy_none", "core"):
        with pytest.raises(UnknownAddonError):
            uninstall(owner, name, clock=clock)


def test_data_stays_until_it_is_asked_to_be_dropped(
    house: House, owner: Owner, toys: Shelf, clock: StoppedClock, tmp_path: Path
) -> None:
    install(owner, toys.find(), "toy_base", clock)
    running(toys)
    thing = toys.model("toy_base", "Thing")
    with house.unit(house.bakery) as session:
        session.add(thing(code="a", price=Decimal(1)))
    assert uninstall(owner, "toy_base", clock=clock).dropped == ()
    assert toy_tables(owner) == {"toy_base_thing"}
    assert install(owner, toys.find(), "toy_base", clock) == ["toy_base"]
    with house.unit(house.bakery, writes=False) as session:
        assert session.query(thing).count() == 1
    with pytest.raises(AddonRefusedError, match="export"):
        uninstall(owner, "toy_base", clock=clock, drop=True)
    target = tmp_path / "export.zip"
    uninstall(owner, "toy_base", clock=clock, export_to=target, drop=True)
    assert toy_tables(owner) == set()


def test_an_addon_whose_code_is_gone_is_exported_and_dropped(
    house: House, owner: Owner, toys: Shelf, clock: StoppedClock, tmp_path: Path
) -> None:
    install(owner, toys.find(), "toy_base", clock)
    running(toys)
    thing = toys.model("toy_base", "Thing")
    for tenant, code in ((house.bakery, "pan"), (house.pharmacy, "jarabe «ñ»")):
        with house.unit(tenant) as session:
            session.add(thing(code=code, price=Decimal("12.3456")))
    toys.forget()
    rmtree(toys.place / "toy_base")

    target = tmp_path / "out" / "toy.zip"
    done = uninstall(owner, "toy_base", clock=clock, export_to=target, drop=True)
    assert done.exported == {"toy_base_thing": 2}
    assert done.dropped == ("toy_base_thing",)
    assert toy_tables(owner) == set()
    assert installed(owner) == set()
    with ZipFile(target) as archive:
        lines = archive.read("toy_base_thing.jsonl")
        manifest = json.loads(archive.read("manifest.json"))
    rows = [json.loads(line) for line in lines.splitlines()]
    assert {(row["tenant_id"], row["code"], row["price"]) for row in rows} == {
        (1, "pan", 123456),
        (2, "jarabe «ñ»", 123456),
    }
    (described,) = manifest["tables"]
    assert described["sha256"] == sha256(lines).hexdigest()
    assert described["rows"] == 2
    assert manifest["addon"]["name"] == "toy_base"
    assert not target.with_name("toy.zip.part").exists()


def test_an_extension_is_dropped_and_what_it_extends_stays(
    house: House, owner: Owner, toys: Shelf, clock: StoppedClock, tmp_path: Path
) -> None:
    toys.add("toy_ext", "toy_base", models=EXTENSION)
    toys.migrate("toy_ext")
    install(owner, toys.find(), "toy_ext", clock)
    running(toys)
    thing, note = toys.model("toy_base", "Thing"), toys.model("toy_ext", "ThingNote")
    with house.unit(house.bakery) as session:
        session.enabled = frozenset({"toy_ext"})
        row = thing(code="a", price=Decimal(1))
        session.add(row)
        note.edit(row).text = "x"
    uninstall(owner, "toy_ext", clock=clock, export_to=tmp_path / "e.zip", drop=True)
    assert toy_tables(owner) == {"toy_base_thing"}
    with house.unit(house.bakery, writes=False) as session:
        assert session.query(thing).count() == 1
