"""What an addon's author is given: a static gate over the source, and signed archives."""
