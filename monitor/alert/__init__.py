"""Notices are composed, queued and surely delivered."""
