"""Who somebody is, for which business they act, and what they may do there."""
