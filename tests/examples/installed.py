"""Runs an installed addon in one process: what ``check`` remarks, then its own tests.

``python -m tests.examples.installed NAME FOLDER`` with the folder where it is installed on
``PYTHONPATH``. Prints the findings as ``addon check --json`` does, and ends like pytest.
"""

from __future__ import annotations

import sys

import pytest

from core.cli import main

if __name__ == "__main__":
    name, folder = sys.argv[1:]
    if main(["addon", "check", name, "--json"]):
        sys.exit("addon check has something to remark")
    sys.stdout.flush()
    plugin = ["-q", "-c", "pyproject.toml", "-p", "core.testing.plugin"]
    sys.exit(pytest.main([*plugin, f"{folder}/addons/{name}/tests"]))
