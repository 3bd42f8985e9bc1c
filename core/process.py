"""What a process has besides its database, for code that is handed a session and nothing else.

Web, worker and commands say it once for each database they open, before the first request or
task; hooks and consumers ask by the session's database. Nothing here belongs to a business, and two
applications in one process do not meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

if TYPE_CHECKING:
    from core.addons.registry import AddonRegistry
    from core.db.engine import Database
    from core.files import FileStore
    from core.vault.services import Vault


@dataclass(frozen=True, slots=True)
class Process:
    """The addons that run here, the vault, the files, and the folder of the installation's data.

    ``schemas`` is where the operator keeps an authority's schemas, if not in that folder.
    """

    registry: AddonRegistry
    vault: Vault
    files: FileStore
    folder: Path
    schemas: Path | None = None


class NotEquippedError(RuntimeError):
    """Code that needs the process ran before ``equip``: a mistake of the program."""


_processes: Final[WeakKeyDictionary[Engine, Process]] = WeakKeyDictionary()


def equip(database: Database, process: Process) -> None:
    """Say what whoever works with ``database`` in this process has; again replaces it."""
    _processes[database.engine] = process


def is_equipped(database: Database) -> bool:
    """Tell whether somebody said already what there is beside ``database``."""
    return database.engine in _processes


def process_of(database: Database) -> Process:
    """Give what ``database`` was equipped with."""
    found = _processes.get(database.engine)
    if found is None:
        raise NotEquippedError("core.process.equip was not called for this database")
    return found
