"""What is wrong with a value, in the reader's words: pydantic's own speak English only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from pydantic_core import ErrorDetails

from core.errors import PlatformError
from core.i18n import LazyText, _
from core.i18n.formats import quantity

_NUMBER: Final = _('This is not a number; write decimals as text, such as "12.50".')
_DATE: Final = _("This is not a date; write it as 2026-11-21.")
_MOMENT: Final = _("This is not a moment; write it as 2026-11-21T10:30:00-05:00.")
_CHOICE: Final = _("Choose one of the values that are possible here.")
_DIGITS: Final = _("This has too many digits or decimals.")
_WHOLE: Final = _("This is not a whole number.")
_OBJECT: Final = _("An object with fields is expected here.")
_TEXT: Final = _("A text is expected here.")
_LIST: Final = _("A list is expected here.")

#: By pydantic's name of the fault; what is in braces comes with it.
FAULTS: Final[Mapping[str, LazyText]] = {
    "missing": _("This is missing."),
    "extra_forbidden": _("This is not expected here."),
    "none_required": _("This stays empty."),
    "invalid_key": _("This is not expected here."),
    "frozen_field": _("This cannot be changed."),
    "frozen_instance": _("This cannot be changed."),
    "greater_than": _("Write more than {gt}."),
    "greater_than_equal": _("Write {ge} or more."),
    "less_than": _("Write less than {lt}."),
    "less_than_equal": _("Write {le} or less."),
    "multiple_of": _("Write a multiple of {multiple_of}."),
    "finite_number": _NUMBER,
    "too_short": _("There are too few: at least {min_length}."),
    "too_long": _("There are too many: at most {max_length}."),
    "string_too_short": _("This is too short: at least {min_length} characters."),
    "string_too_long": _("This is too long: at most {max_length} characters."),
    "string_pattern_mismatch": _("This is not written as it has to be."),
    "string_not_ascii": _("Use letters without accents."),
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "bytes_type": _TEXT,
    "bytes_too_short": _("This is too short."),
    "bytes_too_long": _("This is too long."),
    "bytes_invalid_encoding": _TEXT,
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    "union_tag_invalid": _CHOICE,
    "union_tag_not_found": _CHOICE,
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "iterable_type": _LIST,
    "set_item_not_hashable": _LIST,
    "bool_type": _("Write true or false."),
    "bool_parsing": _("Write true or false."),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _DIGITS,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_as_text": _NUMBER,
    "decimal_max_digits": _DIGITS,
    "decimal_max_places": _DIGITS,
    "decimal_whole_digits": _DIGITS,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "date_past": _("Write a day before today."),
    "date_future": _("Write a day after today."),
    "time_type": _("This is not a time."),
    "time_parsing": _("This is not a time."),
    "time_delta_type": _("This is not a length of time."),
    "time_delta_parsing": _("This is not a length of time."),
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_past": _("Write a moment before now."),
    "datetime_future": _("Write a moment after now."),
    "timezone_naive": _("Write it without a time zone."),
    "timezone_aware": _("Write it with its time zone."),
    "timezone_offset": _("Write it with its time zone."),
    "url_type": _("This is not a web address."),
    "url_parsing": _("This is not a web address."),
    "url_syntax_violation": _("This is not a web address."),
    "url_too_long": _("This is too long: at most {max_length} characters."),
    "url_scheme": _("This is not a web address."),
    "uuid_type": _("This is not an id."),
    "uuid_parsing": _("This is not an id."),
    "uuid_version": _("This is not an id."),
    "json_type": _("This is not valid JSON."),
    "json_invalid": _("This is not valid JSON."),
    "recursion_loop": _("This is inside of itself too often."),
    "recursion_depth_exceeded": _("This is inside of itself too often."),
}
_OTHER: Final = _("This value is not valid.")


def fault(one: ErrorDetails) -> object:
    """Say one fault in words; a refusal of our own keeps its words."""
    context = one.get("ctx", {})
    reason = context.get("error")
    if isinstance(reason, PlatformError):
        return reason.message
    text = FAULTS.get(one["type"], _OTHER)
    named = {name: _shown(value) for name, value in context.items() if f"{{{name}}}" in text.source}
    return LazyText(text.source, **named) if named else text


def _shown(value: object) -> str:
    """Write a bound as people write numbers."""
    exact = Decimal(value) if isinstance(value, int) else value
    return quantity(exact) if isinstance(exact, Decimal) else str(value)
