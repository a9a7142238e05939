"""The desk in a real browser: it fits a telephone, reads in both languages, light and dark, and the console stays silent."""

import re
from collections.abc import AsyncIterator, Callable
from itertools import pairwise

import pytest

from monitor.model import Cause, Severity, TargetKind, say
from monitor.web.server import Desk
from monitor.web.status import Status
from tests.clock import START
from tests.web.chromium import Tab, chromium
from tests.web.filled import DAY, HOUR, MINUTE, STALE, Tx, carries, falls_due, target, watch, wrong

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

LONG = (
    "某某自治州某某县人民政府办公室（县政务公开领导小组办公室）政府信息公开工作年度报告与依申请公开办理情况专题栏目" * 3
)
UNBROKEN = "W" * 300


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with chromium() as opened:
        yield opened


def nothing_wrong(tx: Tx) -> None:
    watch(tx, *[target(f"s{i}") for i in range(12)])


def three(tx: Tx) -> None:
    home = target("site-1", name=LONG, owner=LONG)
    watch(tx, home, target("c", TargetKind.COLUMN, name=UNBROKEN, owner=UNBROKEN, url="javascript:alert(1)"))
    links = carries(tx, home, *[f"http://www.example.gov.cn/{'a' * 200}/{i}.html" for i in range(60)])
    wrong(tx, Cause.OUTAGE, "site-1", severity=Severity.VETO)
    wrong(tx, Cause.STALE, "c", severity=Severity.BREACH, why=STALE)
    wrong(tx, Cause.DEAD_LINK, *links, key="www.example.gov.cn", severity=Severity.REMIND, why=say("the link opens"))
    falls_due(tx, "c", START + DAY)


def two_hundred(tx: Tx) -> None:
    watch(tx, *[target(f"s{i}", name=f"某市第{i}局门户网站") for i in range(230)])
    for i in range(230):
        wrong(tx, list(Cause)[i % 12], f"s{i}", key=f"k{i}", severity=list(Severity)[i % 4])
        falls_due(tx, f"s{i}", START + i * HOUR)


def in_trouble(status: Status) -> None:
    status.store_error, status.store_error_at = f"/var/lib/zhishou/{UNBROKEN}.db: disk I/O error", START - MINUTE
    status.reload_problems, status.reload_refused_at = (f"monitor.toml:1: {UNBROKEN}",), START - HOUR
    status.uplink_blind = status.disk_low = True
    status.set_aside = (UNBROKEN,)


@pytest.mark.parametrize("fill", [nothing_wrong, three, two_hundred])
async def test_it_fits_every_screen_and_the_console_stays_silent(
    desk: Desk, status: Status, tab: Tab, fill: Callable[[Tx], None]
) -> None:
    await desk.database.write(fill)
    for trouble in (False, True):
        if trouble:
            in_trouble(status)
        for width in (320, 390, 1280):
            await tab.open(f"{desk.address}/?lang={'en' if trouble else 'zh-CN'}", width=width)
            assert await tab.ask("document.documentElement.scrollWidth") <= width
            assert await tab.ask("[...document.querySelectorAll('*')].every(e => e.scrollWidth <= innerWidth)")
    assert tab.said == []


async def test_the_style_is_really_applied(desk: Desk, tab: Tab) -> None:
    """A policy whose hash is not that of the style sheet would leave a bare page, without a word in our logs."""
    await tab.open(desk.address)
    assert await tab.ask("getComputedStyle(document.body).maxWidth") == "1248px"


async def test_the_language_is_switched_by_a_click(desk: Desk, tab: Tab) -> None:
    await desk.database.write(three)
    await tab.open(desk.address)
    assert await tab.ask("document.documentElement.lang") == "zh-CN"
    assert "网站打不开" in await tab.ask("document.body.innerText")
    await tab.click("English")
    assert await tab.ask("document.documentElement.lang") == "en"
    assert "website cannot be opened" in await tab.ask("document.body.innerText")
    await tab.click("stop that")
    assert await tab.ask("document.querySelector('meta[http-equiv]')") is None
    await tab.click("中文")
    assert await tab.ask("document.documentElement.lang + location.search") == "zh-CN?lang=zh-CN&refresh=off"


LEGIBLE = """(() => {
  const lum = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const rgb = s => s.match(/[\\d.]+/g).map(Number);
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
  const bad = [];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const [a, b] = [lum(rgb(getComputedStyle(e).color).slice(0, 3)), lum(ground(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) bad.push([e.tagName, e.className, e.textContent.trim().slice(0, 20), ratio.toFixed(2)].join(' '));
  }
  return [...new Set(bad)];
})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_is_legible_by_day_and_night(desk: Desk, status: Status, tab: Tab, scheme: str) -> None:
    """Contrast of 4.5 to 1 at least (WCAG 2.1, 1.4.3)."""
    await desk.database.write(two_hundred)
    in_trouble(status)
    await tab.open(desk.address, scheme=scheme)
    assert await tab.ask(LEGIBLE) == []


async def test_renewal_does_not_jump(desk: Desk, tab: Tab) -> None:
    """The order stays, and the browser stays where the reader was."""
    await desk.database.write(two_hundred)
    await tab.open(desk.address)
    order = "[...document.querySelectorAll('.card')].map(e => e.id)"
    before = await tab.ask(order)
    await tab.ask("scrollTo(0, 5000)")
    await tab.renew()
    assert await tab.ask(order) == before
    assert await tab.ask("Math.round(scrollY)") == 5000


async def test_targets_of_a_finger_are_large_enough(desk: Desk, tab: Tab) -> None:
    """24 px at least for what stands alone (WCAG 2.2, 2.5.8): numbers to call and the way down the page."""
    await desk.database.write(three)
    await tab.open(desk.address)
    heights = await tab.ask(
        "[...document.querySelectorAll('nav a, .person a')].map(e => e.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= 24


async def test_what_is_shown_reads_from_top_to_bottom(desk: Desk, tab: Tab) -> None:
    await desk.database.write(three)
    await tab.open(desk.address)
    said = await tab.ask("document.body.innerText")
    places = [said.index(word) for word in ("值守", "单项否决", "网站打不开", "栏目超期未更新", "链接失效")]
    assert all(first < second for first, second in pairwise(places)), re.sub(r"\s+", " ", said)[:400]
