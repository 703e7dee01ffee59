"""Plan, environment, runs, observations, verdict."""
