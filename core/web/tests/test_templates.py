"""What the templates promise to addons and to the policy, read without a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from core.i18n import LazyText, use_language
from core.web import sprite
from core.web.pages.chart import BarChart
from core.web.pages.home import ErrorPage
from core.web.pages.listing import Amount, Badge, Link, Option, Pages, Title
from core.web.tests import samples_list
from core.web.tests.rendering import TEMPLATES, environment, render
from core.web.tests.samples import SAMPLES, Sample, shell

ICONS: Final = frozenset(sprite.symbols(sprite.SPRITE.read_text(encoding="utf-8")))
DOCUMENTED: Final = (Path(__file__).resolve().parents[3] / "docs/patterns/components.md").read_text(
    encoding="utf-8"
)
FILES: Final = sorted(TEMPLATES.rglob("*.html"))


def _name(one: Sample | Path) -> str:
    return one.name


def _page(name: str, language: str = "es") -> str:
    sample = next(each for each in SAMPLES if each.name == name)
    return render(sample.template, shell=sample.frame(language), **sample.context)


def _component(source: str, **context: object) -> str:
    with use_language("es"):
        return environment().from_string(source).render(**context)


@pytest.mark.parametrize("sample", SAMPLES, ids=_name)
def test_every_icon_of_a_page_is_in_the_sprite(sample: Sample) -> None:
    text = render(sample.template, shell=sample.frame("es"), **sample.context)
    assert set(re.findall(r"icons\.svg#([\w-]*)", text)) <= ICONS


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_no_template_carries_style_or_script(path: Path) -> None:
    text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe", text)
    assert all("nonce=" in tag and "src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert len(text.splitlines()) <= 400


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_what_a_template_is_for_stands_at_its_top(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("{#")


def test_every_component_is_documented() -> None:
    module = environment().get_template("components.html").module
    macros = [name for name, one in vars(module).items() if type(one).__name__ == "Macro"]
    assert len(macros) > 30
    assert not [name for name in macros if f"`{name}(" not in DOCUMENTED]


def test_every_form_that_posts_carries_token_and_business() -> None:
    for sample in SAMPLES:
        text = render(sample.template, shell=sample.frame("es"), **sample.context)
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
            assert 'name="csrf_token" value="token"' in form
            assert ('name="tenant_uid" value="0192"' in form) is not sample.stranger


def test_the_demo_banner_is_on_every_page_of_a_demo_business_and_on_no_other() -> None:
    for sample in SAMPLES:
        text = render(sample.template, shell=sample.frame("es"), **sample.context)
        demo = sample.rich and not sample.stranger and sample.template != "switch.html"
        assert ("g-demo" in text) is demo or "g-demo-users" in text, sample.name


def test_what_a_user_typed_is_escaped_everywhere() -> None:
    evil = '"><script>alert(1)</script>'
    frame = replace(shell(evil), flashes=())
    listing = replace(
        samples_list.PRODUCTS,
        title=evil,
        search=evil,
        rows=tuple(
            replace(row, cells={**row.cells, "name": Title(evil, evil, evil), "code": evil})
            for row in samples_list.PRODUCTS.rows
        ),
    )
    assert "<script>alert" not in render("list.html", shell=frame, listing=listing)
    assert "<script>alert" not in _component(
        '{% from "components.html" import chip, text_field, button, note %}'
        "{{ chip(x) }}{{ text_field(x, x, x, hint=x, errors=[x]) }}{{ button(x, label=x) }}"
        "{{ note(x) }}",
        x=evil,
    )


def test_an_unknown_name_in_a_template_is_an_error() -> None:
    with pytest.raises(Exception, match="'lising' is undefined"):
        _component("{{ lising.title }}")


@pytest.mark.parametrize(
    ("kind", "given", "written"),
    [
        ("text", None, "—"),
        ("text", "", "—"),
        ("count", 0, "0"),
        ("count", 1248, "1.248"),
        ("money", Decimal(-50), "−$\u00a050"),
        ("money", Amount(Decimal(9800), "kg"), "$\u00a09.800/kg"),
        ("money2", Decimal("8739.5"), "$\u00a08.739,50"),
        ("quantity", Amount(Decimal("0.75"), "kg", 3), "0,750\u00a0kg"),
        ("quantity", Decimal("42.350"), "42,35"),
        ("percent", Decimal(19), "19\u00a0%"),
        ("link", Link("Ana"), "Ana"),
        ("link", Link("Ana", "/a"), '<a href="/a">Ana</a>'),
    ],
)
def test_a_value_is_written_as_people_here_write_it(kind: str, given: object, written: str) -> None:
    source = '{% from "components.html" import value %}{{ value(kind, given) }}'
    assert _component(source, kind=kind, given=given) == written


def test_a_state_says_itself_three_ways() -> None:
    source = '{% from "components.html" import badge %}{{ badge(x) }}'
    text = _component(source, x=Badge("Agotado", "bad", "x"))
    assert "is-bad" in text
    assert "#x" in text
    assert "Agotado" in text


def test_a_field_ties_its_errors_and_its_hint_to_the_control() -> None:
    source = (
        '{% from "components.html" import text_field %}'
        '{{ text_field("nit", "NIT", "9", hint="Sin puntos", errors=["Falta un dígito"]) }}'
    )
    text = _component(source)
    assert 'aria-describedby="f-nit-error f-nit-hint"' in text
    assert 'aria-invalid="true"' in text
    assert 'id="f-nit-error"' in text
    assert 'for="f-nit"' in text


def test_a_required_choice_that_is_made_offers_no_nothing() -> None:
    source = (
        '{% from "components.html" import select_field %}'
        '{{ select_field("a", "A", o, required=r) }}'
    )
    chosen = Option("1", "Uno", selected=True)
    assert "—" not in _component(source, o=[chosen], r=True)
    assert "—" in _component(source, o=[chosen], r=False)
    assert "—" in _component(source, o=[replace(chosen, selected=False)], r=True)


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        (Pages(1, 12, 1000, True, "?exact"), "1–12 de <a"),
        (Pages(13, 24, 30, previous_url="?b", next_url="?a"), "13–24 de 30"),
        (Pages(1, 12, None), "1–12\n"),
    ],
)
def test_the_pager_counts_up_to_its_cap(pages: Pages, words: str) -> None:
    text = _component('{% from "components.html" import pager %}{{ pager(p) }}\n', p=pages)
    assert words.strip() in text
    assert ("1.000+" in text) is pages.capped
    assert text.count("disabled") == (pages.previous_url is None) + (pages.next_url is None)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429, 500, 503])
def test_every_error_says_what_happened_and_what_to_do(status: int) -> None:
    spoken = {
        language: render(
            "error.html", shell=shell("Error", language), page=ErrorPage(status)
        ).split("<h1>")[1]
        for language in ("es", "en")
    }
    assert spoken["es"].split("</p>")[0] != spoken["en"].split("</p>")[0]


def test_an_error_unknown_to_the_page_is_told_like_a_failure() -> None:
    text = render("error.html", shell=shell("Error"), page=ErrorPage(418))
    assert "Algo falló de nuestro lado" in text


def test_the_words_of_an_error_replace_the_general_ones() -> None:
    page = ErrorPage(422, text=LazyText("Solo hay {n} en la bodega.", n=9))
    text = render("error.html", shell=shell("Error"), page=page)
    assert "Solo hay 9 en la bodega." in text
    assert "revise lo que escribió" not in text


def test_an_application_with_pending_obligations_is_not_simply_turned_off() -> None:
    text = _page("app-disable")
    assert "3 documentos por enviar" in text
    assert "/admin/apps/dian/drain" in text
    assert 'action="/admin/apps/dian/disable"' not in text


def test_an_application_out_of_service_says_why_and_has_no_switch() -> None:
    card = _page("apps").split("Dispositivos</h2>")[1].split("</li>")[0]
    assert "falta la versión" in card
    assert 'role="switch"' not in card


def test_bars_end_on_the_floor_and_keep_their_proportion() -> None:
    chart = BarChart("x", ("a", "b"), (Decimal(10), Decimal(20)), (Decimal(0), Decimal(30)))
    tall = {(bar.series, bar.x): bar.height for bar in chart.bars}
    assert len(tall) == 3, "nothing sold draws no bar"
    assert {bar.y + bar.height for bar in chart.bars} == {232}
    now = [bar.height for bar in chart.bars if bar.series == 1]
    assert now[1] == pytest.approx(2 * now[0], abs=1)


@pytest.mark.parametrize(
    ("highest", "top"), [("0", "3"), ("3", "3"), ("1284", "1500"), ("460000", "600000")]
)
def test_the_axis_ends_on_a_round_number(highest: str, top: str) -> None:
    chart = BarChart("x", ("a",), (Decimal(highest),))
    assert chart.top == Decimal(top)
    assert next(line.value for line in chart.lines) == 0
