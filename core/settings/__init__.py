"""What a business decided about its addons: kept per business or per establishment."""
