"""Migrations: written from the models, run per addon, and never losing a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from core.addons.autogenerate import missing_migrations
from core.addons.discovery import CORE_ADDON
from core.addons.errors import AddonRefusedError, MigrationError
from core.addons.lifecycle import Owner, install, migrate_core, upgrade_addon, upgrade_all
from core.addons.migrations import current, head, refused_steps, unready
from core.addons.schema_change import schema_change
from core.addons.tests.toys import EXTENSION, MODELS, Shelf
from core.clock import StoppedClock
from core.db.base import Base
from core.db.engine import open_owner
from core.ids import uuid7
from core.testing.house import House

pytestmark = pytest.mark.services

CHILD = (
    MODELS
    + """

class Part(TenantBound, Base):
    __tablename__ = "{name}_part"
    __table_args__ = (tenant_foreign_key("thing_id", "{name}_thing"),)

    thing_id: Mapped[UUID]
    sold: Mapped[bool] = mapped_column(default=False)
"""
)

#: A second version: more columns, a rule, a key that SQLite can only add by rebuilding.
GROWN = MODELS.replace(
    'UniqueConstraint("tenant_id", "code"),)',
    'UniqueConstraint("tenant_id", "code"), UniqueConstraint("tenant_id", "label"),'
    ' CheckConstraint("price >= 0", name="price_not_negative"),)',
).replace("from sqlalchemy import", "from sqlalchemy import CheckConstraint,") + (
    "    label: Mapped[str | None]\n"
    "    cost: Mapped[Amount] = mapped_column(default=2)\n"
    "    sold: Mapped[bool] = mapped_column(default=False)\n"
)


def written(path: Path | None) -> str:
    assert path is not None
    return path.read_text(encoding="utf-8")


def test_the_core_has_all_its_migrations() -> None:
    assert missing_migrations([CORE_ADDON]) == []


def test_a_migration_is_readable_and_complete(shelf: Shelf) -> None:
    shelf.add("toy_base", models=CHILD)
    source = written(shelf.migrate("toy_base", "Make things"))
    assert source.startswith('"""Make things."""')
    assert "from core.db.types import Scaled, Whole" in source
    assert 'sa.Column("price", Scaled(4), nullable=False)' in source
    assert '["tenant_id", "thing_id"]' in source
    assert '["toy_base_thing.tenant_id", "toy_base_thing.id"]' in source
    assert "core_tenant" in source
    assert 'create_table(\n        "core_' not in source
    assert missing_migrations(shelf.find().with_requirements("toy_base")) == []
    assert shelf.migrate("toy_base") is None


def test_only_tables_of_the_addon_are_considered(shelf: Shelf) -> None:
    shelf.add("toy_base", models=MODELS)
    shelf.migrate("toy_base")
    shelf.add("toy_base_more", "toy_base", models=MODELS)
    source = written(shelf.migrate("toy_base_more"))
    assert '"toy_base_more_thing"' in source
    assert 'create_table(\n        "toy_base_thing"' not in source


def test_what_models_have_and_migrations_lack_is_named(shelf: Shelf) -> None:
    shelf.add("toy_base", models=MODELS)
    assert missing_migrations(shelf.find().with_requirements("toy_base")) == [
        "create_table toy_base_thing"
    ]


def regrow(shelf: Shelf, models: str, name: str = "toy_base") -> None:
    shelf.forget()
    shelf.add(name, models=models, version="1.1.0")


def test_a_column_that_must_not_be_empty_needs_a_default(shelf: Shelf) -> None:
    shelf.add("toy_base", models=MODELS)
    shelf.migrate("toy_base")
    regrow(shelf, MODELS + "    colour: Mapped[str]\n")
    with pytest.raises(MigrationError, match=r"toy_base_thing\.colour"):
        shelf.migrate("toy_base")


@pytest.mark.parametrize(
    ("models", "taken"),
    [
        (MODELS.replace("    code: Mapped[str]\n", "").replace('"code"', '"price"'), "code"),
        (MODELS.replace("{name}_thing", "{name}_other"), "drop_table toy_base_thing"),
    ],
)
def test_taking_away_is_refused(shelf: Shelf, models: str, taken: str) -> None:
    shelf.add("toy_base", models=MODELS)
    shelf.migrate("toy_base")
    regrow(shelf, models)
    with pytest.raises(MigrationError) as refused:
        shelf.migrate("toy_base")
    assert taken in str(refused.value.context["steps"])
    assert any(
        taken in step for step in missing_migrations(shelf.find().with_requirements("toy_base"))
    )


def test_a_migration_written_by_hand_that_takes_away_is_found(shelf: Shelf) -> None:
    shelf.add("toy_base", models=MODELS)
    path = shelf.migrate("toy_base")
    assert refused_steps(shelf.find().get("toy_base")) == []
    assert path is not None
    path.write_text(written(path) + '    op.drop_column("toy_base_thing", "code")\n')
    (step,) = refused_steps(shelf.find().get("toy_base"))
    assert "drop_column" in step


def test_two_migrations_of_one_number_are_refused(shelf: Shelf) -> None:
    shelf.add("toy_base", models=MODELS)
    path = shelf.migrate("toy_base")
    assert path is not None
    path.with_name("0001_another.py").write_text(written(path))
    with pytest.raises(MigrationError, match="no line"):
        head(shelf.find().get("toy_base"))


def test_code_newer_than_its_tables_does_not_run_and_older_code_does(shelf: Shelf) -> None:
    shelf.add("toy_base", models=MODELS)
    shelf.migrate("toy_base")
    found = shelf.find()
    assert unready(found, {"toy_base": "0001"}) == {}
    assert unready(found, {"toy_base": "0002"}) == {}
    assert "upgrade toy_base" in unready(found, {"toy_base": None})["toy_base"]


# --- in a database ---------------------------------------------------------------------------


def stock(house: House, shelf: Shelf, rows: int = 3) -> None:
    """Give both businesses things of ``toy_base``."""
    thing = shelf.model("toy_base", "Thing")
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant) as session:
            session.add_all(thing(code=f"c{n}", price=n) for n in range(rows))


@pytest.mark.services
def test_the_core_can_be_migrated_again(house: House, owner: Owner, clock: StoppedClock) -> None:
    migrate_core(owner, clock)
    with owner.engine.connect() as connection:
        assert current(connection, "core") == head(CORE_ADDON)


@pytest.mark.services
def test_the_migrated_core_is_what_its_models_say(house: House, owner: Owner) -> None:
    def own(item: Any, name: str, kind: str, _reflected: bool, _other: object) -> bool:
        table = name if kind == "table" else item.table.name
        return bool(table.startswith("core_")) and not table.startswith("core_version_")

    with owner.engine.connect() as connection:
        options = {"include_object": own, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.services
def test_an_upgrade_keeps_the_rows_of_tables_and_of_extensions(
    house: House, owner: Owner, shelf: Shelf, clock: StoppedClock
) -> None:
    shelf.add("toy_base", models=MODELS)
    shelf.add("toy_ext", "toy_base", models=EXTENSION)
    shelf.migrate("toy_base")
    shelf.migrate("toy_ext")
    assert install(owner, shelf.find(), "toy_ext", clock) == ["toy_base", "toy_ext"]
    stock(house, shelf)
    thing, note = shelf.model("toy_base", "Thing"), shelf.model("toy_ext", "ThingNote")
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant) as session:
            session.enabled = frozenset({"toy_ext"})
            for row in session.query(thing):
                note.edit(row).text = row.code

    regrow(shelf, GROWN)
    source = written(shelf.migrate("toy_base", "Grow"))
    assert "batch_alter_table" in source
    assert missing_migrations(shelf.find().with_requirements("toy_base")) == []
    assert upgrade_all(owner, shelf.find(), clock) == ["toy_base"]

    thing, note = shelf.model("toy_base", "Thing"), shelf.model("toy_ext", "ThingNote")
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant, writes=False) as session:
            session.enabled = frozenset({"toy_ext"})
            rows = list(session.query(thing))
            assert [(row.cost, row.sold, row.label) for row in rows] == [(2, False, None)] * 3
            assert {note.of(row).text for row in rows} == {"c0", "c1", "c2"}
    with owner.engine.begin() as connection, pytest.raises(DatabaseError):
        connection.execute(text("UPDATE toy_base_thing SET price = -1"))


@pytest.mark.services
def test_a_foreign_key_over_a_dangling_row_of_another_business_fails(
    house: House, owner: Owner, shelf: Shelf, clock: StoppedClock
) -> None:
    loose = CHILD.replace('__table_args__ = (tenant_foreign_key("thing_id", "{name}_thing"),)', "")
    shelf.add("toy_base", models=loose)
    shelf.migrate("toy_base")
    install(owner, shelf.find(), "toy_base", clock)
    stock(house, shelf, 1)
    with house.unit(house.pharmacy) as session:
        part = shelf.model("toy_base", "Part")
        session.add(part(thing_id=uuid7()))
    regrow(shelf, CHILD)
    shelf.migrate("toy_base", "Tie parts to things")
    # On PostgreSQL the owner's BYPASSRLS makes the validation see every business's rows.
    refusal = MigrationError if house.database.kind == "sqlite" else IntegrityError
    with pytest.raises(refusal):
        upgrade_addon(owner, shelf.find(), "toy_base", clock)
    with owner.engine.connect() as connection:
        assert current(connection, "toy_base") == "0001"


@pytest.mark.services
def test_nothing_is_installed_in_an_empty_database(shelf: Shelf, clock: StoppedClock) -> None:
    shelf.add("toy_base", models=MODELS)
    shelf.migrate("toy_base")
    with pytest.raises(AddonRefusedError, match="db init"):
        install(Owner(open_owner("sqlite://"), None), shelf.find(), "toy_base", clock)


@pytest.mark.services
def test_tables_without_a_migration_are_not_installed(
    house: House, owner: Owner, shelf: Shelf, clock: StoppedClock
) -> None:
    shelf.add("toy_base", models=MODELS)
    with pytest.raises(MigrationError) as refused:
        install(owner, shelf.find(), "toy_base", clock)
    assert refused.value.context["tables"] == ["toy_base_thing"]


@pytest.mark.services
def test_a_table_that_breaks_the_rules_of_tenancy_is_not_installed(
    house: House, owner: Owner, shelf: Shelf, clock: StoppedClock
) -> None:
    shelf.add("toy_base", models=MODELS.replace('"tenant_id", "code"', '"code"'))
    shelf.migrate("toy_base")
    with pytest.raises(MigrationError) as refused:
        install(owner, shelf.find(), "toy_base", clock)
    assert "unique across businesses" in str(refused.value.context["findings"])


def sqlite_file(tmp_path: Path) -> Owner:
    engine = open_owner(f"sqlite:///{tmp_path / 'one.db'}")
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE parent (id INTEGER PRIMARY KEY, n INTEGER, CHECK (n > 0))",
            "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent(id))",
            "INSERT INTO parent VALUES (1, 1), (2, 2)",
            "INSERT INTO child VALUES (1, 1), (2, 2)",
        ):
            connection.exec_driver_sql(statement)
    return Owner(engine, None)


def change(owner: Owner, *statements: str) -> None:
    with schema_change(owner.engine) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (("DELETE FROM child WHERE id = 1",), "lose rows of child"),
        (("INSERT INTO child VALUES (3, 9)", "DELETE FROM child WHERE id = 1"), "point at nothing"),
        (
            (
                "CREATE TABLE parent_new (id INTEGER PRIMARY KEY, n INTEGER)",
                "INSERT INTO parent_new SELECT * FROM parent",
                "DROP TABLE parent",
                "ALTER TABLE parent_new RENAME TO parent",
            ),
            "lose a rule of parent",
        ),
    ],
)
def test_a_change_that_loses_something_is_rolled_back(
    tmp_path: Path, statements: tuple[str, ...], reason: str
) -> None:
    owner = sqlite_file(tmp_path)
    with pytest.raises(MigrationError, match=reason):
        change(owner, *statements)
    with owner.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, parent_id FROM child").all()
    assert [tuple(row) for row in rows] == [(1, 1), (2, 2)]


def test_a_rebuilt_table_keeps_the_rows_that_point_at_it(tmp_path: Path) -> None:
    owner = sqlite_file(tmp_path)
    change(
        owner,
        "CREATE TABLE parent_new (id INTEGER PRIMARY KEY, n INTEGER, CHECK (n > 0))",
        "INSERT INTO parent_new SELECT * FROM parent",
        "DROP TABLE parent",
        "ALTER TABLE parent_new RENAME TO parent",
    )
    with owner.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM child").scalar_one() == 2


@pytest.mark.services
def test_a_table_in_use_refuses_the_change_after_two_seconds(
    house: House, owner: Owner, clock: StoppedClock
) -> None:
    if house.database.kind == "sqlite":
        pytest.skip("SQLite has one writer, which waits for its turn instead")
    with owner.engine.connect() as till:
        till.exec_driver_sql("LOCK TABLE core_epoch IN ACCESS SHARE MODE")
        with (
            pytest.raises(MigrationError, match="in use"),
            schema_change(owner.engine) as connection,
        ):
            connection.exec_driver_sql("ALTER TABLE core_epoch ADD COLUMN x integer")


def test_a_column_of_truth_holds_nothing_else(
    house: House, owner: Owner, shelf: Shelf, clock: StoppedClock
) -> None:
    """In a new table, in one that grew, and in the core's own."""
    shelf.add("toy_base", models=MODELS)
    shelf.migrate("toy_base")
    install(owner, shelf.find(), "toy_base", clock)
    shelf.forget()
    shelf.add("toy_base", models=GROWN, version="1.1.0")
    shelf.migrate("toy_base")
    upgrade_addon(owner, shelf.find(), "toy_base", clock)
    with house.unit(house.bakery) as session:
        thing = shelf.model("toy_base", "Thing")
        session.add_all(thing(code=str(sold), price=1, sold=sold) for sold in (True, False))
    for column in ("toy_base_thing.sold", "core_tenant.is_demo"):
        table, name = column.split(".")
        with pytest.raises(DatabaseError), owner.engine.begin() as connection:
            connection.execute(text(f"UPDATE {table} SET {name} = 2"))
