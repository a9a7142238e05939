"""The labelled real pages and feeds, served under their own names and visited by the daemon's own rounds (issue 2).

None ends BROKEN; none is called stale or blank when it could not be read; a table says what was made of each (`-s`, or in
the captured section). Real clock: the pages are years old, so what can be read is stale, and that is right.
"""

import asyncio
import json
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from monitor.app import assemble, load_settings
from monitor.city.nameserver import Nameserver
from monitor.clock import SystemClock
from monitor.config.settings import (
    FetchSettings,
    GuardSettings,
    ReferenceSettings,
    ResolverSettings,
    Settings,
    StoreSettings,
)
from monitor.daemon import Daemon
from monitor.model import BLIND_STATES, ColumnKind, State, Target, TargetKind

pytestmark = [pytest.mark.corpus, pytest.mark.slow]

REFERENCE = "/still-here"
"""A host outside the estate that always answers: our own network is fine (links on these pages lead to names that are gone)."""
LATEST = 110.0  # seconds; half a minute on two cores
KINDS = {"list": TargetKind.COLUMN, "home": TargetKind.SITE, "article": TargetKind.PAGE, "feed": TargetKind.ACCOUNT}
UNSEEN = frozenset(
    {"waf", "challenge", "rate_limit", "maintenance", "closed_notice", "soft404", "error404", "error502"}
)
UNSEEN |= {"error504", "forbidden", "redirect", "js_required", "flash"}
"""Labels of odd pages of which nothing can be said (corpus README)."""


@dataclass(frozen=True, slots=True)
class Held:
    """One file of the corpus as a target."""

    record: Mapping[str, Any]
    kind: TargetKind
    url: str  # without a port
    body: bytes

    @property
    def name(self) -> str:
        return str(self.record["file"])

    @property
    def cannot_be_read(self) -> bool:
        """What the labels say."""
        labels = self.record["labels"]
        return bool(labels.get("js_rendered")) or labels.get("why") in UNSEEN


def held(corpus: Path) -> list[Held]:
    """Every file, each under an address of its own: theirs where it is known, an invented one where not."""
    records = [json.loads(line) for line in (corpus / "INDEX.jsonl").read_text(encoding="utf-8").splitlines()]
    taken: set[str] = set()
    found = []
    for number, record in enumerate(records):
        url = _address(record["url"])
        if url is None or url in taken:
            url = f"http://page-{number}.invented.example/a/{Path(record['file']).stem}.html"
        taken.add(url)
        kind = KINDS.get(record["kind"]) or _odd(str(record["labels"]["why"]))
        found.append(Held(record, kind, url, (corpus / record["file"]).read_bytes()))
    return found


def _odd(why: str) -> TargetKind:
    """What stands where a list should is a column: there it could be called blank or stale."""
    return TargetKind.COLUMN if why in UNSEEN or why == "blank" else TargetKind.PAGE


def _address(url: str | None) -> str | None:
    """Over plain HTTP and without a fragment: the port is ours anyway."""
    if url is None:
        return None
    parts = urlsplit(url)
    return f"http://{parts.hostname}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


