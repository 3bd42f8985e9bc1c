"""An addon as one signed file: packed by its author, looked at and unpacked by an operator.

``<name>-<version>.guadua`` is a zip of ``card.json``, ``card.sig`` and the addon's files. The card
says what the addon is, what it touches, and the SHA-256 of every file; the signature covers the
card. Nothing of an archive is run before signature, hashes, names and compatibility are right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.addons.discovery import FoundAddon
from core.addons.errors import AddonRefusedError
from core.addons.kit.paths import entry_fault, path_fault, twins
from core.addons.kit.signing import PublicKey, sign, signer
from core.i18n import LazyText, _
from core.platform.files import write_durably

SUFFIX: Final = ".guadua"
CARD: Final = "card.json"
SIGNATURE: Final = "card.sig"
#: More than any addon needs, less than what hurts: an archive is read into memory.
MOST_FILES: Final = 4_000
MOST_BYTES: Final = 64 * 1024 * 1024
_MOST_CARD: Final = 2 * 1024 * 1024
#: Not part of what runs.
_LEFT_OUT: Final = frozenset({"tests", "__pycache__"})
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)


class Card(BaseModel):
    """What an archive says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = Field(default=1, ge=1, le=1)
    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    version: str = Field(pattern=r"^\d{1,6}\.\d{1,6}\.\d{1,6}$")
    title: str = Field(max_length=200)
    contract: int
    requires: tuple[str, ...] = ()
    vendor: str = Field(max_length=200)
    licence: str = Field(max_length=100)
    support: str = Field(default="", max_length=200)
    #: Tables, routes, permissions, consumers… that installing brings, as ``addon plan`` shows them.
    touches: Mapping[str, tuple[str, ...]]
    #: What its files allow themselves beyond the static gate, with their reasons.
    allowances: tuple[str, ...] = ()
    #: Path -> SHA-256 in hexadecimal.
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose signature and hashes are right."""

    card: Card
    key: PublicKey
    contents: Mapping[str, bytes]
    raw_card: bytes
    raw_signature: bytes


def pack(
    addon: FoundAddon,
    key_file: Path,
    *,
    touches: Mapping[str, tuple[str, ...]],
    allowances: tuple[str, ...],
    into: Path,
) -> Path:
    """Write the archive of an addon that was checked; the same source gives the same bytes."""
    contents = _files_of(addon)
    said = addon.manifest
    card = Card(
        name=said.name,
        version=said.version,
        title=said.title,
        contract=said.contract,
        requires=said.requires,
        vendor=said.vendor,
        licence=said.licence,
        support=said.support,
        touches=touches,
        allowances=allowances,
        files={name: sha256(body).hexdigest() for name, body in contents.items()},
    )
    raw = orjson.dumps(card.model_dump(), option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, body in ((CARD, raw), (SIGNATURE, sign(raw, key_file)), *contents.items()):
            entry = ZipInfo(name, _BEGINNING)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, body)
    path = into / f"{said.name}-{said.version}{SUFFIX}"
    write_durably(path, written.getvalue(), mode=0o644)
    return path


def read_archive(path: Path) -> Archive:
    """Read an archive and hold its files against its signed card; nothing of it is run."""
    try:
        with ZipFile(path) as archive:
            read = _read_entries(archive)
    except (BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise AddonRefusedError(
            _("{path} is no archive of an addon that can be read.", path=str(path))
        ) from error
    raw, signature = read.pop(CARD, b""), read.pop(SIGNATURE, b"")
    if not raw or not signature:
        raise _refused(_("It has no card or no signature: it was not made by `addon pack`."))
    key = signer(raw, signature)
    try:
        card = Card.model_validate_json(raw)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise _refused(_("Its card cannot be read: {told}.", told=told)) from error
    _check_files(card, read)
    return Archive(card, key, read, raw, signature)


def _read_entries(archive: ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _refused(_("It is larger than an addon may be."))
    if len(set(names)) != len(names) or (doubled := twins(names)):
        told = doubled[0] if len(set(names)) == len(names) else "?"
        raise _refused(_("It holds two files of one name: {name}.", name=told))
    read: dict[str, bytes] = {}
    left = MOST_BYTES
    for entry in entries:
        if fault := entry_fault(entry):
            raise _bad_file(entry.filename, fault)
        with archive.open(entry) as file:
            # Never believes the size that the entry claims.
            body = file.read(min(left, _MOST_CARD if entry.filename == CARD else left) + 1)
        left -= len(body)
        if left < 0 or (entry.filename == CARD and len(body) > _MOST_CARD):
            raise _refused(_("It is larger than an addon may be."))
        read[entry.filename] = body
    return read


def _check_files(card: Card, contents: Mapping[str, bytes]) -> None:
    for name, body in contents.items():
        if fault := path_fault(name, card.name):
            raise _bad_file(name, fault)
        if card.files.get(name) != sha256(body).hexdigest():
            raise _bad_file(name, "it is not the file that was signed")
    if missing := sorted(card.files.keys() - contents.keys()):
        raise _bad_file(missing[0], "it is missing")
    if f"addons/{card.name}/manifest.py" not in contents:
        raise _refused(_("It has no manifest.py."))


def _files_of(addon: FoundAddon) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for path in sorted(addon.folder.rglob("*")):
        inside = path.relative_to(addon.folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.is_dir() or hidden or _LEFT_OUT & set(inside.parts):
            continue
        name = f"addons/{addon.name}/{inside.as_posix()}"
        if path.is_symlink() or (fault := path_fault(name, addon.name)):
            raise _bad_file(name, "it is a link" if path.is_symlink() else fault)
        contents[name] = path.read_bytes()
    return contents


def _refused(why: LazyText) -> AddonRefusedError:
    return AddonRefusedError(_("This archive is refused. {why}", why=why))


def _bad_file(name: str, fault: str) -> AddonRefusedError:
    told: dict[str, Any] = {"name": repr(name), "fault": fault}
    return _refused(_("{name}: {fault}.", **told))
