"""Words and figures in the language of whoever reads them: Spanish (es-CO) first, English complete.

Source texts are English; ``locale/es.po`` beside the core and in every addon holds the Spanish.
"""

from core.i18n.catalog import LANGUAGES, LazyText, _, gettext, load_catalogs, use_language

__all__ = ["LANGUAGES", "LazyText", "_", "gettext", "load_catalogs", "use_language"]
