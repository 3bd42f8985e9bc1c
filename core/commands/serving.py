"""``run``, ``worker``, ``demo`` and ``openapi``: the processes of an installation."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from core.addons.lifecycle import install, migrate_core, upgrade_all
from core.addons.parts import Command
from core.api.openapi import openapi_document
from core.app import Parts, create_app
from core.commands.output import installation, nothing, show, write
from core.demo import PASSWORD, USERS, build_demo
from core.installation import Installation
from core.platform.supervisor import Service, Supervisor
from core.web.serve import web_service
from core.worker import main as work

#: How far above the web's port a demonstration's companions listen.
_APART: Final = 390
_MANAGE: Final = Path(__file__).parents[2] / "manage.py"


def _run(arguments: Namespace) -> int:
    return _serve(installation(arguments), ())


def _worker(_arguments: Namespace) -> int:
    return work()


def _configure_demo(parser: ArgumentParser) -> None:
    parser.add_argument("--serve", action="store_true", help="serve when everything is set up")


def _demo(arguments: Namespace) -> int:
    place = installation(arguments)
    port = place.settings.port + _APART
    place.create_keys()
    migrate_core(place.owner, place.clock)
    for addon in place.discovery.found:
        install(place.owner, place.discovery, addon, place.clock)
    upgrade_all(place.owner, place.discovery, place.clock)
    place.equip("web")
    build_demo(place, f"http://127.0.0.1:{port}")
    companions = _companions(place, port)
    place.database.dispose()
    return _serve(place, companions, _welcome) if arguments.serve else 0


def _companions(place: Installation, port: int) -> tuple[Service, ...]:
    found = {
        step.companion: addon
        for addon, step in place.registry.everywhere.register_demo()
        if step.companion
    }
    return tuple(
        Service(
            addon,
            (
                sys.executable,
                str(_MANAGE),
                *(part.format(data=place.settings.data_dir, port=port) for part in companion),
            ),
        )
        for companion, addon in found.items()
    )


def _serve(place: Installation, companions: tuple[Service, ...], greet: object = None) -> int:
    settings = place.settings
    os.environ.setdefault("GUADUA_DATA_DIR", str(settings.data_dir))
    # The processes are modules of ours, wherever the operator stands.
    known = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_MANAGE.parent), known)))
    worker = Service("worker", (sys.executable, "-m", "core.worker"))
    supervisor = Supervisor((*companions, web_service(settings), worker))
    supervisor.listen_to_signals()

    def ready() -> None:
        write(f"http://localhost:{settings.port}")
        write(f"http://127.0.0.1:{settings.port}")
        if callable(greet):
            greet()
        sys.stdout.flush()

    return supervisor.run(ready)


def _welcome() -> None:
    for user in USERS:
        write(f"{user.email}  {PASSWORD}  ({user.role})")


def _openapi(arguments: Namespace) -> int:
    place = installation(arguments)
    app = create_app(place.settings, Parts(database=place.database, registry=place.registry))
    arguments.json = True
    show(arguments, openapi_document(app, frozenset(place.registry.running)), list)
    return 0


COMMANDS = (
    Command("", "run", "serve, with the worker beside", nothing, _run),
    Command("", "worker", "only work off events, on a machine of its own", nothing, _worker),
    Command("", "demo", "set up the demonstration shops and serve them", _configure_demo, _demo),
    Command("", "openapi", "write the OpenAPI document", nothing, _openapi),
)
