"""A report in a real browser: it fits a telephone and a sheet of A4, no label lies over another, and the console stays silent."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.report.page import page
from monitor.report.table import Cell, Column, Report, Table
from tests.web.chromium import Tab, chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
LONG = "某某自治州某某县人民政府办公室（县政务公开领导小组办公室）政府信息公开工作年度报告专题栏目"
A4_ACROSS = 1032  # CSS pixels: 297 mm less two margins of 12 mm, at 96 a 25.4 mm
OVERLAPS = """[...document.querySelectorAll('tbody tr')].some(row => [...row.children].some((cell, n, all) =>
    n && cell.getBoundingClientRect().top < all[n - 1].getBoundingClientRect().bottom - 1))"""


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with chromium() as opened:
        yield opened


def wide(path: Path) -> str:
    """Fourteen columns, as the outage ledger has, of long words and addresses; its address."""
    row: tuple[Cell, ...] = (1, LONG, LONG, NOW, "W" * 120, f"http://{'a' * 90}.example/", NOW, (LONG, LONG), *[3] * 6)
    columns = tuple(Column(f"很长的栏目标题（满{n}个即否决）", n > 7) for n in range(14))
    told = Report(LONG, (LONG,), (LONG,), (Table("表", columns, [row] * 3), Table("空", columns, [])), "zh-CN", NOW)
    path.write_bytes(page(told))
    return path.as_uri()


async def test_it_fits_every_screen_and_the_console_stays_silent(tab: Tab, tmp_path: Path) -> None:
    for width in (320, 375, 1280):
        await tab.open(wide(tmp_path / "report.html"), width=width)
        assert await tab.ask("document.documentElement.scrollWidth") <= width
        assert await tab.ask(OVERLAPS) is (width > 760), "cells beside one another only where there is room"
    assert tab.said == []


async def test_it_fits_a_sheet_of_paper(tab: Tab, tmp_path: Path) -> None:
    await tab.open(wide(tmp_path / "report.html"), width=A4_ACROSS)
    await tab.call("Emulation.setEmulatedMedia", media="print")
    assert await tab.ask("document.documentElement.scrollWidth") <= A4_ACROSS
    assert await tab.ask("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
