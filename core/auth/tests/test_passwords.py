from __future__ import annotations

from threading import Thread

import pytest

from core.auth import passwords
from core.auth.errors import WeakPasswordError
from core.auth.passwords import BusyError, Passwords, refuse_weak


@pytest.mark.parametrize(
    "weak",
    [
        "short", "x" * 129, "password", "Contraseña1", "12345678", "87654321", "qwertyuiop",
        "aaaaaaaa", "abababab", "Colombia2026!", "jesusteama", "maria123", "MARIA.DIAZ", "diaz!!!!",
        "guadua2026",
    ],
)  # fmt: skip
def test_what_anybody_would_try_first_is_no_password(weak: str) -> None:
    with pytest.raises(WeakPasswordError) as refused:
        refuse_weak(weak, ("maria.diaz@tienda.co", "María Díaz"))
    assert "password" in refused.value.fields


@pytest.mark.parametrize(
    "good", ["tinto con leche", "Zk4-pw9q", "ñandúes verdes", "x" * 120 + "abcd"]
)
def test_length_and_chance_make_a_password(good: str) -> None:
    refuse_weak(good, ("maria.diaz@tienda.co",))


def test_a_password_agrees_with_its_hash_only() -> None:
    keeper = Passwords(quick=True)
    hashed = keeper.hashed("tinto con leche")
    assert hashed.startswith("$argon2id$")
    assert keeper.agrees("tinto con leche", hashed)
    assert not keeper.agrees("tinto sin leche", hashed)
    assert not keeper.agrees("nobody has this password", None)
    assert not keeper.agrees("tinto con leche", "no hash at all")
    assert keeper.hashed("tinto con leche") != hashed
    assert Passwords().is_outdated(hashed)


def test_few_passwords_are_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    keeper = Passwords(quick=True)
    for _ in range(passwords.AT_ONCE):
        keeper._places.acquire()
    refused: list[Exception] = []

    def knock() -> None:
        try:
            keeper.agrees("x", None)
        except BusyError as error:
            refused.append(error)

    thread = Thread(target=knock)
    thread.start()
    thread.join()
    assert len(refused) == 1


def test_nobody_is_checked_with_the_effort_of_today() -> None:
    for kind in (Passwords(quick=True), Passwords()):
        assert not kind.is_outdated(kind._nobody)
        assert not kind.agrees("anything at all", None)
