"""Every addon keeps the contract: ours, and those on ``GUADUA_ADDONS_PATH``."""

from __future__ import annotations

from core.testing.contract import addon_contract, addons_on_path

TestEveryAddon = addon_contract(*sorted(addons_on_path().found))


def test_no_addon_of_the_repository_is_quarantined() -> None:
    assert addons_on_path().quarantined == ()
