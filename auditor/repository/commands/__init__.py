"""Documented commands, checked against what is there."""
