"""Parts that cannot be read or rebuilt."""
