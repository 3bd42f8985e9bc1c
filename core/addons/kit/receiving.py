"""Takes a signed archive in: compatibility, trust, and an exchange of folders that is whole."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from core.addons.discovery import Discovery, FoundAddon, read_manifest
from core.addons.errors import AddonRefusedError
from core.addons.kit.archive import Archive, read_archive
from core.addons.kit.signing import PublicKey, signer, trusted
from core.addons.kit.source_rules import source_findings
from core.addons.manifest import CONTRACTS_SPOKEN, AddonManifest, version_numbers
from core.i18n import _
from core.platform.files import sync_folder, write_durably

#: In the addon's folder: the card it came with, and its signature.
_CARD: Final = ".card.json"
_SIGNATURE: Final = ".card.sig"


def receive(path: Path, place: Path, data_dir: Path, discovery: Discovery) -> AddonManifest:
    """Unpack the archive at ``path`` into ``place/<name>`` when everything about it is right.

    Refused: a key that the operator does not trust, a contract that is not spoken, what it requires
    and is not there, an older version, another author than before, an addon of the repository. The
    former folder is exchanged in one step; when anything fails it is as it was.
    """
    archive = read_archive(path)
    _check_trust(archive.key, data_dir)
    _check_compatible(archive, discovery)
    target = place / archive.card.name
    _check_former(archive, target, discovery)
    fresh, old = (place / f".{archive.card.name}.{state}" for state in ("new", "old"))
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    _unpack(archive, fresh)
    try:
        manifest = _manifest(fresh, archive)
    except Exception:
        shutil.rmtree(fresh)
        raise
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    sync_folder(place)
    shutil.rmtree(old, ignore_errors=True)
    return manifest


def _check_trust(key: PublicKey, data_dir: Path) -> None:
    if key not in set(trusted(data_dir)):
        raise AddonRefusedError(
            _(
                "Nobody trusts the key {fingerprint} here. Compare it with what its author says,"
                " then run: manage.py addon trust KEY.pub",
                fingerprint=key.fingerprint,
            )
        )


def _check_compatible(archive: Archive, discovery: Discovery) -> None:
    card = archive.card
    if card.contract not in CONTRACTS_SPOKEN:
        spoken = ", ".join(str(one) for one in CONTRACTS_SPOKEN)
        raise AddonRefusedError(
            _(
                "{name} speaks contract {contract}; here {spoken} are spoken. Ask for a version"
                " that fits, or upgrade.",
                name=card.name,
                contract=card.contract,
                spoken=spoken,
            )
        )
    if missing := [name for name in card.requires if name not in discovery.found]:
        raise AddonRefusedError(
            _("{name} needs {missing}, which is not here.", name=card.name, missing=missing[0])
        )


def _check_former(archive: Archive, target: Path, discovery: Discovery) -> None:
    card = archive.card
    known = discovery.found.get(card.name)
    if known is None:
        return
    if known.folder.resolve() != target.resolve():
        raise AddonRefusedError(
            _("There is another {name} already, in {folder}.", name=card.name, folder=known.folder)
        )
    author = _author(known)
    if author is None or author != archive.key:
        raise AddonRefusedError(
            _("The {name} that is here comes from somebody else.", name=card.name)
        )
    if version_numbers(card.version) < version_numbers(known.manifest.version):
        raise AddonRefusedError(
            _(
                "{name} is here in version {there}; {version} is older, and a database never goes"
                " back.",
                name=card.name,
                there=known.manifest.version,
                version=card.version,
            )
        )


def _author(addon: FoundAddon) -> PublicKey | None:
    card, signature = addon.folder / _CARD, addon.folder / _SIGNATURE
    if not card.exists() or not signature.exists():
        return None
    return signer(card.read_bytes(), signature.read_bytes())


def _unpack(archive: Archive, folder: Path) -> None:
    prefix = f"addons/{archive.card.name}/"
    for name, body in archive.contents.items():
        path = folder / name.removeprefix(prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, body, mode=0o644)
    write_durably(folder / _CARD, archive.raw_card, mode=0o644)
    write_durably(folder / _SIGNATURE, archive.raw_signature, mode=0o644)


def _manifest(folder: Path, archive: Archive) -> AddonManifest:
    """Read the manifest that was signed, and see that the card told the truth about it."""
    if faults := list(source_findings(folder)):
        raise AddonRefusedError(_("This archive is refused. {why}", why=str(faults[0])))
    said, card = read_manifest(folder, archive.card.name), archive.card
    told = (said.name, said.version, said.contract, said.requires, said.vendor)
    if told != (card.name, card.version, card.contract, card.requires, card.vendor):
        raise AddonRefusedError(_("This archive is refused. Its card and its manifest differ."))
    return said
