"""The desk and the API."""
