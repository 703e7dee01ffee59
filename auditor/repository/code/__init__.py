"""Python sources and notebooks to facts."""
