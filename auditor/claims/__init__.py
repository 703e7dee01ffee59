"""What numbers a paper, README, notebook or result file claims."""
