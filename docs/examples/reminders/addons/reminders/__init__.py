"""Reminds of what falls due, by mail and to another system."""
