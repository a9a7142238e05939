"""Findings become runs, conditions, standings and incidents; pure: no input or output, no clock."""
