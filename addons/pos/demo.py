"""The tills of the demonstration shops."""

from __future__ import annotations

from addons.pos.services import create_till
from core.addons.parts import DemoPlace


def demo_tills(place: DemoPlace) -> None:
    """Put every till of the shop where it stands."""
    where = {each.id: each for each in place.establishments}
    for till in place.tills:
        create_till(
            place.session,
            where[till.establishment_id],
            code=till.code,
            name=till.name,
            prefix=f"{till.code}-",
            key=till.id,
        )
