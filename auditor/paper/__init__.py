"""A PDF becomes a Paper."""
