"""Of which year the newest yearly report (年度工作报表) on a declared page is: the rules say until when it is owed.

Reads titles only: of the page, its headings, its list and its links. A title counts that has one of the words and a year, or on a
page that has the words itself an item of its list that has a year. Reports on 政府信息公开 are another duty's (政府信息公开条例).
Never fails: a page that shows none says so, one that cannot be read is UNKNOWN.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.api import (
    BLIND_STATES,
    Context,
    EntryKind,
    Finding,
    Measure,
    Outcome,
    Page,
    Reading,
    Target,
    TargetKind,
    Unreachable,
    civil_day,
    ok,
    say,
    unread,
)

KINDS = frozenset({TargetKind.PAGE})
NAME = "published"
ENTRIES = frozenset({EntryKind.REPORT, EntryKind.OTHER})
"""Declared as such, or as something that only a person can name."""

FIRST_YEAR = 2017  # 国办发〔2017〕47号 asks for the first one
WORDS = ("年度工作报表", "工作年度报表", "年度报表", "网站年报")
MOST_READ = 1 << 20  # bytes of a page in which headings are looked for
LONGEST = 200  # characters of a title; what is longer is a text
SHOWN = 80  # characters of the title that is told


@dataclass(frozen=True, slots=True)
class Options:
    """How reports are named."""

    words: tuple[str, ...] = WORDS  # words of a title, as 国办函〔2018〕12号 and offices write


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    if target.entry not in ENTRIES:
        return []
    reading = await ctx.page(target.url)
    if reading.state in BLIND_STATES:
        return [unread(NAME, reading)]
    page = await ctx.look(target.url)
    if page.unchanged:
        return [_as_before(ctx) or _told(await _read_anew(target, ctx), target, ctx)]
    return [_told(page, target, ctx)]


def _as_before(ctx: Context) -> Finding | None:
    """What was said of the same page; None when it was not looked at for this."""
    last = ctx.seen.last_of(NAME)
    if last is None or last.outcome is not Outcome.OK:
        return None
    covers = next((str(value) for name, value in last.dates if name == "covers"), None)
    return _NONE if covers is None else _shows(int(covers[:4]), "")


async def _read_anew(target: Target[Options], ctx: Context) -> Page:
    """An unchanged page comes without its titles: once it is asked as somebody who is on it would."""
    return await ctx.look(target.url, referer=target.url)


def _told(page: Page, target: Target[Options], ctx: Context) -> Finding:
    reading = page.reading
    if reading is None:
        raise Unreachable(page.reach, page.fetched.detail)
    if reading.state in BLIND_STATES:
        return unread(NAME, reading)
    words, this_year = target.options.words, civil_day(ctx.now).year
    own = [text for text in (reading.title, *_headings(page, reading)) if text]
    titles = [*own, *(item.title for item in reading.items), *(link.text for link in reading.links)]
    named = [(_year_of(text, words, this_year), text) for text in titles if _is_report(text, words)]
    if (about := next((text for text in own if _is_report(text, words)), None)) is not None:
        named += [(_year_of(item.title, (), this_year), f"{about} {item.title}") for item in reading.items]
    year, title = max(((year, text) for year, text in named if year is not None), default=(None, ""))
    return _NONE if year is None else _shows(year, " ".join(title.split())[:SHOWN])


def _is_report(text: str, words: Iterable[str]) -> bool:
    if len(text) > LONGEST or "通知" in text or ("信息公开" in text and "网站" not in text):  # 关于报送…报表的通知
        return False
    return any(word in text for word in words)


def _year_of(text: str, words: Iterable[str], this_year: int) -> int | None:
    """The year a title names: the last before the words, else the first; a date names none."""
    plain = _plain(text)
    at = max((plain.find(word) for word in words), default=-1)
    years = [(found.start(), int(found[0])) for found in _YEAR.finditer(plain[:LONGEST])]
    known = [(where, year) for where, year in years if FIRST_YEAR <= year <= this_year]
    before = [year for where, year in known if where < at]
    return before[-1] if before else next((year for _, year in known), None)


def _plain(text: str) -> str:
    """With years in figures: 二〇二五年 is 2025年."""
    return _WRITTEN.sub(lambda found: "".join(_FIGURES.get(sign, sign) for sign in found[0]), text)


_FIGURES = dict(zip("〇零○Ｏ一二三四五六七八九", "0000123456789", strict=True))
_WRITTEN = re.compile(r"二[〇零○Ｏ][一二三四五六七八九][〇零○Ｏ一二三四五六七八九](?=年)")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)(?!\s*年\s*\d{1,2}\s*月)(?!\s*[-/.]\s*\d)")
_HEADING = re.compile(r"<h([1-6])\b[^<>]{0,500}>(.{1,1000}?)</h\1", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,500}>")


def _headings(page: Page, reading: Reading) -> list[str]:
    """Headings of the page; what cannot be decoded holds no word of ours."""
    try:
        text = page.fetched.body[:MOST_READ].decode(reading.encoding or "utf-8", "replace")
    except LookupError:
        return []
    return [" ".join(_TAG.sub("", found[2]).split()) for found in _HEADING.finditer(text)]


def _shows(year: int, title: str) -> Finding:
    """`covers` is the last month the report is about."""
    words = say("the newest report on the page is that of {year}", year=year)
    told: dict[str, object] = {"title": title} if title else {}
    return ok(NAME, words, Measure("covers", f"{year}-12", "date"), **told)


_NONE = ok(NAME, say("no yearly report is on the page"))
