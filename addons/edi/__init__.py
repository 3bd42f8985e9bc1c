"""Legal electronic documents: numbered, versioned, signed, sent, answered."""
