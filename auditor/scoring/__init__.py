"""Findings and a checklist become a scorecard."""
