"""Ledgers and sheets out of what the store holds: rows a program can read, and the words people read."""
