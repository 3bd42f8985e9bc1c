"""The documentation, as it stands in the repository."""

from __future__ import annotations

from flask import Response, render_template
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from core.i18n.catalog import language
from core.web.access import PUBLIC, requires
from core.web.addresses import see_other
from core.web.documents import find_document, read_document
from core.web.shell import bare_shell
from core.web.static_files import TYPES
from core.web.views.blueprint import web


@web.get("/docs")
@requires(PUBLIC)
def docs_start() -> Response:
    """Lead to the first page: its links are relative to the folder."""
    return see_other("/docs/")


@web.get("/docs/", defaults={"path": ""})
@web.get("/docs/<path:path>")
@requires(PUBLIC)
def docs(path: str) -> str | Response:
    """Show a page or a picture of the documentation."""
    file = find_document(path, language())
    if file is None:
        raise NotFound
    if file.suffix != ".md":
        return Response(file.read_bytes(), content_type=TYPES[file.suffix])
    document = read_document(file)
    # Markup: the renderer escapes all HTML of the source, so what is left is its own.
    html = Markup(document.html)  # noqa: S704
    shell = bare_shell(document.title)
    return render_template("docs.html", shell=shell, document=document, html=html)
