"""Leakage: test data that had a part in making the model, or in making what it was tested on."""
