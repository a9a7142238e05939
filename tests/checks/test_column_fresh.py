"""What a column or home page shows → what `column_fresh` says. It is noon of 2026-11-20 in Shanghai."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from monitor.model import Outcome, Seen, TargetKind
from tests.checks import pages
from tests.checks.eyes import finding, measured, watching
from tests.observe.raw_server import reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, UNKNOWN = Outcome.OK, Outcome.UNKNOWN
COLUMN, SITE = TargetKind.COLUMN, TargetKind.SITE


def dated(*days: str) -> bytes:
    return pages.html(pages.page(pages.items(days)))


@dataclass(frozen=True)
class Row:
    answer: bytes | Sequence[bytes]
    newest: str | None = None
    reason: str = ""
    source: str = "page"
    newest_seen: str | None = None
    kinds: tuple[TargetKind, ...] = (COLUMN, SITE)


OLD_LIST = ("2024-03-01", "2024-02-20", "2024-02-11", "2024-01-30")

TABLE = {
    "dated": Row(pages.LISTED, "2026-11-18"),
    "old": Row(dated(*OLD_LIST), "2024-03-01"),
    "pinned first": Row(dated("2025-01-06", *pages.DAYS), "2026-11-18"),
    "a date to come is no date": Row(dated("2026-12-24", *pages.DAYS), "2026-11-18"),
    "only dates to come": Row(dated("2026-12-24", "2027-01-04", "2027-02-01"), reason="future_dates"),
    "only dates to come, though new addresses were seen": Row(
        dated("2026年12月24日", "2027年1月4日", "2027年2月1日"), reason="future_dates", newest_seen="2026-11-09"
    ),
    "only months are known": Row(dated("2026-10", "2026-09", "2026-08", "2026-07"), "2026-10"),
    "GBK": Row(
        reply(
            pages.page(pages.items()).replace("utf-8", "gb2312").encode("gb18030"), "200 OK", "Content-Type: text/html"
        ),
        "2026-11-18",
    ),
    "undated": Row(pages.UNDATED, reason="undated"),
    "undated, but a new address was seen": Row(
        pages.UNDATED, "2026-11-09", source="first_seen", newest_seen="2026-11-09"
    ),
    "what is printed beats when it was seen": Row(dated(*OLD_LIST), "2024-03-01", newest_seen="2026-11-09"),
    "blank": Row(pages.BLANK, reason="blank", kinds=(COLUMN,)),
    "blank, though addresses were seen once": Row(
        pages.BLANK, reason="blank", newest_seen="2026-11-09", kinds=(COLUMN,)
    ),
    "shell": Row(pages.SHELL, reason="shell", kinds=(COLUMN,)),
    "shell, though addresses were seen once": Row(
        pages.SHELL, reason="shell", newest_seen="2026-11-09", kinds=(COLUMN,)
    ),
    "leads on by script": Row(pages.LEADS_ON, reason="shell"),
    "wall with 200": Row(pages.WALL_200, reason="challenged"),
    "wall with 412": Row(pages.WALL_412, reason="challenged"),
    "403": Row(pages.html(pages.page(pages.items()), "403 Forbidden"), reason="challenged"),
    "maintenance": Row(pages.html(pages.CLOSED), reason="maintenance"),
    "error page with 200": Row(pages.html(pages.SORRY), reason="soft_error"),
    "sold": Row(pages.html(pages.SOLD), reason="hijacked"),
    "404 with a list": Row(pages.html(pages.page(pages.items()), "404 Not Found"), reason="http_error"),
    "500": Row(pages.BROKEN, reason="http_error"),
    "empty": Row(reply(b""), reason="unreadable"),
    "binary": Row(reply(b"%PDF-1.7 \x00\x01\x02" * 30, "200 OK", pages.HTML), reason="unreadable"),
    "cut short": Row(reply(b"<html>", length=900), reason="connect"),
    "larger than we read": Row(reply(b"<p>" * 100_000), reason="too_large"),
    "a frame holds the list": Row(
        (
            pages.html("<html><head><title>公告</title></head><frameset><frame src='/in.html'></frameset></html>"),
            pages.LISTED,
        ),
        "2026-11-18",
        kinds=(COLUMN,),
    ),
    "a refresh leads to the list": Row(
        (pages.html("<html><head><meta http-equiv='refresh' content='0;url=/in.html'></head></html>"), pages.LISTED),
        "2026-11-18",
    ),
}
ENTRY = "<html><head><title>某某市人民政府</title></head><body>{}</body></html>"
PICTURE = ENTRY.format("<a href='/main/'><img src='/in.jpg' alt='进入网站'></a>")


@pytest.mark.parametrize(
    ("html", "options"),
    [
        (PICTURE, {}),
        (ENTRY.format("<a href='/cn/'>中文版</a><a href='/en/'>English</a>"), {}),
        (pages.page(pages.items()), {"entrance": True}),  # a person knows better
    ],
)
async def test_a_home_page_that_only_leads_on_says_so(html: str, options: dict[str, object]) -> None:
    async with serving(pages.html(html)) as server, watching(timeout=20, slow=18) as viewer:
        visited = await viewer.visit(server.url("/"), SITE, options={"column_fresh": options})
    said = finding(visited, "column_fresh")
    assert (said.outcome, said.reason, said.measures) == (OK, "entrance", ())


CASES = [pytest.param(row, kind, id=f"{name}-{kind}") for name, row in TABLE.items() for kind in row.kinds]


@pytest.mark.parametrize(("row", "kind"), CASES)
async def test_what_is_shown_and_what_is_said(row: Row, kind: TargetKind) -> None:
    async with serving(row.answer) as server, watching(max_body=200_000, timeout=20, slow=18) as viewer:
        visited = await viewer.visit(server.url("/tzgg/"), kind, seen=Seen(newest_seen=row.newest_seen))
    said = finding(visited, "column_fresh")
    assert said.cause is None, "it states facts, the rules say what is too late"
    if row.newest is not None:
        assert (said.outcome, measured(said), said.reason) == (OK, {"newest": row.newest}, "")
        assert said.evidence["date_from"] == row.source
    else:
        assert (said.outcome, said.reason, said.measures) == (UNKNOWN, row.reason, ())
