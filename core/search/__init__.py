"""One search for everything: folded words, any prefix of them, all must match."""
