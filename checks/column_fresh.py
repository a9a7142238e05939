"""When a column or a home page was last updated, as a fact: the rules decide whether that is too long ago.

Takes the newest credible publish date of the main list; for a column whose list prints no dates, the newest that a few of
its articles print (on a budget, and only when the page changed or nothing was known), or the day on which an address first
appeared after our first visit (DESIGN.md §5.6), whichever is later. Never fails: a date that cannot be told is UNKNOWN, never "stale".
A home page that only leads on to others has nothing to update: that is said, and its columns are judged by their own rules.
Of pages only the lists are looked at that owe something new: answered messages (留言公开) and figures (办事统计).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from monitor.api import (
    BLIND_STATES,
    Context,
    EntryKind,
    Finding,
    Measure,
    Outcome,
    Reach,
    Reading,
    State,
    Target,
    TargetKind,
    Unreachable,
    ok,
    say,
    unknown,
    unread,
)

KINDS = frozenset({TargetKind.SITE, TargetKind.COLUMN, TargetKind.PAGE})

_OWE_NEWS = frozenset({EntryKind.REPLIES, EntryKind.STATISTICS})


@dataclass(frozen=True, slots=True)
class Options:
    """What a person knows better; windows are rules, not options."""

    entrance: bool = False  # true: this home page only leads on to others (domain.md §12: declared or detected)
    articles: int = 3  # articles read of a list without dates; 0 for none (a visit asks few addresses: DESIGN.md §4.1)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the articles of a list told: the days they print by their addresses, the newest first; `asked` could be read."""

    days: tuple[tuple[str, str], ...] = ()
    asked: int = 0


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    if target.kind is TargetKind.PAGE and target.entry not in _OWE_NEWS:
        return []
    reading = await ctx.page(target.url)
    if reading.state in BLIND_STATES:
        return [unread("column_fresh", reading)]
    if reading.state is State.BLANK:
        return [unknown("column_fresh", "blank", say("the list is empty: there is no date to read"))]
    if reading.entrance or (target.options.entrance and target.kind is TargetKind.SITE):
        return [_LEADS_ON]
    if reading.newest_date is not None:
        return [_newest(reading.newest_date, "page")]
    if reading.ahead:
        return [unknown("column_fresh", "future_dates", say("the only dates lie in the future"))]
    return [await _undated(target, reading, ctx)]


async def _undated(target: Target[Options], reading: Reading, ctx: Context) -> Finding:
    """Of a list that prints no dates."""
    first_seen = ctx.seen.newest_seen
    budget = target.options.articles if target.kind is not TargetKind.SITE and reading.state is State.LISTED else 0
    told, silent = _known(ctx) if budget and (await ctx.look(target.url)).unchanged else (None, False)
    found = _Told()
    if told is None and not silent and budget:
        found = await _articles(reading, budget, ctx)
        told, silent = next((day for day, _ in found.days), None), found.asked > 0 and not found.days
    if told is not None and (first_seen is None or told > first_seen or (found.days and told == first_seen)):
        return _newest(told, "article", found.days)
    if first_seen is not None:
        words = say("the list prints no dates; something new in it was first seen on {day}", day=first_seen)
        return _newest(first_seen, "first_seen", found.days)._replace(summary=words, reason="first_seen")
    if silent:
        words = say("neither the list nor its articles print when they were published")
        return unknown("column_fresh", "no_publish_time", words)
    return unknown("column_fresh", "undated", say("no publish date can be found on the page"))


_LEADS_ON = Finding(
    "column_fresh",
    Outcome.OK,
    say("the home page only leads on to others: its columns are judged in its place"),
    reason="entrance",
)


def _known(ctx: Context) -> tuple[str | None, bool]:
    """What the last look said of the same page: the day, or that its articles print none."""
    last = ctx.seen.last_of("column_fresh")
    if last is None:
        return None, False
    days = [str(value) for name, value in last.dates if name == "newest"]
    return (days[0] if last.outcome is Outcome.OK and days else None), last.reason == "no_publish_time"


async def _articles(reading: Reading, budget: int, ctx: Context) -> _Told:
    """The days that the likeliest articles print; one that cannot be had says nothing, a host that is gone ends it."""
    days: list[tuple[str, str]] = []
    asked = 0
    for url in _likeliest([item.url for item in reading.items if item.url is not None], budget):
        try:
            article = await ctx.page(url)
        except Unreachable as error:
            if error.reach in _GONE:
                break
            continue
        if article.state in BLIND_STATES:
            continue
        asked += 1
        if article.article is not None and article.article.published is not None:
            days.append((article.article.published[:10], url))
    return _Told(tuple(sorted(days, reverse=True)), asked)


_GONE = frozenset({Reach.DNS, Reach.CONNECT, Reach.TLS, Reach.TIMEOUT, Reach.CHALLENGED})
"""Endings after which the next article of the host would end likewise."""
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|ceb|zip|rar|7z|jpe?g|png|gif|mp[34])$", re.IGNORECASE)
_NUMBERS = re.compile(r"\d{1,18}")


def _likeliest(urls: list[str], budget: int) -> list[str]:
    """The first of the list, after the one with the largest number: content systems count up, pinned items stand on top."""
    pages = [url for url in dict.fromkeys(urls) if url.startswith("http") and not _FILE.search(url.partition("?")[0])]
    numbered = max(pages, key=_largest, default="")
    return sorted(pages, key=lambda url: url != numbered)[:budget]


def _largest(url: str) -> int:
    """The last number of an address, which counts the articles."""
    numbers = _NUMBERS.findall(url.partition("//")[2].partition("/")[2])
    return int(numbers[-1]) if numbers else 0


@lru_cache(maxsize=4096)  # said at every look, and the same for as long as nothing is published
def _newest(day: str, source: str, articles: tuple[tuple[str, str], ...] = ()) -> Finding:
    """`articles` are the days of those that were read, by their addresses: nothing is said of the others."""
    words = say("newest item of {day}", day=day)
    told: dict[str, object] = {"articles": {url: day for day, url in articles}} if articles else {}
    return ok("column_fresh", words, Measure("newest", day, "date"), date_from=source, **told)
