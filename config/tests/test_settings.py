from __future__ import annotations

import stat
from pathlib import Path

import pytest

from config.settings import Settings, SettingsError

KEY = "k" * 43


def test_nothing_needs_to_be_said(tmp_path: Path) -> None:
    found = Settings.from_environment({"GUADUA_DATA_DIR": str(tmp_path)})
    assert found.profile == "development"
    assert found.database_url == f"sqlite:///{tmp_path / 'guadua.db'}"
    assert found.embedded
    assert found.public_url == "http://localhost:8000"
    assert (found.host, found.port, found.processes) == ("127.0.0.1", 8000, 1)


def test_the_port_is_part_of_the_address(tmp_path: Path) -> None:
    found = Settings.from_environment({"GUADUA_DATA_DIR": str(tmp_path), "PORT": "9123"})
    assert found.public_url == "http://localhost:9123"


def test_the_key_of_an_embedded_installation_is_made_once_and_kept_private(tmp_path: Path) -> None:
    environment = {"GUADUA_DATA_DIR": str(tmp_path), "GUADUA_PROFILE": "production"}
    one, other = (Settings.from_environment(environment) for _ in range(2))
    assert one.secret_key == other.secret_key
    assert len(one.secret_key) >= 43
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    found = Settings.from_environment(
        {
            "GUADUA_DATA_DIR": str(tmp_path),
            "GUADUA_SECRET_KEY": KEY,
            "GUADUA_DATABASE_URL": "postgresql://app:hidden@db/guadua",
        }
    )
    assert KEY not in repr(found)
    assert "hidden" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GUADUA_PROFILE", "staging"),
        ("PORT", "http"),
        ("PORT", "70000"),
        ("GUADUA_PUBLIC_URL", "shop.example"),
        ("GUADUA_BROKER_URL", "http://broker"),
        ("GUADUA_DATABASE_URL", "mysql://db/guadua"),
        ("GUADUA_OWNER_DATABASE_URL", "guadua"),
        ("GUADUA_ADDONS_PATH", "/no/such/folder"),
        ("GUADUA_SECRET_KEY", "short"),
        ("GUADUA_PROCESSES", "0"),
        ("GUADUA_PROXIES", "-1"),
        ("GUADUA_DIAN_SCHEMAS_URL", "ftp://dian.example/toolbox.zip"),
        ("GUADUA_DIAN_SCHEMAS_SHA256", "12ab"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({"GUADUA_DATA_DIR": str(tmp_path), name: value})


def test_several_processes_need_to_be_told_the_key(tmp_path: Path) -> None:
    environment = {
        "GUADUA_DATA_DIR": str(tmp_path),
        "GUADUA_PROFILE": "production",
        "GUADUA_DATABASE_URL": "postgresql://app@db/guadua",
    }
    with pytest.raises(SettingsError, match="GUADUA_SECRET_KEY"):
        Settings.from_environment(environment)
    assert Settings.from_environment({**environment, "GUADUA_SECRET_KEY": KEY}).processes >= 1


def test_https_is_what_the_public_address_says(tmp_path: Path) -> None:
    found = Settings.from_environment(
        {"GUADUA_DATA_DIR": str(tmp_path), "GUADUA_PUBLIC_URL": "https://shop.example/"}
    )
    assert found.https
    assert found.public_url == "https://shop.example"


def test_names_are_read_as_a_list(tmp_path: Path) -> None:
    found = Settings.from_environment(
        {"GUADUA_DATA_DIR": str(tmp_path), "GUADUA_SERVE": "pos, inventory,"}
    )
    assert found.serve == {"pos", "inventory"}
