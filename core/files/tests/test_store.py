from __future__ import annotations

import stat
import sys
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from core.db import trace
from core.files import FileStore, MissingFileError
from core.tenancy import TenantRef

BAKERY = TenantRef(1, UUID(int=11))
PHARMACY = TenantRef(2, UUID(int=22))


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def path_of(store: FileStore, tenant: TenantRef, digest: str) -> Path:
    return store.data / "files" / str(tenant.uid) / digest[:2] / digest


def test_what_was_put_comes_back_under_its_digest(store: FileStore) -> None:
    digest = store.put(BAKERY, b"<Invoice/>")
    assert digest == sha256(b"<Invoice/>").hexdigest()
    assert store.get(BAKERY, digest) == b"<Invoice/>"
    assert store.put(BAKERY, b"<Invoice/>") == digest
    assert [p for p in store.data.rglob("*") if p.is_file()] == [path_of(store, BAKERY, digest)]


def test_a_business_sees_only_its_own_files(store: FileStore) -> None:
    digest = store.put(BAKERY, b"secret recipe")
    assert not store.has(PHARMACY, digest)
    with pytest.raises(MissingFileError):
        store.get(PHARMACY, digest)


@pytest.mark.parametrize(
    "name",
    ["", "..", "../" * 21 + "x", "/etc/passwd", f"../{PHARMACY.uid}/aa/{'a' * 64}", "A" * 64],
)
def test_nothing_but_a_digest_names_a_file(store: FileStore, name: str) -> None:
    store.put(PHARMACY, b"other")
    assert not store.has(BAKERY, name)
    with pytest.raises(MissingFileError):
        store.get(BAKERY, name)


def test_a_damaged_file_is_not_given_out_and_putting_it_again_mends_it(store: FileStore) -> None:
    digest = store.put(BAKERY, b"good")
    whole = store.put(BAKERY, b"whole")
    path_of(store, BAKERY, digest).write_bytes(b"bad")
    with pytest.raises(MissingFileError):
        store.get(BAKERY, digest)
    assert store.damaged(BAKERY) == [digest]
    assert store.put(BAKERY, b"good") == digest
    assert store.damaged(BAKERY) == []
    assert store.get(BAKERY, whole) == b"whole"


@pytest.mark.skipif(sys.platform == "win32", reason="making a link needs a right on Windows")
def test_a_link_out_of_the_folder_is_not_followed(store: FileStore, tmp_path: Path) -> None:
    digest = store.put(BAKERY, b"content")
    outside = tmp_path / "outside"
    outside.write_bytes(b"content")
    path_of(store, BAKERY, digest).unlink()
    path_of(store, BAKERY, digest).symlink_to(outside)
    with pytest.raises(MissingFileError):
        store.get(BAKERY, digest)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits")
def test_other_accounts_read_neither_files_nor_folders(store: FileStore) -> None:
    path = path_of(store, BAKERY, store.put(BAKERY, b"content"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_write_that_breaks_off_before_the_rename_leaves_no_file(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(kind: str, detail: str) -> None:
        if kind == "rename":
            raise KeyboardInterrupt

    monkeypatch.setattr(trace, "listeners", [power_cut])
    with pytest.raises(KeyboardInterrupt):
        store.put(BAKERY, b"content")
    assert [p for p in store.data.rglob("*") if p.is_file()] == []
    assert store.damaged(BAKERY) == []
