"""The engines that run a plan's commands."""
