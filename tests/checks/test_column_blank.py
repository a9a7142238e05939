"""What a column shows → what `column_blank` says: blank only when that was seen, never when it could not be looked at."""

from dataclasses import dataclass

import pytest

from monitor.model import Cause, Outcome, TargetKind
from tests.checks import pages
from tests.checks.eyes import finding, measured, watching
from tests.observe.dns_server import naming
from tests.observe.raw_server import reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, FAIL, UNKNOWN = Outcome.OK, Outcome.FAIL, Outcome.UNKNOWN


@dataclass(frozen=True)
class Row:
    answer: bytes
    outcome: Outcome
    reason: str = ""


TABLE = {
    "a list": Row(pages.LISTED, OK),
    "a list without dates": Row(pages.UNDATED, OK),
    "an article": Row(pages.html(pages.page("<h1>某局简介</h1><p>" + "本局负责全市有关工作。" * 40 + "</p>")), OK),
    "暂无内容": Row(pages.BLANK, FAIL, "blank"),
    "an empty list the server made": Row(pages.html(pages.page("<ul class='list'></ul>")), FAIL, "blank"),
    "filled by script": Row(pages.SHELL, UNKNOWN, "shell"),
    "leads on by script": Row(pages.LEADS_ON, UNKNOWN, "shell"),
    "wall with 200": Row(pages.WALL_200, UNKNOWN, "challenged"),
    "wall with 412": Row(pages.WALL_412, UNKNOWN, "challenged"),
    "maintenance": Row(pages.html(pages.CLOSED), UNKNOWN, "maintenance"),
    "error page with 200": Row(pages.html(pages.SORRY), UNKNOWN, "soft_error"),
    "sold": Row(pages.html(pages.SOLD), UNKNOWN, "hijacked"),
    "404 that says 暂无内容": Row(pages.html(pages.page("<p>暂无内容</p>"), "404 Not Found"), UNKNOWN, "http_error"),
    "500": Row(pages.BROKEN, UNKNOWN, "http_error"),
    "403": Row(pages.html(pages.page("<p>暂无内容</p>"), "403 Forbidden"), UNKNOWN, "challenged"),
    "nothing came": Row(reply(b""), UNKNOWN, "unreadable"),
    "blanks came": Row(reply(b" \r\n\t ", "200 OK", pages.HTML), UNKNOWN, "unreadable"),
    "binary": Row(reply(b"\x89PNG\r\n\x1a\n" + bytes(90), "200 OK", pages.HTML), UNKNOWN, "unreadable"),
    "cut short": Row(
        reply(pages.page("<p>暂无内容</p>").encode()[:-20], "200 OK", pages.HTML, length=9999), UNKNOWN, "connect"
    ),
}


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_what_is_shown_and_what_is_said(row: Row) -> None:
    async with serving(row.answer) as server, watching() as viewer:
        said = finding(await viewer.visit(server.url("/tzgg/"), TargetKind.COLUMN), "column_blank")
    assert (said.outcome, said.reason) == (row.outcome, row.reason)
    assert said.cause is (Cause.BLANK if row.outcome is FAIL else None)
    assert measured(said) == ({"items": 0} if row.outcome is FAIL else {})


async def test_a_column_whose_name_is_gone_is_not_blank() -> None:
    async with naming({}) as zone, watching(nameserver=zone.port) as viewer:
        said = finding(await viewer.visit("http://gone.example/tzgg/", TargetKind.COLUMN), "column_blank")
    assert (said.outcome, said.cause, said.reason) == (UNKNOWN, None, "dns")


async def test_only_columns_are_called_blank() -> None:
    async with serving(pages.BLANK) as server, watching() as viewer:
        visited = await viewer.visit(server.url(), TargetKind.SITE)
    assert "column_blank" not in {said.check for said in visited.findings}
