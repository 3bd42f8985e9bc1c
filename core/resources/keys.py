"""The key of a form: what it does is done once, however often it is sent."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from flask import request

from core.resources.forms import FRAME, as_id


def form_key() -> UUID | None:
    """Give the key that came with a form: what it does is done once."""
    return as_id(request.form.get("form_key", ""))


def form_fingerprint() -> bytes:
    """Give the SHA-256 of what a form says, wherever it was sent from."""
    said = [
        (name, text)
        for name, several in sorted(request.form.lists())
        for text in several
        if name not in FRAME
    ]
    return sha256(f"{request.path}\n{said!r}".encode()).digest()
