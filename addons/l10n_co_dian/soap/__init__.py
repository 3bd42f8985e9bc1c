"""The tax authority's web service: sign, ask, and read the answer without guessing."""
