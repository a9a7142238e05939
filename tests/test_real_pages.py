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
from monitor.config.settings import FetchSettings, GuardSettings, ReferenceSettings, ResolverSettings, Settings, StoreSettings
from monitor.daemon import Daemon
from monitor.model import BLIND_STATES, ColumnKind, State, Target, TargetKind

pytestmark = [pytest.mark.corpus, pytest.mark.slow]

LATEST = 110.0  # seconds; half a minute on two cores
KINDS = {"list": TargetKind.COLUMN, "home": TargetKind.SITE, "article": TargetKind.PAGE, "feed": TargetKind.ACCOUNT}
UNSEEN = frozenset({"waf", "challenge", "rate_limit", "maintenance", "closed_notice", "soft404", "error404", "error502"})
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
        kind = KINDS.get(record["kind"]) or (TargetKind.COLUMN if record["kind"] == "odd_list" else TargetKind.PAGE)
        found.append(Held(record, kind, url, (corpus / record["file"]).read_bytes()))
    return found


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
        "reference": ReferenceSettings(urls=(f"http://127.0.0.1:{port}/",), at_least=1),
        "fetch": FetchSettings(per_host=16, pace=timedelta(milliseconds=1)),
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


async def visit_all(daemon: Daemon) -> None:
    """The daemon's rounds until each of the inventory has been visited. Links that pages carry come as they come."""
    await daemon.watch.database.write(lambda tx: tx.execute("UPDATE targets SET next_due_at = 0"))
    rounds = asyncio.create_task(daemon.rounds())
    try:
        async with asyncio.timeout(LATEST):
            while await daemon.watch.database.read(_unvisited):
                assert not rounds.done(), "the rounds have ended"
                await asyncio.sleep(0.2)
    finally:
        rounds.cancel()
        await asyncio.gather(rounds, return_exceptions=True)
        await daemon.flights.drain(5.0)


def _unvisited(tx: sqlite3.Connection) -> int:
    return int(tx.execute("SELECT COUNT(*) FROM targets WHERE kind <> 'link' AND visits = 0").fetchone()[0])


@dataclass(frozen=True, slots=True)
class Seen:
    """What the store knows of a target after its visit."""

    state: State | None
    newest: str | None
    runs: Mapping[str, tuple[str, str]]  # check → outcome, reason
    standings: Mapping[str, str]  # cause → value, of stale and blank
    incidents: frozenset[str]


def known(tx: sqlite3.Connection) -> dict[str, Seen]:
    """Everything at once, by target."""
    found = {}
    for name, reading in tx.execute("SELECT id, reading FROM targets WHERE kind <> 'link'").fetchall():
        facts = json.loads(reading) if reading else {}
        runs = tx.execute(
            "SELECT check_name, outcome, reason FROM runs WHERE is_current = 1 AND target = ?", (name,)
        ).fetchall()
        standings = tx.execute("SELECT cause, value FROM standings WHERE target = ?", (name,)).fetchall()
        open_ones = tx.execute(
            "SELECT cause FROM members JOIN incidents ON incidents.id = incident WHERE target = ? AND left_at IS NULL",
            (name,),
        ).fetchall()
        found[name] = Seen(
            State(facts["state"]) if facts else None,
            facts.get("newest_date"),
            {check: (outcome, reason) for check, outcome, reason in runs},
            dict(standings),
            frozenset(cause for (cause,) in open_ones),
        )
    return found


def table(pages: Sequence[Held], seen: Mapping[str, Seen]) -> str:
    """Target, kind, state, newest date, and why nothing more can be said."""
    lines = []
    for page in pages:
        what = seen[page.name]
        reasons = "; ".join(f"{check}: {outcome} {why}".rstrip() for check, (outcome, why) in sorted(what.runs.items()) if outcome != "ok")
        state = what.state.value if what.state else "-"
        lines.append(f"{page.name:<44} {page.kind.value:<8} {state:<12} {what.newest or '-':<11} {reasons}")
    return "\n".join(lines)
