"""Files become frozen settings, or a list of every problem."""
