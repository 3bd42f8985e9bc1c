"""Who may open a route. A route that does not say so keeps the application from starting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from core.errors import PlatformError

View = TypeVar("View", bound=Callable[..., Any])

#: Bytes of a request's body; a route that takes files says more.
BODY_LIMIT: Final = 2 * 1024 * 1024
_MARK: Final = "__guadua_access__"


class UndeclaredAccessError(PlatformError):
    """A route does not say who may open it."""

    code = "web.undeclared_access"
    http_status = 500


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of whoever opens it.

    ``permission`` is asked when ``audience`` is "permitted". ``any_business`` lets a form pass that
    was made for another business than the one now worked for (logging out, the theme).
    """

    audience: Literal["public", "logged_in", "permitted"]
    permission: str = ""
    any_business: bool = False
    body_limit: int = BODY_LIMIT


#: Anybody, also without logging in.
PUBLIC: Final = Access("public")
#: Whoever logged in, whatever they may do; also before a business is chosen.
LOGGED_IN: Final = Access("logged_in")


def requires(
    need: str | Access, *, any_business: bool = False, body_limit: int = BODY_LIMIT
) -> Callable[[View], View]:
    """Declare who may open a view: a permission name, ``LOGGED_IN`` or ``PUBLIC``.

    Put it directly on the function, under the route's decorator::

        @pages.get("/contacts/")
        @requires("contacts.contact.read")
        def contacts() -> str: ...
    """
    access = Access("permitted", need) if isinstance(need, str) else need
    settled = Access(access.audience, access.permission, any_business, body_limit)

    def mark(view: View) -> View:
        setattr(view, _MARK, settled)
        return view

    return mark


def access_of(endpoint: str, view: Callable[..., Any]) -> Access:
    """Give what a view declared, or refuse it by name."""
    found = getattr(view, _MARK, None)
    if not isinstance(found, Access):
        raise UndeclaredAccessError(
            f"the route {endpoint!r} does not say who may open it: put @requires(…) on its view"
        )
    return found
