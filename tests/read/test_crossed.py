"""Every dialect of dates in layouts of many content systems among noise: exact titles, addresses, dates and newest date.

Which layout, noise, length and age a dialect meets is drawn by a seeded generator; the names in a failure find the page again.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from urllib.parse import urljoin

import pytest

from monitor.model import Reading, State
from tests.read import dialects
from tests.read.dialects import Printer, han
from tests.read.samples import MENU, TODAY, URL, read
from tests.read.shapes import LAYOUTS, NOISE, Entry, days

GROUPS: dict[str, dict[str, Printer]] = {
    "printed": dialects.PRINTED,
    "yearless": dialects.YEARLESS,
    "monthly": dialects.MONTHLY,
    "split": dialects.SPLIT,
    "attribute": dialects.ATTRIBUTES,
    "scripted": dialects.SCRIPTED,
    "address": dialects.ADDRESSES,
    "dateless": dialects.DATELESS,
    "relative": dialects.RELATIVE,
}
DIALECTS = [(group, name) for group, names in GROUPS.items() for name in names]
DRAWN = 8  # layouts each dialect meets
WITHOUT_CELLS = {"address", "dateless", "scripted"}
ORDERED = {"american", "british dots", "day month dash", "day, bare month, year", "two numbers, year"}
HEADS = ("关于", "市人民政府关于", "市教育局", "省生态环境厅办公室", "某某县")
MATTERS = (
    "做好冬季安全生产",
    "开展专项整治行动",
    "推进乡村振兴项目建设",
    "公布行政审批事项清单",
    "加强食品抽检",
    "优化营商环境",
)
TAILS = ("工作的通知", "的公告", "情况的通报", "的实施意见", "有关事项的公示", "征求意见的函")


def fits(group: str, name: str, layout: str) -> bool:
    """Some layouts print dates that the dialect has none of, or wrap them in a way that only whole dates bear."""
    if layout == "policy table":
        return group not in WITHOUT_CELLS and name != "meta bars"
    if layout == "paragraph meta":
        return name in {"iso", "han", "time", "slashes", "square"}
    if group == "scripted":
        return layout not in {"two cells", "dl", "br", "br date first", "two rows"}
    return (name, layout) != ("time ago", "ul in bare link")


def entries(rng: Random, group: str, name: str) -> list[Entry]:
    """Rows of one list; the oldest is sometimes pinned on top."""
    back = [0] if group == "relative" else [0, 5, 40, 150] if group == "yearless" else [0, 1, 30, 200, 800, 2000]
    count = rng.choice([5, 8, 15, 20] if group == "dateless" else [2, 3, 5, 8, 15, 20])
    dates = days(count, TODAY - timedelta(days=rng.choice(back)), 1 if group == "relative" else 3)
    if name in ORDERED:  # which number is the month must show
        dates = [day.replace(day=20) if day.day <= 12 and day.replace(day=20) <= TODAY else day for day in dates]
        dates[-1] = dates[-1].replace(month=1, day=20)
    made = [_entry(rng, at, day, group, name) for at, day in enumerate(dates)]
    if rng.random() < 0.3 and group not in {"yearless", "relative", "monthly"}:
        made.insert(0, made.pop())
    return made


def _entry(rng: Random, at: int, day: date, group: str, name: str) -> Entry:
    title = rng.choice(HEADS) + rng.choice(MATTERS) + rng.choice(TAILS) + han(at + 1)
    printer = GROUPS[group][name]
    whole, month = day.isoformat(), day.isoformat()[:7]
    if group == "dateless":
        return Entry(title, printer(day), day)
    if group == "address":
        return Entry(title, printer(day), day, "", month if name in dialects.MONTH_ADDRESSES else whole)
    made = Entry(title, f"content/post_{day.toordinal()}{at}.html", day, printer(day), whole)
    return replace(made, wanted=month) if group == "monthly" else made


def page(rng: Random, main: str, noises: list[str]) -> str:
    before = [name for name in noises if rng.random() < 0.5]
    crumb = (
        "<div class='position'>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a> &gt; 通知公告</div>"
    )
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>通知公告_某某市人民政府</title></head><body>"
        f"<div class='nav'><ul>{MENU}</ul></div>{''.join(NOISE[name] for name in before)}{crumb if rng.random() < 0.6 else ''}"
        f"<div class='wrap'><div class='main'>{main}</div>{''.join(NOISE[name] for name in noises if name not in before)}</div></body></html>"
    )


def check(reading: Reading, wanted: list[Entry], story: object) -> None:
    assert reading.state == State.LISTED, story
    assert [(item.title, item.url, item.date) for item in reading.items] == [
        (one.title, urljoin(URL, one.href), one.wanted) for one in wanted
    ], story
    assert reading.newest_date == max((one.wanted for one in wanted if one.wanted), default=None), story


@pytest.mark.parametrize(("group", "name"), DIALECTS)
def test_a_dialect_in_many_layouts_among_noise(group: str, name: str) -> None:
    rng = Random(f"{group} {name}")
    for layout in rng.sample([one for one in sorted(LAYOUTS) if fits(group, name, one)], DRAWN):
        made = entries(rng, group, name)
        noises = rng.sample(sorted(NOISE), rng.choice([0, 2, 4, 7]))
        check(read(page(rng, LAYOUTS[layout](made), noises)), made, (layout, noises))


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_a_layout_of_any_length_among_any_noise(layout: str) -> None:
    for noise in sorted(NOISE):
        for count in (1, 2, 3, 30):
            rng = Random(f"{layout} {noise} {count}")
            if layout == "paragraph meta" and count == 1:
                continue  # one title with its date behind other words is no list yet
            made = [_entry(rng, at, day, "printed", "iso") for at, day in enumerate(days(count, date(2026, 9, 2)))]
            check(read(page(rng, LAYOUTS[layout](made), [noise])), made, (noise, count))
