"""Warranties that a business gives on what it sells."""
