"""Zhishou 值守: watches government websites and new media, and judges them against the regulations."""

__version__ = "0.1.0"
