"""Where the commands about addons work."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.addons.discovery import Discovery, discover
from core.addons.lifecycle import Owner
from core.clock import Clock


@dataclass(frozen=True, slots=True)
class Operator:
    """Both database URLs, the folders, and the clock of one installation."""

    database_url: str
    #: Empty where the database has no roles (SQLite).
    owner_database_url: str
    addons_path: tuple[Path, ...]
    #: Where ``addon new`` writes: the repository's ``addons`` folder.
    home: Path
    #: Where the keys are that the operator trusts.
    data_dir: Path
    clock: Clock

    def owner(self) -> Owner:
        """Open the owner's engine."""
        return Owner.at(self.owner_database_url or self.database_url, self.database_url)

    def discovery(self) -> Discovery:
        """Find every addon."""
        return discover(self.addons_path)
