"""Domain events: the outbox, who consumes it, and the worker that delivers."""
