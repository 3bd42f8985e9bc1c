"""Everything the Colombian documents tell the core, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from addons.l10n_co_dian.cli import COMMANDS, CONFIG
from addons.l10n_co_dian.formats import INVOICE, POS
from core.addons import hookimpl
from core.addons.parts import Command, DemoPlace, DemoStep

#: The simulated authority runs beside the demonstration.
_COMPANION: Final = (
    "dian",
    "simulate",
    "--config",
    f"{{data}}/{CONFIG.as_posix()}",
    "--port",
    "{port}",
)


@hookimpl
def register_document_formats() -> Sequence[Any]:
    """Offer the POS document and the invoice."""
    return (POS, INVOICE)


@hookimpl
def register_commands() -> Sequence[Command]:
    """Offer inspection, the simulated authority and the schemas."""
    return COMMANDS


@hookimpl
def register_demo() -> Sequence[DemoStep]:
    """Let the minimarket of the demonstration issue to a simulated authority."""
    return (DemoStep("minimercado", _documents, _COMPANION),)


def _documents(place: DemoPlace) -> None:
    # Only a demonstration needs the simulator.
    from addons.l10n_co_dian.demo import minimarket_documents  # noqa: PLC0415

    minimarket_documents(place)
