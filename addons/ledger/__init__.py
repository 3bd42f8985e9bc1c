"""Balanced lines by account role, from the first sale."""
