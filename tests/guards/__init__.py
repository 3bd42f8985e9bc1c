"""Proof that each guard of the platform is watched: remove it, and a named test must fail."""
