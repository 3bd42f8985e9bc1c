"""The operator's commands, from a new addon to one in use by a business."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.addons.activation import enabled_addons
from core.addons.cli import addon_commands
from core.addons.errors import AddonRefusedError
from core.addons.loading import unload
from core.addons.manifest import ManifestError
from core.addons.operator import Operator
from core.addons.scaffold import CHOICES, new_addon
from core.addons.tests.toys import MODELS, Shelf
from core.errors import NotFoundError
from core.ids import uuid7
from core.testing.house import House

Run = Callable[..., tuple[int, str]]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def run(house: House, shelf: Shelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as ``manage.py addon …`` would; gives the exit code and what was printed."""
    application = house.database.engine.url.render_as_string(hide_password=False)
    data_dir = tmp_path / "data"
    operator = Operator(
        application, house.owner_url, (shelf.place,), shelf.place, data_dir, house.clock
    )
    commands = {command.name: command for command in addon_commands(lambda: operator)}

    def call(name: str, *arguments: str) -> tuple[int, str]:
        parser = ArgumentParser()
        commands[name].configure(parser)
        code = commands[name].run(parser.parse_args(arguments))
        lines = capsys.readouterr().out.splitlines(keepends=True)
        # The log shares standard output in tests; a command's own lines carry no time.
        return code, "".join(line for line in lines if not line.startswith("2026-"))

    return call


def rows(run: Run) -> dict[str, dict[str, Any]]:
    _code, shown = run("list", "--json")
    return {row["name"]: row for row in json.loads(shown)}


@pytest.mark.services
def test_from_a_new_addon_to_one_in_use_and_away_again(
    house: House, shelf: Shelf, run: Run, tmp_path: Path
) -> None:
    shelf.add("toy_base", models=MODELS)
    spanish = {"Toy_Base": "Juguetes", "toy_base": "De madera", "See things": "Ver las cosas"}
    entries = (f'msgid "{english}"\nmsgstr "{text}"\n' for english, text in spanish.items())
    shelf.write("toy_base", "locale/es.po", "\n".join(entries))
    assert rows(run)["toy_base"]["state"] == "available"
    code, told = run("check", "toy_base")
    assert (code, "create_table toy_base_thing" in told) == (1, True)
    _code, told = run("makemigration", "toy_base", "-m", "Make things")
    assert told.endswith("0001_make_things.py\n")
    assert run("makemigration", "toy_base", "-m", "Again") == (0, "nothing is missing\n")
    assert run("check", "toy_base") == (0, "nothing to remark\n")
    code, told = run("plan", "toy_base", "--json")
    (plan,) = json.loads(told)
    assert plan["tables"] == ["toy_base_thing"]

    code, told = run("install", "toy_base")
    assert (code, "tables: toy_base_thing" in told) == (0, True)
    assert told.endswith("installed: toy_base\n")
    assert run("upgrade", "toy_base")[1] == "upgraded: nothing, all is up to date\n"
    assert run("upgrade")[0] == 0
    assert rows(run)["toy_base"]["state"] == "installed"

    uid = str(house.bakery.uid)
    assert run("enable", "toy_base", "--tenant", uid) == (0, "switched on: toy_base\n")
    with house.unit(house.bakery, writes=False) as session:
        assert enabled_addons(session) == {"toy_base"}
    with pytest.raises(AddonRefusedError):
        run("uninstall", "toy_base")
    assert run("disable", "toy_base", "--tenant", uid)[0] == 0
    target = tmp_path / "toy.zip"
    code, told = run("uninstall", "toy_base", "--export", str(target), "--drop")
    assert told == "exported toy_base_thing: 0 rows\ndropped: toy_base_thing\n"
    assert rows(run)["toy_base"]["state"] == "available"


@pytest.mark.services
def test_an_addon_that_does_not_run_is_listed_with_its_reason(shelf: Shelf, run: Run) -> None:
    shelf.add("toy_bad", hooks="import no_such_module")
    shelf.add("toy_base")
    run("install", "toy_base")
    shelf.forget()
    shelf.add("toy_base", hooks="import no_such_module")
    row = rows(run)["toy_base"]
    assert row["state"] == "quarantined"
    assert "no_such_module" in row["reason"]
    code, told = run("check", "toy_bad")
    assert (code, "no_such_module" in told) == (1, True)


