"""The only code that knows which operating system it runs on."""
