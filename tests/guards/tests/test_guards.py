"""The runner on a tiny repository with one guard, one watchful test and one blind one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guards.__main__ import main
from tests.guards.patches import Patch, PatchError, chosen, read_all
from tests.guards.trial import PASSED, run_pytest

TILL = """\
def sell(quantity: int, stock: int) -> int:
    if quantity > stock:
        raise ValueError("not enough")
    return stock - quantity
"""

TESTS = """\
import pytest
from till import sell

def test_watchful():
    with pytest.raises(ValueError):
        sell(2, 1)

def test_blind():
    assert sell(1, 2) == 1

def test_broken():
    assert sell(1, 2) == 2
"""

DIFF = """\
--- a/till.py
+++ b/till.py
@@ -1,4 +1,2 @@
 def sell(quantity: int, stock: int) -> int:
-    if quantity > stock:
-        raise ValueError("not enough")
     return stock - quantity
"""

pytestmark = pytest.mark.services


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GUADUA_SHARD", raising=False)
    (tmp_path / "till.py").write_text(TILL)
    (tmp_path / "test_till.py").write_text(TESTS)
    (tmp_path / "guards").mkdir()
    return tmp_path


def write_patch(shop: Path, name: str, *tests: str, diff: str = DIFF) -> None:
    header = "".join(f"# tests: test_till.py::{test}\n" for test in tests)
    (shop / "guards" / f"{name}.patch").write_text(f"# guard: no sale below zero\n{header}{diff}")


def run(shop: Path, *arguments: str) -> int:
    return main(arguments, root=shop, folder=shop / "guards")


def test_a_removed_guard_that_a_test_watches_is_noticed(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_patch(shop, "below_zero", "test_watchful")
    assert run(shop) == 0
    assert "below_zero: noticed" in capsys.readouterr().out
    assert (shop / "till.py").read_text() == TILL


def test_a_removed_guard_that_nobody_watches_fails(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_patch(shop, "below_zero", "test_watchful", "test_blind")
    assert run(shop) == 1
    said = capsys.readouterr().out
    assert "below_zero: NOT NOTICED" in said
    assert "test_till.py::test_blind passes without the guard" in said
    assert "0 of 1 removed guards were noticed" in said


def test_a_test_that_fails_anyway_proves_nothing(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_patch(shop, "below_zero", "test_broken")
    assert run(shop) == 1
    assert "the tests do not pass unpatched" in capsys.readouterr().err


def test_a_test_that_cannot_run_without_the_guard_proves_nothing(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = DIFF.replace(" def sell(quantity: int, stock: int) -> int:\n", "")
    broken = broken.replace("@@ -1,4 +1,2 @@\n", "@@ -1,4 +1,2 @@\n-" + TILL.splitlines()[0] + "\n")
    write_patch(shop, "below_zero", "test_watchful", diff=broken)
    assert run(shop) == 1
    assert "could not run" in capsys.readouterr().out


def test_a_patch_that_no_longer_fits_fails(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_patch(shop, "below_zero", "test_watchful", diff=DIFF.replace("quantity >", "amount >"))
    assert run(shop) == 1
    assert "the diff does not apply" in capsys.readouterr().out


def test_an_unknown_name_is_wrong_usage(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_patch(shop, "below_zero", "test_watchful")
    assert run(shop, "--only", "above_zero") == 2
    assert "there are: below_zero" in capsys.readouterr().err


def test_a_patch_without_tests_is_wrong_usage(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_patch(shop, "below_zero")
    assert run(shop) == 2
    assert "begin it with '# guard" in capsys.readouterr().err


def test_a_patch_without_a_diff_is_refused(shop: Path) -> None:
    write_patch(shop, "empty", "test_watchful", diff="")
    with pytest.raises(PatchError, match="no diff in it"):
        read_all(shop / "guards")


def test_the_list_names_the_guards(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_patch(shop, "below_zero", "test_watchful")
    assert run(shop, "--list") == 0
    assert capsys.readouterr().out == "below_zero: no sale below zero\n"


def test_a_shard_tries_its_share(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        write_patch(shop, f"patch{number}", "test_watchful")
    listed = []
    for share in ("1/2", "2/2"):
        monkeypatch.setenv("GUADUA_SHARD", share)
        assert run(shop, "--list") == 0
        listed.append(set(capsys.readouterr().out.split()) & {f"patch{n}:" for n in range(8)})
    assert all(listed)
    assert listed[0].isdisjoint(listed[1])
    assert len(listed[0] | listed[1]) == 8


def test_a_copys_tests_are_neither_shared_out_nor_must_they_be_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steering = {"GUADUA_CI", "GUADUA_MUST_USE", "GUADUA_SHARD"}
    for name in steering:
        monkeypatch.setenv(name, "1/2")
    watch = f"import os\n\n\ndef test_free():\n    assert not {steering} & set(os.environ)\n"
    (tmp_path / "test_free.py").write_text(watch)
    assert run_pytest(tmp_path, ("test_free.py",))[0] == PASSED


def test_a_seed_decides_the_sample() -> None:
    patches = [Patch(Path(f"p{number}.patch"), "g", ("t",)) for number in range(20)]
    first = chosen(patches, only=None, sample=3, seed=1)
    assert len(first) == 3
    assert chosen(patches, only=None, sample=3, seed=1) == first
    assert chosen(patches, only=None, sample=3, seed=2) != first
    assert chosen(patches, only=None, sample=50, seed=1) == patches


def test_every_patch_of_the_house_can_be_read() -> None:
    patches = read_all(Path(__file__).parents[1])
    assert len({patch.guard for patch in patches}) == len(patches)
