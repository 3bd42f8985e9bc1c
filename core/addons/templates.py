"""Lets templates, and only templates, write ``partner.dian`` for another addon's extension."""

from __future__ import annotations

from typing import Any

from flask.templating import Environment

from core.db.extension import extension_of


class ExtendingEnvironment(Environment):
    """Flask's environment; set it as ``app.jinja_environment`` before the first template."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Read an attribute of the object; where it has none, ask the addons that extend it."""
        found = super().getattr(obj, attribute)
        if not self.is_undefined_value(found):
            return found
        try:
            return extension_of(obj, attribute)
        except AttributeError:
            return found

    def is_undefined_value(self, value: Any) -> bool:
        """Tell whether a look-up found nothing."""
        return isinstance(value, self.undefined)
