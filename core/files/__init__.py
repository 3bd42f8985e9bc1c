"""Files of a business, named by what is in them."""

from core.files.store import FileStore, MissingFileError

__all__ = ["FileStore", "MissingFileError"]
