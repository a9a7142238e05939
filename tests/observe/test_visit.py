"""One visit over real sockets: one request for all checks, no work that cannot change the answer, our faults as our own."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from monitor.model import (
    OVERDUE,
    Finding,
    Last,
    Measure,
    Outcome,
    Reach,
    Seen,
    State,
    Target,
    TargetKind,
    Unreachable,
    ok,
    say,
)
from monitor.observe.dns import Resolver
from monitor.observe.large import LARGE
from monitor.observe.look import Look
from monitor.observe.tools import Check
from tests.checks import pages
from tests.checks.eyes import NOON, Here, Viewer, finding, remembered, watching
from tests.observe import tls_server
from tests.observe.dns_server import Zone, answer_to, naming
from tests.observe.raw_server import LIMITS, Served, looking, reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

COLUMN, SITE = TargetKind.COLUMN, TargetKind.SITE
ETAG = 'ETag: "v1"'


@dataclass(slots=True)
class Marks:
    """What was marked as being parsed, and in which thread."""

    names: list[str] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    now: set[str] = field(default_factory=set)

    @contextmanager
    def hold(self, target_id: str) -> Iterator[None]:
        self.names.append(target_id)
        self.threads.append(threading.current_thread())
        self.now.add(target_id)
        try:
            yield
        finally:
            self.now.discard(target_id)


def marked(viewer: Viewer) -> Marks:
    """Have the viewer note every parse."""
    marks = Marks()
    viewer.tools = replace(viewer.tools, suspect=marks.hold)
    return marks


def paths_asked(server: Served) -> list[str]:
    return [request.split(b" ", 2)[1].decode() for request in server.asked]


def a_check(
    name: str, run: Callable[[Target[object], Look], object], *kinds: TargetKind, cadence: str | None = None
) -> Check:
    return Check(name, frozenset(kinds or (SITE, COLUMN)), cadence, lambda _own: None, run)  # type: ignore[arg-type]


async def says_ok(_target: Target[object], _look: Look) -> list[Finding]:
    return [ok("fine", say("fine"))]


async def valid(_target: Target[object], _look: Look) -> list[Finding]:
    return [ok("certificate", say("fine"))]


def by_name(*checks: Check) -> dict[str, Check]:
    return {check.name: check for check in checks}


# One request for all


async def test_all_checks_on_one_page_make_one_request() -> None:
    async with serving(pages.LISTED) as server, watching() as viewer:
        marks = marked(viewer)
        visited = await viewer.visit(server.url("/tzgg/"), COLUMN)
    every = {"reachable", "column_fresh", "column_blank", "dates_honest", "tampered"}
    assert {said.check for said in visited.findings} == every
    assert paths_asked(server) == ["/tzgg/"]
    assert marks.names == ["column-1"]


async def test_every_answer_is_memoised() -> None:
    async def greedy(target: Target[object], look: Look) -> list[Finding]:
        for _ in range(3):
            await look.fetch(target.url)
            await look.fetch(target.url, method="HEAD")
            await look.look(target.url)
            await look.page(target.url)
        return []

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        whole = pages.LISTED
        writer.write(whole if request.startswith(b"GET") else whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")

    async with serving(answer) as server, watching() as viewer:
        await viewer.visit(server.url(), checks=by_name(a_check("a", greedy), a_check("b", greedy)))
    assert sorted(request.split(b" ", 1)[0] for request in server.asked) == [b"GET", b"HEAD"]


async def test_a_failed_look_is_not_repeated_for_the_next_check() -> None:
    async with serving(pages.BROKEN) as server, watching() as viewer:
        visited = await viewer.visit(server.url("/tzgg/"), COLUMN)
    assert len(server.asked) == 1
    assert {(said.check, said.outcome) for said in visited.findings} == {
        ("reachable", Outcome.FAIL),
        ("column_fresh", Outcome.UNKNOWN),
        ("column_blank", Outcome.UNKNOWN),
        ("dates_honest", Outcome.UNKNOWN),
        ("tampered", Outcome.UNKNOWN),
    }


# No work that cannot change the answer

TICKING = pages.page(pages.items()) + "<p>访问量：{n}</p>"


ASIDE = {"reachable", "dates_honest"}
"""Said of the wire; said only of a page that changed, in comparison with what was remembered of it."""


async def second_look(
    *answers: bytes, kind: TargetKind = COLUMN
) -> tuple[Served, Marks, list[Finding], list[Finding], bool]:
    """Look twice; what the first visit remembered is handed to the second."""
    async with serving(answers) as server, watching() as viewer:
        first = await viewer.visit(server.url("/tzgg/"), kind)
        marks = marked(viewer)
        again = await viewer.visit(server.url("/tzgg/"), kind, seen=remembered(first))
    assert again.page is not None
    facts = [said for said in again.findings if said.check not in ASIDE]
    return server, marks, [said for said in first.findings if said.check not in ASIDE], facts, again.page.unchanged


async def test_304_is_not_parsed_and_repeats_the_facts() -> None:
    listed = pages.html(pages.page(pages.items()), "200 OK", ETAG, "Last-Modified: Wed, 18 Nov 2026 01:00:00 GMT")
    server, marks, before, after, unchanged = await second_look(listed, reply(b"", "304 Not Modified", ETAG))
    assert b'If-None-Match: "v1"' in server.asked[1]
    assert b"If-Modified-Since: Wed, 18 Nov 2026 01:00:00 GMT" in server.asked[1]
    assert (after, unchanged, marks.names) == (before, True, [])


async def test_the_same_bytes_are_not_parsed_again() -> None:
    server, marks, before, after, unchanged = await second_look(pages.LISTED)
    assert b"If-None-Match" not in server.asked[1]
    assert (after, unchanged, marks.names) == (before, True, [])


async def test_a_counter_that_ticks_is_no_change() -> None:
    answers = (pages.html(TICKING.format(n=41)), pages.html(TICKING.format(n=42)))
    _, marks, before, after, unchanged = await second_look(*answers)
    assert (after, unchanged, marks.names) == (before, True, [])


async def test_a_changed_page_is_read_anew() -> None:
    newer = pages.html(pages.page(pages.items(("2026-11-20", *pages.DAYS))))
    _, marks, before, after, unchanged = await second_look(pages.LISTED, newer)
    assert (unchanged, marks.names) == (False, ["column-1"])
    assert [said.measure("newest") for said in (*before, *after) if said.check == "column_fresh"] == [
        "2026-11-18",
        "2026-11-20",
    ]


async def test_the_same_bytes_under_an_error_status_are_an_error() -> None:
    broken = pages.html(pages.page(pages.items()), "500 Internal Server Error")
    _, _, _, after, unchanged = await second_look(pages.LISTED, broken)
    assert not unchanged
    assert {said.outcome for said in after} == {Outcome.UNKNOWN}


async def test_a_page_that_needs_others_is_asked_without_conditions() -> None:
    """What it needs may have changed while it has not: a 304 would leave nothing to follow."""
    shell = pages.html("<html><head><meta http-equiv='refresh' content='0;url=/in.html'></head></html>", "200 OK", ETAG)

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        inner, known = request.startswith(b"GET /in.html"), b"If-None-Match" in request
        writer.write(pages.LISTED if inner else reply(b"", "304 Not Modified", ETAG) if known else shell)

    async with serving(answer) as server, watching() as viewer:
        first = await viewer.visit(server.url("/tzgg/"), COLUMN)
        again = await viewer.visit(server.url("/tzgg/"), COLUMN, seen=remembered(first))
    assert finding(first, "column_fresh").measure("newest") == "2026-11-18"
    assert finding(again, "column_fresh").measure("newest") == "2026-11-18"
    assert paths_asked(server) == ["/tzgg/", "/in.html"] * 2


async def test_a_new_day_reads_an_unchanged_page_again() -> None:
    """A date that lay ahead was no date; today it is the newest. Nothing on the page has changed but our day."""
    ahead = pages.html(pages.page(pages.items(("2026-11-21", *pages.DAYS))), "200 OK", ETAG)

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(b"", "304 Not Modified", ETAG) if b"If-None-Match" in request else ahead)

    clock = Here()
    async with serving(answer) as server, watching(clock=clock) as viewer:
        friday = await viewer.visit(server.url("/tzgg/"), COLUMN)
        clock.at += timedelta(hours=11)
        evening = await viewer.visit(server.url("/tzgg/"), COLUMN, seen=remembered(friday))
        clock.at += timedelta(hours=2)
        saturday = await viewer.visit(server.url("/tzgg/"), COLUMN, seen=remembered(friday))
    newest = [finding(visited, "column_fresh").measure("newest") for visited in (friday, evening, saturday)]
    assert newest == ["2026-11-18", "2026-11-18", "2026-11-21"]
    assert [b"If-None-Match" in request for request in server.asked] == [False, True, False]


async def test_nothing_came_is_unreadable_and_forgotten_when_the_page_is_back() -> None:
    """An empty body replaces what was remembered, hashes too: else the page itself would be taken for the empty one."""
    answers = (pages.LISTED, reply(b"", "200 OK", pages.HTML), pages.LISTED)
    async with serving(answers) as server, watching() as viewer:
        first = await viewer.visit(server.url("/tzgg/"), COLUMN)
        empty = await viewer.visit(server.url("/tzgg/"), COLUMN, seen=remembered(first))
        again = await viewer.visit(server.url("/tzgg/"), COLUMN, seen=remembered(empty))
    assert empty.page is not None
    assert empty.page.reading is not None
    assert empty.page.reading.state is State.UNREADABLE
    assert empty.body_hash not in {None, first.body_hash}
    assert finding(empty, "column_fresh").reason == "unreadable"
    assert finding(again, "column_fresh").measure("newest") == "2026-11-18"


async def test_a_page_behind_another_address_is_not_the_page() -> None:
    """Only the target's own address is compared with what was remembered."""

    async def other(target: Target[object], look: Look) -> list[Finding]:
        reading = await look.page(target.url + "other.html")
        return [ok("other", say("read"), Measure("items", len(reading.items), "count"))]

    async with serving(pages.LISTED) as server, watching() as viewer:
        first = await viewer.visit(server.url("/tzgg/"), COLUMN)
        again = await viewer.visit(
            server.url("/tzgg/"), COLUMN, seen=remembered(first), checks=by_name(a_check("other", other))
        )
    assert finding(again, "other").measure("items") == 6


