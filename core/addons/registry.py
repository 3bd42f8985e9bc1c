"""Loads addons and calls their hooks, for everyone or for one business.

pluggy checks what an addon registers; the calls are ours, because a sale makes four of them: the
functions of (hook, enabled addons) are looked up once and then called in load order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final

import pluggy
import structlog

from core.addons import specs
from core.addons.discovery import Discovery
from core.addons.errors import AddonError
from core.addons.hooks import EnabledHooks, EverywhereHooks
from core.addons.loading import import_hooks, import_models, unload
from core.addons.manifest import AddonManifest
from core.addons.order import blocked_by, load_order
from core.db.base import Base
from core.db.ownership import registries_of

#: Businesses enable few different sets of addons; the rest is looked up again.
SUBSETS_KEPT: Final = 512

Function = Callable[..., Any]
Callers = tuple[tuple[str, Function], ...]

log = structlog.get_logger(__name__)


class Subset:
    """The hooks of some addons; ``enabled`` None means of all that run."""

    def __init__(self, registry: AddonRegistry, enabled: frozenset[str] | None) -> None:
        self._registry = registry
        self._enabled = enabled
        self._known: dict[str, Callers] = {}

    def callers(self, hook: str) -> Callers:
        """Give (addon, function of the hook's arguments by name) in load order."""
        known = self._known.get(hook)
        if known is None:
            known = self._known[hook] = self._registry.callers(hook, self._enabled)
        return known

    def ask(self, hook: str, **arguments: Any) -> list[tuple[str, Any]]:
        """Give what each addon answered; one that raises stops the caller."""
        return [
            (addon, answer)
            for addon, call in self.callers(hook)
            if (answer := call(**arguments)) is not None
        ]

    def tell(self, hook: str, **arguments: Any) -> list[str]:
        """Call observers and name those that failed; they are logged and the rest still hear.

        They keep running: one odd row of one business must not switch an addon off for all others.
        """
        failed = []
        for addon, call in self.callers(hook):
            try:
                call(**arguments)
            except Exception:
                log.exception("hook_failed", addon=addon, hook=hook)
                failed.append(addon)
        return failed


class AddonRegistry:
    """The addons of this process; a business sees the hooks of those it enabled."""

    def __init__(self) -> None:
        self._plugins = pluggy.PluginManager(specs.PROJECT)
        self._plugins.add_hookspecs(specs)
        self._running: dict[str, AddonManifest] = {}
        self._known: dict[str, AddonManifest] = {}
        self._quarantined: dict[str, str] = {}
        self._subset = lru_cache(maxsize=SUBSETS_KEPT)(self._new_subset)

    @property
    def running(self) -> Mapping[str, AddonManifest]:
        """Who runs, in load order."""
        return MappingProxyType(self._running)

    @property
    def quarantined(self) -> Mapping[str, str]:
        """Who does not run, and why; a second addon of a name is listed as ``name (folder)``."""
        return MappingProxyType(self._quarantined)

    @property
    def everywhere(self) -> EverywhereHooks:
        """Ask every addon that runs, whatever any business enabled."""
        return EverywhereHooks(self._subset(None)[0])

    def enabled(self, names: frozenset[str]) -> EnabledHooks:
        """Ask only the addons in ``names``."""
        return self._subset(names)[1]

    def each(
        self, enabled: frozenset[str], hook: str, **arguments: Any
    ) -> list[tuple[str, list[Any]]]:
        """Ask a hook by name and give its items by addon."""
        return [
            (addon, list(answer))
            for addon, answer in self._subset(enabled)[0].ask(hook, **arguments)
        ]

    def load(
        self,
        discovery: Discovery,
        installed: Collection[str] | None = None,
        unready: Mapping[str, str] | None = None,
    ) -> None:
        """Import models and hooks of every addon that can run, requirements first.

        ``installed`` None takes all that were found. ``unready`` names addons that must not run
        here and why (their tables are older than their code). Nothing an addon does wrong is
        raised: it ends in ``quarantined``, with all that require it.
        """
        for bad in discovery.quarantined:
            shadow = bad.name in discovery.found
            self._note(f"{bad.name} ({bad.folder})" if shadow else bad.name, bad.reason)
        wanted = set(discovery.found) if installed is None else set(installed)
        for gone in sorted(wanted - discovery.found.keys()):
            if gone not in self._quarantined:
                self._note(gone, "its code is not here")
        for name, reason in (unready or {}).items():
            self._note(name, reason)
        self.install(
            [found.manifest for name, found in discovery.found.items() if name in wanted],
        )

    def install(
        self,
        manifests: Iterable[AddonManifest],
        load: Callable[[AddonManifest], object] = import_hooks,
    ) -> None:
        """Register the hooks of every addon that can run, requirements first."""
        plan = load_order(manifests, self._quarantined)
        for name, reason in plan.quarantined.items():
            if name not in self._quarantined:
                self._note(name, reason)
        for manifest in plan.order:
            self._known[manifest.name] = manifest
            if blocked := blocked_by(manifest, self._quarantined):
                self._note(manifest.name, blocked)
                continue
            try:
                import_models(manifest)
                self._register(manifest.name, load(manifest))
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it may fail in any way
                self._quarantine(manifest.name, f"does not load: {error!r}")
            else:
                self._running[manifest.name] = manifest
        self._subset.cache_clear()

    def configure(self) -> None:
        """Put the mappings together, the core's first, then each addon's in load order.

        One that cannot be is quarantined and its tables leave the metadata, with those of all that
        require it; the queries of the others go on.
        """
        Base.registry.configure()
        for name in tuple(self._running):
            if name in self._quarantined:
                continue
            try:
                for own in registries_of(name):
                    own.configure(cascade=True)
            except Exception as error:  # noqa: BLE001 - a mapping may fail in any way
                self._quarantine(name, f"its models do not fit together: {error}")

    def callers(self, hook: str, enabled: frozenset[str] | None) -> Callers:
        """Look up the functions of a hook in load order; an unknown hook is an error."""
        caller: pluggy.HookCaller | None = getattr(self._plugins.hook, hook, None)
        if caller is None or caller.spec is None:
            raise AddonError(f"there is no hook named {hook}")
        wanted = caller.spec.argnames
        found = {impl.plugin_name: impl for impl in caller.get_hookimpls()}
        return tuple(
            (name, _call(found[name].function, tuple(found[name].argnames), wanted))
            for name in self._running
            if name in found and (enabled is None or name in enabled)
        )

    def quarantine(self, name: str, reason: str) -> None:
        """Stop an addon that turned out not to work, with all that require it."""
        if name in self._running:
            self._quarantine(name, reason)

    def _register(self, name: str, hooks: object) -> None:
        self._plugins.register(hooks, name=name)
        self._plugins.check_pending()
        for caller in self._plugins.get_hookcallers(hooks) or ():
            for impl in caller.get_hookimpls():
                if impl.hookwrapper or impl.wrapper or impl.tryfirst or impl.trylast:
                    raise AddonError(f"{caller.name}: hooks answer in load order, without wrappers")

    def _quarantine(self, name: str, reason: str) -> None:
        self._note(name, reason)
        for other in tuple(self._known.values()):
            if name in other.requires and other.name not in self._quarantined:
                self._quarantine(other.name, blocked_by(other, self._quarantined) or reason)
        if self._plugins.has_plugin(name):
            self._plugins.unregister(name=name)
        self._running.pop(name, None)
        unload(name)
        self._subset.cache_clear()

    def _note(self, name: str, reason: str) -> None:
        log.warning("addon_quarantined", addon=name, reason=reason)
        self._quarantined[name] = reason

    def _new_subset(self, enabled: frozenset[str] | None) -> tuple[Subset, EnabledHooks]:
        subset = Subset(self, enabled)
        return subset, EnabledHooks(subset)


def _call(function: Function, given: tuple[str, ...], wanted: tuple[str, ...]) -> Function:
    if given == wanted:
        return function
    if not given:
        return lambda **_: function()
    if len(given) == 1:
        only = given[0]
        return lambda **arguments: function(arguments[only])
    pick = itemgetter(*given)
    return lambda **arguments: function(*pick(arguments))
