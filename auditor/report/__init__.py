"""The Audit document and its renderings."""
