"""The settings of one installation, read once from the environment; nothing else reads it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from typing import ClassVar, Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from core.errors import PlatformError

Profile: TypeAlias = Literal["development", "production", "testing"]
DEFAULT_PORT: Final = 8000
#: Characters of GUADUA_SECRET_KEY; what we generate has 43.
SHORTEST_KEY: Final = 32
_KEY_FILE: Final = "secret.key"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class SettingsError(PlatformError):
    """A setting is missing or cannot be right; the message names the variable."""

    code: ClassVar[str] = "settings.invalid"
    http_status: ClassVar[int] = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator decides. Secrets are left out of ``repr``."""

    profile: Profile
    #: The application role's; an embedded SQLite file when nothing is said.
    database_url: str = field(repr=False)
    #: The owner's, for install, upgrade and backup only; empty where the database has no roles.
    owner_database_url: str = field(default="", repr=False)
    broker_url: str = field(default="", repr=False)
    data_dir: Path
    secret_key: str = field(repr=False)
    #: Files of the two key-encryption keys; the signing one only a worker holds.
    kek_file: Path | None = None
    signing_kek_file: Path | None = None
    addons_path: tuple[Path, ...] = ()
    #: Addons whose pages this process answers; empty means all.
    serve: frozenset[str] = frozenset()
    public_url: str
    host: str
    port: int
    #: Web processes; one on SQLite, which has one writer anyway.
    processes: int = 1
    threads: int = 8
    #: Reverse proxies in front whose X-Forwarded-For is believed.
    proxies: int = 0
    metrics_token: str = field(default="", repr=False)
    #: Where the authority's schemas are, if not where ``dian schemas fetch`` puts them.
    dian_schemas: Path | None = None
    #: Where ``dian schemas fetch`` finds the authority's toolbox, and what it must hash to.
    dian_schemas_url: str = ""
    dian_schemas_sha256: str = ""
    test_database_url: str = field(default="", repr=False)

    @property
    def embedded(self) -> bool:
        """Tell whether the database is a file of this machine."""
        return self.database_url.startswith("sqlite")

    @property
    def https(self) -> bool:
        """Tell whether people reach us encrypted."""
        return self.public_url.startswith("https://")

    @property
    def origin(self) -> str:
        """Scheme, host and port that pages are served from."""
        return self.public_url

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] | None = None, profile: Profile | None = None
    ) -> Settings:
        """Read every ``GUADUA_…`` variable; refuse what is wrong by naming it."""
        read = _Reader(os.environ if environ is None else environ)
        chosen = profile or read.profile()
        folder = read.path("GUADUA_DATA_DIR") or Path("var").absolute()
        database = read.database("GUADUA_DATABASE_URL") or f"sqlite:///{folder / 'guadua.db'}"
        port = read.number("PORT", DEFAULT_PORT, 1, 65535)
        embedded = database.startswith("sqlite")
        cores = os.cpu_count() or 1
        return cls(
            profile=chosen,
            database_url=database,
            owner_database_url=read.database("GUADUA_OWNER_DATABASE_URL"),
            broker_url=read.url("GUADUA_BROKER_URL", "redis", "rediss", "amqp", "amqps"),
            data_dir=folder,
            secret_key=read.secret(folder, generated=embedded or chosen != "production"),
            kek_file=read.path("GUADUA_KEK_FILE"),
            signing_kek_file=read.path("GUADUA_SIGNING_KEK_FILE"),
            addons_path=read.paths("GUADUA_ADDONS_PATH"),
            serve=read.names("GUADUA_SERVE"),
            public_url=read.url("GUADUA_PUBLIC_URL", "http", "https").rstrip("/")
            or f"http://localhost:{port}",
            host=read.text("GUADUA_HOST") or "127.0.0.1",
            port=port,
            processes=read.number("GUADUA_PROCESSES", 1 if embedded else cores, 1, 64),
            threads=read.number("GUADUA_THREADS", 8, 1, 256),
            proxies=read.number("GUADUA_PROXIES", 0, 0, 5),
            metrics_token=read.text("GUADUA_METRICS_TOKEN"),
            dian_schemas=read.path("GUADUA_DIAN_SCHEMAS"),
            dian_schemas_url=read.url("GUADUA_DIAN_SCHEMAS_URL", "https", "http", "file"),
            dian_schemas_sha256=read.digest("GUADUA_DIAN_SCHEMAS_SHA256"),
            test_database_url=read.database("GUADUA_TEST_DATABASE_URL"),
        )


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str:
        return self._environ.get(name, "").strip()

    def profile(self) -> Profile:
        said = self.text("GUADUA_PROFILE") or "development"
        for known in get_args(Profile):
            if said == known:
                profile: Profile = known
                return profile
        raise SettingsError(f"GUADUA_PROFILE is {said!r}: use {', '.join(get_args(Profile))}.")

    def path(self, name: str) -> Path | None:
        said = self.text(name)
        return Path(said).expanduser().absolute() if said else None

    def paths(self, name: str) -> tuple[Path, ...]:
        found = tuple(
            Path(part).expanduser().absolute() for part in self.text(name).split(os.pathsep) if part
        )
        for folder in found:
            if not folder.is_dir():
                raise SettingsError(f"{name} names {folder}, which is no directory.")
        return found

    def names(self, name: str) -> frozenset[str]:
        return frozenset(part.strip() for part in self.text(name).split(",") if part.strip())

    def number(self, name: str, default: int, least: int, most: int) -> int:
        said = self.text(name)
        if not said:
            return default
        if not said.isdecimal() or not least <= int(said) <= most:
            raise SettingsError(f"{name} is {said!r}: it must be a number from {least} to {most}.")
        return int(said)

    def url(self, name: str, *schemes: str) -> str:
        said = self.text(name)
        parts = urlsplit(said)
        placed = bool(parts.path if parts.scheme == "file" else parts.netloc)
        if said and (parts.scheme not in schemes or not placed):
            raise SettingsError(f"{name} must be a URL that starts with {', '.join(schemes)}.")
        return said

    def digest(self, name: str) -> str:
        said = self.text(name).lower()
        if said and not _SHA256.fullmatch(said):
            raise SettingsError(f"{name} must be a SHA-256: 64 hexadecimal digits.")
        return said

    def database(self, name: str) -> str:
        said = self.text(name)
        if said and said.partition(":")[0].partition("+")[0] not in {"postgresql", "sqlite"}:
            raise SettingsError(f"{name} must start with postgresql:// or sqlite:///.")
        return said

    def secret(self, folder: Path, *, generated: bool) -> str:
        said = self.text("GUADUA_SECRET_KEY")
        if not said and not generated:
            raise SettingsError(
                "GUADUA_SECRET_KEY is not set. Several processes need the same one: make it with "
                "python -c 'import secrets; print(secrets.token_urlsafe(32))'."
            )
        if said and len(said) < SHORTEST_KEY:
            raise SettingsError(f"GUADUA_SECRET_KEY is shorter than {SHORTEST_KEY} characters.")
        return said or _kept_secret(folder / _KEY_FILE)


def _kept_secret(file: Path) -> str:
    """Read the key of an embedded installation; whoever comes first makes it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = file.read_text(encoding="ascii").strip()
        if len(kept) < SHORTEST_KEY:
            raise SettingsError(
                f"{file} holds no key: delete it, or set GUADUA_SECRET_KEY."
            ) from None
        return kept
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(fresh := token_urlsafe(32))
    return fresh
