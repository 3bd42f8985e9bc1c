"""Every fault that a command of ours can have is told in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic_core import ErrorDetails
from pydantic_core._pydantic_core import list_all_errors

import core
from core.api.faults import FAULTS, fault
from core.i18n import load_catalogs, use_language
from core.i18n.texts import spanish_of

#: Of Python objects and function calls: what comes as JSON or out of a form cannot have them.
NEVER = {
    "no_such_attribute", "needs_python_object", "get_attribute_error", "dataclass_type",
    "dataclass_exact_type", "named_tuple_type", "default_factory_not_called", "iteration_error",
    "frozen_dict_type", "ordered_dict_type", "counter_type", "deque_type", "is_instance_of",
    "is_subclass_of", "callable_type", "arguments_type", "missing_argument",
    "unexpected_keyword_argument", "missing_keyword_only_argument", "missing_sentinel_error",
    "unexpected_positional_argument", "missing_positional_only_argument", "ellipsis_error",
    "multiple_argument_values", "fraction_type", "fraction_parsing", "complex_type",
    "complex_str_parsing",
    # A validator of ours raises a PlatformError, whose words are told.
    "value_error", "assertion_error",
}  # fmt: skip
EXAMPLES: dict[str, Any] = {one["type"]: one for one in list_all_errors()}


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - NEVER))
def test_a_fault_has_words_in_spanish_and_in_english(name: str) -> None:
    assert name in FAULTS
    assert spanish_of(Path(core.__file__).parent)[FAULTS[name].source]
    context = EXAMPLES[name].get("example_context") or {}
    load_catalogs([Path(core.__file__).parent / "locale"])
    told = set()
    for language in ("es", "en"):
        with use_language(language):
            details = ErrorDetails(type=name, loc=("x",), msg="", input=None, ctx=context)
            told.add(text := str(fault(details)))
            assert "{" not in text
    assert len(told) == 2


def test_the_exceptions_are_real() -> None:
    assert EXAMPLES.keys() >= NEVER
    assert not NEVER & FAULTS.keys()
