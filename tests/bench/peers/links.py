"""The links of 50 home pages, judged by lychee and by the daemon on the same estate.

A round of ours is: every home page read, every link it carries looked at, every failure confirmed by its second look. The start of
the process is not in it, since a daemon starts once; lychee's is, since it cannot do without.
"""

import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from monitor.clock import SHANGHAI
from monitor.store.targets import SHARE
from tests.bench.peers.estate import HOMES, home_host, truth
from tests.bench.peers.ours import CONCURRENT, STORE, Watching, rows_of, watching, write_config
from tests.bench.peers.server import Served
from tests.bench.peers.subject import Cost, TookTooLong, once

ROUND = 180.0  # seconds a round may take
LINKS, SITE = 3600.0, 300.0
COMPANY = round(LINKS * 1000 / SHARE)  # milliseconds a link may come early, in company
"""Seconds: cadences of links and home pages. Links an hour (shipped: a day), so that leaping over one does not also begin a new day,
on which every home page would be read again. What a round costs does not depend on it."""

UNSEEN = "SELECT COUNT(*) FROM targets WHERE kind = 'link' AND visits = 0"
UNCONFIRMED = """
SELECT COUNT(*) FROM runs JOIN targets ON targets.id = runs.target_id AND targets.kind = 'link'
WHERE runs.is_current = 1 AND runs.outcome = 'fail' AND NOT EXISTS (
    SELECT 1 FROM conditions WHERE conditions.target_id = targets.id AND conditions.ended_at IS NULL)"""
VERDICTS = """
SELECT url, outcome, EXISTS (SELECT 1 FROM conditions WHERE target_id = targets.id AND ended_at IS NULL)
FROM targets JOIN runs ON runs.target_id = targets.id AND runs.is_current = 1 WHERE kind = 'link' AND removed_at IS NULL"""


@dataclass(frozen=True, slots=True)
class Round:
    """One look at all links: what was said of each address (dead or not), what it cost, how much was asked."""

    said: Mapping[str, bool]
    cost: Cost
    requests: int


@dataclass(frozen=True, slots=True)
class Ours:
    """The same of the daemon, and how it came about."""

    round: Round
    read: Cost  # until every home page was read
    seen: Cost  # from then until every link was looked at once
    homes: int  # visits of home pages meanwhile
    again: tuple[int, int]  # of a second look at the city: home pages asked, links asked that were not due


def wrong(said: Mapping[str, bool], true: Mapping[str, bool]) -> Counter[str]:
    """What was said otherwise than it is, counted by the kind of link; "unsaid" comes first in what was never judged."""
    kinds: Counter[str] = Counter()
    for url, dead in true.items():
        if said.get(url) is not dead:
            kind = url.rsplit("/", 2)[1]
            kinds[kind if url in said else f"unsaid {kind}"] += 1
    kinds.update("not in the estate" for url in said if url not in true)
    return kinds


def lychee_round(program: Path, served: Served, folder: Path, processor: int | None) -> Round:
    """One run of lychee, its politeness and retries off."""
    folder.mkdir(parents=True)
    served.take()
    told = folder / "lychee.json"
    command = (
        *(str(program), "--no-progress", "--format", "json", "--output", str(told), "--max-retries", "0"),
        *(
            "--max-concurrency",
            str(CONCURRENT),
            "--host-concurrency",
            str(CONCURRENT),
            "--host-request-interval",
            "0ms",
        ),
        *homes(served.port).values(),
    )
    code, cost = once(command, folder / "lychee.log", processor, ROUND)
    if code not in {0, 2}:  # 2: dead links were found
        raise TookTooLong(f"lychee ended with {code}: {(folder / 'lychee.log').read_text(encoding='utf-8')[-500:]}")
    return Round(
        lychee_said(json.loads(told.read_text(encoding="utf-8")), truth(served.port)), cost, served.take().total()
    )