@asynccontextmanager
async def served(pages: Sequence[Held]) -> AsyncIterator[tuple[int, str]]:
    """All of them on one port of loopback, by host and path; gives the port and the address of the name server."""
    by_place = {(urlsplit(page.url).hostname, page.url.split("/", 3)[3]): page for page in pages}
    hosts = {host for host, _ in by_place}

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == REFERENCE:
            return web.Response(text="here")
        page = by_place.get((request.host.partition(":")[0], request.path_qs.removeprefix("/")))
        if page is None:
            return web.Response(status=404, text="404")
        # No charset: which one the server claimed was not kept, and many claim none.
        kind = "application/xml" if page.kind is TargetKind.ACCOUNT else "text/html"
        return web.Response(body=page.body, headers={"Content-Type": kind})

    runner = web.ServerRunner(web.Server(answer, access_log=None), handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    names = Nameserver(lambda name: ("127.0.0.1",) if name in hosts else "nxdomain")
    await names.start()
    try:
        yield int(runner.addresses[0][1]), names.address
    finally:
        await names.close()
        await runner.cleanup()


def told(pages: Sequence[Held], port: int, nameserver: str, folder: Path) -> Settings:
    """The shipped settings and rules for these targets."""
    targets = tuple(_target(page, port) for page in pages)
    changes = {
        "targets": targets,
        "store": StoreSettings(path=folder / "zhishou.db"),
        "guard": GuardSettings.model_validate({"allow": ["127.0.0.0/8"]}),
        "resolver": ResolverSettings(nameservers=(nameserver,)),
        "reference": ReferenceSettings(urls=(f"http://127.0.0.1:{port}{REFERENCE}",), at_least=1),
        "fetch": FetchSettings(per_host=8, pace=timedelta(milliseconds=1), concurrency=16),
    }
    return load_settings(None).model_copy(update=changes)


def _target(page: Held, port: int) -> Target[dict[str, dict[str, object]]]:
    parts = urlsplit(page.url)
    return Target(
        id=page.name,
        kind=page.kind,
        name=page.name,
        url=page.url.replace(f"//{parts.hostname}", f"//{parts.hostname}:{port}", 1),
        options={},
        owner="某局",
        column=ColumnKind.DYNAMIC if page.kind is TargetKind.COLUMN else None,
    )


async def visit_all(daemon: Daemon, visits: int) -> None:
    """The daemon's rounds until each of the inventory has been visited so often; the links on the pages wait."""
    later = "UPDATE targets SET next_due_at = CASE WHEN kind = 'link' THEN next_due_at + 100000000 ELSE 0 END"
    await daemon.watch.database.write(lambda tx: tx.execute(later).rowcount)
    rounds = asyncio.create_task(daemon.loops.rounds())
    try:
        async with asyncio.timeout(LATEST):
            while await daemon.watch.database.read(lambda tx: _behind(tx, visits)):
                assert not rounds.done(), "the rounds have ended"
                await asyncio.sleep(0.2)
    finally:
        rounds.cancel()
        await asyncio.gather(rounds, return_exceptions=True)
        await daemon.flights.drain(5.0)


def _behind(tx: sqlite3.Connection, visits: int) -> int:
    sql = "SELECT COUNT(*) FROM targets WHERE kind <> 'link' AND visits < ?"
    return int(tx.execute(sql, (visits,)).fetchone()[0])


@dataclass(frozen=True, slots=True)
class Seen:
    """What the store knows of a target after its visit."""

    state: State | None
    newest: str | None
    runs: Mapping[str, tuple[str, str]]  # check → outcome, reason
    breached: frozenset[str]  # causes of its breached standings
    incidents: frozenset[str]  # causes of the open incidents it is a member of

    @property
    def called(self) -> frozenset[str]:
        """What anybody could read as a verdict on its content."""
        blank = {"blank"} if self.runs.get("column_blank", ("", ""))[0] == "fail" else set()
        return (self.breached | self.incidents | blank) & {"stale", "blank"}


def known(tx: sqlite3.Connection) -> dict[str, Seen]:
    """Everything at once, by target."""
    found = {}
    for name, reading in tx.execute("SELECT id, reading FROM targets WHERE kind <> 'link'").fetchall():
        facts = json.loads(reading) if reading else {}
        runs = f"SELECT check_name, outcome, reason FROM runs WHERE is_current = 1 AND target_id = '{name}'"
        breached = f"SELECT cause FROM standings WHERE value = 'breached' AND target_id = '{name}'"
        member = (
            "SELECT cause FROM incidents JOIN members ON members.incident_id = incidents.id "
            f"WHERE left_at IS NULL AND target_id = '{name}'"
        )
        found[name] = Seen(
            State(facts["state"]) if facts else None,
            facts.get("newest_date"),
            {check: (outcome, reason) for check, outcome, reason in tx.execute(runs).fetchall()},
            frozenset(cause for (cause,) in tx.execute(breached).fetchall()),
            frozenset(cause for (cause,) in tx.execute(member).fetchall()),
        )
    return found


def table(pages: Sequence[Held], seen: Mapping[str, Seen]) -> str:
    """Target, kind, state, newest date, what it is called, and what each check that is not content says."""
    lines = []
    for page in sorted(pages, key=lambda page: (page.kind.value, page.name)):
        what = seen[page.name]
        state = what.state.value if what.state else "-"
        reasons = [
            f"{check}: {outcome} {why}" for check, (outcome, why) in sorted(what.runs.items()) if outcome != "ok"
        ]
        told = " ".join((*sorted(what.called), *reasons))
        lines.append(f"{page.name:<40} {page.kind.value:<8} {state:<12} {what.newest or '-':<11} {told}")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Watched:
    """The corpus after its visits."""

    pages: tuple[Held, ...]
    once: Mapping[str, Seen]
    twice: Mapping[str, Seen]
    ours: frozenset[str]  # open incidents of the daemon itself


@pytest.fixture(scope="module")
def watched(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """All of them visited twice by one daemon."""
    return asyncio.run(_watch(tuple(held(corpus)), tmp_path_factory.mktemp("daemon")))


async def _watch(pages: tuple[Held, ...], folder: Path) -> Watched:
    async with served(pages) as (port, nameserver):
        settings = told(pages, port, nameserver, folder)
        daemon = await assemble(settings, SystemClock(), lambda: settings)
        database = daemon.watch.database
        try:
            looks = []
            for visits in (1, 2):
                began = time.monotonic()
                await visit_all(daemon, visits)
                looks.append(await database.read(known))
                print(f"look {visits}: {len(pages)} targets in {time.monotonic() - began:.1f} s")
            ours = await database.read(lambda tx: tx.execute(OURS).fetchall())
        finally:
            for _name, _start, close in daemon.doors:
                await close()
    return Watched(pages, looks[0], looks[1], frozenset(key for (key,) in ours))


OURS = "SELECT key FROM incidents WHERE cause = 'ours'"


def test_none_is_broken(watched: Watched) -> None:
    print(table(watched.pages, watched.twice))
    print(Counter(f"{page.kind.value} {watched.twice[page.name].state or '-'}" for page in watched.pages))
    for seen in (watched.once, watched.twice):
        assert len(seen) == len(watched.pages)
        assert [
            (name, what.runs) for name, what in seen.items() if "broken" in {said for said, _ in what.runs.values()}
        ] == []
    assert watched.ours == frozenset()


def test_every_target_was_looked_at_by_its_checks(watched: Watched) -> None:
    wanted = {
        TargetKind.SITE: {"reachable", "column_fresh", "marks_present", "tampered", "hosted_in"},
        TargetKind.COLUMN: {"reachable", "column_fresh", "column_blank", "dates_honest", "tampered"},
        TargetKind.PAGE: {"reachable", "tampered"},
        TargetKind.ACCOUNT: {"feed_fresh"},
    }
    for page in watched.pages:
        assert set(watched.twice[page.name].runs) == wanted[page.kind], page.name


def test_none_is_called_stale_or_blank_that_could_not_be_read(watched: Watched) -> None:
    wrong = []
    for page in watched.pages:
        for seen in (watched.once[page.name], watched.twice[page.name]):
            if seen.called and (seen.state is None or seen.state in BLIND_STATES or page.cannot_be_read):
                wrong.append((page.name, seen.state, sorted(seen.called)))
    assert wrong == []


def test_none_is_called_blank_that_holds_something(watched: Watched) -> None:
    wrong = [
        page.name
        for page in watched.pages
        if "blank" in watched.twice[page.name].called and (page.record["labels"].get("items") or not page.body.strip())
    ]
    assert wrong == []


def test_what_was_read_once_is_said_again_of_the_unchanged_page(watched: Watched) -> None:
    once, twice = watched.once, watched.twice
    changed = [(name, once[name].runs, twice[name].runs) for name in once if once[name].runs != twice[name].runs]
    assert changed == []


def test_only_what_can_be_dated_is_stale(watched: Watched) -> None:
    for page in watched.pages:
        seen = watched.twice[page.name]
        assert ("stale" in seen.called) <= (seen.newest is not None), page.name
