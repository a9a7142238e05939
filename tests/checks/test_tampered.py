"""What a page shows → what `tampered` says; and, where that is set, what visitors of a search engine are shown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from checks.tampered import SEARCH, Options
from monitor.app import checks_for, load_settings
from monitor.config.settings import Settings
from monitor.model import Cause, Finding, Outcome, TargetKind
from monitor.observe.tools import Check
from tests.checks import pages
from tests.checks.eyes import Viewer, finding, measured, watching
from tests.observe.raw_server import serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, FAIL, UNKNOWN = Outcome.OK, Outcome.FAIL, Outcome.UNKNOWN
SPAM = "".join(f"<a href='http://www.{name}.com/'>百家乐{name}</a>" for name in ("abcd1", "efgh2", "ijkl3", "mnop4"))
HIDDEN = f"{pages.items()}<div style='display:none'>{SPAM}</div>"
TAKEN = (
    "<html><head><meta charset='utf-8'><title>真人娱乐城_百家乐官网</title></head><body><p>百家乐官网，老虎机游戏，注册送彩金，"
    "六合彩资料，时时彩计划。</p></body></html>"
)


@dataclass(frozen=True)
class Row:
    answer: bytes
    outcome: Outcome
    reason: str = ""
    says: str = ""


TABLE = {
    "a list": Row(pages.LISTED, OK),
    "an empty list": Row(pages.BLANK, OK),
    "hidden links": Row(pages.html(pages.page(HIDDEN)), FAIL, "hidden_links", "百家乐abcd1"),
    "links come before words": Row(
        pages.html(pages.page(HIDDEN, "澳门新葡京_某局")), FAIL, "hidden_links", "百家乐abcd1"
    ),
    "the title": Row(pages.html(pages.page(pages.items(), "澳门新葡京_某局")), FAIL, "title", "澳门新葡京"),
    "a script": Row(
        pages.html(pages.page(pages.items(), head="<script src='//qxw7.com/k.js'></script>")), FAIL, "script", "qxw7.com"
    ),
    "another's page": Row(pages.html(TAKEN), UNKNOWN, "hijacked"),
    "sold": Row(pages.html(pages.SOLD), UNKNOWN, "hijacked"),
    "filled by script": Row(pages.SHELL, UNKNOWN, "shell"),
    "wall": Row(pages.WALL_200, UNKNOWN, "challenged"),
    "closed": Row(pages.html(pages.CLOSED), UNKNOWN, "maintenance"),
    "an error": Row(pages.BROKEN, UNKNOWN, "http_error"),
}  # fmt: skip


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_what_is_shown_and_what_is_said(row: Row) -> None:
    async with serving(row.answer) as server, watching() as viewer:
        said = finding(await viewer.visit(server.url("/tzgg/"), TargetKind.COLUMN), "tampered")
    assert (said.outcome, said.reason) == (row.outcome, row.reason)
    assert said.cause is (Cause.TAMPER if row.outcome is FAIL else None)
    assert row.says in str(said.summary)
    assert ("signs" in measured(said)) is (row.outcome is FAIL)


@asynccontextmanager
async def two_faced(plain: bytes, searched: bytes, asked: list[str], host: str = "127.0.0.1") -> AsyncIterator[int]:
    """A server that answers visitors of a search engine otherwise; `asked` gets the Referer of each request."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = (line.partition(": ") for line in head.split("\r\n"))
        came = next((value for name, _, value in lines if name.lower() == "referer"), "")
        asked.append(came)
        writer.write(searched if "baidu" in came else plain)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, host, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def told(viewer: Viewer, port: int, options: Options) -> Finding:
    known = viewer.checks["tampered"]
    check: Check = replace(known, options=lambda _: options, told={}, unsaid=[])
    return finding(
        await viewer.visit(f"http://127.0.0.1:{port}/", TargetKind.SITE, checks={"tampered": check}), "tampered"
    )


@pytest.mark.parametrize(("searched", "outcome", "reason"), [
    (pages.LISTED, OK, ""),
    (pages.html(TAKEN), FAIL, "title"),
    (pages.html(pages.page(HIDDEN)), FAIL, "hidden_links"),
    (pages.html(pages.SOLD), FAIL, "cloaked"),
    (pages.WALL_412, OK, ""),
    (pages.BROKEN, OK, ""),
])  # fmt: skip
async def test_a_second_look_as_from_a_search_engine(searched: bytes, outcome: Outcome, reason: str) -> None:
    asked: list[str] = []
    async with two_faced(pages.LISTED, searched, asked) as port, watching() as viewer:
        said = await told(viewer, port, Options(as_search=True))
    assert (said.outcome, said.reason) == (outcome, reason)
    assert "" in asked
    assert SEARCH in asked


async def test_visitors_of_search_engines_sent_elsewhere() -> None:
    other = pages.html(pages.page("<p>别处的一页</p>", "别处"))
    async with two_faced(other, other, [], "127.0.0.2") as there, watching() as viewer:
        elsewhere = pages.redirect(f"http://127.0.0.2:{there}/")
        async with two_faced(pages.LISTED, elsewhere, []) as port:
            said = await told(viewer, port, Options(as_search=True))
    assert (said.outcome, said.reason, dict(said.evidence)) == (FAIL, "cloaked", {"host": "127.0.0.2"})


SETTINGS = """
[checks.tampered]
as_search = true
[[target]]
id = "asked"
kind = "site"
name = "某局"
url = "http://127.0.0.1:{port}/"
[[target]]
id = "spared"
kind = "site"
name = "某局"
url = "http://127.0.0.1:{port}/"
checks = {{ tampered = {{ as_search = false }} }}
"""


def loaded(path: Path, text: str) -> tuple[Settings, dict[str, Check]]:
    path.write_text(text, encoding="utf-8")
    settings = load_settings(path)
    return settings, {"tampered": checks_for(settings)["tampered"]}


async def test_the_settings_ask_for_it_and_a_target_may_be_spared(tmp_path: Path) -> None:
    asked: list[str] = []
    async with two_faced(pages.LISTED, pages.html(TAKEN), asked) as port, watching() as viewer:
        settings, checks = await asyncio.to_thread(loaded, tmp_path / "monitor.toml", SETTINGS.format(port=port))
        told = {
            target.id: (await viewer.visit(target.url, options=target.options, checks=checks)).findings[0].reason
            for target in settings.targets
        }
    assert told == {"asked": "title", "spared": ""}
    assert asked == ["", SEARCH, ""]


async def test_nobody_looks_twice_unasked() -> None:
    asked: list[str] = []
    async with two_faced(pages.LISTED, pages.html(TAKEN), asked) as port, watching() as viewer:
        said = await told(viewer, port, Options())
    assert said.outcome is OK
    assert asked == [""]
