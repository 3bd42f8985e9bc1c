"""How the schema grows: one history per addon, each with its own version table.

The core's own history is in ``versions/``; an addon's in ``addons/<name>/migrations/versions/``.
"""
