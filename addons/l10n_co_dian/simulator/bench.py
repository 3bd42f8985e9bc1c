"""How many documents a second the simulated authority judges: ``python -m …simulator.bench``.

Signed invoices of ten lines go through the WSGI application, without HTTP: security, archive,
schema, signature, rules, a signed verdict, and the ledger on disk.
"""

# allow source.files: measures with a folder that is thrown away

from __future__ import annotations

import sys
import tempfile
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding

from addons.l10n_co_dian.certificates import SigningIdentity, make_test_chain
from addons.l10n_co_dian.samples import (
    SAMPLE_KEY,
    SAMPLE_NIT,
    SAMPLE_PIN,
    coded,
    sample_document,
)
from addons.l10n_co_dian.simulator.app import PATH, Simulator
from addons.l10n_co_dian.simulator.config import Issuer, Range, SimulatorConfig, Software
from addons.l10n_co_dian.snapshot import DocumentSnapshot
from addons.l10n_co_dian.soap.envelope import Signer, build_request
from addons.l10n_co_dian.soap.operations import OPERATIONS
from addons.l10n_co_dian.soap.package import pack
from addons.l10n_co_dian.ubl import build_xml
from addons.l10n_co_dian.xades import BOGOTA, sign
from core.clock import StoppedClock, SystemClock

_HOST: Final = "127.0.0.1:8390"
_WARM_UP: Final = 10


def measure(documents: int) -> tuple[float, float]:
    """Give documents per second of this processor, and per second of the clock on the wall."""
    clock = StoppedClock(SystemClock().now())
    shop = make_test_chain("Panadería La Guadua S.A.S.", SAMPLE_NIT, clock.now())
    sample = sample_document("01", issued_at=clock.now().astimezone(BOGOTA))
    requests = [
        _request(sample, number, shop, clock) for number in range(1, documents + _WARM_UP + 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        simulator = Simulator(_config(sample, shop, Path(folder)), clock)
        for request in requests[:_WARM_UP]:
            _post(simulator, request)
        busy, wall = process_time(), perf_counter()
        for request in requests[_WARM_UP:]:
            _post(simulator, request)
        busy, wall = process_time() - busy, perf_counter() - wall
        simulator.ledger.close()
    return documents / busy, documents / wall


def _request(
    sample: DocumentSnapshot, number: int, shop: SigningIdentity, clock: StoppedClock
) -> bytes:
    snapshot = coded(replace(sample, number=f"{sample.prefix}{990_000_000 + number}"))
    archive = pack("fv1.xml", sign(build_xml(snapshot), shop.key, shop.chain, clock.now()))
    arguments = {"fileName": "z1.zip", "contentFile": b64encode(archive).decode()}
    return build_request(
        OPERATIONS["SendBillSync"],
        arguments,
        to=f"http://{_HOST}{PATH}",
        signer=Signer(shop.key, shop.chain[0]),
        now=clock.now(),
    )


def _config(sample: DocumentSnapshot, shop: SigningIdentity, folder: Path) -> SimulatorConfig:
    numbering = sample.range
    if numbering is None:  # the sample of type 01 always has one
        raise ValueError("the sample has no range")
    range_ = Range(
        nit=SAMPLE_NIT,
        resolution=numbering.resolution,
        prefix=numbering.prefix,
        first=numbering.first,
        last=numbering.last,
        valid_from=numbering.valid_from,
        valid_to=numbering.valid_to,
        technical_key=SAMPLE_KEY,
    )
    pem = "".join(c.public_bytes(Encoding.PEM).decode() for c in shop.chain[1:])
    return SimulatorConfig(
        issuers=(Issuer(nit=SAMPLE_NIT, name="Panadería La Guadua"),),
        ranges=(range_,),
        software=(Software(id=sample.software.id, pin=SAMPLE_PIN, owner_nit=SAMPLE_NIT),),
        trusted=(pem,),
        ledger=folder / "ledger.sqlite3",
    )


def _post(simulator: Simulator, request: bytes) -> None:
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "HTTP_HOST": _HOST,
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(request)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request),
    }
    answer = b"".join(simulator(environ, lambda _status, _headers: lambda _bytes: None))  # type: ignore[arg-type]
    if b"<b:StatusCode>00<" not in answer:
        raise RuntimeError(answer[:2000].decode())


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    documents = int(argv[0]) if argv else 500
    per_processor, per_second = measure(documents)
    sys.stdout.write(
        f"{per_processor:.0f} documents per second of one processor, "
        f"{per_second:.0f} per second on the wall (ledger synced to disk for each)\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
