"""Decides which addons can load, in what order, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from core.addons.manifest import CONTRACTS_SPOKEN, AddonManifest


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """Who loads, each after what it requires; and who does not, with the reason."""

    order: tuple[AddonManifest, ...]
    quarantined: Mapping[str, str]


def load_order(
    manifests: Iterable[AddonManifest], quarantined: Mapping[str, str] | None = None
) -> LoadPlan:
    """Plan for every addon; one that cannot load never stops the others.

    Equal addons come in alphabetical order, so that every process loads them alike. Those in
    ``quarantined`` are out already, and so is who requires them.
    """
    by_name = {manifest.name: manifest for manifest in manifests}
    reasons = dict(quarantined or {})
    order = []
    for name in _sorted(by_name, reasons):
        if reason := reasons.get(name) or _unfit(by_name[name], by_name, reasons):
            reasons[name] = reason
        else:
            order.append(by_name[name])
    return LoadPlan(tuple(order), reasons)


def blocked_by(manifest: AddonManifest, quarantined: Mapping[str, str]) -> str | None:
    """Name the requirement that is in quarantine, if one is."""
    for name in manifest.requires:
        if name in quarantined:
            return f"requires {name}, which is quarantined: {quarantined[name]}"
    return None


def _unfit(
    manifest: AddonManifest, present: Mapping[str, object], quarantined: Mapping[str, str]
) -> str | None:
    if manifest.contract not in CONTRACTS_SPOKEN:
        return f"written for contract {manifest.contract}, this core speaks {CONTRACTS_SPOKEN}"
    if blocked := blocked_by(manifest, quarantined):
        return blocked
    if missing := sorted(set(manifest.requires) - present.keys()):
        return f"requires {', '.join(missing)}, which is not installed"
    return None


def _sorted(by_name: Mapping[str, AddonManifest], reasons: dict[str, str]) -> tuple[str, ...]:
    graph = {name: set(by_name[name].requires) & by_name.keys() for name in by_name}
    while True:
        try:
            return tuple(_layers(TopologicalSorter(graph)))
        except CycleError as error:
            circle: list[str] = error.args[1]
            for required, name in pairwise(circle):
                graph[name].discard(required)
                reasons[name] = f"in a circle of requirements: {' <- '.join(circle)}"


def _layers(sorter: TopologicalSorter[str]) -> list[str]:
    sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += ready
        sorter.done(*ready)
    return order
