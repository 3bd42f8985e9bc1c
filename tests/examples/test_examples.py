"""The examples are addons of strangers: built as wheels, installed beside the platform, tested."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from core.testing.run import unsteered
from tests.architecture.tree import ROOT

pytestmark = pytest.mark.campaign

EXAMPLES = ROOT / "docs" / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/pyproject.toml"))
#: The build tool of the development lock; its backend is part of it, so nothing is fetched.
UV = Path(sys.executable).parent / "uv"


@dataclass(frozen=True, slots=True)
class Installed:
    """An example as its wheel installs it, in a folder of nothing else."""

    name: str
    wheel: Path
    folder: Path


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """Run a program as a developer would, and give what it printed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**unsteered(os.environ), "UV_OFFLINE": "1", "UV_NO_CONFIG": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def build(name: str, into: Path) -> Path:
    run(UV, "build", "--wheel", "--offline", "-o", into, EXAMPLES / name)
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    name = str(request.param)
    place = tmp_path_factory.mktemp(name)
    wheel = build(name, place / "dist")
    folder = place / "site"
    run(
        UV,
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "--python",
        sys.executable,
        "--target",
        folder,
        wheel,
    )
    return Installed(name, wheel, folder)


def test_there_are_examples() -> None:
    assert NAMES == ["happy_hour", "reminders", "warranty"]


@pytest.mark.parametrize("installed", NAMES, indirect=True)
def test_an_example_works_where_its_wheel_installs_it(installed: Installed) -> None:
    brought = {path.name for path in (installed.folder / "addons").iterdir()}
    assert brought == {installed.name}
    told = run(
        sys.executable,
        "-m",
        "tests.examples.installed",
        installed.name,
        installed.folder,
        PYTHONPATH=str(installed.folder),
    )
    assert f'"addon": "{installed.name}"' in told or f'"addon":"{installed.name}"' in told
    assert re.search(r'"findings":\s*\[\]', told)
    assert re.search(r"^\d+ passed", told, re.MULTILINE)
    assert "SQLite yes · PostgreSQL 1" in told


@pytest.mark.parametrize("name", NAMES)
def test_a_wheel_brings_the_addon_and_the_same_source_the_same_bytes(
    name: str, tmp_path: Path
) -> None:
    first, again = build(name, tmp_path / "first"), build(name, tmp_path / "again")
    assert first.read_bytes() == again.read_bytes()
    with ZipFile(first) as wheel:
        names = {entry for entry in wheel.namelist() if not entry.endswith("/")}
    outside = {entry for entry in names if not entry.startswith(f"addons/{name}/")}
    assert all(".dist-info/" in entry for entry in outside)
    wanted = {"manifest.py", "hooks.py", "locale/es.po", f"tests/test_{name}.py"}
    assert wanted <= {entry.removeprefix(f"addons/{name}/") for entry in names}
    assert not [entry for entry in names if entry.endswith(".pyc")]


def test_an_example_travels_as_a_signed_archive(tmp_path: Path) -> None:
    def manage(*said: str | Path, addons: Path) -> str:
        return run(
            sys.executable,
            ROOT / "manage.py",
            *said,
            cwd=tmp_path,
            GUADUA_ADDONS_PATH=str(addons),
            GUADUA_DATA_DIR=str(tmp_path / "data"),
            GUADUA_DATABASE_URL=f"sqlite:///{tmp_path / 'shop.db'}",
            GUADUA_OWNER_DATABASE_URL="",
        )

    author, shop = EXAMPLES / "warranty" / "addons", tmp_path / "shop_addons"
    shop.mkdir()
    key = tmp_path / "andes.pem"
    manage("addon", "key", key, addons=author)
    manage("addon", "pack", "warranty", "--key", key, "--into", tmp_path, addons=author)
    archive = tmp_path / "warranty-1.0.0.guadua"
    assert "Taller Los Andes" in manage("addon", "inspect", archive, addons=shop)
    manage("addon", "trust", f"{key}.pub", addons=shop)
    manage("db", "init", addons=shop)
    told = manage("addon", "install", archive, addons=shop)
    assert "installed: contacts, taxes, catalog, warranty" in told
    assert (shop / "warranty" / "manifest.py").is_file()
    assert not (shop / "warranty" / "tests").exists()