@pytest.mark.services
def test_a_business_that_does_not_exist_is_refused(shelf: Shelf, run: Run) -> None:
    shelf.add("toy_base")
    with pytest.raises(NotFoundError):
        run("enable", "toy_base", "--tenant", str(uuid7()))


@pytest.mark.services
def test_a_new_addon_passes_its_own_test(shelf: Shelf, run: Run) -> None:
    _code, told = run("new", "toy_hello")
    shelf.names.add("toy_hello")
    written = [Path(line) for line in told.splitlines()]
    names = ["manifest.py", "permissions.py", "hooks.py", "es.po", "test_toy_hello.py"]
    assert [path.name for path in written] == names
    assert run("check", "toy_hello") == (0, "nothing to remark\n")


@pytest.mark.services
@pytest.mark.parametrize("parts", [(), tuple(CHOICES)], ids=["three files", "every part"])
def test_a_new_addon_passes_what_every_addon_inherits_and_its_code_is_clean(
    tmp_path: Path, parts: tuple[str, ...]
) -> None:
    place = tmp_path / "addons"
    (tmp_path / "core").symlink_to(ROOT / "core")
    new_addon("toy_hello", place, parts)
    unload("toy_hello")
    rules = ["--config", str(ROOT / "pyproject.toml"), str(place)]
    for command in (
        ["pytest", "-q", "-p", "core.testing.plugin", "--import-mode=importlib", str(place)],
        ["ruff", "check", *rules],
        ["ruff", "format", "--check", *rules],
    ):
        known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path,
            env=known | {"PYTHONPATH": f"{ROOT}:{tmp_path}", "GUADUA_ADDONS_PATH": str(place)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.services
def test_an_addon_travels_as_one_signed_file(
    house: House, shelf: Shelf, run: Run, tmp_path: Path
) -> None:
    shelf.names.add("toy_hello")
    author, key = tmp_path / "author", tmp_path / "ana.pem"
    author.mkdir()
    assert run("key", str(key))[0] == 0
    new_addon("toy_hello", shelf.place, ("resource",))
    _code, told = run("pack", "toy_hello", "--key", str(key), "--into", str(author))
    archive = Path(told.strip())
    shutil.rmtree(shelf.place / "toy_hello")
    unload("toy_hello")
    _code, told = run("inspect", str(archive), "--json")
    card = json.loads(told)
    assert (card["name"], card["trusted"]) == ("toy_hello", False)
    assert card["touches"]["tables"] == ["toy_hello_note"]
    with pytest.raises(AddonRefusedError, match=card["key"]):
        run("install", str(archive))
    assert run("trust", f"{key}.pub") == (0, f"trusted from now on: {card['key']}\n")
    code, told = run("install", str(archive))
    assert (code, told.splitlines()[-1]) == (0, "installed: toy_hello")
    assert rows(run)["toy_hello"]["state"] == "installed"


@pytest.mark.services
def test_what_is_not_in_order_is_not_packed(shelf: Shelf, run: Run, tmp_path: Path) -> None:
    run("key", str(tmp_path / "ana.pem"))
    new_addon("toy_hello", shelf.place)
    shelf.names.add("toy_hello")
    (shelf.place / "toy_hello" / "rules.py").write_text('"""Ours."""\n\neval("1")\n')
    with pytest.raises(AddonRefusedError, match="mended"):
        run("pack", "toy_hello", "--key", str(tmp_path / "ana.pem"), "--into", str(tmp_path))
    assert not list(tmp_path.glob("*.guadua"))


def test_a_bad_name_or_a_folder_in_the_way_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError):
        new_addon("Bad Name", tmp_path)
    assert list(tmp_path.iterdir()) == []
    new_addon("toy_hello", tmp_path)
    with pytest.raises(AddonRefusedError):
        new_addon("toy_hello", tmp_path)
