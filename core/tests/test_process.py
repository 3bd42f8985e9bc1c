from __future__ import annotations

from pathlib import Path

import pytest

from core.addons.registry import AddonRegistry
from core.db.engine import open_database
from core.files import FileStore
from core.process import NotEquippedError, Process, equip, process_of
from core.vault.app import AppVault
from core.vault.services import Vault


def test_each_database_has_its_own_process(tmp_path: Path) -> None:
    one, other = (open_database(f"sqlite:///{tmp_path / name}.db") for name in ("a", "b"))
    process = Process(AddonRegistry(), Vault(AppVault({})), FileStore(tmp_path), tmp_path)
    equip(one, process)
    assert process_of(one) is process
    with pytest.raises(NotEquippedError):
        process_of(other)
    for database in (one, other):
        database.dispose()
