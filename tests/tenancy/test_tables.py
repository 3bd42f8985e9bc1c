"""Every table of every addon stands behind the walls: nothing comes out where nobody is named."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.db.engine import open_owner
from core.testing.house import House
from core.testing.web import Site
from tests.tenancy.conftest import stocked
from tests.tenancy.matrix import tenant_tables

pytestmark = pytest.mark.services


def test_without_a_business_every_table_answers_with_an_error(site: Site, house: House) -> None:
    if house.database.kind != "postgresql":
        return
    stocked(house, house.pharmacy, (("GAS", "1"),))
    tables = [table.name for table in tenant_tables(house)]
    assert len(tables) > 30
    # No guard of ours in between: this is the database alone, as the application's role.
    engine = open_owner(house.database.engine.url.render_as_string(hide_password=False))
    shown = []
    for name in tables:
        for view in (name, f"{name}_v"):
            with engine.connect() as connection:
                try:
                    connection.execute(text(f"SELECT count(*) FROM {view}"))
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", "") in {"42704", "22P02"}:
                        continue
                shown.append(view)
    engine.dispose()
    assert shown == []


def test_as_one_business_no_table_shows_a_row_of_the_other(site: Site, house: House) -> None:
    if house.database.kind != "postgresql":
        return
    stocked(house, house.pharmacy, (("GAS", "1"),))
    engine = open_owner(house.database.engine.url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        connection.execute(text("SELECT set_config('app.tenant', '1', false)"))
        for table in tenant_tables(house):
            for view in (table.name, f"{table.name}_v"):
                query = text(f"SELECT count(*) FROM {view} WHERE tenant_id <> 1")
                assert connection.execute(query).scalar_one() == 0, view
    engine.dispose()
