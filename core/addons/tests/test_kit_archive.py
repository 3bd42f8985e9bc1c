"""A signed archive: what it holds, and that nothing but what was signed is taken in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from core.addons.discovery import Discovery, FoundAddon, read_manifest, read_places
from core.addons.errors import AddonRefusedError
from core.addons.kit import archive as archives
from core.addons.kit.archive import CARD, SIGNATURE, pack, read_archive
from core.addons.kit.paths import path_fault
from core.addons.kit.receiving import receive
from core.addons.kit.signing import make_key, sign, trust
from core.addons.manifest import CONTRACT_VERSION

MANIFEST = """
from core.addons import AddonManifest

MANIFEST = AddonManifest(
    name="tips", version="{version}", title="Tips", summary="Splits tips.",
    contract={contract}, vendor="Ana", requires={requires},
)
"""
PREFIX = "addons/tips/"


@dataclass
class Bench:
    """An author with a key, and an operator's two folders."""

    folder: Path
    key: Path

    @property
    def place(self) -> Path:
        return self.folder / "shop_addons"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def write(self, version: str = "1.0.0", **more: Any) -> FoundAddon:
        """Write the addon's source at the author's."""
        home = self.folder / "author" / "tips"
        (home / "tests").mkdir(parents=True, exist_ok=True)
        said = {"version": version, "contract": CONTRACT_VERSION, "requires": "()", **more}
        (home / "manifest.py").write_text(MANIFEST.format(**said))
        (home / "services.py").write_text("ANSWER = 42\n")
        (home / "tests" / "test_tips.py").write_text("import subprocess\n")
        return FoundAddon(read_manifest(home), home)

    def packed(self, version: str = "1.0.0", **more: Any) -> Path:
        """Give the archive of the addon as it is."""
        touches = {"tables": ("tips_share",)}
        addon = self.write(version, **more)
        return pack(addon, self.key, touches=touches, allowances=(), into=self.folder)

    def receive(self, path: Path) -> Any:
        """Take an archive in, as ``addon install FILE`` does."""
        return receive(path, self.place, self.data, self.found())

    def found(self) -> Discovery:
        return read_places([self.place])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    opened = Bench(tmp_path, tmp_path / "ana.pem")
    opened.place.mkdir()
    make_key(opened.key)
    trust(opened.data, tmp_path / "ana.pem.pub")
    return opened


