"""Addons come and go in any order; the database holds what a simple model says."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import inspect

from core.addons.activation import disable, enable, enabled_addons
from core.addons.discovery import Discovery
from core.addons.lifecycle import Owner, install, installed_addons
from core.addons.registry import AddonRegistry
from core.addons.removal import uninstall
from core.addons.tests.toys import MODELS, Shelf
from core.errors import PlatformError
from core.testing.house import House

pytestmark = pytest.mark.services


@dataclass
class Model:
    """What the database should hold, in plain sets."""

    requires: dict[str, tuple[str, ...]]
    installed: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    enabled: dict[str, set[str]] = field(
        default_factory=lambda: {"bakery": set(), "pharmacy": set()}
    )

    def with_requirements(self, name: str) -> set[str]:
        return {name}.union(*(self.with_requirements(one) for one in self.requires[name]))

    def apply(self, verb: str, name: str, business: str, *, drop: bool) -> bool:
        """Do it, and say whether it may be done."""
        if verb == "install":
            return self.install(name)
        if verb == "uninstall":
            return self.uninstall(name, drop=drop)
        return (self.enable if verb == "enable" else self.disable)(business, name)

    def install(self, name: str) -> bool:
        self.installed |= self.with_requirements(name)
        self.tables |= self.with_requirements(name)
        return True

    def uninstall(self, name: str, *, drop: bool) -> bool:
        if name not in self.tables:
            return False
        needed = any(name in self.requires[other] for other in self.installed)
        if needed or any(name in on for on in self.enabled.values()):
            return False
        self.installed.discard(name)
        if drop:
            self.tables.discard(name)
        return True

    def enable(self, business: str, name: str) -> bool:
        if name not in self.installed:
            return False
        self.enabled[business] |= self.with_requirements(name)
        return True

    def disable(self, business: str, name: str) -> bool:
        on = self.enabled[business]
        if name not in on or any(name in self.requires[other] for other in on):
            return False
        on.discard(name)
        return True


STEPS = 40
VERBS = ["install", "enable", "disable", "disable", "disable", "uninstall", "uninstall"]
GRAPH: dict[str, tuple[str, ...]] = {
    "toy_a": (),
    "toy_b": ("toy_a",),
    "toy_c": ("toy_a", "toy_b"),
    "toy_d": (),
}


@dataclass
class World:
    """The real thing, with the same verbs."""

    house: House
    owner: Owner
    found: Discovery
    folder: Path

    def apply(self, verb: str, name: str, business: str, *, drop: bool) -> bool:
        """Do it, and say whether it was done."""
        try:
            self._do(verb, name, business, drop=drop)
        except PlatformError:
            return False
        return True

    def _do(self, verb: str, name: str, business: str, *, drop: bool) -> None:
        clock = self.house.clock
        if verb == "install":
            install(self.owner, self.found, name, clock)
        elif verb == "uninstall":
            target = self.folder / f"{name}.zip"
            uninstall(self.owner, name, clock=clock, export_to=target, drop=drop)
        else:
            registry = AddonRegistry()
            registry.load(self.found, installed(self.owner))
            with self.house.unit(getattr(self.house, business)) as session:
                (enable if verb == "enable" else disable)(session, registry, name)

    def enabled(self, business: str) -> frozenset[str]:
        with self.house.unit(getattr(self.house, business), writes=False) as session:
            return enabled_addons(session)


def installed(owner: Owner) -> set[str]:
    with owner.engine.connect() as connection:
        return set(installed_addons(connection))


def toy_tables(owner: Owner) -> set[str]:
    return {name for name in inspect(owner.engine).get_table_names() if name.startswith("toy_")}


@pytest.mark.parametrize("seed", [5, 10])
def test_whatever_the_order_the_database_holds_what_the_model_says(
    house: House, owner: Owner, shelf: Shelf, tmp_path: Path, seed: int
) -> None:
    for name, requires in GRAPH.items():
        shelf.add(name, *requires, models=MODELS)
        shelf.migrate(name)
    chance, model = Random(seed), Model(GRAPH)
    world = World(house, owner, shelf.find(), tmp_path)
    seen = set()
    for step in range(STEPS):
        verb = chance.choice(VERBS)
        name, business = chance.choice(sorted(GRAPH)), chance.choice(["bakery", "pharmacy"])
        drop = chance.random() < 0.5
        done = world.apply(verb, name, business, drop=drop)
        assert done is model.apply(verb, name, business, drop=drop), (step, verb, name, business)
        seen.add((verb, done, verb == "uninstall" and drop))
        assert installed(owner) == model.installed
        assert toy_tables(owner) == {f"{one}_thing" for one in model.tables}
        for which, on in model.enabled.items():
            assert world.enabled(which) == on
    assert {
        ("uninstall", True, True),
        ("uninstall", True, False),
        ("uninstall", False, True),
    } <= seen
    assert {("enable", True, False), ("enable", False, False), ("disable", True, False)} <= seen
