"""A tree becomes a Repository."""
