"""What a basket or a tax profile can be refused for."""

from __future__ import annotations

from typing import ClassVar

from core.errors import BadInputError, ConflictError


class BadRateError(BadInputError):
    """A tax rule that no law knows: a percentage over 100, or a rate on something exempt."""

    code: ClassVar[str] = "taxes.bad_rate"


class ConflictingRulesError(BadInputError):
    """The same tax twice on one line."""

    code: ClassVar[str] = "taxes.conflicting_rules"


class BadLineError(BadInputError):
    """A quantity, price or discount that cannot be sold."""

    code: ClassVar[str] = "taxes.bad_line"


class DiscountTooLargeError(BadInputError):
    """A discount above what there is to discount."""

    code: ClassVar[str] = "taxes.discount_too_large"


class PriceBelowTaxError(BadInputError):
    """A price with tax included that does not even cover the tax per unit."""

    code: ClassVar[str] = "taxes.price_below_tax"


class UnknownTaxClassError(BadInputError):
    """A product with a tax class that the catalogue does not have."""

    code: ClassVar[str] = "taxes.unknown_class"


class NoRateError(ConflictError):
    """No rate of the class is known for that day: the catalogue needs the new one."""

    code: ClassVar[str] = "taxes.no_rate"


class NoProfileError(ConflictError):
    """The seller's responsibilities on that day are not known: never guess, ask for the RUT."""

    code: ClassVar[str] = "taxes.no_profile"
