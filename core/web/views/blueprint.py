"""Where the core's pages are registered."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

web: Final = Blueprint("web", __name__)