# Following


async def test_no_more_than_three_addresses_are_followed() -> None:
    frames = "".join(f"<frame src='/{n}.html'>" for n in range(6))
    outer = pages.html(f"<html><head><title>公告</title></head><frameset>{frames}</frameset></html>")
    empty = pages.html("<html><body></body></html>")

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(outer if request.startswith(b"GET / ") else empty)

    async with serving(answer) as server, watching() as viewer:
        visited = await viewer.visit(server.url(), COLUMN)
    assert paths_asked(server) == ["/", "/0.html", "/1.html", "/2.html"]
    assert finding(visited, "column_blank").outcome is Outcome.UNKNOWN, "what stays a shell is unknown, never blank"


async def test_what_an_error_page_asks_for_is_not_followed() -> None:
    outer = "<html><head><meta http-equiv='refresh' content='0;url=/in.html'></head></html>"
    async with serving(pages.html(outer, "500 Internal Server Error")) as server, watching() as viewer:
        await viewer.visit(server.url(), COLUMN)
    assert paths_asked(server) == ["/"]


# Our own faults


async def test_a_check_that_raises_is_broken_and_the_others_still_report() -> None:
    async def raises(_target: Target[object], _look: Look) -> list[Finding]:
        raise ZeroDivisionError("password=hunter2")

    checks = by_name(a_check("bad", raises), a_check("fine", says_ok))
    async with serving(pages.LISTED) as server, watching() as viewer:
        visited = await viewer.visit(server.url(), checks=checks)
    broken = finding(visited, "bad")
    assert (broken.outcome, broken.reason, broken.cause) == (Outcome.BROKEN, "ZeroDivisionError", None)
    assert broken.evidence["error"] == "ZeroDivisionError"
    assert "hunter2" not in f"{broken.summary} {broken.evidence}", "what an exception says may hold secrets"
    assert finding(visited, "fine").outcome is Outcome.OK


