"""The archive: always the same bytes, and exactly one document."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from addons.l10n_co_dian.soap.errors import PackageError
from addons.l10n_co_dian.soap.package import LARGEST_DOCUMENT, Document, pack, unpack


def archive(*entries: tuple[str, bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as opened:
        for name, content in entries:
            opened.writestr(name, content)
    return buffer.getvalue()


def test_the_same_document_gives_the_same_archive() -> None:
    assert pack("fv1.xml", b"<a/>") == pack("fv1.xml", b"<a/>")
    assert pack("fv1.xml", b"<a/>") != pack("fv2.xml", b"<a/>")


def test_what_was_packed_comes_out() -> None:
    assert unpack(pack("fv1.xml", b"<a/>")) == Document("fv1.xml", b"<a/>")


@pytest.mark.parametrize("name", ["fv1.txt", "a/fv1.xml", "..\\fv1.xml", ""])
def test_a_name_that_is_no_plain_file_name_is_refused(name: str) -> None:
    with pytest.raises(PackageError):
        pack(name, b"<a/>")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK not a zip",
        archive(),
        archive(("a.xml", b"<a/>"), ("b.xml", b"<b/>")),
        archive(("a.txt", b"<a/>")),
        archive(("folder/", b"")),
        archive(("bomb.xml", b" " * (LARGEST_DOCUMENT + 1))),
        pack("a.xml", b"<a/>" * 99)[:-30],
        pack("a.xml", b"<a/>" * 99)[:40] + b"\x00" * 9 + pack("a.xml", b"<a/>" * 99)[49:],
    ],
)
def test_an_archive_without_exactly_one_document_is_refused(content: bytes) -> None:
    with pytest.raises(PackageError):
        unpack(content)