def lychee_said(report: Mapping[str, object], true: Mapping[str, bool]) -> dict[str, bool]:
    """Its report lists what failed by page; all else it was to look at counts as fine only when it says it saw as many."""
    failed = {one["url"] for name in ("error_map", "timeout_map") for page in report[name].values() for one in page}  # type: ignore[attr-defined]
    if report["unique"] != len(true):
        return dict.fromkeys(failed, True)
    return {url: url in failed for url in true} | dict.fromkeys(failed, True)


def our_round(served: Served, folder: Path, processor: int | None) -> Ours:
    """A new store and a first link round; then the daemon again on the same store, and a second look at the home pages."""
    addresses = homes(served.port)
    config = write_config(folder, served.port, addresses, {"site": "5m", "links": "1h"})
    served.take()
    with watching(folder, config, processor, until_noon(datetime.now(UTC))) as daemon:
        read = _took(daemon, SITE, "SELECT COUNT(*) FROM targets WHERE kind = 'site' AND visits = 0")
        seen = _took(daemon, LINKS, UNSEEN)
        whole = _took(daemon, 0.0, UNCONFIRMED)
        said, asked = verdicts(daemon.rows(VERDICTS)), served.take()
        visits = daemon.number("SELECT SUM(visits) FROM targets WHERE kind = 'site'")
        memory, ahead = daemon.subject.memory, daemon.ahead
    cost = Cost(read.wall + seen.wall + whole.wall, read.processor + seen.processor + whole.processor, memory)
    again = _second_look(served, folder, processor, ahead)
    return Ours(Round(said, cost, asked.total()), read, seen, visits, again)


def verdicts(rows: list[tuple[str, str, int]]) -> dict[str, bool]:
    """Dead is what is confirmed, fine is what opens; what could not be judged or confirmed is left out."""
    return {
        url: bool(confirmed) for url, outcome, confirmed in rows if outcome == "ok" or (outcome == "fail" and confirmed)
    }


def homes(port: int) -> dict[str, str]:
    """Target id → address of the 50 home pages."""
    return {f"site-{number:02}": f"http://{home_host(number)}:{port}/" for number in range(HOMES)}


def until_noon(now: datetime) -> float:
    """Seconds until it is 12:00 in Shanghai: no day begins within a round, and no digest falls due."""
    here = now.astimezone(SHANGHAI)
    noon = here.replace(hour=12, minute=0, second=0, microsecond=0)
    return (noon - here).total_seconds() % 86_400


def _took(daemon: Watching, leap: float, left: str) -> Cost:
    """Leap, and wait until nothing of that is left."""
    wall, processor = time.monotonic(), daemon.subject.processor
    if leap:
        daemon.leap(leap)
    daemon.subject.wait_until(lambda: daemon.number(left) == 0, ROUND, left)
    return Cost(time.monotonic() - wall, daemon.subject.processor - processor)


def _second_look(served: Served, folder: Path, processor: int | None, ahead: float) -> tuple[int, int]:
    """The same store a moment later, home pages every second: each is asked again, and no link before its turn.

    A link may come along with a look that is made anyway, a fifteenth of its cadence early at most: that is its turn.
    """
    planned = dict(rows_of(folder / STORE, "SELECT url, next_due_at FROM targets WHERE kind = 'link'"))
    config = write_config(folder, served.port, homes(served.port), {"site": "1s", "links": "1h"})
    pages, asked = {_place(url) for url in homes(served.port).values()}, Counter[str]()

    def all_asked() -> bool:
        asked.update(name.partition(" ")[2] for name in served.take().elements())
        return pages <= set(asked)

    served.take()
    with watching(folder, config, processor, ahead) as daemon:
        daemon.subject.wait_until(all_asked, ROUND, "a second look at every home page")
        until = daemon.now_ms()
    asked.update(name.partition(" ")[2] for name in served.take().elements())
    early = [url for url, due in planned.items() if _place(url) in asked and due > until + COMPANY]
    return sum(asked[page] for page in pages), len(early)


def _place(url: str) -> str:
    """Host and path, as the server's book has them."""
    parts = urlsplit(url)
    return f"{parts.hostname} {parts.path}"
