"""The commands of the Colombian documents: ``manage.py dian …``.

Every process learns that they exist; only the one that runs a command loads what it needs.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from addons.l10n_co_dian.errors import SchemasFetchError
from core.addons.parts import Command
from core.i18n import _

#: Below the data folder: what ``dian simulate --config`` of a demonstration reads.
CONFIG: Final = Path("dian") / "simulator.json"


def configure_inspect(parser: ArgumentParser) -> None:
    """Say what ``dian inspect`` takes."""
    from addons.l10n_co_dian import inspect  # noqa: PLC0415 - see above

    inspect.configure_inspect(parser)


def run_inspect(options: Namespace) -> int:
    """Report on documents."""
    from addons.l10n_co_dian import inspect  # noqa: PLC0415

    return inspect.run_inspect(options)


def configure_simulate(parser: ArgumentParser) -> None:
    """Say what ``dian simulate`` takes."""
    from addons.l10n_co_dian.simulator import server  # noqa: PLC0415

    server.configure_simulate(parser)


def run_simulate(options: Namespace) -> int:
    """Serve a simulated authority until told to stop."""
    from addons.l10n_co_dian.simulator import server  # noqa: PLC0415

    return server.run_simulate(options)


def configure_schemas(parser: ArgumentParser) -> None:
    """Say what ``dian schemas`` takes."""
    parser.add_argument("what", choices=("fetch", "find"))
    parser.add_argument("--url", help="the toolbox, a ZIP; else GUADUA_DIAN_SCHEMAS_URL")
    parser.add_argument("--sha256", help="its digest; else GUADUA_DIAN_SCHEMAS_SHA256")
    parser.add_argument("--folder", type=Path, help="where to keep them; else the data folder")


def run_schemas(options: Namespace) -> int:
    """Fetch the authority's schemas once, or tell where they are."""
    from addons.l10n_co_dian.schemas import fetch_schemas, find_schemas, schemas_of  # noqa: PLC0415

    settings = options.installation.settings
    if options.what == "find":
        found = find_schemas(options.folder or schemas_of(options))
        sys.stdout.write(f"{found or 'not installed'}\n")
        return 0 if found else 1
    folder = options.folder or settings.data_dir
    url = options.url or settings.dian_schemas_url
    sha256 = options.sha256 or settings.dian_schemas_sha256
    if not url:
        raise SchemasFetchError(
            _("Say where the toolbox is: set GUADUA_DIAN_SCHEMAS_URL, or give --url.")
        )
    if not sha256:
        raise SchemasFetchError(
            _(
                "No digest is pinned, so any file would be trusted. Run sha256sum on a toolbox "
                "that you trust and set GUADUA_DIAN_SCHEMAS_SHA256 to it, or give --sha256."
            )
        )
    sys.stdout.write(f"{fetch_schemas(url, sha256, folder / 'dian')}\n")
    return 0


COMMANDS: Final = (
    Command(
        "dian",
        "inspect",
        "tell what an electronic document is; check its code, signature and schema",
        configure_inspect,
        run_inspect,
    ),
    Command(
        "dian",
        "simulate",
        "serve a simulated tax authority on this machine",
        configure_simulate,
        run_simulate,
    ),
    Command("dian", "schemas", "fetch the authority's schemas", configure_schemas, run_schemas),
)
