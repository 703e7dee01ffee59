"""Parts that are named and not there."""
