"""What the start page says of the documents of today."""

from __future__ import annotations

from datetime import timedelta

import pytest

from addons.edi.figures import figures
from tests.documents.shop import Shop

pytestmark = pytest.mark.services


def said(shop: Shop) -> list[tuple[str, str, str]]:
    with shop.house.unit(shop.tenant, writes=False) as session:
        return [(one.value, str(one.meaning), one.url) for one in figures(session)]


def test_accepted_documents_of_today_are_counted_and_yesterdays_are_not(shop: Shop) -> None:
    assert said(shop) == []
    shop.sell()
    page = "/edi/documents?state="
    assert said(shop) == [("0 de 1", "aceptados; sin respuesta: 1", f"{page}waiting")]
    shop.work()
    shop.sell()
    shop.work()
    assert said(shop) == [("2 de 2", "aceptados hoy por la DIAN", f"{page}accepted")]
    shop.clock.advance(timedelta(days=1))
    assert said(shop) == []


def test_a_business_counts_its_own(shop: Shop, other: Shop) -> None:
    other.sell()
    other.work()
    assert said(shop) == []
    assert said(other)[0][0] == "1 de 1"
