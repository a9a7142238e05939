"""Files become frozen settings, or a list of every problem."""

from monitor.config.load import find_settings, load
from monitor.config.problems import ConfigError, Problem
from monitor.config.settings import Settings

__all__ = ["ConfigError", "Problem", "Settings", "find_settings", "load"]
