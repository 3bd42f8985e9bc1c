"""Who did what, when, to which record: rows that nobody can change unseen."""