async def test_a_check_whose_options_cannot_be_made_is_broken() -> None:
    def no_options(_own: object) -> object:
        raise ValueError("no")

    checks = by_name(replace(a_check("bad", says_ok), options=no_options), a_check("fine", says_ok))
    async with serving(pages.LISTED) as server, watching() as viewer:
        visited = await viewer.visit(server.url(), checks=checks)
    assert [said.outcome for said in visited.findings] == [Outcome.BROKEN, Outcome.OK]


async def test_unreachable_is_unknown_with_its_reach() -> None:
    async def gives_up(_target: Target[object], _look: Look) -> list[Finding]:
        raise Unreachable(Reach.TIMEOUT, "no certificate in time")

    async with serving(pages.LISTED) as server, watching() as viewer:
        visited = await viewer.visit(server.url(), checks=by_name(a_check("a", gives_up)))
    said = finding(visited, "a")
    assert (said.outcome, said.reason, str(said.summary)) == (
        Outcome.UNKNOWN,
        "timeout",
        "could not look: no certificate in time",
    )


async def test_a_visit_that_is_cancelled_says_so() -> None:
    started = asyncio.Event()

    async def waits(_target: Target[object], _look: Look) -> list[Finding]:
        started.set()
        await asyncio.Event().wait()
        return []

    async with serving(pages.LISTED) as server, watching() as viewer:
        task = asyncio.create_task(viewer.visit(server.url(), checks=by_name(a_check("a", waits))))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_visit_that_is_overdue_brings_home_what_it_has_and_names_the_check() -> None:
    started = asyncio.Event()

    async def waits(_target: Target[object], _look: Look) -> list[Finding]:
        started.set()
        await asyncio.Event().wait()
        return []

    async with serving(pages.LISTED) as server, watching() as viewer:
        checks = by_name(a_check("a", says_ok), a_check("b", waits))
        task = asyncio.create_task(viewer.visit(server.url(), checks=checks))
        await started.wait()
        task.cancel(OVERDUE)
        visited = await task
    assert [(said.check, said.outcome) for said in visited.findings][-1] == ("b", Outcome.BROKEN)
    assert len(visited.findings) == 2


