"""The authority's XML schemas: where they are, checking against them, fetching them.

They belong to DIAN and OASIS and are not part of this program. A deployment fetches the official
toolbox once ("Caja de herramientas FE"), checks it against a known SHA-256, and keeps only its
schemas in the data directory.
"""

# allow source.files: DIAN's schemas are the installation's, not a business's

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from argparse import Namespace
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx
from lxml import etree

from addons.l10n_co_dian.errors import SchemasFetchError, SchemasMissingError
from addons.l10n_co_dian.safe_xml import parse, safe_parser
from core.i18n import _

#: Root element to its schema, below the folder that holds ``maindoc`` and ``common``.
ROOTS: Final = {
    name: f"maindoc/UBL-{name}-2.1.xsd"
    for name in ("Invoice", "CreditNote", "DebitNote", "ApplicationResponse", "AttachedDocument")
}
_LANDMARK: Final = "maindoc/UBL-Invoice-2.1.xsd"
_BESIDE: Final = Path(__file__).resolve().parents[2].parent / "shared/data/dian/xsd"
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"

MAX_DOWNLOAD: Final = 200 * 1024 * 1024
MAX_FILE: Final = 8 * 1024 * 1024
MAX_FILES: Final = 400
#: Of all schemas together, unpacked: UBL 2.1 has some five megabytes.
MAX_UNPACKED: Final = 64 * 1024 * 1024
_PIECE: Final = 1024 * 1024

_compiled: dict[tuple[Path, str], etree.XMLSchema] = {}
_lock: Final = Lock()


def find_schemas(folder: Path | None) -> Path | None:
    """Find the schemas in ``folder`` or below it, else in reference data beside the program.

    ``folder`` is what the settings name (``GUADUA_DIAN_SCHEMAS``), or the data folder. None where
    there is nothing.
    """
    for candidate in (folder, _BESIDE):
        if candidate and (found := _below(candidate)) is not None:
            return found
    return None


def schemas_of(options: Namespace) -> Path | None:
    """Give the folder that a command's installation has them in; None without an installation."""
    place = getattr(options, "installation", None)
    return (place.settings.dian_schemas or place.settings.data_dir) if place else None


def _below(folder: Path) -> Path | None:
    for below in (".", "xsd", "dian/xsd", "dian"):
        if (folder / below / _LANDMARK).is_file():
            return (folder / below).resolve()
    return None


def validate(xml: bytes, folder: Path | None = None) -> list[str]:
    """Check a document against its schema; give each fault with its line, none when valid.

    Raises ``UnreadableDocumentError`` for what is not XML and ``SchemasMissingError`` where the
    schemas are not installed. An unknown root is one fault.
    """
    return validate_root(parse(xml), folder)


def validate_root(root: etree._Element, folder: Path | None) -> list[str]:
    """Check a document that was parsed safely already."""
    name = etree.QName(root)
    if name.localname not in ROOTS or name.namespace != f"{_UBL}{name.localname}-2":
        return [str(_("There is no schema for the root element {name}.", name=name.text))]
    found = find_schemas(folder)
    if found is None:
        raise SchemasMissingError(
            _("The authority's schemas are not installed. Run: manage.py dian schemas fetch.")
        )
    # A compiled schema keeps the faults of its last use: one user at a time.
    with _lock:
        schema = _compiled.get((found, name.localname))
        if schema is None:
            source = etree.parse(found / ROOTS[name.localname], safe_parser())
            schema = _compiled[found, name.localname] = etree.XMLSchema(source)
        schema.validate(root.getroottree())
        return [f"{fault.line}: {fault.message}" for fault in schema.error_log]


