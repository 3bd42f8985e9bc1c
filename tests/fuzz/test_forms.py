"""Whatever is typed into a form is answered, kept, and shown as text."""

from __future__ import annotations

import os
from random import Random

import pytest

from tests.fuzz.forms import Sender
from tests.tenancy.conftest import Town
from tests.tenancy.matrix import ids_of, rows_of

pytestmark = pytest.mark.campaign

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
#: Of each form, on each engine.
TIMES = 300 if NIGHTLY else 30


def test_whatever_is_typed_is_answered_kept_and_shown_as_text(town: Town) -> None:
    house = town.site.house
    before = rows_of(house, house.pharmacy.id)
    both = (ids_of(house, tenant.id) for tenant in (house.bakery, house.pharmacy))
    ids = [str(one) for tables in both for few in tables.values() for one in few]
    random = Random() if NIGHTLY else Random(20260316)
    sender = Sender(town, town.site.browser("owner@bakery.co"), ids, random)
    forms = sender.forms()
    for form in forms.values():
        sender.send(form, TIMES)
    assert sender.faults == {}, "\n".join(f"{k}\n  {v}" for k, v in sender.faults.items())
    assert len(sender.stored) > 5, "hardly anything was saved"
    assert rows_of(house, house.pharmacy.id) == before
