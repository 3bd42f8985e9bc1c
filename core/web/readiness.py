"""Whether this process can answer: asked by balancers and by whoever replaces processes."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from core.addons.discovery import CORE_ADDON
from core.addons.lifecycle import generation
from core.addons.migrations import head
from core.addons.models import InstalledAddon
from core.db.ownership import CORE
from core.db.uow import platform_unit
from core.web.platform import Platform

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Readiness:
    """``problem`` is empty when requests can be answered.

    ``current`` is False when the installed set of addons changed since the process started. It
    still answers then: it stays until its successor is ready, or every process would be out at
    once.
    """

    problem: str = ""
    current: bool = True
    generation: int = 0

    @property
    def ready(self) -> bool:
        """Whether requests can be answered."""
        return not self.problem


def readiness(platform: Platform) -> Readiness:
    """Ask the database: is it there, does it suit this code, is this process of today."""
    try:
        with platform_unit(platform.database, platform.clock, writes=False) as session:
            migrated = session.scalar(
                select(InstalledAddon.head).where(InstalledAddon.name == CORE)
            )
            now = generation(session)
    except SQLAlchemyError as error:
        log.warning("not_ready", reason=type(error).__name__)
        return Readiness("the database cannot be reached")
    if migrated != head(CORE_ADDON):
        return Readiness("the database is not migrated to this version", generation=now)
    return Readiness(current=now == platform.generation, generation=now)
