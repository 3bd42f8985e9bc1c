"""A simulated tax authority: it checks for real, fails on command, and never forgets.

For development, demonstrations, tests and crash campaigns; its certificates are worth nothing
outside.
"""

from addons.l10n_co_dian.simulator.app import Simulator, create_simulator
from addons.l10n_co_dian.simulator.config import SimulatorConfig
from addons.l10n_co_dian.simulator.faults import Fault, Kind
from addons.l10n_co_dian.simulator.ledger import Ledger
from addons.l10n_co_dian.simulator.server import Running, running, serve, simulate_command

__all__ = [
    "Fault",
    "Kind",
    "Ledger",
    "Running",
    "Simulator",
    "SimulatorConfig",
    "create_simulator",
    "running",
    "serve",
    "simulate_command",
]
