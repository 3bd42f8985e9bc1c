"""A barcode reader that types like a keyboard (a "wedge"), at a page of a real browser."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from playwright.sync_api import Page

#: Seconds from key to key: what readers sold as keyboards do out of the box.
_BEAT: Final = 0.015


def read_code(page: Page, code: str) -> None:
    """Read ``code`` as a wedge does: a key every 15 ms by the browser's clock, then Enter.

    The moments are stamped on the events, as a keyboard driver does, and no key waits for the
    answer to the one before: a busy machine does not turn a reader into a slow hand.
    """
    moment = float(page.evaluate("() => Date.now()")) / 1000
    strokes: list[dict[str, Any]] = []
    for name in [*code, "Enter"]:
        moment += _BEAT
        stroke = {"key": name, "timestamp": moment}
        typed = "\r" if name == "Enter" else name
        strokes += {"type": "keyDown", "text": typed, **stroke}, {"type": "keyUp", **stroke}
    wedge = page.context.new_cdp_session(page)
    _send_together(wedge, "Input.dispatchKeyEvent", strokes)
    wedge.detach()


def _send_together(session: Any, method: str, messages: list[dict[str, Any]]) -> None:
    # The public interface of Playwright waits for each answer before the next message leaves.
    inner = session._impl_obj  # noqa: SLF001

    async def send() -> None:
        await asyncio.gather(*(inner.send(method, message, timeout=None) for message in messages))

    session._sync(send())  # noqa: SLF001
