"""What a public reply list on a real server brings home for the register → what `letters_read` says. It is noon of 2026-11-20."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from monitor.model import (
    EntryKind,
    Letter,
    LetterRow,
    MessageClass,
    Outcome,
    ReadLetters,
    Seen,
    Target,
    TargetKind,
    Visited,
)
from tests.checks import pages
from tests.checks.eyes import Viewer, a_target, finding, remembered, watching
from tests.observe.raw_server import Answer, reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, UNKNOWN = Outcome.OK, Outcome.UNKNOWN
HEAD = "<tr><th>编号</th><th>标题</th><th>类型</th><th>来信时间</th><th>回复时间</th></tr>"
ROWS = (
    "<tr><td>SZ0001</td><td><a href='1.html'>路灯不亮</a></td><td>投诉</td><td>2026-11-02</td><td>2026-11-04</td></tr>",
    "<tr><td>SZ0002</td><td><a href='2.html'>公交改线</a></td><td></td><td>2026-11-12</td><td></td></tr>",
)
LIST = pages.html(pages.page(f"<table>{HEAD}{''.join(ROWS)}</table>", "市长信箱"))
BARE = pages.html(
    pages.page(
        "<table><tr><th>来信标题</th><th>状态</th></tr>"
        + "".join(f"<tr><td><a href='{n}.html'>第{n}件事情怎么办</a></td><td>已回复</td></tr>" for n in range(1, 6))
        + "</table>",
        "市长信箱",
    )
)


def own_page(n: int) -> bytes:
    told = f"<h1>第{n}件事情怎么办</h1><p>来信时间：2026-10-0{n}</p><p>回复时间：2026-10-1{n}</p>"
    return pages.html(pages.page(told, f"第{n}件事情怎么办"))


def by_path(answers: Mapping[str, bytes]) -> Answer:
    """404 for every other path."""

    async def say(request: bytes, writer: asyncio.StreamWriter) -> None:
        path = request.split(b" ")[1].decode()
        writer.write(answers.get(path, reply(b"<p>gone</p>", "404 Not Found", "Content-Type: text/html")))
        await writer.drain()

    return say


@dataclass(slots=True)
class Desk:
    """The memory of the store, for one page."""

    rows: tuple[LetterRow, ...] = ()

    async def letters(self, _page: str) -> tuple[LetterRow, ...]:
        return self.rows


async def look(
    viewer: Viewer,
    url: str,
    *,
    known: tuple[LetterRow, ...] = (),
    seen: Seen | None = None,
    entry: EntryKind = EntryKind.REPLIES,
    **options: Any,
) -> Visited:
    target: Target[Any] = replace(a_target(url, TargetKind.PAGE, options={"letters_read": options}), entry=entry)
    remembering = replace(viewer, tools=replace(viewer.tools, letters=Desk(known).letters))
    return await remembering.visit(url, target=target, seen=seen)


def brought(visited: Visited) -> tuple[Letter, ...]:
    assert isinstance(visited.letters, ReadLetters)
    return tuple(row.letter for row in visited.letters.rows)


async def test_a_list_that_prints_all_is_brought_home_whole() -> None:
    async with serving(LIST) as server, watching() as viewer:
        visited = await look(viewer, server.url("/hdjl/"))
    first, second = brought(visited)
    assert (first.number, first.received, first.answered, first.cls) == (
        "SZ0001", "2026-11-02", "2026-11-04", MessageClass.HANDLING,
    )  # fmt: skip
    assert (second.received, second.is_answered, second.cls) == ("2026-11-12", False, None)
    assert visited.letters is not None
    assert visited.letters.whole
    said = finding(visited, "letters_read")
    assert (said.outcome, {one.name: one.value for one in said.measures}) == (
        OK, {"letters": 2, "dated": 2, "waiting": 1, "no_class": 1},
    )  # fmt: skip
    assert len([one for one in server.asked if b".html" in one]) == 0, "nothing is lacking, nothing more is asked"


async def test_a_class_that_people_declared_counts_where_the_list_prints_none() -> None:
    async with serving(LIST) as server, watching() as viewer:
        visited = await look(viewer, server.url("/hdjl/"), of_class="consulting")
    assert [one.cls for one in brought(visited)] == [MessageClass.HANDLING, MessageClass.CONSULTING]


@pytest.mark.parametrize(("entry", "register"), [(EntryKind.INTERACTION, True), (EntryKind.REPLIES, False)])
async def test_another_page_or_one_that_is_switched_off_brings_nothing(entry: EntryKind, register: bool) -> None:
    async with serving(LIST) as server, watching() as viewer:
        visited = await look(viewer, server.url("/hdjl/"), entry=entry, register=register)
    assert visited.letters is None
    assert "letters_read" not in {one.check for one in visited.findings}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (pages.LISTED, "no_letters"),
        (pages.BLANK, "no_letters"),
        (pages.WALL_200, "challenged"),
        (pages.SHELL, "shell"),
        (pages.html(pages.CLOSED), "maintenance"),
        (reply(b"<p>error</p>", "500 Internal Server Error", "Content-Type: text/html"), "http_error"),
    ],
)
async def test_what_cannot_be_read_is_unknown_and_never_no_messages(answer: bytes, reason: str) -> None:
    async with serving(answer) as server, watching() as viewer:
        visited = await look(viewer, server.url("/hdjl/"))
    said = finding(visited, "letters_read")
    assert (said.outcome, said.reason) == (UNKNOWN, reason)
    assert visited.letters is None


async def test_letters_own_pages_tell_what_the_list_lacks_a_few_at_a_visit() -> None:
    answers = {"/hdjl/": BARE} | {f"/hdjl/{n}.html": own_page(n) for n in range(1, 6)}
    async with serving(by_path(answers)) as server, watching() as viewer:
        url = server.url("/hdjl/")
        first = await look(viewer, url)
        assert first.letters is not None
        assert [row.asked for row in first.letters.rows] == [True, True, True, False, False]
        told = [(one.received, one.answered) for one in brought(first)]
        assert (
            told
            == [("2026-10-01", "2026-10-11"), ("2026-10-02", "2026-10-12"), ("2026-10-03", "2026-10-13")]
            + [(None, None)] * 2
        )
        before = len(server.asked)
        second = await look(viewer, url, known=first.letters.rows, seen=remembered(first))
        assert second.letters is not None
        assert not second.letters.whole, "the page is the one before: only what was asked now is told"
        assert [one.received for one in brought(second)] == ["2026-10-04", "2026-10-05"]
        assert len(server.asked) - before == 3, "the list and two letters"
        merged = {row.letter.url: row for row in (*first.letters.rows, *second.letters.rows)}
        third = await look(viewer, url, known=tuple(merged.values()), seen=remembered(first))
    assert third.letters is None, "each is asked once"


async def test_no_page_is_asked_without_a_budget() -> None:
    async with serving(BARE) as server, watching() as viewer:
        visited = await look(viewer, server.url("/hdjl/"), pages=0)
    said = finding(visited, "letters_read")
    assert (said.outcome, said.reason) == (UNKNOWN, "no_receipt")
    assert len(brought(visited)) == 5


async def test_a_page_that_is_gone_is_not_asked_again_and_strangers_never() -> None:
    away = BARE.replace(b"href='2.html'", b"href='http://other.example/2.html'")
    async with (
        serving(by_path({"/hdjl/": pages.html(away.partition(b"\r\n\r\n")[2].decode())})) as server,
        watching() as viewer,
    ):
        visited = await look(viewer, server.url("/hdjl/"), pages=9)
    assert visited.letters is not None
    assert [row.asked for row in visited.letters.rows] == [True, False, True, True, True]


async def test_a_row_that_is_answered_now_is_asked_again_for_the_day() -> None:
    answers = {"/hdjl/": BARE, "/hdjl/1.html": own_page(1)}
    async with serving(by_path(answers)) as server, watching() as viewer:
        url = server.url("/hdjl/")
        waiting = Letter(title="第1件事情怎么办", url=f"{url}1.html", received="2026-10-01", is_answered=False)
        visited = await look(viewer, url, known=(LetterRow(waiting, asked=True),), pages=1)
    assert brought(visited)[0].answered == "2026-10-11"


async def test_a_page_known_before_there_was_a_register_is_read_once_more() -> None:
    async with serving(LIST) as server, watching() as viewer:
        url = server.url("/hdjl/")
        first = await look(viewer, url, register=False)
        second = await look(viewer, url, seen=remembered(first))
        assert len(brought(second)) == 2
        known = second.letters.rows if second.letters is not None else ()
        third = await look(viewer, url, known=known, seen=remembered(second))
    assert third.letters is None
    assert finding(third, "letters_read").outcome is OK


async def test_a_letter_that_only_its_own_page_says_waits_is_asked_again_until_it_is_answered() -> None:
    silent = pages.html(
        pages.page(
            "<ul>"
            + "".join(f"<li><a href='{n}.html'>第{n}件事情怎么办</a><p>来信时间：2026-10-0{n}</p></li>" for n in (1, 2))
            + "</ul>",
            "信箱",
        )
    )
    waits = pages.html(pages.page("<h1>第1件事情怎么办</h1><p>来信时间：2026-10-01</p><p>办理状态：办理中</p>", "信"))
    answers = {"/hdjl/": silent, "/hdjl/1.html": waits, "/hdjl/2.html": own_page(2)}
    async with serving(by_path(answers)) as server, watching() as viewer:
        url = server.url("/hdjl/")
        first = await look(viewer, url)
        assert [one.is_answered for one in brought(first)] == [False, True]
        rows = first.letters.rows if first.letters is not None else ()
        still = await look(viewer, url, known=rows, seen=remembered(first))
        assert still.letters is None, "no news"
        answers["/hdjl/1.html"] = own_page(1)
        done = await look(viewer, url, known=rows, seen=remembered(first))
    assert [(one.title, one.answered) for one in brought(done)] == [("第1件事情怎么办", "2026-10-11")]
