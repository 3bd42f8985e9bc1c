from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from core.vault import keyfiles
from core.vault.errors import KeyFileError
from core.vault.services import open_vault
from core.vault.tests.conftest import KeyFiles

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix_only
def test_key_files_are_for_their_owner_and_the_public_half_for_all(files: KeyFiles) -> None:
    public = keyfiles.public_path(files.signing)
    assert [mode(files.app), mode(files.signing), mode(public)] == [0o400, 0o400, 0o444]
    assert keyfiles.add_key(files.app) == 2
    assert mode(files.app) == 0o400


@posix_only
@pytest.mark.parametrize("bits", [0o440, 0o404, 0o660])
def test_a_key_file_open_to_others_is_refused(files: KeyFiles, bits: int) -> None:
    files.app.chmod(bits)
    with pytest.raises(KeyFileError, match="other accounts"):
        keyfiles.read_keys(files.app)


def test_an_existing_key_file_is_never_overwritten(files: KeyFiles) -> None:
    before = files.app.read_bytes(), files.signing.read_bytes()
    for create, path in (
        (keyfiles.create_key_file, files.app),
        (keyfiles.create_signing_file, files.signing),
    ):
        with pytest.raises(KeyFileError, match="exists"):
            create(path)
    assert (files.app.read_bytes(), files.signing.read_bytes()) == before


def test_a_damaged_key_file_is_refused_without_showing_it(tmp_path: Path) -> None:
    path = tmp_path / "app.key"
    for text in ("", "1:c2hvcnQ=", "one:AAAA", "1:?secret?"):
        path.write_text(text)
        path.chmod(0o600)
        with pytest.raises(KeyFileError) as caught:
            keyfiles.read_keys(path)
        assert "secret" not in str(caught.value)
    with pytest.raises(KeyFileError, match="cannot be read"):
        keyfiles.read_keys(tmp_path / "none.key")


def test_only_an_old_key_is_retired(files: KeyFiles) -> None:
    keyfiles.add_key(files.app)
    for number in (2, 7):
        with pytest.raises(KeyFileError, match="no old key"):
            keyfiles.retire_key(files.app, number)
    keyfiles.retire_key(files.app, 1)
    assert list(keyfiles.read_keys(files.app)) == [2]


def test_one_account_that_reads_both_keys_is_told_of(files: KeyFiles) -> None:
    fault = keyfiles.separation_fault(files.app, files.signing)
    assert fault is not None
    assert "not separated" in fault
    assert keyfiles.separation_fault(files.app, files.signing.with_name("none")) is None


def test_the_web_does_not_even_read_the_private_half(files: KeyFiles) -> None:
    files.signing.unlink()
    vault = open_vault(files.app, files.signing, process="web")
    assert vault.signing is not None
    assert not vault.signing.opens
    with pytest.raises(KeyFileError):
        open_vault(files.app, files.signing, process="worker")


def test_a_private_file_that_does_not_match_its_public_half_is_refused(files: KeyFiles) -> None:
    public = keyfiles.public_path(files.signing)
    kept = public.read_bytes()
    keyfiles.add_signing_key(files.signing)
    public.chmod(0o600)
    public.write_bytes(kept)
    with pytest.raises(KeyFileError, match="differ"):
        files.worker()
