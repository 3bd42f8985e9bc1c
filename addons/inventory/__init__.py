"""Stock: immutable moves, balances and average cost."""
