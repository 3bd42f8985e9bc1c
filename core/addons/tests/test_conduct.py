"""``addon check`` names what an addon's author has to mend, without a database."""

from __future__ import annotations

import pytest

from core.addons.checks import check_addon
from core.addons.tests.toys import HOOKS, Shelf

pytestmark = pytest.mark.services

SPANISH = """
msgid "Toy_A"
msgstr "Juguetes"

msgid "toy_a"
msgstr "De madera"

msgid "See things"
msgstr "Ver las cosas"
"""

PARTS = (
    HOOKS
    + """

from datetime import timedelta
from decimal import Decimal
from flask import Blueprint
from core.addons.parts import Consumer, Schedule, Setting, Slot
from core.web.access import requires

pages = Blueprint("toys", __name__)


@pages.get("/toys/")
@requires("{name}.thing.read")
def everything():
    return ""


@hookimpl
def register_routes():
    return (pages,)


@hookimpl
def register_consumers():
    return (Consumer("pos.sale.completed.v1", "count", lambda session, delivery: None),)


@hookimpl
def register_schedules():
    return (Schedule("sweep", timedelta(hours=1), lambda session: None),)


@hookimpl
def register_settings():
    return (Setting("{name}.limit", _("See things"), "number", Decimal(3)),)


@hookimpl
def register_slots():
    return (Slot("product", "{name}/piece.html", "{name}.thing.read"),)
"""
)


def findings(shelf: Shelf, hooks: str = PARTS, **files: str) -> list[str]:
    shelf.add("toy_a", hooks=hooks)
    shelf.write("toy_a", "locale/es.po", SPANISH)
    shelf.write("toy_a", "templates/toy_a/piece.html", "{{ _('See things') }}")
    for path, source in files.items():
        shelf.write("toy_a", path.replace("__", "/") + ".py", source)
    return [str(found) for found in check_addon(shelf.find(), "toy_a")]


def test_an_addon_in_order_has_no_findings(shelf: Shelf) -> None:
    assert findings(shelf) == []


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('Permission("{name}.thing.read"', 'Permission("toys.read"', "is named toy_a.<noun>"),
        ('_("See things")),)', '"See things"),)', "one language only"),
        ('@requires("{name}.thing.read")\n', "", "does not say who may open it"),
        ('@requires("{name}.thing.read")', '@requires("{name}.thing.raed")', "thing.raed"),
        ("pos.sale.completed.v1", "sold", "is no event"),
        ("lambda session, delivery: None", "lambda session: None", "and the delivery"),
        ("lambda session: None),)", "lambda: None),)", "run cannot be called"),
        ("timedelta(hours=1)", "timedelta(0)", "never comes"),
        ('Setting("{name}.limit"', 'Setting("limit"', "start with toy_a."),
        ("Decimal(3)", "3", "is no Decimal"),
        ("{name}/piece.html", "{name}/pieces.html", "no template"),
        ('piece.html", "{name}.thing.read"', 'piece.html", "{name}.thing.go"', "thing.go"),
        ('_("See things"), "number"', '_("Never said"), "number"', "no Spanish"),
    ],
)
def test_each_fault_is_named(shelf: Shelf, right: str, wrong: str, told: str) -> None:
    assert right in PARTS
    (finding,) = findings(shelf, PARTS.replace(right, wrong))
    assert told in finding


def test_a_text_and_its_spanish_leave_the_same_blanks(shelf: Shelf) -> None:
    right = findings(shelf)
    spanish = SPANISH + '\nmsgid "{count} things"\nmsgstr "{cantidad} cosas"\n'
    shelf.write("toy_a", "locale/es.po", spanish)
    shelf.write("toy_a", "templates/toy_a/piece.html", "{{ _('{count} things', count=2) }}")
    (wrong,) = [str(found) for found in check_addon(shelf.find(), "toy_a")]
    assert right == []
    assert "different blanks" in wrong


@pytest.mark.parametrize(
    ("choices", "told"), [("()", "none of its choices"), ('(("a", "A"),)', None)]
)
def test_the_default_of_a_choice_is_one_of_them(
    shelf: Shelf, choices: str, told: str | None
) -> None:
    asked = f'"choice", "a", choices={choices})'
    found = findings(shelf, PARTS.replace('"number", Decimal(3))', asked))
    assert [told in one for one in found if told] == ([True] if told else [])
    assert bool(found) is bool(told)


def test_a_forbidden_import_is_named_with_its_place(shelf: Shelf) -> None:
    found = findings(shelf, services="from addons.pos.models import Sale\n")
    told = "imports addons.pos.models.Sale, which the manifest does not require"
    assert found == [f"services.py:1: {told}. Add 'pos' to requires."]
