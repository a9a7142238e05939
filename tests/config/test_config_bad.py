"""One bad example per rule of validation, each with its exact message (bad/…), and many of them at once.

bad/expected.toml holds the lines `zhishou validate` prints for each file, without the folder.
"""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config.load import load
from monitor.config.problems import ConfigError
from monitor.model import Text, say

BAD = Path(__file__).parent / "bad"
EXPECTED: dict[str, list[str]] = tomllib.loads((BAD / "expected.toml").read_text("utf-8"))
FILES = sorted(str(path.relative_to(BAD)) for path in BAD.glob("*/*"))


@dataclass(frozen=True, slots=True)
class LinkOptions:
    limit: int = 3
    wait: timedelta = timedelta(hours=1)
    skip: tuple[str, ...] = ()


CHECKS = {"links_alive": LinkOptions, "reachable": LinkOptions}


def accepts(url: str) -> Text | None:
    return None if url.startswith("console:") else say("no such service: {url}", url=url)


def problems_of(file: str, folder: Path) -> list[str]:
    """What load says of the file: settings as they are, packs and inventory files named by settings of their own."""
    path = BAD / file
    kind = path.parent.name
    if kind != "settings":
        settings = folder / "monitor.toml"
        key = "rules" if kind == "packs" else "inventory"
        settings.write_text(f'[{key}]\nfiles = ["{path}"]\n', "utf-8")
        path = settings
    with pytest.raises(ConfigError) as caught:
        load(path, checks=CHECKS, accepts=accepts, environ={})
    return [str(problem).replace(f"{BAD}/", "").replace(str(BAD), "…") for problem in caught.value.problems]


@pytest.mark.parametrize("file", FILES)
def test_is_told_exactly(file: str, tmp_path: Path) -> None:
    assert problems_of(file, tmp_path) == EXPECTED[file]


def test_every_expectation_has_its_file() -> None:
    assert sorted(EXPECTED) == FILES


def test_no_secret_is_told() -> None:
    assert "hunter2" not in (BAD / "expected.toml").read_text("utf-8")