async def test_a_check_only_sees_its_kinds() -> None:
    async with serving(pages.LISTED) as server, watching() as viewer:
        visited = await viewer.visit(server.url(), TargetKind.PAGE)
    assert [said.check for said in visited.findings] == ["entry_present", "published", "reachable", "tampered"]


# Politeness


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_retry_after_keeps_us_away_from_that_host_alone(status: str) -> None:
    async with (
        serving(pages.html("busy", status, "Retry-After: 1")) as busy,
        serving(pages.LISTED) as other,
        naming({"other.example": ["127.0.0.1"]}) as zone,
        watching(nameserver=zone.port) as viewer,
    ):
        await viewer.visit(busy.url())
        began = time.monotonic()
        await viewer.visit(other.url(host="other.example"))
        elsewhere = time.monotonic() - began
        await viewer.visit(busy.url())
        waited = time.monotonic() - began
    assert waited >= 0.9
    assert elsewhere < waited


@pytest.mark.parametrize(("kind", "checks"), [(SITE, 5), (COLUMN, 5), (TargetKind.LINK, 1)])
async def test_no_turn_at_the_host_is_our_matter(kind: TargetKind, checks: int) -> None:
    """A visit that only waited behind others says nothing of its target, and breaks no check; the lease must not end."""
    async with serving(pages.LISTED) as server, watching() as viewer:
        viewer.tools = replace(viewer.tools, patience=0.2)
        viewer.tools.penalise("127.0.0.1", 60)
        began = time.monotonic()
        visited = await viewer.visit(server.url("/a/b.html"), kind)
    assert len(visited.findings) == checks
    assert {said.outcome for said in visited.findings} == {Outcome.UNKNOWN}
    assert server.asked == []
    assert time.monotonic() - began < 5, "waited for once, not once for each check"


