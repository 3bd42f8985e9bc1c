"""Whatever a program sends to the API is answered, and changes nothing of another business."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.api import prepared, run
from tests.tenancy.conftest import Town
from tests.tenancy.matrix import rows_of

pytestmark = pytest.mark.campaign

#: On each engine.
REQUESTS = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 1_000


def test_whatever_is_sent_is_answered_as_declared(town: Town) -> None:
    house = town.site.house
    before = rows_of(house, house.pharmacy.id)
    campaign = prepared(town)
    run(campaign, REQUESTS)
    assert campaign.faults == {}, "\n".join(f"{k}\n  {v}" for k, v in campaign.faults.items())
    assert campaign.asked >= 0.9 * REQUESTS
    assert len(campaign.reached) > 15, "hardly anything was found or saved"
    assert rows_of(house, house.pharmacy.id) == before
