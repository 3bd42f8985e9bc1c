"""What programs speak with: problem details, checked bodies, idempotency keys, OpenAPI."""
