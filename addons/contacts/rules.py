"""Colombian identification: types, numbers as they are kept, and the check digit of a NIT.

Pure: no session, clock or request. Numbers are kept without dots, spaces or check digit, as the
documents for DIAN carry them; the digit is computed, never trusted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from stdnum.co import nit

from addons.contacts.errors import (
    BadIdNumberError,
    UnknownIdTypeError,
    WrongCheckDigitError,
)
from core.i18n import LazyText, _

Holder = Literal["person", "company"]

NIT: Final = "31"
CITIZEN_CARD: Final = "13"


@dataclass(frozen=True, slots=True)
class IdType:
    """A type of identification (annex 1.9, table 13.2.1) and the numbers it admits.

    ``short`` is the abbreviation people use; ``pattern`` holds for the number as it is kept.
    """

    code: str
    short: str
    name: LazyText
    pattern: str


_DIGITS: Final = r"[0-9]{3,11}"
_PAPERS: Final = r"[0-9A-Z]{3,20}"

#: In the order a form offers them; codes 47 and 48 are younger than DIAN's genericode list.
ID_TYPES: Final[dict[str, IdType]] = {
    kind.code: kind
    for kind in (
        IdType(CITIZEN_CARD, "CC", _("Citizenship card"), r"[0-9]{3,8}|[0-9]{10}|2{12}"),
        IdType(NIT, "NIT", _("Tax number (NIT)"), r"[0-9]{5,10}"),
        IdType("22", "CE", _("Foreigner's identity card"), _PAPERS),
        IdType("48", "PPT", _("Temporary protection permit"), _DIGITS),
        IdType("47", "PEP", _("Special stay permit"), r"[0-9]{3,16}"),
        IdType("41", "PA", _("Passport"), _PAPERS),
        IdType("12", "TI", _("Minor's identity card"), r"[0-9]{10,11}"),
        IdType("11", "RC", _("Civil birth registration"), _PAPERS),
        IdType("91", "NUIP", _("Unique personal number"), r"[0-9]{8,11}"),
        IdType("21", "TE", _("Foreigner's card"), _PAPERS),
        IdType("42", "DIE", _("Foreign identity document"), _PAPERS),
        IdType("50", "NIT ext.", _("Tax number of another country"), r"[0-9A-Z]{3,30}"),
    )
}


@dataclass(frozen=True, slots=True)
class Identification:
    """Who somebody is for DIAN; ``check_digit`` only of a NIT, and never part of the number."""

    type_code: str
    number: str
    check_digit: str | None = None

    @property
    def written(self) -> str:
        """As people read it: ``901.234.567-4``, ``52.123.456``, ``AB123456``."""
        if self.type_code not in {NIT, CITIZEN_CARD} or self == FINAL_CONSUMER:
            return self.number
        dotted = f"{int(self.number):,}".replace(",", ".")
        return f"{dotted}-{self.check_digit}" if self.check_digit else dotted


#: The buyer who gives no name ("consumidor final" in annexes FE 1.9 and DE 1.0), as a citizen card.
FINAL_CONSUMER: Final = Identification(CITIZEN_CARD, "222222222222")


def nit_check_digit(number: str) -> str:
    """Give the check digit of a NIT, of 1 to 15 digits without it.

    Digits from the right times 3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71; the sum
    modulo 11, and 11 minus that when above 1 (DIAN, Orden Administrativa 4 of 1989).
    """
    if not re.fullmatch(r"[0-9]{1,15}", number):
        raise BadIdNumberError(_("Write the NIT in digits, without the check digit."))
    return str(nit.calc_check_digit(number))


def identification(type_code: str, text: str, check_digit: str | None = None) -> Identification:
    """Read an identification as people write it; give it as it is kept.

    Dots, spaces and, where the number is of digits, hyphens are dropped; letters become capitals.
    Of a NIT the digit may follow a hyphen (``901.234.567-4``) or come apart; without it, it is
    computed. Nothing is guessed: ``9012345674`` is a number of ten digits, not one of nine and its
    check digit. Refuses an unknown type, a number that does not have its form, and a wrong digit,
    saying the right one.
    """
    if type_code not in ID_TYPES:
        raise UnknownIdTypeError(
            _("There is no identification type {type_code}.", type_code=type_code)
        )
    kept = re.sub(r"[.,\s]", "", text.strip().upper())
    if type_code == NIT:
        return _nit(kept, check_digit)
    if check_digit:
        raise BadIdNumberError(_("Only a NIT has a check digit; leave it empty."))
    return Identification(type_code, _fitting(type_code, kept.replace("-", "")))


def likely_holder(who: Identification) -> Holder:
    """Tell person from company, as a first proposal that the user may change.

    Companies have NITs of nine digits from 800 million on; a person's NIT is the number of the
    card. Every other type is of a person, except a foreign tax number.
    """
    if who.type_code == "50":
        return "company"
    if who.type_code == NIT and len(who.number) == 9 and who.number >= "800000000":
        return "company"
    return "person"


def _nit(kept: str, check_digit: str | None) -> Identification:
    number, hyphen, after = kept.partition("-")
    given = after if hyphen else (check_digit or "").strip()
    number = _fitting(NIT, number)
    right = nit_check_digit(number)
    if given not in {"", right}:
        raise WrongCheckDigitError(
            _(
                "The check digit of NIT {number} is {expected}, not {given}. Check the number.",
                number=number,
                expected=right,
                given=given,
            ),
            expected=right,
        )
    return Identification(NIT, number, right)


def _fitting(type_code: str, number: str) -> str:
    """Give the number back if its type admits it; zeros in front never belong to a NIT or card."""
    kind = ID_TYPES[type_code]
    bare = number.lstrip("0") if type_code in {NIT, CITIZEN_CARD} else number
    if not re.fullmatch(kind.pattern, bare):
        raise BadIdNumberError(
            _(
                "“{number}” is not a number of type {short}. Check it.",
                number=number,
                short=kind.short,
            )
        )
    return bare
