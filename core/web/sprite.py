"""One SVG sprite out of single icon files: ``<use href="…/icons.svg#name">`` needs one request.

The icons are Tabler outline icons (MIT). To add one, unpack the npm package ``@tabler/icons`` of
the version named in ``static/vendor/LICENSES.md`` and run, from the root of the repository::

    python -m core.web.sprite <package>/icons/outline name another-name

The sprite keeps what it has; then put its new SHA-256 into ``LICENSES.md``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

SPRITE: Final = Path(__file__).parent / "static" / "vendor" / "icons.svg"

_SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)".*?</symbol>', re.DOTALL)
_SHAPE = re.compile(r"<(?:path|circle|rect|line|polyline|ellipse)\b[^>]*/>")
_INVISIBLE: Final = 'd="M0 0h24v24H0z"'


def symbols(sprite: str) -> dict[str, str]:
    """Give every symbol of a sprite by its name."""
    return {found[1]: found[0] for found in _SYMBOL.finditer(sprite)}


def symbol(name: str, drawing: str) -> str:
    """Turn one outline icon file into a symbol that takes its stroke width from the page."""
    shapes = [shape for shape in _SHAPE.findall(drawing) if _INVISIBLE not in shape]
    if not shapes:
        raise ValueError(f"{name}: no shape found in the drawing")
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        f' stroke-linecap="round" stroke-linejoin="round">{"".join(shapes)}</symbol>'
    )


def with_icons(sprite: str, folder: Path, names: Iterable[str]) -> str:
    """Return ``sprite`` with the icons ``names`` of ``folder`` added, in alphabetical order."""
    kept = symbols(sprite)
    for name in names:
        kept[name] = symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8"))
    body = "\n".join(kept[name] for name in sorted(kept))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'


def main(arguments: list[str]) -> int:
    """Add the named icons of a folder to the sprite of the platform."""
    folder, names = Path(arguments[0]), arguments[1:]
    old = SPRITE.read_text(encoding="utf-8") if SPRITE.exists() else ""
    SPRITE.write_text(with_icons(old, folder, names), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
