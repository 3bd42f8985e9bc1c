"""The authority's schemas: found, used, and fetched only when they are the expected ones."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from addons.l10n_co_dian import schemas as module
from addons.l10n_co_dian.cli import configure_schemas, run_schemas
from addons.l10n_co_dian.errors import (
    SchemasFetchError,
    SchemasMissingError,
    UnreadableDocumentError,
)
from addons.l10n_co_dian.inspect import configure_inspect, run_inspect
from addons.l10n_co_dian.schemas import fetch_schemas, find_schemas, validate
from addons.l10n_co_dian.simulator import server
from addons.l10n_co_dian.simulator.config import SimulatorConfig
from addons.l10n_co_dian.simulator.server import configure_simulate, run_simulate
from config.settings import Settings
from core.addons.registry import AddonRegistry
from core.db.engine import open_database
from core.installation import Installation, equip_database
from core.process import process_of

LANDMARK = "maindoc/UBL-Invoice-2.1.xsd"


def toolbox(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return out.getvalue()


def official(folder: Path) -> dict[str, bytes]:
    return {
        f"Caja/XSD/{path.relative_to(folder)}": path.read_bytes()
        for sub in ("common", "maindoc")
        for path in (folder / sub).glob("*.xsd")
    }


Server = Callable[[bytes], str]


@pytest.fixture
def serve() -> Iterator[Server]:
    contents: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/toolbox.zip":
                self.send_error(404)
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(contents[-1])

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()

    def offer(content: bytes) -> str:
        contents.append(content)
        return f"http://127.0.0.1:{server.server_port}/toolbox.zip"

    yield offer
    server.shutdown()
    thread.join()
    server.server_close()


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "_BESIDE", tmp_path / "nothing")


def some_schemas(folder: Path) -> Path:
    (folder / "maindoc").mkdir(parents=True)
    (folder / LANDMARK).touch()
    return folder.resolve()


@pytest.mark.usefixtures("nowhere")
def test_what_the_settings_name_comes_before_the_data_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    fetched, named = some_schemas(data / "dian/xsd"), some_schemas(tmp_path / "named")
    assert command(data, "find") == 0
    assert command(data, "find", GUADUA_DIAN_SCHEMAS=str(named)) == 0
    assert capsys.readouterr().out.splitlines() == [str(fetched), str(named)]
    assert find_schemas(None) is None


def test_the_worker_is_told_what_the_settings_name(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {"GUADUA_DATA_DIR": str(tmp_path), "GUADUA_DIAN_SCHEMAS": str(tmp_path / "named")},
        "testing",
    )
    database = open_database(settings.database_url)
    equip_database(settings, database, AddonRegistry(), "worker")
    assert process_of(database).schemas == tmp_path / "named"
    database.dispose()


@pytest.mark.usefixtures("nowhere")
def test_without_schemas_nothing_is_called_valid(tmp_path: Path) -> None:
    assert find_schemas(tmp_path) is None
    root = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    with pytest.raises(SchemasMissingError):
        validate(root, tmp_path)


def test_faults_are_told_with_their_line(example: Callable[[str], bytes]) -> None:
    good = example("documento-equivalente-pos.xml")
    assert validate(good) == []
    (fault,) = validate(good.replace(b"2022-09-07", b"2022-13-07"))
    line, _colon, text = fault.partition(": ")
    assert int(line) == good[: good.index(b"2022-09-07")].count(b"\n") + 1
    assert "2022-13-07" in text
    assert validate(good) == []


@pytest.mark.usefixtures("schemas")
def test_an_unknown_root_is_one_fault() -> None:
    assert len(validate(b"<html/>")) == 1
    assert len(validate(b"<Invoice/>")) == 1


@pytest.mark.usefixtures("schemas")
def test_what_is_not_xml_is_refused() -> None:
    with pytest.raises(UnreadableDocumentError):
        validate(b"nothing")


@pytest.mark.services
@pytest.mark.usefixtures("nowhere")
def test_the_fetched_schemas_work(shared_data: Path, serve: Server, tmp_path: Path) -> None:
    content = toolbox(official(shared_data / "xsd") | {"Caja/leame.pdf": b"x", "y.xsd": b"x"})
    folder = fetch_schemas(serve(content), sha(content).upper(), tmp_path)
    assert folder == tmp_path / "xsd"
    assert sorted(p.name for p in folder.iterdir()) == ["common", "maindoc"]
    document = (shared_data / "examples/documento-equivalente-pos.xml").read_bytes()
    assert validate(document, tmp_path) == []
    again = fetch_schemas(serve(content), sha(content), tmp_path)
    assert validate(document, again) == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["xsd"]


BAD = {
    "a path outside": {"x/../../maindoc/UBL-Invoice-2.1.xsd": b"x"},
    "an absolute path": {"/maindoc/UBL-Invoice-2.1.xsd": b"x"},
    "a path outside, the Windows way": {"x\\..\\..\\maindoc\\UBL-Invoice-2.1.xsd": b"x"},
    "no schemas": {"readme.txt": b"x"},
    "a bomb": {LANDMARK: b" " * (module.MAX_FILE + 1)},
    "many that are large together": {
        f"common/{n}.xsd": b" " * module.MAX_FILE
        for n in range(module.MAX_UNPACKED // module.MAX_FILE + 1)
    },
    "too many": {f"common/{n}.xsd": b"x" for n in range(module.MAX_FILES + 1)},
}


@pytest.mark.services
@pytest.mark.parametrize("files", BAD.values(), ids=BAD.keys())
def test_a_toolbox_with_surprises_is_refused_and_leaves_nothing(
    files: dict[str, bytes], serve: Server, tmp_path: Path
) -> None:
    content = toolbox(files)
    target = tmp_path / "target"
    with pytest.raises(SchemasFetchError):
        fetch_schemas(serve(content), sha(content), target)
    assert list(target.iterdir()) == []
    assert [p.name for p in tmp_path.iterdir()] == ["target"]


@pytest.mark.services
def test_another_digest_is_refused_and_the_old_schemas_stay(serve: Server, tmp_path: Path) -> None:
    old = tmp_path / "xsd" / LANDMARK
    old.parent.mkdir(parents=True)
    old.write_text("old")
    content = toolbox({LANDMARK: b"new"})
    with pytest.raises(SchemasFetchError):
        fetch_schemas(serve(content), sha(b"other"), tmp_path)
    assert old.read_text() == "old"
    fetch_schemas(serve(content), sha(content), tmp_path)
    assert old.read_text() == "new"


@pytest.mark.services
def test_what_is_no_zip_is_refused(serve: Server, tmp_path: Path) -> None:
    with pytest.raises(SchemasFetchError):
        fetch_schemas(serve(b"plain"), sha(b"plain"), tmp_path)


@pytest.mark.services
def test_a_missing_toolbox_is_told(serve: Server, tmp_path: Path) -> None:
    url = serve(b"")
    with pytest.raises(SchemasFetchError):
        fetch_schemas(url.replace("toolbox", "other"), sha(b""), tmp_path)


@pytest.mark.parametrize("url", ["http://example.com/x.zip", "ftp://example.com/x", "file:///etc"])
def test_only_https_is_fetched(url: str, tmp_path: Path) -> None:
    with pytest.raises(SchemasFetchError):
        fetch_schemas(url, "00", tmp_path)


@pytest.mark.services
def test_a_download_without_end_is_cut(
    serve: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_DOWNLOAD", 1000)
    with pytest.raises(SchemasFetchError):
        fetch_schemas(serve(b"x" * 5000), sha(b"x" * 5000), tmp_path)


def command(folder: Path, *argv: str, **settings: str) -> int:
    """Run ``manage.py dian schemas`` in an installation whose data is in ``folder``."""
    environment = {"GUADUA_DATA_DIR": str(folder), **settings}
    parser = ArgumentParser()
    configure_schemas(parser)
    options = parser.parse_args(argv)
    options.installation = Installation(Settings.from_environment(environment, "testing"))
    return run_schemas(options)


@pytest.mark.services
@pytest.mark.parametrize("scheme", ["http", "file"])
@pytest.mark.usefixtures("nowhere")
def test_what_was_fetched_as_the_settings_say_is_found_by_every_command(
    shared_data: Path,
    serve: Server,
    tmp_path: Path,
    scheme: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    content, data = toolbox(official(shared_data / "xsd")), tmp_path / "data"
    (tmp_path / "toolbox.zip").write_bytes(content)
    url = serve(content) if scheme == "http" else (tmp_path / "toolbox.zip").as_uri()
    pinned = {"GUADUA_DIAN_SCHEMAS_URL": url, "GUADUA_DIAN_SCHEMAS_SHA256": sha(content)}
    assert command(data, "find", **pinned) == 1
    assert command(data, "fetch", **pinned) == 0
    assert command(data, "find") == 0
    assert capsys.readouterr().out.splitlines()[1:] == [str(data / "dian/xsd")] * 2
    options = ArgumentParser()
    configure_inspect(options)
    example = shared_data / "examples/documento-equivalente-pos.xml"
    asked = options.parse_args([str(example), "--json"])
    asked.installation = Installation(
        Settings.from_environment({"GUADUA_DATA_DIR": str(data)}, "testing")
    )
    run_inspect(asked)
    assert json.loads(capsys.readouterr().out)["xsd"] == {
        "checked": True,
        "valid": True,
        "errors": [],
    }


@pytest.mark.usefixtures("nowhere")
def test_the_simulator_looks_where_they_were_fetched_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[SimulatorConfig] = []
    monkeypatch.setattr(server, "serve", lambda config, *_: served.append(config))
    parser = ArgumentParser()
    configure_simulate(parser)
    options = parser.parse_args([])
    options.installation = Installation(
        Settings.from_environment({"GUADUA_DATA_DIR": str(tmp_path)}, "testing")
    )
    run_simulate(options)
    assert served[0].schemas == tmp_path


@pytest.mark.services
def test_without_a_pinned_digest_nothing_is_fetched(serve: Server, tmp_path: Path) -> None:
    content = toolbox({LANDMARK: b"x"})
    url = serve(content)
    with pytest.raises(SchemasFetchError, match="GUADUA_DIAN_SCHEMAS_SHA256"):
        command(tmp_path, "fetch", GUADUA_DIAN_SCHEMAS_URL=url)
    with pytest.raises(SchemasFetchError, match="GUADUA_DIAN_SCHEMAS_URL"):
        command(tmp_path, "fetch")
    assert not (tmp_path / "dian").exists()
    assert command(tmp_path, "fetch", "--url", url, "--sha256", sha(content)) == 0


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SchemasFetchError):
        fetch_schemas((tmp_path / "none.zip").as_uri(), "00", tmp_path)