def contents_of(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(path: Path, entries: Mapping[Any, bytes]) -> Path:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as made:
        for entry, body in entries.items():
            made.writestr(entry, body)
    path.write_bytes(written.getvalue())
    return path


def changed(bench: Bench, change: Callable[[dict[str, bytes]], object]) -> Path:
    """Change the files of an archive, not its card."""
    contents = contents_of(bench.packed())
    change(contents)
    return zipped(bench.folder / "changed.guadua", contents)


def resigned(bench: Bench, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> Path:
    """Change an archive and its card, and sign that: what a hostile author can do."""
    contents = contents_of(bench.packed())
    card = json.loads(contents[CARD])
    change(card, contents)
    contents[CARD] = json.dumps(card).encode()
    contents[SIGNATURE] = sign(contents[CARD], bench.key)
    return zipped(bench.folder / "resigned.guadua", contents)


def test_what_was_packed_is_what_is_taken_in(bench: Bench) -> None:
    path = bench.packed()
    assert path.name == "tips-1.0.0.guadua"
    read = read_archive(path)
    assert (read.card.vendor, read.card.touches["tables"]) == ("Ana", ("tips_share",))
    assert set(read.contents) == {f"{PREFIX}manifest.py", f"{PREFIX}services.py"}
    assert bench.receive(path).version == "1.0.0"
    assert (bench.place / "tips" / "services.py").read_text() == "ANSWER = 42\n"
    assert set(bench.found().found) == {"tips"}


def test_the_same_source_gives_the_same_bytes(bench: Bench) -> None:
    first = bench.packed().read_bytes()
    assert bench.packed().read_bytes() == first


def test_a_newer_version_takes_the_place_of_the_older(bench: Bench) -> None:
    bench.receive(bench.packed())
    bench.receive(bench.packed("1.1.0"))
    assert bench.found().get("tips").manifest.version == "1.1.0"
    assert [path.name for path in bench.place.iterdir()] == ["tips"]
    with pytest.raises(AddonRefusedError, match="never goes"):
        bench.receive(bench.packed("1.0.9"))
    assert bench.found().get("tips").manifest.version == "1.1.0"


def test_somebody_else_cannot_publish_the_next_version(bench: Bench) -> None:
    bench.receive(bench.packed())
    bench.key = bench.folder / "eve.pem"
    make_key(bench.key)
    trust(bench.data, bench.folder / "eve.pem.pub")
    with pytest.raises(AddonRefusedError, match="somebody else"):
        bench.receive(bench.packed("2.0.0"))


def test_a_key_that_nobody_trusts_is_refused_with_its_fingerprint(bench: Bench) -> None:
    bench.key = bench.folder / "eve.pem"
    fingerprint = make_key(bench.key).fingerprint
    with pytest.raises(AddonRefusedError, match=fingerprint):
        bench.receive(bench.packed())
    assert list(bench.place.iterdir()) == []


def test_a_folder_that_nobody_signed_is_left_alone(bench: Bench) -> None:
    own = bench.place / "tips"
    own.mkdir()
    (own / "manifest.py").write_bytes((bench.write().folder / "manifest.py").read_bytes())
    with pytest.raises(AddonRefusedError, match="somebody else"):
        bench.receive(bench.packed("2.0.0"))
    assert [path.name for path in own.iterdir()] == ["manifest.py"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"contract": CONTRACT_VERSION + 1}, "speaks contract"),
        ({"contract": CONTRACT_VERSION - 2}, "speaks contract"),
        ({"requires": "('bakery',)"}, "needs bakery"),
    ],
)
def test_what_does_not_fit_here_is_refused(bench: Bench, more: dict[str, Any], why: str) -> None:
    with pytest.raises(AddonRefusedError, match=why):
        bench.receive(bench.packed(**more))
    assert list(bench.place.iterdir()) == []


