from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields
from pathlib import Path
from random import Random

import orjson
import pytest
from sqlalchemy.engine import make_url

from core.db.engine import open_database
from core.db.tests.test_write_plan import counting_proxy
from core.tenancy import TenantSession
from core.testing.databases import TestCluster
from tests.bench.__main__ import main
from tests.bench.catalogue import SEARCHES
from tests.bench.figures import Figure
from tests.bench.place import ENGINES, Place, open_place
from tests.bench.raw_twin import Twin
from tests.bench.sale import SEED, recorded
from tests.bench.shop import open_shop

pytestmark = pytest.mark.services

KEYS = {field.name for field in fields(Figure)}
SEARCHED = ["barcode", *SEARCHES]
PAST = ["sale_after_0", "sale_after_20", "sale_after_200"]
FIGURES = [
    "sale_in_process",
    *PAST,
    "sale_through_wsgi",
    "sale_over_http_1_tills",
    "sale_over_http_4_tills",
    "sale_over_http_1_tills",
    "sale_while_draining",
    "document_accepted",
    "memory_web",
    "memory_worker",
    *SEARCHED,
    "addon_on",
    "new_business",
    "process_ready",
]
LIMITED = {
    "postgresql": {"sale_in_process", *PAST, *SEARCHED},
    "sqlite": {*PAST, *SEARCHED},
    "none": {"sign_document"},
}


def rows(place: Place) -> Counter[str]:
    with place.owner() as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        ).fetchall()
        return Counter(
            {
                name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # type: ignore[index]
                for (name,) in tables
            }
        )


def test_the_raw_twin_writes_the_rows_of_a_sale(
    postgres_cluster: TestCluster, tmp_path: Path
) -> None:
    with open_place(postgres_cluster, tmp_path, "postgresql") as place:
        shop = open_shop(place)
        first, second = recorded(shop)
        before = rows(place)
        shop.sell(shop.ticket(shop.tills[1], shop.basket(Random(SEED))), shop.epoch())
        sold = rows(place)
        twin = Twin(place.application(), first, second)
        twin.prepare()
        twin()
        twin.close()
        assert sold - before == rows(place) - sold
        assert (sold - before)["pos_sale_line"] == 5


def test_a_sale_takes_at_most_three_trips(postgres_cluster: TestCluster, tmp_path: Path) -> None:
    with open_place(postgres_cluster, tmp_path, "postgresql") as place:
        shop = open_shop(place)
        here = place.installation
        tickets = [shop.ticket(shop.tills[0], shop.basket(Random(3))) for _ in range(6)]
        epoch = shop.epoch()
        url = make_url(place.settings.database_url)
        turns = [0]
        with counting_proxy(url.host or "", url.port or 5432, turns) as port:
            through = open_database(
                url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
            )
            from addons.pos.flows import complete_sale
            from core.process import equip, process_of

            equip(through, process_of(here.database))
            for ticket in tickets:
                before = turns[0]
                with TenantSession(
                    through,
                    tenant=shop.tenant,
                    clock=here.clock,
                    enabled=shop.enabled,
                    user_id=shop.seller.id,
                    writes=True,
                    epoch=epoch,
                ) as session:
                    complete_sale(session, here.registry, ticket)
            assert 2 <= turns[0] - before <= 3
            through.dispose()


# Minutes: the past of a shop, a hundred thousand products. What CI takes is below.
@pytest.mark.nightly
def test_every_figure_is_one_line_of_json_for_each_engine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--quick"]) == 0
    lines = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["name"] for line in lines if line["engine"] == "none"} == {"sign_document"}
    for engine in ENGINES:
        assert [line["name"] for line in lines if line["engine"] == engine] == FIGURES
    for line in lines:
        assert line.keys() == KEYS
        if line["name"].startswith("memory_"):
            assert line["ratio"] > 0
            assert "MB resident" in line["note"]
        elif line["name"] != "document_accepted":
            # In one second the authority may have accepted none.
            assert 0 < line["p50_ms"] <= line["p95_ms"] <= line["p99_ms"]
        assert (line["limit_ms"] is None) == (line["name"] not in LIMITED[line["engine"]])
        assert re.search(r"\b0 failed", line["note"]) or "failed" not in line["note"], line


def test_a_list_of_figures_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--only", "sign,business"]) == 0
    names = [orjson.loads(line)["name"] for line in capsys.readouterr().out.splitlines()]
    assert names == ["new_business", "new_business", "sign_document"]


def test_an_unknown_figure_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["--only", "sale,speed"])
    assert refused.value.code == 2
    assert "speed: there is only sale, past," in capsys.readouterr().err
