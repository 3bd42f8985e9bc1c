"""Contacts: customers, suppliers and their Colombian identification."""
