"""Discounts at certain hours only, each with its reason."""
