"""Results that the documentation shows."""
