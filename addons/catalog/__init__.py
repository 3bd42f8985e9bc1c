"""Catalog: what the business sells, its codes, prices and tax classes."""
