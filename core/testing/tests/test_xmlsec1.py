from __future__ import annotations

import subprocess
from pathlib import Path


def test_the_independent_verifier_runs(xmlsec1: Path) -> None:
    done = subprocess.run([xmlsec1, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("xmlsec1 1.")
