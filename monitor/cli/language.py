"""Which language people are answered in before there are settings. Reads one key of the settings file."""

import tomllib
from pathlib import Path


def language_in(path: Path | None) -> str:
    """What the settings at that path speak, even when they cannot be used; Chinese when nothing readable is said."""
    try:
        said = {} if path is None else tomllib.loads(path.read_text("utf-8")).get("desk", {})
    except (OSError, ValueError):
        return "zh-CN"
    return "en" if isinstance(said, dict) and said.get("language") == "en" else "zh-CN"