def fetch_schemas(url: str, sha256: str, target: Path, *, timeout: float = 60) -> Path:
    """Download the official toolbox, check it, and put its schemas into ``target``/xsd.

    ``sha256`` is the hexadecimal digest that the settings pin; ``url`` may name a file of this
    computer (file:///…). Anything unexpected is refused and leaves ``target`` as it was: another
    digest, a plain-text address that is not this computer, paths that lead outside, too many or too
    large files, no schemas inside. Gives the folder.
    """
    parts = urlsplit(url)
    here = parts.hostname in {"127.0.0.1", "::1", "localhost"} or parts.scheme == "file"
    if parts.scheme not in {"https", "http", "file"} or not (here or parts.scheme == "https"):
        raise SchemasFetchError(_("The toolbox is only fetched over https."))
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target, prefix=".fetch-") as scratch:
        archive = Path(scratch) / "toolbox.zip"
        if _kept(url, archive, timeout) != sha256.strip().lower():
            raise SchemasFetchError(
                _("The toolbox is not the expected one: its SHA-256 differs from the settings.")
            )
        fresh = Path(scratch) / "xsd"
        _extract(archive, fresh)
        _replace(fresh, target / "xsd")
    with _lock:
        _compiled.clear()
    return target / "xsd"


def _kept(url: str, archive: Path, timeout: float) -> str:
    """Write what lies at ``url`` into ``archive``; give its SHA-256."""
    digest, size = hashlib.sha256(), 0
    chunks = _read(url) if url.startswith("file:") else _download(url, timeout)
    try:
        with archive.open("wb") as out, closing(chunks):
            for chunk in chunks:
                size += len(chunk)
                if size > MAX_DOWNLOAD:
                    raise SchemasFetchError(_("The toolbox is too large."))
                digest.update(chunk)
                out.write(chunk)
    except (httpx.HTTPError, OSError) as error:
        raise SchemasFetchError(
            _("The toolbox could not be fetched: {reason}", reason=str(error))
        ) from error
    return digest.hexdigest()


def _download(url: str, timeout: float) -> Generator[bytes]:
    with httpx.stream("GET", url, timeout=timeout, follow_redirects=False) as answer:
        answer.raise_for_status()
        yield from answer.iter_bytes()


def _read(url: str) -> Generator[bytes]:
    with Path(url2pathname(urlsplit(url).path)).open("rb") as source:
        while chunk := source.read(_PIECE):
            yield chunk


def _extract(archive: Path, fresh: Path) -> None:
    """Take the schemas out, keeping only ``<folder>/<file>.xsd`` of each path."""
    try:
        with zipfile.ZipFile(archive) as bundle:
            for info, place in _schemas_in(bundle):
                goal = fresh / place
                goal.parent.mkdir(parents=True, exist_ok=True)
                with bundle.open(info) as source:
                    content = source.read(MAX_FILE + 1)
                if len(content) > MAX_FILE:
                    raise SchemasFetchError(_("A schema in the toolbox is too large."))
                goal.write_bytes(content)
    except zipfile.BadZipFile as error:
        raise SchemasFetchError(_("The toolbox is not a ZIP file.")) from error
    if not (fresh / _LANDMARK).is_file():
        raise SchemasFetchError(_("The toolbox holds no schemas where they were expected."))


def _schemas_in(bundle: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    count, size = 0, 0
    for info in bundle.infolist():
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            raise SchemasFetchError(_("The toolbox holds a path that leads outside."))
        if info.is_dir() or path.suffix.lower() != ".xsd" or len(path.parts) < 2:
            continue
        folder = path.parts[-2].lower()
        if folder not in {"maindoc", "common"}:
            continue
        count, size = count + 1, size + info.file_size
        if count > MAX_FILES or info.file_size > MAX_FILE or size > MAX_UNPACKED:
            raise SchemasFetchError(_("A schema in the toolbox is too large."))
        yield info, f"{folder}/{path.name}"


def _replace(fresh: Path, goal: Path) -> None:
    """Put the new folder in the place of the old one, which goes only once the new is there."""
    old = goal.with_name(".xsd-old")
    shutil.rmtree(old, ignore_errors=True)
    if goal.exists():
        goal.rename(old)
    fresh.rename(goal)
    shutil.rmtree(old, ignore_errors=True)
