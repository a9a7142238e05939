"""Where the data we ship stands: inside the wheel as monitor/_data, else at the root of the repository.

`config/` and `systemd/` have one copy only, at the root; hatchling puts them into the wheel, an editable install does
not. Reads nothing, only names places.
"""

from importlib.resources import files
from pathlib import Path


def shipped(*parts: str) -> Path:
    """Where a shipped file or folder stands: "config", "rules". Raises FileNotFoundError when it is missing."""
    package = Path(str(files("monitor")))
    for root in (package / "_data", package.parent):
        place = root.joinpath(*parts)
        if place.exists():
            return place
    raise FileNotFoundError(f"{'/'.join(parts)} was not shipped with this installation")