@pytest.mark.parametrize("kind", [kind for kind in TargetKind if kind is not TargetKind.DESK])
async def test_our_proxy_being_gone_says_nothing_of_any_target(kind: TargetKind) -> None:
    async with serving(b"") as gone:
        pass
    limits = replace(LIMITS, proxy=f"http://127.0.0.1:{gone.port}")
    async with watching() as viewer, looking(limits) as fetcher:
        viewer.tools = replace(viewer.tools, fetcher=fetcher)
        visited = await viewer.visit("http://www.example/a/b.html", kind)
    through_it = [said for said in visited.findings if said.check != "hosted_in"]  # names are asked for by ourselves
    assert {(said.outcome, said.reason) for said in through_it} == {(Outcome.UNKNOWN, "proxy")}
    assert visited.reach is Reach.CONNECT, "the words of the reach are closed"


async def test_a_home_page_that_asks_for_an_hour_can_still_be_tried_again_a_minute_later() -> None:
    """503 with Retry-After is how maintenance is announced: three tries a minute apart must be able to confirm it."""
    async with (
        serving(pages.html("busy", "503 Service Unavailable", "Retry-After: 3600")) as server,
        watching() as viewer,
    ):
        asked: list[float] = []
        viewer.tools = replace(viewer.tools, penalise=lambda _host, seconds: asked.append(seconds))
        await viewer.visit(server.url())
    assert asked == [60.0]


# Checks with a cadence of their own

DAILY = timedelta(days=1)


async def looked_at(seen: Seen, now: datetime, *, https: bool, folder: Path, trusted: bool = True) -> list[str]:
    """Which checks ran on a site in that state of memory; `certificate` is daily."""
    context = None if not https else tls_server.good() if trusted else tls_server.untrusted()
    async with (
        naming({tls_server.HOST: ["127.0.0.1"]}) as zone,
        serving(pages.LISTED, context) as server,
        watching(nameserver=zone.port, ca_file=tls_server.ca_file(folder), clock=Here(now)) as viewer,
    ):
        scheme = "https" if https else "http"
        counted = by_name(viewer.checks["reachable"], a_check("certificate", valid, SITE, cadence="certificate"))
        visited = await viewer.visit(server.url(host=tls_server.HOST, scheme=scheme), seen=seen, checks=counted)
    return [said.check for said in visited.findings]


def last(outcome: Outcome, ago: timedelta) -> Seen:
    return Seen(said={("certificate", ""): Last(1, outcome, "", (), 1, NOON - ago)})


@pytest.mark.parametrize(
    ("seen", "trusted", "runs"),
    [
        pytest.param(Seen(), True, True, id="never before"),
        pytest.param(last(Outcome.OK, DAILY), True, True, id="a day ago"),
        pytest.param(last(Outcome.OK, DAILY - timedelta(seconds=1)), True, False, id="not yet a day ago"),
        pytest.param(last(Outcome.OK, timedelta(minutes=5)), False, True, id="was fine, is not trusted now"),
        pytest.param(last(Outcome.FAIL, timedelta(minutes=5)), True, True, id="was bad, is trusted now"),
        pytest.param(last(Outcome.FAIL, timedelta(minutes=5)), False, False, id="bad as before"),
        pytest.param(last(Outcome.UNKNOWN, timedelta(minutes=5)), True, True, id="could not look, could now"),
    ],
)
async def test_a_cadence_is_waited_for_unless_trust_changed(
    seen: Seen, trusted: bool, runs: bool, tmp_path: Path
) -> None:
    ran = await looked_at(seen, NOON, https=True, folder=tmp_path, trusted=trusted)
    assert ("certificate" in ran) is runs


