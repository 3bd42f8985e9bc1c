"""Switching an addon on for one business while people of another look at their pages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

from core.auth.roles import grant_role, seed_roles
from core.db.uow import tenant_unit
from core.tenancy.services import NewBusiness, create_business
from tests.bench.figures import Figure, figure, percentile
from tests.bench.over_http import log_in
from tests.bench.place import Engine, Place, databases_for, open_place
from tests.bench.setting_up import serving
from tests.bench.shop import cashier, open_shop

CLIENT = Path(__file__).with_name("pages.py")
_OTHERS = 4
_OWNER = "duena@bench.example"
_PAGES = ("/", "/catalog/products", "/pos/sales", "/inventory/stock", "/admin/apps")
#: What the others are waited for at the end, in seconds.
_PATIENCE = 60


def switching_on(engine: Engine, *, quick: bool) -> Iterator[Figure]:
    """Turn every addon on, one after the other, in new businesses."""
    with databases_for(engine) as (databases, folder), open_place(databases, folder, engine) as at:
        shop = open_shop(at, tills=1)
        at.analyse()
        owners = [f"{n}{_OWNER}" for n in range(1 if quick else 5)]
        addons = tuple(at.installation.registry.running)
        for owner in owners:
            _new_business(at, owner)
        with serving(at):
            headers = log_in(shop.place)
            crowd = _Crowd(at, headers)
            with crowd.looking():
                taken = [time for owner in owners for time in _switch_all(at, owner, addons)]
        yield figure(
            "addon_on",
            engine,
            taken,
            clients=1 + _OTHERS,
            note=f"{len(addons)} addons in each of {len(owners)} businesses; {crowd.told()}",
        )


@dataclass(slots=True)
class _Crowd:
    """People of one business who ask for page after page."""

    place: Place
    headers: dict[str, str]
    taken: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Let them look until the block ends."""
        file = self.place.settings.data_dir / "pages.txt"
        file.write_text("\n".join([json.dumps(self.headers), *_PAGES]))
        command = [sys.executable, "-S", str(CLIENT), str(self.place.settings.port), str(file)]
        people = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            for _ in range(_OTHERS)
        ]
        try:
            yield
        finally:
            for each in people:
                said = json.loads(each.communicate(timeout=_PATIENCE)[0])
                self.taken += said["taken"]
                self.failed += said["failed"]

    def told(self) -> str:
        """Say how the others fared."""
        slowest = percentile(self.taken, 99)
        said = f"others: {len(self.taken)} pages, {len(self.failed)} failed, p99 {slowest:.0f} ms"
        return said + (f" ({self.failed[0]})" if self.failed else "")


def _new_business(place: Place, email: str) -> None:
    here = place.installation
    tenant = create_business(here.database, here.clock, NewBusiness(name=f"Negocio {email}"))
    user = cashier(place, tenant, email)
    with tenant_unit(here.database, tenant, here.clock, writes=True, user_id=user) as session:
        seed_roles(session, [])
        grant_role(session, user, "owner")


def _switch_all(place: Place, owner: str, addons: Sequence[str]) -> list[float]:
    """Press the button of every addon; in load order each brings nothing but itself."""
    headers = log_in(place, owner)
    connection = HTTPConnection("127.0.0.1", place.settings.port, timeout=30)
    form = urlencode({"csrf_token": headers["X-CSRF-Token"]})
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    taken = []
    for addon in addons:
        begin = perf_counter()
        connection.request("POST", f"/admin/apps/{addon}/enable", form, {**headers, **kind})
        answer = connection.getresponse()
        said = answer.read()
        taken.append((perf_counter() - begin) * 1000)
        if answer.status not in {302, 303}:
            raise RuntimeError(f"{addon}: {answer.status} {said[:300]!r}")
    connection.close()
    return taken
