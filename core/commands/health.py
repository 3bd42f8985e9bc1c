"""``doctor``, ``verify`` and ``status``: whether everything is as it must be."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict

from core.addons.parts import Command
from core.commands.output import installation, show, table, takes_json
from core.doctor import diagnose
from core.status import business_status
from core.verify import verify


def _doctor(arguments: Namespace) -> int:
    found = diagnose(installation(arguments))
    bad = [each for each in found if each.level == "bad"]

    def lines() -> Iterator[str]:
        yield from table([(each.level, each.subject, each.text) for each in found])

    show(arguments, {"ok": not bad, "findings": [asdict(each) for each in found]}, lines)
    return 1 if bad else 0


def _verify(arguments: Namespace) -> int:
    place = installation(arguments)
    place.equip("web")
    broken = list(verify(place.database, place.clock, place.registry))

    def lines() -> Iterator[str]:
        yield from (
            f"{b.business} · {b.addon} · {b.invariant}: {b.text} {b.record}" for b in broken
        )
        yield "nothing is broken" if not broken else f"{len(broken)} broken"

    show(arguments, {"ok": not broken, "broken": [each.as_dict() for each in broken]}, lines)
    return 1 if broken else 0


def _status(arguments: Namespace) -> int:
    found = business_status(installation(arguments))

    def lines() -> Iterator[str]:
        head = ("business", "demo", "waiting", "dead", "oldest (s)", "audit anchored")
        rows = [
            (
                s.name,
                s.is_demo,
                s.waiting,
                s.dead,
                s.oldest_seconds,
                s.anchor and s.anchor["anchored_at"],
            )
            for s in found
        ]
        yield from table([head, *rows])
        yield from (
            f"{s.name} · {name} fails: {reason}"
            for s in found
            for name, reason in s.failing.items()
        )

    show(arguments, {"businesses": [asdict(each) for each in found]}, lines)
    return 0


COMMANDS = (
    Command("", "doctor", "look whether this installation is set up safely", takes_json, _doctor),
    Command(
        "", "verify", "check every invariant of money, stock, numbers, audit", takes_json, _verify
    ),
    Command("", "status", "tell per business what waits", takes_json, _status),
)