CHANGES: dict[str, Callable[[dict[str, bytes]], object]] = {
    "a file changed": lambda all_: all_.update({f"{PREFIX}services.py": b"x"}),
    "a file added": lambda all_: all_.update({f"{PREFIX}hooks.py": b"x"}),
    "a file gone": lambda all_: all_.pop(f"{PREFIX}services.py"),
    "the card changed": lambda all_: all_.update({CARD: all_[CARD] + b" "}),
    "no card": lambda all_: all_.pop(CARD),
    "no signature": lambda all_: all_.pop(SIGNATURE),
    "a signature of nothing": lambda all_: all_.update({SIGNATURE: b"{}"}),
    "a signature that is none": lambda all_: all_.update({SIGNATURE: b"\xff"}),
    "another algorithm": lambda all_: all_.update(
        {SIGNATURE: all_[SIGNATURE].replace(b"ed25519", b"none")}
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_what_was_changed_after_signing_is_refused(
    bench: Bench, change: Callable[[dict[str, bytes]], object]
) -> None:
    with pytest.raises(AddonRefusedError):
        bench.receive(changed(bench, change))
    assert list(bench.place.iterdir()) == []


def adds(name: str) -> Callable[[dict[str, Any], dict[str, bytes]], None]:
    def change(card: dict[str, Any], contents: dict[str, bytes]) -> None:
        contents[name] = b"x"
        card["files"][name] = sha256(b"x").hexdigest()

    return change


def sets(**values: Any) -> Callable[[dict[str, Any], dict[str, bytes]], None]:
    return lambda card, _contents: card.update(values)


LIES = {
    "another version": sets(version="9.9.9"),
    "another vendor": sets(vendor="Guadua"),
    "another contract": sets(contract=CONTRACT_VERSION - 1),
    "another name": sets(name="pos"),
    "a path as name": sets(name="../pos"),
    "no version": sets(version="1"),
    "more than a card says": sets(also="this"),
    "a format to come": sets(format=2),
    "a link upwards": adds(f"{PREFIX}../pos/hooks.py"),
    "a file beside": adds("addons/pos/hooks.py"),
    "an absolute path": adds("/etc/cron.d/x.py"),
    "a drive": adds("C:/x.py"),
    "a backslash": adds(f"{PREFIX}..\\..\\x.py"),
    "compiled code": adds(f"{PREFIX}hooks.pyc"),
    "a library": adds(f"{PREFIX}fast.so"),
    "a program": adds(f"{PREFIX}run.exe"),
    "a device": adds(f"{PREFIX}nul.py"),
    "a hidden file": adds(f"{PREFIX}.card.json"),
    "a name twice": adds(f"{PREFIX}Services.py"),
    "a source that evaluates": adds(f"{PREFIX}rules.py"),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=list(LIES))
def test_what_a_hostile_author_signs_is_refused_all_the_same(
    bench: Bench, lie: Callable[[dict[str, Any], dict[str, bytes]], None]
) -> None:
    def change(card: dict[str, Any], contents: dict[str, bytes]) -> None:
        lie(card, contents)
        if f"{PREFIX}rules.py" in contents:
            body = contents[f"{PREFIX}rules.py"] = b"eval('1')"
            card["files"][f"{PREFIX}rules.py"] = sha256(body).hexdigest()

    with pytest.raises(AddonRefusedError):
        bench.receive(resigned(bench, change))
    assert list(bench.place.iterdir()) == []
    assert not (bench.folder / "pos").exists()


def link(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.external_attr = 0o120777 << 16
    return entry


def other_packing(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type = ZIP_BZIP2
    return entry


@pytest.mark.parametrize("make", [link, other_packing, lambda name: ZipInfo(f"{name}/")])
def test_only_plain_files_are_read(bench: Bench, make: Callable[[str], ZipInfo]) -> None:
    contents: dict[Any, bytes] = dict(contents_of(bench.packed()))
    contents[make(f"{PREFIX}more.py")] = b"/etc/passwd"
    with pytest.raises(AddonRefusedError, match="refused"):
        read_archive(zipped(bench.folder / "odd.guadua", contents))


def test_a_bomb_is_not_unpacked(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 100_000)
    contents = {**contents_of(bench.packed()), f"{PREFIX}big.txt": b"0" * 200_000}
    with pytest.raises(AddonRefusedError, match="larger"):
        read_archive(zipped(bench.folder / "bomb.guadua", contents))
    small: dict[str, bytes] = {f"{PREFIX}{n}.txt": b"" for n in range(archives.MOST_FILES + 1)}
    with pytest.raises(AddonRefusedError, match="larger"):
        read_archive(zipped(bench.folder / "many.guadua", small))


@pytest.mark.parametrize("body", [b"", b"PK", b"#!/bin/sh\nrm -rf /\n", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_archive_is_refused(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "x.guadua"
    path.write_bytes(body)
    with pytest.raises(AddonRefusedError):
        read_archive(path)


def test_an_archive_that_does_not_fit_leaves_the_former_version(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.receive(bench.packed())

    def fails(*_given: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("core.addons.kit.receiving._manifest", fails)
    with pytest.raises(OSError, match="full"):
        bench.receive(bench.packed("1.1.0"))
    assert bench.found().get("tips").manifest.version == "1.0.0"
    assert [path.name for path in bench.place.iterdir()] == ["tips"]


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("addons/tips/a.py", True),
        ("addons/tips/static/tips/logo.svg", True),
        ("addons/tips/LICENSE", True),
        ("addons/tips/a b.py", False),
        ("addons/tips/año.py", False),
        ("addons/tips/-x.py", False),
        ("addons/tips/x.", False),
        ("addons/tips//x.py", False),
        ("addons/tips", False),
        (f"addons/tips/{'x' * 200}.py", False),
        ("addons/tips/a\n.py", False),
    ],
)
def test_names_are_the_same_everywhere(name: str, fits: bool) -> None:
    assert (path_fault(name, "tips") == "") is fits
