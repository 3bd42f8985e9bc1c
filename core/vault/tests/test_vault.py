from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.clock import StoppedClock
from core.i18n import use_language
from core.ids import uuid7
from core.tenancy import TenantRef
from core.testing.house import House
from core.vault import keyfiles
from core.vault.app import AppVault
from core.vault.ciphers import SigningVault
from core.vault.errors import (
    KeyFileError,
    NotSeparatedError,
    PassphraseError,
    SecretMissingError,
    VaultError,
)
from core.vault.export import export_secrets, import_secrets
from core.vault.models import StoredSecret, VaultKey
from core.vault.secret import KeyClass, Place, Secret
from core.vault.services import (
    RETIRED_AFTER,
    Vault,
    destroy_secret,
    get_secret,
    has_secret,
    place_of,
    put_secret,
    reencrypt,
    rotate,
)
from core.vault.tests.conftest import KeyFiles

PIN = Secret(b"12345-clave-del-software")
KIND = "edi.software_pin"
PASSPHRASE = Secret(b"cinco gallinas rojas cantan")


def keep(
    house: House,
    vault: Vault,
    tenant: TenantRef,
    *,
    kind: str = KIND,
    secret: Secret = PIN,
    key_class: KeyClass = "app",
) -> UUID:
    key = uuid7()
    with house.unit(tenant) as session:
        put_secret(session, vault, place_of(session, kind, key), secret, key_class=key_class)
    return key


def read(house: House, vault: Vault, tenant: TenantRef, key: UUID, kind: str = KIND) -> Secret:
    with house.unit(tenant, writes=False) as session:
        return get_secret(session, vault, place_of(session, kind, key))


def sealed(house: House, tenant: TenantRef, key: UUID) -> bytes:
    with house.unit(tenant, writes=False) as session:
        return session.scalars(
            select(StoredSecret.ciphertext).where(StoredSecret.record_id == key)
        ).one()


def overwrite(house: House, tenant: TenantRef, key: UUID, ciphertext: bytes) -> None:
    with house.unit(tenant) as session:
        row = session.scalars(select(StoredSecret).where(StoredSecret.record_id == key)).one()
        row.ciphertext = ciphertext


@pytest.mark.parametrize("key_class", ["app", "signing"])
def test_a_secret_comes_back_and_is_nowhere_in_the_clear(
    house: House, files: KeyFiles, key_class: KeyClass
) -> None:
    key = keep(house, files.web(), house.bakery, key_class=key_class)
    assert read(house, files.worker(), house.bakery, key) == PIN
    assert PIN.reveal() not in sealed(house, house.bakery, key)


def test_the_web_seals_a_signing_key_and_cannot_open_it(house: House, files: KeyFiles) -> None:
    key = keep(house, files.web(), house.bakery, key_class="signing")
    with pytest.raises(NotSeparatedError):
        read(house, files.web(), house.bakery, key)
    assert read(house, files.worker(), house.bakery, key) == PIN


def test_a_missing_secret_says_so(house: House, files: KeyFiles) -> None:
    key = keep(house, files.web(), house.bakery)
    for tenant, wanted in ((house.bakery, uuid7()), (house.pharmacy, key)):
        with pytest.raises(SecretMissingError):
            read(house, files.web(), tenant, wanted)


def test_a_place_of_another_business_is_refused(house: House, files: KeyFiles) -> None:
    key = keep(house, files.web(), house.bakery)
    with pytest.raises(VaultError), house.unit(house.pharmacy) as session:
        get_secret(session, files.web(), Place(house.bakery.uid, KIND, key))


def test_replacing_keeps_one_row_and_destroying_leaves_none(house: House, files: KeyFiles) -> None:
    vault = files.web()
    key = keep(house, vault, house.bakery)
    with house.unit(house.bakery) as session:
        place = place_of(session, KIND, key)
        put_secret(session, vault, place, Secret(b"new"), key_class="app")
    assert read(house, vault, house.bakery, key) == Secret(b"new")
    with house.unit(house.bakery) as session:
        destroy_secret(session, place)
        assert not has_secret(session, place)
    with pytest.raises(SecretMissingError):
        read(house, vault, house.bakery, key)


