"""One declaration gives a list, a form, an export and an API; nothing is written twice.

A write is a typed command (the service's own parameter), a read is a set of columns. Screen and API
go through the same doors: ``reading`` for what is seen, ``writing`` for what is changed.
"""

from core.resources.actions import Action, States
from core.resources.commands import Command, Exact, Input, Line, Reference
from core.resources.declaration import (
    Belongs,
    Choice,
    Column,
    Part,
    Period,
    Related,
    Resource,
    Section,
    Tab,
)
from core.resources.extending import ResourceExtension, extend
from core.resources.lines import keep_lines
from core.resources.rules import Recomputed, Rule

__all__ = [
    "Action",
    "Belongs",
    "Choice",
    "Column",
    "Command",
    "Exact",
    "Input",
    "Line",
    "Part",
    "Period",
    "Recomputed",
    "Reference",
    "Related",
    "Resource",
    "ResourceExtension",
    "Rule",
    "Section",
    "States",
    "Tab",
    "extend",
    "keep_lines",
]
