"""Bytes become facts; pure."""