@pytest.mark.parametrize("key_class", ["app", "signing"])
def test_a_ciphertext_moved_to_another_place_does_not_open(
    house: House, files: KeyFiles, key_class: KeyClass
) -> None:
    vault = files.worker()
    here = keep(house, vault, house.bakery, key_class=key_class)
    moved = sealed(house, house.bakery, here)
    targets = [
        (house.bakery, keep(house, vault, house.bakery, key_class=key_class), KIND),
        (house.pharmacy, keep(house, vault, house.pharmacy, key_class=key_class), KIND),
        (
            house.bakery,
            keep(house, vault, house.bakery, kind="edi.key", key_class=key_class),
            "edi.key",
        ),
    ]
    for tenant, key, kind in targets:
        overwrite(house, tenant, key, moved)
        with pytest.raises(VaultError):
            read(house, vault, tenant, key, kind)
    assert read(house, vault, house.bakery, here) == PIN


@pytest.mark.parametrize("key_class", ["app", "signing"])
def test_every_flipped_byte_and_every_truncation_is_refused(
    house: House, files: KeyFiles, key_class: KeyClass
) -> None:
    vault = files.worker()
    key = keep(house, vault, house.bakery, key_class=key_class)
    good = sealed(house, house.bakery, key)
    bad = [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in range(len(good))]
    bad += [good[:at] for at in range(len(good))] + [good + b"\0"]
    with house.unit(house.bakery, writes=False) as session:
        place = place_of(session, KIND, key)
        signing = vault.signing
        assert signing is not None

        def opened(ciphertext: bytes) -> Secret:
            if key_class == "app":
                return vault.app.open(session, place, 1, ciphertext)
            return signing.open(place, 1, ciphertext)

        assert opened(good) == PIN
        for ciphertext in bad:
            with pytest.raises(VaultError):
                opened(ciphertext)


def test_data_keys_are_bound_to_their_business(house: House, files: KeyFiles) -> None:
    vault = files.web()
    bakery, pharmacy = (keep(house, vault, t) for t in (house.bakery, house.pharmacy))
    with house.unit(house.bakery, writes=False) as session:
        stolen = session.scalars(select(VaultKey.wrapped)).one()
    with house.unit(house.pharmacy) as session:
        session.scalars(select(VaultKey)).one().wrapped = stolen
    with pytest.raises(VaultError):
        read(house, vault, house.pharmacy, pharmacy)
    assert read(house, vault, house.bakery, bakery) == PIN


def test_a_secret_never_shows(files: KeyFiles) -> None:
    vault = files.worker()
    shown = f"{PIN} {PIN!r} {vault} {vault.app!r} {[PIN]} {Place(UUID(int=1), KIND, UUID(int=2))}"
    assert "clave" not in shown
    keys = keyfiles.read_keys(files.signing)
    assert keys[1].reveal().hex() not in repr(keys)
    with pytest.raises(TypeError):
        pickle.dumps(PIN)


def test_sealing_twice_gives_different_bytes(files: KeyFiles) -> None:
    signing = files.web().signing
    assert isinstance(signing, SigningVault)
    place = Place(UUID(int=1), KIND, UUID(int=2))
    assert signing.seal(place, PIN) != signing.seal(place, PIN)


