"""Reference data, a test identity and the independent signature verifier."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from addons.l10n_co_dian.certificates import SigningIdentity, make_test_chain
from core.i18n import use_language

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def words_as_in_the_code() -> Iterator[None]:
    """Read texts in English, whichever catalogues other tests loaded before."""
    with use_language("en"):
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    root = Path(__file__).resolve().parents[3]
    folder = Path(os.environ.get("GUADUA_SHARED_DATA") or root.parent / "shared" / "data")
    if not (folder / "dian").is_dir():
        pytest.skip(f"no reference data in {folder}")
    return folder / "dian"


@pytest.fixture(scope="session")
def vectors(shared_data: Path) -> Any:
    return json.loads((shared_data / "vectors.json").read_text())


@pytest.fixture
def schemas(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("addons.l10n_co_dian.schemas._BESIDE", shared_data / "xsd")
    return shared_data / "xsd"


@pytest.fixture
def example(shared_data: Path, schemas: Path) -> Callable[[str], bytes]:
    return lambda name: (shared_data / "examples" / name).read_bytes()


@pytest.fixture(scope="session")
def bakery() -> SigningIdentity:
    return make_test_chain("Panadería La Guadua S.A.S.", "900123456", NOW)


@pytest.fixture(scope="session")
def stranger() -> SigningIdentity:
    return make_test_chain("Panadería La Guadua S.A.S.", "900123456", NOW)


@pytest.fixture
def xmlsec1(bakery: SigningIdentity, tmp_path: Path) -> Callable[[bytes], bool]:
    """Verify with an implementation that shares no code with ours."""
    program = shutil.which("xmlsec1")
    if program is None:
        pytest.skip("xmlsec1 is not installed")
    _leaf, sub, root = bakery.chain
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (tmp_path / "sub.pem").write_bytes(sub.public_bytes(Encoding.PEM))

    def verify(signed: bytes) -> bool:
        (tmp_path / "signed.xml").write_bytes(signed)
        command = [program, "--verify", "--trusted-pem", str(tmp_path / "root.pem")]
        command += ["--untrusted-pem", str(tmp_path / "sub.pem")]
        command += ["--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"]
        command += ["--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:KeyInfo"]
        command += ["--verification-gmt-time", "2026-11-21 15:00:00"]
        command += [str(tmp_path / "signed.xml")]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    return verify
