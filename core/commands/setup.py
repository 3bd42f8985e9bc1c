"""``db init``, ``tenant`` and ``user``: from nothing to a business that somebody can enter."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from getpass import getpass

from sqlalchemy.engine import make_url

from core.addons.activation import enable
from core.addons.lifecycle import migrate_core
from core.addons.parts import Command
from core.auth.passwords import Passwords
from core.auth.roles import grant_role, seed_roles
from core.auth.users import NewUser, create_user, join_business
from core.commands.output import installation, show, table, takes_json, write
from core.db.uow import platform_unit, tenant_unit
from core.errors import BadInputError
from core.i18n import _
from core.tenancy.roles import create_roles
from core.tenancy.services import NewBusiness, business_named, businesses, create_business


def _configure_init(parser: ArgumentParser) -> None:
    parser.add_argument("--admin-url", help="a PostgreSQL superuser's URL, to make the two roles")


def _init(arguments: Namespace) -> int:
    place = installation(arguments)
    settings = place.settings
    if arguments.admin_url:
        owner, application = make_url(settings.owner_database_url), make_url(settings.database_url)
        if not owner.username or not application.username or not application.database:
            raise BadInputError(
                _("Set GUADUA_OWNER_DATABASE_URL and GUADUA_DATABASE_URL with user and database.")
            )
        create_roles(
            arguments.admin_url,
            owner=(owner.username, owner.password or ""),
            application=(application.username, application.password or ""),
            database=application.database,
        )
    place.create_keys()
    migrate_core(place.owner, place.clock)
    write("the database is ready")
    return 0


def _configure_create(parser: ArgumentParser) -> None:
    parser.add_argument("name")
    parser.add_argument("--nit", default="", help="tax number without check digit")
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--enable", action="append", default=[], metavar="ADDON")


def _create(arguments: Namespace) -> int:
    place = installation(arguments)
    place.equip("web")
    ref = create_business(
        place.database,
        place.clock,
        NewBusiness(name=arguments.name, identification=arguments.nit, is_demo=arguments.demo),
    )
    with tenant_unit(place.database, ref, place.clock, writes=True) as session:
        seed_roles(session, [])
        for addon in arguments.enable:
            enable(session, place.registry, addon)
        permissions = place.registry.everywhere.register_permissions()
        seed_roles(session, [each for addon, each in permissions if addon in session.enabled])
    write(str(ref.uid))
    return 0


def _list(arguments: Namespace) -> int:
    place = installation(arguments)
    found = businesses(place.database, place.clock)

    def lines() -> Iterator[str]:
        yield from table([("uid", "name"), *((tenant.uid, tenant.name) for tenant in found)])

    rows = [{"uid": t.uid, "name": t.name, "is_demo": t.is_demo} for t in found]
    show(arguments, {"businesses": rows}, lines)
    return 0


def _configure_user(parser: ArgumentParser) -> None:
    parser.add_argument("email")
    parser.add_argument("--name", required=True)
    parser.add_argument("--business", help="uid or name of the business to enter")
    parser.add_argument("--role", default="owner")
    parser.add_argument("--operator", action="store_true", help="runs this installation")
    parser.add_argument("--password-stdin", action="store_true")


def _create_user(arguments: Namespace) -> int:
    place = installation(arguments)
    asked = sys.stdin.readline().rstrip("\n") if arguments.password_stdin else getpass()
    hashed = Passwords().hashed(asked)
    business = arguments.business and business_named(
        place.database, place.clock, arguments.business
    )
    with platform_unit(place.database, place.clock, writes=True) as session:
        user = create_user(
            session,
            NewUser(arguments.email, arguments.name, hashed, is_operator=arguments.operator),
        )
        if business:
            join_business(session, user.id, business.ref)
    if business:
        with tenant_unit(place.database, business.ref, place.clock, writes=True) as own:
            grant_role(own, user.id, arguments.role)
    write(str(user.id))
    return 0


COMMANDS = (
    Command("db", "init", "make roles, keys and the platform's tables", _configure_init, _init),
    Command("tenant", "create", "make a business", _configure_create, _create),
    Command("tenant", "list", "list the businesses", takes_json, _list),
    Command("user", "create", "make a person who can log in", _configure_user, _create_user),
)
