"""Taxes of a sale: which ones a line owes, and what a basket amounts to, to the cent."""
