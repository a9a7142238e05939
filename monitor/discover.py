"""The columns of a site, proposed: what `zhishou discover` prints (DESIGN.md §4.4). Stores and changes nothing.

Gives the JSON of that section, and rows ready for the inventory (config/targets/README.md).
"""

import asyncio
import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from monitor.app import open_eyes
from monitor.clock import SystemClock
from monitor.config.rows import COLUMNS
from monitor.config.settings import RawTarget, Settings
from monitor.model import TargetKind, host_of, place_of
from monitor.proposed import Budget, Found, NoHome, Progress
from monitor.walk import set_out


async def discover(settings: Settings, url: str, budget: Budget, progress: Progress) -> Found:
    """The columns that can be found from this home page. Raises NoHome. `progress` hears of pages looked at, and of all known."""
    eyes = await asyncio.to_thread(open_eyes, settings, SystemClock(), None)  # reads files, as a start may
    try:
        walk = await set_out(eyes.tools, url, budget, progress)
        with suppress(TimeoutError):  # what was found until now is told, and how much is left
            async with asyncio.timeout(budget.seconds):
                await walk.go(max(1, settings.fetch.per_host - 1))
        return walk.told()
    finally:
        await eyes.close()


def as_json_list(found: Found) -> list[dict[str, object]]:
    """The list of DESIGN.md §4.4."""
    return [
        {"kind": "column", "column": one.kind.value, "name": one.name, "url": one.url, "newest_date": one.newest}
        for one in found.columns
    ]


def inventory(found: Found, targets: Iterable[RawTarget]) -> Iterator[str]:
    """The lines of a CSV file of the inventory: its first line, the site, a line for each column.

    What `targets` hold already stands there as a remark, with the id it has, so that the lines can be used as they are.
    """
    known = {place_of(target.url): target for target in targets if target.kind is not TargetKind.LINK}
    taken = {target.id for target in known.values()}
    yield ",".join(COLUMNS)
    home = known.get(place_of(found.url))
    site = home.id if home is not None else _fresh(_cleaned(host_of(found.url).removeprefix("www.")), taken)
    told = {"id": site, "kind": "site", "name": found.name or host_of(found.url), "url": found.url}
    yield _line(told, remark=home is not None)
    for one in found.columns:
        there = known.get(place_of(one.url))
        told = {
            "id": there.id if there is not None else _fresh(f"{site}/{_slug(one.url)}", taken),
            "kind": "column",
            "column": one.kind.value,
            "name": one.name,
            "url": one.url,
            "site": site,
            "on_home": "yes" if one.on_home else "",
        }
        yield _line(told, remark=there is not None)


def _line(told: dict[str, str], *, remark: bool) -> str:
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow([told.get(name, "") for name in COLUMNS])
    return ("# " if remark else "") + row.getvalue()


def _slug(url: str) -> str:
    """What tells its address from others of the site, as part of an id."""
    parts = urlsplit(url)
    path = re.sub(r"(?:/(?:index|default|list))?\.\w{2,5}$", "", parts.path).strip("/")
    return _cleaned("-".join(filter(None, (path, *re.findall(r"=([^&]+)", parts.query))))) or "column"


def _cleaned(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_./-]+", "-", text)[:LONGEST_PART].strip("-./")


def _fresh(wanted: str, taken: set[str]) -> str:
    """An id nobody has yet."""
    number, name = 1, wanted or "site"
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name


LONGEST_PART = 50
"""Characters of a host or path in an id; all of it has 120 (config/targets.py)."""


__all__ = ["Budget", "Found", "NoHome", "Progress", "as_json_list", "discover", "inventory"]
