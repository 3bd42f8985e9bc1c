"""What every addon inherits: it is sound, it leaves as it came, and others do not see it.

Ours run in ``tests/contract``; those on ``GUADUA_ADDONS_PATH`` run there too, without a line in
the addon. An addon's own repository says::

    from core.testing.contract import addon_contract

    TestContract = addon_contract("loyalty")
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import MetaData, inspect, select
from werkzeug.test import TestResponse

from core.addons.activation import disable, enable
from core.addons.autogenerate import schema_differences
from core.addons.checks import check_addon
from core.addons.discovery import Discovery, FoundAddon, discover
from core.addons.lifecycle import Owner, install, migrate_core
from core.addons.registry import AddonRegistry
from core.addons.removal import uninstall
from core.clock import Clock
from core.db.base import Base
from core.db.engine import open_owner
from core.db.ownership import tables_of
from core.testing.databases import TestDatabases
from core.testing.house import House, open_house
from core.testing.web import Browser, Site, open_site

#: The platform's own books about addons: written by installing, enabling and removing one.
BOOKS: Final = re.compile(
    r"core_(addon|activation|audit|epoch|role|version_|search_word$|schedule$)|sqlite_"
)
#: What differs between two answers to the same request, and tells nothing.
_CHANGING: Final = (
    re.compile(r'nonce="[^"]*"'),
    re.compile(r'<meta name="csrf-token" content="[^"]*">'),
    re.compile(r'name="(?:csrf_token|form_key)" value="[^"]*"'),
    re.compile(r'"reference":\s*"[^"]*"'),
)
_CHANGING_HEADERS: Final = frozenset(
    {"date", "set-cookie", "x-request-id", "content-security-policy", "content-length"}
)


@dataclass(frozen=True, slots=True)
class Installed:
    """A house in which everything an addon requires is installed, and the addon is not."""

    house: House
    owner: Owner
    discovery: Discovery
    addon: FoundAddon
    clock: Clock

    def add(self) -> AddonRegistry:
        """Install the addon and load it with what it requires."""
        install(self.owner, self.discovery, self.addon.name, self.clock)
        return loaded(self.discovery)


def addons_on_path() -> Discovery:
    """Find our addons and those on ``GUADUA_ADDONS_PATH``."""
    named = os.environ.get("GUADUA_ADDONS_PATH", "")
    return discover(Path(part).absolute() for part in named.split(os.pathsep) if part)


def loaded(discovery: Discovery) -> AddonRegistry:
    """Load addons, or fail with the reason that one does not run."""
    registry = AddonRegistry()
    registry.load(discovery)
    registry.configure()
    if registry.quarantined:
        raise AssertionError(f"quarantined: {dict(registry.quarantined)}")
    return registry


@contextmanager
def house_before(databases: TestDatabases, clock: Clock, name: str) -> Iterator[Installed]:
    """Open two businesses that use everything that ``name`` requires, and nothing else."""
    chain = addons_on_path().with_requirements(name)
    required = [addon.name for addon in chain[:-1]]
    discovery = Discovery({addon.name: addon for addon in chain})

    def fill(owner_url: str, application_url: str) -> None:
        owner = Owner.at(owner_url, application_url)
        migrate_core(owner, clock)
        for each in required:
            install(owner, discovery, each, clock)
        owner.engine.dispose()

    # First of all: a test module may have imported half of the tables.
    registry = loaded(Discovery({addon.name: addon for addon in chain[:-1]}))
    template = f"before_{name}"
    databases.template(template, fill)
    with open_house(databases, template, clock) as house:
        for tenant in (house.bakery, house.pharmacy):
            with house.unit(tenant) as session:
                for each in required:
                    enable(session, registry, each)
        owner = Owner(open_owner(house.owner_url), house.database.engine.url.username)
        yield Installed(
            replace(house, enabled=frozenset(required)), owner, discovery, chain[-1], clock
        )
        owner.engine.dispose()


def rows_of_others(owner: Owner, addon: str) -> dict[str, list[tuple[Any, ...]]]:
    """Read every row that is not the addon's and not in the platform's books about addons."""
    own = {table.name for table in tables_of(Base.metadata, addon)}
    with owner.engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - own
        metadata = MetaData()
        wanted = sorted(name for name in names if not BOOKS.match(name))
        metadata.reflect(connection, only=wanted, resolve_fks=False)
        return {
            name: sorted(
                (tuple(row) for row in connection.execute(select(metadata.tables[name]))), key=repr
            )
            for name in wanted
        }


def sights(browser: Browser, site: Site) -> dict[str, tuple[int, tuple[Any, ...], str]]:
    """Open every address without a variable part, and give what a reader can tell of each."""
    paths = {
        rule.rule
        for rule in site.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    } - {"/healthz", "/readyz", "/metrics", "/logout"}
    return {path: sight(browser.get(path), path) for path in sorted(paths)}


def sight(answer: TestResponse, path: str) -> tuple[int, tuple[Any, ...], str]:
    """Give status, headers and body without what changes from request to request."""
    body = answer.get_data(as_text=True).replace(path, "<here>")
    reference = answer.headers.get("X-Request-Id", "")
    if reference:
        body = body.replace(reference, "<reference>")
    for changing in _CHANGING:
        body = changing.sub("", body)
    headers = (one for one in answer.headers if one[0].lower() not in _CHANGING_HEADERS)
    return answer.status_code, tuple(sorted(headers)), body


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Name what is not the same any more."""
    return sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )


