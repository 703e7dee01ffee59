"""Does a machine-learning paper reproduce? Reads paper and repository, reruns the code, reports with evidence."""

__version__ = "0.1.0"
