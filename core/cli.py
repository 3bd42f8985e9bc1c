"""``manage.py``: commands in groups; 0 done, 1 refused or failed, 2 wrong usage."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from config.settings import Settings
from core.addons.cli import addon_commands
from core.addons.discovery import discover
from core.addons.operator import Operator
from core.addons.parts import Command
from core.addons.registry import AddonRegistry
from core.clock import SystemClock
from core.commands.health import COMMANDS as HEALTH_COMMANDS
from core.commands.serving import COMMANDS as SERVING_COMMANDS
from core.commands.setup import COMMANDS as SETUP_COMMANDS
from core.errors import PlatformError
from core.i18n import load_catalogs
from core.installation import Installation

_CORE = Path(__file__).parent


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    try:
        settings = Settings.from_environment()
        arguments = _parser(settings).parse_args(argv)
        arguments.installation = Installation(settings)
        code: int = arguments.run(arguments)
    except PlatformError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _parser(settings: Settings) -> ArgumentParser:
    parser = ArgumentParser(prog="manage.py")
    parser.set_defaults(run=None)
    groups: dict[str, _SubParsersAction[ArgumentParser]] = {
        "": parser.add_subparsers(metavar="command", required=True)
    }
    for command in _commands(settings):
        _add(groups, command)
    return parser


def _add(groups: dict[str, _SubParsersAction[ArgumentParser]], command: Command) -> None:
    if command.group not in groups:
        group = groups[""].add_parser(command.group, help=f"{command.group} …")
        groups[command.group] = group.add_subparsers(metavar="command", required=True)
    own: Any = groups[command.group].add_parser(command.name, help=str(command.summary))
    command.configure(own)
    own.set_defaults(run=command.run)


def _commands(settings: Settings) -> Iterable[Command]:
    """Give the core's commands, then those of every addon whose code is here."""
    discovery = discover(settings.addons_path)
    registry = AddonRegistry()
    registry.load(discovery)
    load_catalogs(
        [_CORE / "locale", *(found.folder / "locale" for found in discovery.found.values())]
    )
    yield from (*SERVING_COMMANDS, *HEALTH_COMMANDS, *SETUP_COMMANDS)
    yield from addon_commands(lambda: _operator(settings))
    for _addon, command in registry.everywhere.register_commands():
        yield command


def _operator(settings: Settings) -> Operator:
    return Operator(
        database_url=settings.database_url,
        owner_database_url=settings.owner_database_url,
        addons_path=settings.addons_path,
        home=_CORE.parent / "addons",
        data_dir=settings.data_dir,
        clock=SystemClock(),
    )
