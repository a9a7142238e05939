"""Tables that people bring: see README.md."""
