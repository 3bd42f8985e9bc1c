"""The card every addon carries at its door; readable without importing its models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.errors import PlatformError

#: Raised by one whenever a hook changes in a way that breaks an addon.
CONTRACT_VERSION: Final = 1
#: Addons for these load: the present contract and the one before.
CONTRACTS_SPOKEN: Final = (CONTRACT_VERSION - 1, CONTRACT_VERSION)

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")


class ManifestError(PlatformError):
    """A manifest that nobody could rely on."""

    code = "addons.bad_manifest"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonManifest:
    """What the platform must know before it imports an addon's code.

    ``title`` and ``summary`` are what an owner reads in the Apps page (English source text, Spanish
    in the addon's catalogue). ``requires`` names addons whose services it calls. ``asks`` says in
    plain words what it will do with the business's data; it is shown before enabling.
    """

    name: str
    version: str
    title: str
    summary: str
    contract: int
    category: str = "other"
    icon: str = "puzzle"
    requires: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    vendor: str = "Guadua"
    licence: str = "Apache-2.0"
    support: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ManifestError(f"{self.name!r} is no addon name: lower case, digits and _")
        if not _VERSION.fullmatch(self.version):
            raise ManifestError(f"{self.version!r} is no version: write 1.2.3")
        if self.name in self.requires:
            raise ManifestError(f"{self.name} requires itself")

    @property
    def table_prefix(self) -> str:
        """Every table of this addon starts with this."""
        return f"{self.name}_"


def version_numbers(version: str) -> tuple[int, ...]:
    """Give ``1.2.10`` as numbers, which compare as versions do."""
    return tuple(int(part) for part in version.split("."))
