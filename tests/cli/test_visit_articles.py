"""What `visit --json` shows of a list without dates: the days its articles print, of those that were read, and no others."""

import asyncio
import re
from typing import Any

from monitor.config.settings import FetchSettings, GuardSettings, Settings
from monitor.model import TargetKind
from monitor.once import look_once
from tests.checks import pages
from tests.observe.raw_server import Answer, serving

SETTINGS = Settings(guard=GuardSettings.model_validate({"allow": ("127.0.0.0/8",)}), fetch=FetchSettings())
PRINTED = {"t5": "2024-03-01", "t0": "2024-05-06", "t1": None}
"""The articles that are read of such a list: the one with the largest number, and the first two."""


def site(column: bytes) -> Answer:
    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        path = request.decode("latin-1").split(" ", 2)[1]
        name = path.rpartition("/")[2].removesuffix(".html")
        day = PRINTED.get(name)
        line = f"发布时间：{day} 09:00　来源：市教育局" if day else "来源：市教育局"
        text = f"<h1>{pages.TITLES[0]}</h1><div>{line}</div><p>{'现将有关事项通知如下，请认真贯彻执行。' * 30}</p>"
        writer.write(pages.html(pages.page(text)) if name else column)

    return answer


async def seen(column: bytes, kind: TargetKind) -> dict[str, Any]:
    async with serving(site(column)) as server:
        shown: dict[str, Any] = await look_once(SETTINGS, server.url("/tzgg/"), kind)
    return shown


async def test_items_whose_article_was_read_have_its_day() -> None:
    shown = await seen(pages.UNDATED, TargetKind.COLUMN)
    reading, (fresh,) = shown["reading"], [one for one in shown["findings"] if one["check"] == "column_fresh"]
    told = {re.sub(r".*/|\.html", "", one["url"]): (one["date"], one["date_from"]) for one in reading["items"]}
    assert told == {
        "t0": ("2024-05-06", "article"),
        "t5": ("2024-03-01", "article"),
        **dict.fromkeys(("t1", "t2", "t3", "t4"), (None, None)),
    }
    assert {one["name"]: one["value"] for one in fresh["measures"]} == {"newest": "2024-05-06"}
    assert sorted(fresh["evidence"]["articles"].values()) == ["2024-03-01", "2024-05-06"]
    assert reading["newest_date"] is None, (
        "of the others nothing is known: a list that prints no date has no newest one"
    )


async def test_dates_that_a_list_prints_are_its_own() -> None:
    reading = (await seen(pages.LISTED, TargetKind.COLUMN))["reading"]
    assert [one["date"] for one in reading["items"]] == list(pages.DAYS)
    assert {one["date_from"] for one in reading["items"]} == {"text"}


async def test_a_home_page_asks_no_articles() -> None:
    reading = (await seen(pages.UNDATED, TargetKind.SITE))["reading"]
    assert {one["date_from"] for one in reading["items"]} == {None}
