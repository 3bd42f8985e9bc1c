"""The whole web application over a house of two businesses, and browsers that open its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from weakref import ref

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import select
from werkzeug.test import TestResponse

from config.settings import Settings
from core.addons.activation import enable
from core.addons.registry import AddonRegistry
from core.app import Parts, create_app, make_platform
from core.auth.roles import grant_role, seed_roles
from core.auth.users import NewUser, create_user, join_business
from core.db.uow import platform_unit
from core.tenancy import Establishment, TenantRef
from core.testing.addons import all_addons
from core.testing.house import House
from core.web.platform import Platform, platform_of

ORIGIN: Final = "http://localhost:8000"
PASSWORD: Final = "tinto con leche a las diez"  # noqa: S105 - of people who do not exist
_META: Final = r'<meta name="{}" content="([^"]*)">'


@dataclass
class Browser:
    """One browser: keeps its cookie, and sends what our pages make it send."""

    client: FlaskClient
    token: str = ""
    tenant: str = ""

    def read(self, path: str = "/switch") -> TestResponse:
        """Open a page and take over what its forms will carry."""
        answer = self.client.get(path, base_url=ORIGIN)
        self.token = _meta(answer.text, "csrf-token") or self.token
        self.tenant = _meta(answer.text, "tenant")
        return answer

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open an address."""
        return self.client.get(path, **{"base_url": ORIGIN, **options})

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form as a page of ours would."""
        carried = {"csrf_token": self.token, "tenant_uid": self.tenant}
        data = {**carried, **(form or {})}
        return self.client.post(path, data=data, **{"base_url": ORIGIN, **options})

    def send(self, path: str, body: Any = None, *, method: str = "POST", **more: str) -> Any:
        """Send JSON as a script of ours would; ``more`` are headers, ``_`` for ``-``."""
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        ours = {"X-CSRF-Token": self.token, "X-Tenant": self.tenant}
        return self.client.open(
            path, method=method, json=body, headers={**ours, **headers}, base_url=ORIGIN
        )

    def log_in(self, email: str, password: str = PASSWORD, **form: str) -> TestResponse:
        """Go through the log-in page."""
        self.read("/login")
        answer = self.post("/login", {"login": email, "password": password, **form})
        if answer.status_code == 303:
            self.read()
        return answer


@dataclass
class Site:
    """The application, its businesses and the people that tests log in as."""

    house: House
    app: Flask
    people: dict[str, UUID] = field(default_factory=dict)

    @property
    def platform(self) -> Platform:
        """What the application stands on."""
        return platform_of(self.app)

    def browser(self, email: str = "") -> Browser:
        """Give a fresh browser, logged in when an e-mail is given."""
        fresh = Browser(self.app.test_client())
        if email:
            answer = fresh.log_in(email)
            if answer.status_code != 303:
                raise AssertionError(f"{email} cannot log in: {answer.status}")
        return fresh

    def person(self, email: str, *roles: tuple[TenantRef, str], name: str = "Ana Ríos") -> UUID:
        """Make a person who holds roles (business, code), and so belongs to the businesses."""
        house, platform = self.house, self.platform
        hashed = platform.passwords.hashed(PASSWORD)
        with platform_unit(house.database, house.clock, writes=True) as session:
            user = create_user(session, NewUser(email, name, hashed))
            for tenant in {tenant.id: tenant for tenant, _role in roles}.values():
                join_business(session, user.id, tenant)
        for tenant, role in roles:
            with house.unit(tenant) as inside:
                grant_role(inside, user.id, role)
        self.people[email] = user.id
        return user.id

    def enable(self, tenant: TenantRef, *addons: str) -> None:
        """Switch addons on for a business, as its owner would."""
        for addon in addons:
            with self.house.unit(tenant) as session:
                fresh = enable(session, self.platform.registry, addon)
                seed_roles(session, self.platform.permissions.of(frozenset(fresh)))

    def establishment(self, tenant: TenantRef) -> UUID:
        """Give the id of the first establishment of a business."""
        with self.house.unit(tenant, writes=False) as session:
            found = select(Establishment.id).order_by(Establishment.code).limit(1)
            return session.scalars(found).one()


def settings_for(house: House, folder: Path, **more: Any) -> Settings:
    """Give settings of a test over a house."""
    usual: dict[str, Any] = {
        "profile": "testing",
        "database_url": str(house.database.engine.url),
        "data_dir": folder,
        "secret_key": "k" * 43,
        "public_url": ORIGIN,
        "host": "127.0.0.1",
        "port": 8000,
    }
    return Settings(**{**usual, **more})


def open_site(
    house: House, folder: Path, registry: AddonRegistry | None = None, **settings: Any
) -> Site:
    """Make the application over ``house`` with default roles in both businesses.

    The owner of the bakery is ``owner@bakery.co``, its cashier ``cashier@bakery.co``; the owner of
    the pharmacy is ``owner@pharmacy.co``; ``both@example.co`` owns both.
    """
    brought = Parts(
        clock=house.clock,
        database=house.database,
        registry=registry or AddonRegistry(),
        templates=_compiled,
    )
    site = _site(house, settings_for(house, folder, **settings), brought)
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant) as session:
            seed_roles(session, site.platform.permissions.of(frozenset()))
    site.person("owner@bakery.co", (house.bakery, "owner"))
    site.person("cashier@bakery.co", (house.bakery, "cashier"))
    site.person("owner@pharmacy.co", (house.pharmacy, "owner"))
    site.person("both@example.co", (house.bakery, "owner"), (house.pharmacy, "owner"))
    return site


def _site(house: House, settings: Settings, parts: Parts) -> Site:
    """Make an application, or move the one over every addon to ``house`` if no test has it.

    The routes of an application are those of its addons and of ``serve``: making them takes longer
    than most tests. All else it has from its platform, which is made afresh each time.
    """
    if parts.registry is not all_addons() or settings.serve or settings.proxies:
        return Site(house, create_app(settings, parts))
    for app, user in _kept:
        if user() is None:
            _move(app, make_platform(settings, parts))
            break
    else:
        app = create_app(settings, parts)
    site = Site(house, app)
    _kept[:] = [(kept, user) for kept, user in _kept if kept is not app]
    _kept.append((app, ref(site)))
    return site


def _move(app: Flask, fresh: Platform) -> None:
    platform = platform_of(app)
    for each in fields(Platform):
        if each.name not in {"gate", "access", "extensions"}:  # of the routes
            setattr(platform, each.name, getattr(fresh, each.name))


class _Compiled(BytecodeCache):
    """Compiles each template once for a test process: it takes longer than all the rest."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled from the same source."""
        known = self._kept.get(f"{bucket.key} {bucket.checksum}")
        if known is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[f"{bucket.key} {bucket.checksum}"] = bucket.bytecode_to_string()


_compiled: Final = _Compiled()
#: Applications over every addon, and the site that each was made for last.
_kept: Final[list[tuple[Flask, ref[Site]]]] = []


def _meta(page: str, name: str) -> str:
    found = re.search(_META.format(name), page)
    return found[1] if found else ""
