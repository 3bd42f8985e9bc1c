"""Settings of the toy addon, one of each kind."""

from __future__ import annotations

from decimal import Decimal

from core.addons.parts import Setting

HOUR = Setting("toys.closing_hour", "Closing hour", "number", Decimal(20))
WRAP = Setting("toys.wraps", "Wraps presents", "yesno", default=False)
GREETING = Setting("toys.greeting", "Greeting", "text", "Hello")
SHELF = Setting("toys.shelf", "Shelf", "choice", "top", choices=(("top", "Top"), ("low", "Low")))
LOUD = Setting("toys.loud", "Loud", "yesno", default=False, level="establishment")
ALL = (HOUR, WRAP, GREETING, SHELF, LOUD)
