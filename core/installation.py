"""What a command works on: settings, database, addons and keys of this installation."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from config.settings import Settings
from core.addons.discovery import CORE_ADDON, Discovery, discover
from core.addons.lifecycle import Owner, installed_heads
from core.addons.loading import import_core_models
from core.addons.migrations import unready
from core.addons.registry import AddonRegistry
from core.clock import Clock, SystemClock
from core.db.engine import Database, open_database
from core.db.uow import platform_unit
from core.files import FileStore
from core.i18n import load_catalogs
from core.process import Process, equip
from core.tenancy.roles import refuse_unsafe_role
from core.vault.app import AppVault
from core.vault.keyfiles import create_key_file, create_signing_file
from core.vault.services import Vault, open_vault

Role = Literal["web", "worker"]

_LOCALE = Path(__file__).parent / "locale"


class Installation:
    """One installation, opened as far as a command needs it."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()

    @cached_property
    def database(self) -> Database:
        """Reach the database as the application; an unsafe role is refused."""
        import_core_models()
        opened = open_database(self.settings.database_url)
        refuse_unsafe_role(opened.engine)
        return opened

    @cached_property
    def discovery(self) -> Discovery:
        """Find the addons whose code is here."""
        return discover(self.settings.addons_path)

    @cached_property
    def registry(self) -> AddonRegistry:
        """Load the addons that are installed in the database, and their words."""
        registry = load_installed(self.database, self.clock, self.discovery)
        folders = [found.folder / "locale" for found in self.discovery.found.values()]
        load_catalogs([_LOCALE, *folders])
        return registry

    @cached_property
    def owner(self) -> Owner:
        """Reach the database as the owner of its tables."""
        url = self.settings.owner_database_url or self.settings.database_url
        return Owner.at(url, self.settings.database_url)

    @property
    def kek_file(self) -> Path:
        """Tell where the key of the app's secrets is."""
        return kek_file(self.settings)

    @property
    def signing_file(self) -> Path:
        """Tell where the key of signing secrets is."""
        return signing_file(self.settings)

    def create_keys(self) -> None:
        """Make the key files that do not exist yet."""
        for file, create in (
            (self.kek_file, create_key_file),
            (self.signing_file, create_signing_file),
        ):
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                create(file)

    def equip(self, role: Role) -> None:
        """Give whoever works with the database here the addons, the vault and the files."""
        equip_database(self.settings, self.database, self.registry, role)


def kek_file(settings: Settings) -> Path:
    """Tell where the key of the app's secrets is."""
    return settings.kek_file or settings.data_dir / "keys" / "app.key"


def signing_file(settings: Settings) -> Path:
    """Tell where the key of signing secrets is."""
    return settings.signing_kek_file or settings.data_dir / "keys" / "signing.key"


def equip_database(
    settings: Settings, database: Database, registry: AddonRegistry, role: Role
) -> None:
    """Say what code that is handed only a session finds beside it; without keys, no secrets."""
    if kek_file(settings).exists():
        vault = open_vault(kek_file(settings), signing_file(settings), process=role)
    else:
        vault = Vault(AppVault({}))
    files = FileStore(settings.data_dir)
    folders = (settings.data_dir, settings.dian_schemas)
    equip(database, Process(registry, vault, files, *folders))


def load_installed(database: Database, clock: Clock, discovery: Discovery) -> AddonRegistry:
    """Load the addons that this database has, each whose tables suit its code."""
    registry = AddonRegistry()
    with platform_unit(database, clock, writes=False) as session:
        heads = installed_heads(session)
    registry.load(discovery, heads.keys(), unready(discovery, heads))
    registry.configure()
    return registry


#: The version of the platform, as its own manifest has it.
VERSION = CORE_ADDON.manifest.version
