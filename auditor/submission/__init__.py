"""Opening what a user hands in, safely."""
