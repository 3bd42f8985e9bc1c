"""Finds at start-up what mypy cannot see in a declaration."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import inspect

from core.resources.actions import BUILT_IN
from core.resources.declaration import Attribute, Column, Resource, command_of
from core.resources.errors import ResourceError

#: Parameters of a list's address that are no filters.
RESERVED: Final = frozenset(
    {
        "q",
        "sort",
        "after",
        "before",
        "start",
        "archived",
        "of",
        "limit",
        "columns",
        "id",
        "version",
        "exact",
        "view",
    }
)


def check(addon: str, resource: Resource[Any]) -> None:
    """Refuse a declaration that would fail, or mislead, when it is used."""
    prefix, _dot, rest = resource.name.partition(".")
    if prefix != addon or not rest.isidentifier():
        _refuse(resource, f"is of {addon}, so its name must be {addon}.<records>")
    names = [column.name for column in resource.columns]
    filters = [str(one.attribute.key) for one in resource.filters]
    if len(set(filters)) != len(filters):
        _refuse(resource, "a filter is declared twice")
    names += [name for name in filters if name not in names]
    if len(set(names)) != len(names):
        _refuse(resource, "a column or filter is declared twice")
    if taken := RESERVED & set(names):
        _refuse(resource, f"{sorted(taken)} mean something else in a list's address")
    for column in resource.columns:
        if column.sort:
            _check_sort(resource, column)
    _check_order(resource)
    _check_writes(resource)
    _check_life(resource)


def _check_life(resource: Resource[Any]) -> None:
    """Refuse actions and states that name something missing."""
    names = [one.name for one in resource.actions]
    if len(set(names)) != len(names) or BUILT_IN & set(names):
        _refuse(resource, "an action is declared twice, or has the name of one that is built in")
    for one in resource.actions:
        if one.inverse and one.inverse not in names:
            _refuse(resource, f"{one.name} is undone by {one.inverse}, which is not there")
        resource.permission_of(one)
    fields = resource.own_command.model_fields if resource.own_command else {}
    if missing := [name for name in resource.bulk_edit if name not in fields]:
        _refuse(resource, f"{missing} cannot be set for many: no such fields")
    states = resource.states
    if states is not None and states.name not in inspect(resource.model).columns:
        _refuse(resource, f"{states.name} is no column that could hold its state")


def _check_sort(resource: Resource[Any], column: Column[Any]) -> None:
    if column.attribute is None:
        _refuse(resource, f"{column.name} is computed, so it cannot order the list")
    else:
        _refuse_nulls(resource, column.attribute)


def _check_order(resource: Resource[Any]) -> None:
    _refuse_nulls(resource, resource.order_by)
    for column in resource.columns:
        if column.attribute is resource.order_by and column.permission is not None:
            _refuse(resource, f"{column.name} is not for everybody, so it cannot be the order")


def _refuse_nulls(resource: Resource[Any], attribute: Attribute) -> None:
    mapped = inspect(resource.model).columns
    if attribute.key not in mapped or mapped[attribute.key].nullable:
        _refuse(resource, f"{attribute.key} must be a column without nulls to order the list")


def _check_writes(resource: Resource[Any]) -> None:
    if resource.create is None and resource.update is None:
        if resource.form:
            _refuse(resource, "has a form, but no service that takes it")
        return
    if resource.write_permission is None:
        _refuse(resource, "has a service, but no permission to call it")
    if resource.update is not None:
        if command_of(resource.update) is not resource.own_command:
            _refuse(resource, "create and update take different commands")
        if not resource.is_versioned:
            _refuse(resource, "can be changed, so its model must be Versioned")
    own = resource.own_command
    shown = [name for section in resource.form for name in section.fields if "." not in name]
    fields = own.model_fields if own else {}
    if len(set(shown)) != len(shown) or set(shown) != set(fields):
        _refuse(resource, f"the form shows {sorted(shown)}, the command has {sorted(fields)}")


def _refuse(resource: Resource[Any], reason: str) -> None:
    raise ResourceError(f"{resource.name}: {reason}")
