"""READMEs and other prose to facts."""
