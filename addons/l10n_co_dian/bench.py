"""What one signed document costs, against what nobody can avoid.

The limit is the RSA-2048 signature plus one parse, one canonicalisation with its hash and one
serialisation of the same document. Variants are interleaved, so that load from neighbours hits
all alike; trust the ratio more than the figures.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from addons.l10n_co_dian.certificates import SigningIdentity, make_test_chain
from addons.l10n_co_dian.safe_xml import parse
from addons.l10n_co_dian.samples import coded, sample_document
from addons.l10n_co_dian.ubl import build_xml
from addons.l10n_co_dian.xades import sign


def signing_figures(
    *, lines: int = 10, rounds: int = 9, repeats: int = 40
) -> tuple[list[float], list[float]]:
    """Time documents of ``lines`` lines, in milliseconds: (each code + build + sign, each limit).

    ``rounds`` × ``repeats`` of both. The house target is a median of at most twice the limit's.
    """
    snapshot = sample_document("01", lines=lines)
    when = snapshot.issued_at
    identity = make_test_chain("Banco de pruebas", snapshot.issuer.id_number, when)
    xml = build_xml(snapshot)
    root = parse(xml)

    def whole() -> None:
        sign(build_xml(coded(snapshot)), identity.key, identity.chain, when)

    def limit() -> None:
        _unavoidable(xml, root, identity)

    times: dict[Callable[[], None], list[float]] = {whole: [], limit: []}
    for _round in range(rounds):
        for variant, measured in times.items():
            gc.collect()
            for _repeat in range(repeats):
                start = perf_counter()
                variant()
                measured.append((perf_counter() - start) * 1000)
    return times[whole], times[limit]


def _unavoidable(xml: bytes, root: etree._Element, identity: SigningIdentity) -> None:
    identity.key.sign(xml[:1200], PKCS1v15(), SHA256())
    etree.fromstring(xml)
    hashlib.sha256(etree.tostring(root, method="c14n")).digest()
    etree.tostring(root, xml_declaration=True, encoding="UTF-8")