def test_two_processes_that_make_the_first_data_key_at_once_use_the_same(
    house: House, files: KeyFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both look before either writes, wherever the database lets them: SQLite has one writer."""
    both_looked = Barrier(2 if house.database.kind == "postgresql" else 1)
    wrap = AppVault._wrap

    def wrapped_together(*arguments: Any) -> bytes:
        both_looked.wait(60)
        return wrap(*arguments)

    monkeypatch.setattr(AppVault, "_wrap", wrapped_together)
    with ThreadPoolExecutor(2) as threads:
        kept = [threads.submit(keep, house, files.web(), house.bakery) for _ in range(2)]
        keys = [each.result(60) for each in kept]
    with house.unit(house.bakery, writes=False) as session:
        assert session.scalars(select(VaultKey.version)).all() == [1]
    assert [read(house, files.web(), house.bakery, key) for key in keys] == [PIN, PIN]
    with house.unit(house.pharmacy, writes=False) as session:
        assert session.scalars(select(VaultKey.version)).all() == []


def test_without_a_key_file_sealing_says_what_to_do(house: House) -> None:
    with use_language("en"), pytest.raises(KeyFileError, match="set-up"):
        keep(house, Vault(AppVault({})), house.bakery)


def test_rotation_moves_secrets_lazily_and_retires_the_old_key_when_unused(
    house: House, files: KeyFiles, clock: StoppedClock
) -> None:
    vault = files.web()
    keys = [keep(house, vault, house.bakery) for _ in range(5)]
    other = keep(house, vault, house.pharmacy)
    with house.unit(house.bakery) as session:
        rotate(session, vault)
    clock.advance(RETIRED_AFTER)
    left, known = [], []
    for _ in range(3):
        with house.unit(house.bakery) as session:
            left.append(reencrypt(session, vault, limit=2))
            known.append(session.scalars(select(VaultKey.version).order_by(VaultKey.version)).all())
        assert all(read(house, vault, house.bakery, key) == PIN for key in keys)
    assert left == [3, 1, 0]
    assert known == [[1, 2], [1, 2], [2]]
    assert read(house, vault, house.pharmacy, other) == PIN


def test_a_key_stays_while_a_late_writer_may_still_use_it(
    house: House, files: KeyFiles, clock: StoppedClock
) -> None:
    vault = files.web()
    keep(house, vault, house.bakery)
    with house.unit(house.bakery) as session:
        rotate(session, vault)
        assert reencrypt(session, vault) == 0
        assert session.scalars(select(VaultKey.version)).all() == [1, 2]
    clock.advance(RETIRED_AFTER)
    with house.unit(house.bakery) as session:
        reencrypt(session, vault)
        assert session.scalars(select(VaultKey.version)).all() == [2]


def test_a_rotation_broken_off_anywhere_loses_nothing(house: House, files: KeyFiles) -> None:
    vault = files.web()
    keys = [keep(house, vault, house.bakery) for _ in range(3)]
    with house.session(house.bakery) as session, house.database.writing():
        rotate(session, vault)
        reencrypt(session, vault)
        session.rollback()
    assert all(read(house, vault, house.bakery, key) == PIN for key in keys)


def test_a_new_key_file_key_rewraps_and_the_old_one_can_go(house: House, files: KeyFiles) -> None:
    key = keep(house, files.web(), house.bakery)
    keyfiles.add_key(files.app)
    vault = files.web()
    assert read(house, vault, house.bakery, key) == PIN, "old rows open before they are rewrapped"
    with house.unit(house.bakery) as session:
        assert vault.app.rewrap(session) == 1
        assert vault.app.rewrap(session) == 0
    keyfiles.retire_key(files.app, 1)
    assert read(house, files.web(), house.bakery, key) == PIN


def test_signing_secrets_move_to_a_new_signing_key_in_the_worker_only(
    house: House, files: KeyFiles
) -> None:
    key = keep(house, files.web(), house.bakery, key_class="signing")
    keyfiles.add_signing_key(files.signing)
    with house.unit(house.bakery) as session:
        assert reencrypt(session, files.web()) == 0, "the web leaves them alone"
        assert session.scalars(select(StoredSecret.key_version)).all() == [1]
        assert reencrypt(session, files.worker()) == 0
        assert session.scalars(select(StoredSecret.key_version)).all() == [2]
    keyfiles.retire_signing_key(files.signing, 1)
    assert read(house, files.worker(), house.bakery, key) == PIN


def test_an_export_opens_elsewhere_with_its_passphrase_only(
    house: House, files: KeyFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.vault.export._COST", 2**4)
    worker = files.worker()
    pin = keep(house, worker, house.bakery)
    signing = keep(house, worker, house.bakery, kind="edi.key", key_class="signing")
    keep(house, worker, house.pharmacy)
    with house.unit(house.bakery) as session:
        with pytest.raises(PassphraseError):
            export_secrets(session, worker, Secret(b"short"))
        exported = export_secrets(session, worker, PASSPHRASE, signing=True)
    assert PIN.reveal() not in exported
    for tenant, passphrase, content in (
        (house.bakery, Secret(b"seis gallinas rojas cantan"), exported),
        (house.bakery, PASSPHRASE, exported[:-1]),
        (house.bakery, PASSPHRASE, b"x" + exported),
        (house.pharmacy, PASSPHRASE, exported),
    ):
        with pytest.raises(PassphraseError), house.unit(tenant) as session:
            import_secrets(session, worker, passphrase, content)
    with house.unit(house.bakery) as session:
        for row in session.scalars(select(StoredSecret)).all():
            session.delete(row)
        session.flush()
        assert import_secrets(session, worker, PASSPHRASE, exported) == 2
    assert read(house, worker, house.bakery, pin) == PIN
    assert read(house, worker, house.bakery, signing, "edi.key") == PIN
    with pytest.raises(NotSeparatedError), house.unit(house.bakery, writes=False) as session:
        export_secrets(session, files.web(), PASSPHRASE, signing=True)
