"""What decided an incident, kept and judged again; the log that seals it; what other rules would have said."""
