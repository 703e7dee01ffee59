"""Does a machine-learning paper reproduce? Reads the paper and its repository, reruns the code, reports with evidence."""

__version__ = "0.1.0"