class AddonContract:
    """The tests; ``addon_contract`` says for which addons."""

    @pytest.fixture
    def installed(
        self, databases: TestDatabases, clock: Clock, addon_name: str
    ) -> Iterator[Installed]:
        """Give a house just before the addon is installed."""
        with house_before(databases, clock, addon_name) as ready:
            yield ready

    @pytest.mark.services
    def test_the_addon_check_has_nothing_to_remark(self, addon_name: str) -> None:
        """Manifest, imports, tables, migrations, permissions, routes, tasks and texts are sound."""
        assert check_addon(addons_on_path(), addon_name) == []

    def test_its_migrations_make_what_its_models_say(self, installed: Installed) -> None:
        """On this engine, and each table is its own by name and by the book of tables."""
        installed.add()
        name = installed.addon.name
        own = [table.name for table in tables_of(Base.metadata, name)]
        with installed.owner.engine.connect() as connection:
            assert schema_differences(connection, name, own) == []
            there = {one for one in inspect(connection).get_table_names() if one in own}
        assert there == set(own)

    def test_it_leaves_everybody_elses_rows_as_they_were(
        self, installed: Installed, tmp_path: Path
    ) -> None:
        """Installed, switched on, switched off, exported and dropped: bit for bit."""
        name, house = installed.addon.name, installed.house
        before = rows_of_others(installed.owner, name)
        registry = installed.add()
        with house.unit(house.bakery) as session:
            enable(session, registry, name)
        with house.unit(house.bakery) as session:
            disable(session, registry, name)
        done = uninstall(
            installed.owner, name, clock=installed.clock, export_to=tmp_path / "out.zip", drop=True
        )
        assert set(done.dropped) == set(done.exported)
        changed = differing(before, rows_of_others(installed.owner, name))
        assert not changed, f"rows of other tables changed: {changed}"

    def test_a_business_without_it_sees_the_same_bytes(
        self, installed: Installed, tmp_path: Path
    ) -> None:
        """Pages, menus and the API document, before and after another business turns it on."""
        site = open_site(installed.house, tmp_path, installed.add())
        for tenant in (installed.house.bakery, installed.house.pharmacy):
            site.enable(tenant, *(one for one in installed.addon.manifest.requires))
        stranger = site.browser("owner@pharmacy.co")
        before = sights(stranger, site)
        site.enable(installed.house.bakery, installed.addon.name)
        changed = differing(before, sights(stranger, site))
        assert not changed, f"a business without it sees it: {changed}"
        for rule in site.app.url_map.iter_rules():
            owner = site.platform.gate.addon_of_endpoint(rule.endpoint)
            if owner == installed.addon.name and rule.rule in before:
                missing = f"{rule.rule.rstrip('/')}-that-nobody-made"
                assert before[rule.rule] == sight(stranger.get(missing), missing), rule.rule


def addon_contract(*names: str) -> type[AddonContract]:
    """Give the contract's tests for these addons; name the class ``Test…`` in a test module."""

    class Contract(AddonContract):
        @pytest.fixture(params=names)
        def addon_name(self, request: pytest.FixtureRequest) -> str:
            """Give one addon after the other."""
            found: str = request.param
            return found

    return Contract
