"""Reference data beside the repository: official examples and lists, not ours to copy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]


def shared_data() -> Path | None:
    """Find the folder: GUADUA_SHARED_DATA, else ``../shared/data`` beside the repository."""
    named = os.environ.get("GUADUA_SHARED_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder.resolve() if folder.is_dir() else None


#: How a skip for lack of it begins; the summary counts by it.
WITHOUT_SHARED: Final = (
    "[reference data] there is no ../shared/data, and GUADUA_SHARED_DATA names no folder"
)
#: Put on a test that reads it.
needs_shared: Final = pytest.mark.skipif(shared_data() is None, reason=WITHOUT_SHARED)