@pytest.mark.parametrize(
    ("filed", "asks", "runs"),
    [(None, True, False), (timedelta(minutes=4), True, True), (timedelta(minutes=6), True, False), (timedelta(minutes=4), False, False)],
)  # fmt: skip
async def test_what_people_filed_since_is_looked_at_before_its_turn(
    filed: timedelta | None, asks: bool, runs: bool
) -> None:
    """It was looked at five minutes ago, and is once a day."""
    ran: list[str] = []

    async def runs_now(target: Target[object], look: Look) -> list[Finding]:
        ran.append(target.id)
        return []

    seen = last(Outcome.OK, timedelta(minutes=5))._replace(filed_at=None if filed is None else NOON - filed)
    check = replace(a_check("certificate", runs_now, SITE, cadence="certificate"), on_filing=asks)
    async with serving(pages.LISTED) as server, watching(clock=Here(NOON)) as viewer:
        await viewer.visit(server.url(), seen=seen, checks=by_name(check))
    assert bool(ran) is runs


async def test_over_plain_http_nothing_is_early(tmp_path: Path) -> None:
    ran = await looked_at(last(Outcome.FAIL, timedelta(hours=1)), NOON, https=False, folder=tmp_path)
    assert ran == ["reachable"]


# Parsing is bounded, and known


async def test_big_pages_are_parsed_in_a_thread_small_ones_are_not() -> None:
    big = pages.html(pages.page(pages.items() + "<p>" + "正文" * 5 + "</p>") + "<!--" + "x" * LARGE + "-->")
    for answer, beside in ((pages.LISTED, False), (big, True)):
        async with serving(answer) as server, watching() as viewer:
            marks = marked(viewer)
            visited = await viewer.visit(server.url("/tzgg/"), COLUMN)
        assert finding(visited, "column_fresh").outcome is Outcome.OK
        assert [thread is not threading.main_thread() for thread in marks.threads] == [beside]


async def test_a_target_is_marked_only_while_its_page_is_parsed() -> None:
    held: list[set[str]] = []

    async def hangs_on(target: Target[object], look: Look) -> list[Finding]:
        held.append(set(marks.now))
        await look.page(target.url)
        held.append(set(marks.now))
        return []

    async with serving(pages.LISTED) as server, watching() as viewer:
        marks = marked(viewer)
        await viewer.visit(server.url(), checks=by_name(a_check("a", hangs_on)))
    assert held == [set(), set()]
    assert marks.names == ["site-1"]


# The name server


class Late(asyncio.DatagramProtocol):
    """Answers for names that begin with "far" after `delay` seconds, as a server that must ask far away itself."""

    def __init__(self, zone: Zone, delay: float) -> None:
        self.zone = zone
        self.delay = delay

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = answer_to(data, self.zone) or b""
        far = self.zone.asked[-1][0].startswith("far")
        asyncio.get_running_loop().call_later(self.delay if far else 0.0, self.transport.sendto, answer, addr)


async def test_a_name_server_that_was_fast_may_be_slow_once() -> None:
    zone = Zone({name: ["127.0.0.1"] for name in ("far.example", *(f"near-{n}.example" for n in range(8)))})
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Late(zone, 0.9), local_addr=("127.0.0.1", 0)
    )
    resolver = Resolver([f"127.0.0.1:{transport.get_extra_info('sockname')[1]}"], timeout=5.0)
    try:
        for n in range(8):
            await resolver.resolve(f"near-{n}.example")
        told = await resolver.resolve("far.example")
    finally:
        await resolver.close()
        transport.close()
    assert (told.failure, told.addresses) == (None, ("127.0.0.1",))
