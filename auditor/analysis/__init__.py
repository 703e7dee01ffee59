"""The program model over the sources."""
