"""Secrets of businesses: sealed to where they belong, opened only where they are needed."""
