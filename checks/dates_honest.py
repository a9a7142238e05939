"""Whether a column shows a date that looks forged (伪造发稿日期, 旧文新发) beside what earlier looks saw of its list.

Suspects a known item dated forward, an old text under a new address, and items dated evenly into a past gap that came together.
A suspicion lasts while the list shows it; a person confirms. Whatever has an honest explanation is passed over: corrections,
series, yearly notices, moved columns, looks that failed. Judged only when the page changed; what was said stands until then.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from monitor.api import (
    BLIND_STATES,
    Cause,
    ColumnKind,
    Context,
    Earlier,
    Finding,
    Item,
    Measure,
    Reading,
    Remembered,
    State,
    Target,
    TargetKind,
    Text,
    civil_day,
    distinctness,
    fail,
    is_kept_up,
    is_same_title,
    ok,
    plain_title,
    say,
    unread,
)

KINDS = frozenset({TargetKind.COLUMN})


@dataclass(frozen=True, slots=True)
class Options:
    """What is still taken for honest. All but `gap` are ours: no document says how a forged date is recognised."""

    forward: int = 1  # days a known date has moved on at least: the smallest step that a list shows
    again: int = 7  # days between an old text and its return: what comes again within a week was corrected
    yearly: int = 300  # days after which the same name is rather that of the next year's notice
    replaced: int = 8  # Chinese characters a title says of its own when the old item was taken out: 任前公示 says none
    distinct: int = 20  # the same, when the old item still stands or has left at the end: news of routine have up to 19
    burst: int = 3  # items that came together: two may be late by chance
    late: int = 7  # days dated back at least: what happened in a holiday of 7 or 8 comes after it
    gap: int = 14  # days between the neighbours: 国办秘函〔2019〕19号 asks for something new within two weeks
    even: float = 2.0  # the longest step between them by the shortest: offices that publish leave out weekends (3 to 1)


class Suspected(NamedTuple):
    """One sign. `then` and `now` are days (YYYY-MM-DD or YYYY-MM): what was said, what is said; of a burst its first and last."""

    why: str  # moved | again | burst
    title: str
    url: str
    then: str
    now: str
    seen: date  # when first seen, in Shanghai
    many: int = 1


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    page, reading = await ctx.look(target.url), await ctx.page(target.url)
    if page.unchanged and ctx.seen.last_of("dates_honest") is not None:
        return []
    if reading.state in BLIND_STATES:
        return [unread("dates_honest", reading)]
    if reading.state is not State.LISTED or reading.newest_date is None:
        return [_UNDATED]
    if page.unchanged:
        return [_FIRST]
    earlier = await ctx.earlier(reading.items)
    if not earlier.items:
        return [_FIRST]
    dynamic = target.column is ColumnKind.DYNAMIC
    found = suspicions(reading, earlier, ctx.now, target.options, dynamic=dynamic)
    return [_suspected(found)] if found else [_HONEST]


def suspicions(
    reading: Reading, earlier: Earlier, now: datetime, options: Options, *, dynamic: bool
) -> list[Suspected]:
    """All signs in a list, the surest first. Pure.

    Only a `dynamic` column prints the day of publishing for sure: documents come in batches, and bear the day they were signed.
    """
    earlier = Earlier(tuple(sorted(earlier.items, key=lambda one: one.first_seen_at)), earlier.read_at)
    titles: dict[str, list[Remembered]] = {}
    for old in earlier.items:
        titles.setdefault(plain_title(old.title), []).append(old)
    shown = list(_shown(reading, earlier, now))
    found = [*_moved(shown, options, now, timeless=reading.timeless), *_again(reading, shown, titles, options)]
    return [*found, *_burst(shown, titles, options)] if dynamic else found


_Titles = Mapping[str, Sequence[Remembered]]
"""What is remembered by plain title, the oldest first."""


class _Shown(NamedTuple):
    """An item as the list shows it now, and all that is remembered of it: the oldest first."""

    item: Item
    url: str
    day: str
    known: tuple[Remembered, ...]  # under this address, whatever its host, and this title
    first_seen_at: datetime
    unseen_at: datetime | None


def _shown(reading: Reading, earlier: Earlier, now: datetime) -> Iterator[_Shown]:
    """Dated items with an address of their own; of several at one address that with the earliest date."""
    known: dict[str, list[Remembered]] = {}
    for one in earlier.items:
        known.setdefault(_path(one.url), []).append(one)
    at: dict[str, list[Item]] = {}
    for item in reading.items:
        if item.url:
            at.setdefault(_path(item.url), []).append(item)
    for path, items in at.items():
        item = min(items, key=_day_of)
        if item.date is None or not item.url or not all(is_same_title(item.title, one.title) for one in items):
            continue
        same = tuple(one for one in known.get(path, ()) if is_same_title(one.title, item.title))
        since = (same[0].first_seen_at, same[0].unseen_at) if same else (now, earlier.read_at)
        yield _Shown(item, item.url, item.date, same, *since)


def _moved(shown: Iterable[_Shown], options: Options, now: datetime, *, timeless: bool) -> Iterator[Suspected]:
    """A known item that shows a later day than when it was first seen, told in the same way."""
    for one in shown:
        was = one.known[0] if one.known else None
        if was is None or was.first_date is None or was.date_from != one.item.date_from:
            continue
        forward, seen = _days(was.first_date, one.day), civil_day(was.first_seen_at)
        if forward < options.forward or _stands(one):
            continue
        if was.unseen_at is not None and _first(one.day) <= seen:
            continue  # it came then, and says no more: a slip was put right
        if one.item.spoken and forward <= (civil_day(now) - seen).days:
            continue  # "3 days ago" on a page that nobody makes anew is a later day tomorrow
        if not timeless and was.first_date[4:] == one.day[4:]:
            continue  # 03-05 without a year is this year's, next year
        yield Suspected("moved", one.item.title, one.url, was.first_date, one.day, seen)


def _again(reading: Reading, shown: Sequence[_Shown], titles: _Titles, options: Options) -> Iterator[Suspected]:
    """What came under a new address with a title that another one had, dated well after it."""
    there, days = {_path(item.url) for item in reading.items if item.url}, sorted(one.day for one in shown)
    moving = _moves(shown, titles)
    for one in shown:
        olds = titles.get(plain_title(one.item.title), ())
        if one.unseen_at is None or len(olds) > _OFTEN or one.first_seen_at in moving:
            continue
        others = [old for old in olds if _path(old.url) != _path(one.url)]
        if len(others) != 1 or others[0].first_seen_at >= one.first_seen_at or (was := others[0].date) is None:
            continue  # a name that came back more than once is that of a series
        taken_out = bisect_right(days, was) >= _REACHES and _path(others[0].url) not in there
        length = options.replaced if taken_out else options.distinct
        if options.again <= _days(was, one.day) < options.yearly and distinctness(one.item.title) >= length:
            yield Suspected("again", one.item.title, one.url, was, one.day, civil_day(others[0].first_seen_at))


def _moves(shown: Sequence[_Shown], titles: _Titles) -> set[datetime]:
    """When most that was known of the list came again, under other addresses: a new system, not new dates."""
    seen = sorted(one.first_seen_at for one in shown)
    came = Counter(one.first_seen_at for one in shown if _has_a_past(one, titles))
    return {at for at, count in came.items() if count > bisect_left(seen, at)}


def _burst(shown: Sequence[_Shown], titles: _Titles, options: Options) -> Iterator[Suspected]:
    """Items that came together, long after their days, spread evenly over days at which the list was read and had none."""
    precise = [one for one in shown if len(one.day) == _DAY and not one.item.spoken]
    together = Counter(one.first_seen_at for one in precise)
    for came in sorted(at for at, count in together.items() if count >= options.burst):
        known = [_first(one.day) for one in precise if one.first_seen_at < came]
        new = [one for one in precise if one.first_seen_at == came and not _has_a_past(one, titles)]
        unseen = {one.unseen_at for one in new}
        read_at = unseen.pop() if len(unseen) == 1 else None
        if read_at is None or not known:
            continue
        last = civil_day(read_at) - timedelta(days=options.late)
        late = [one for one in new if _first(one.day) <= last]
        days = sorted({_first(one.day) for one in late})
        if len(days) >= options.burst and _fills_a_gap(days, known, civil_day(read_at), options):
            first = min(late, key=lambda one: one.day)
            span = days[0].isoformat(), days[-1].isoformat()
            yield Suspected("burst", first.item.title, first.url, *span, civil_day(came), len(late))


def _has_a_past(one: _Shown, titles: _Titles) -> bool:
    """Whether its title was known before it came: it has only moved."""
    olds = titles.get(plain_title(one.item.title))
    return olds is not None and olds[0].first_seen_at < one.first_seen_at


def _fills_a_gap(days: Sequence[date], known: Iterable[date], read_on: date, options: Options) -> bool:
    """Whether these days lie evenly between two neighbours among the known ones, or after the last of them."""
    known = sorted(known)
    before = [day for day in known if day < days[0]]
    after = [day for day in known if day > days[-1]]
    if len(before) < _REACHES or len(before) + len(after) < len(known):
        return (
            False  # older than what is known (but for pinned items), or mixed with it: a longer page, a column taken in
        )
    ends = [*days, *after[:1]]
    steps = [(b - a).days for a, b in pairwise([before[-1], *ends])]
    wide = ((after[0] if after else read_on) - before[-1]).days >= options.gap
    return wide and max(steps) <= options.even * min(steps)


_OFTEN = 4
"""Items of one name, two addresses of each at most; more are a series."""
_REACHES = 3
"""Items as old as one that is missing, by which a list would still show it: one or two may be pinned."""
_DAY = len("2026-01-05")
_DIGIT = re.compile(r"\d")


def _stands(one: _Shown) -> bool:
    """Whether it is a page that stands for ever and is brought up to date: by its name, or an address without a number."""
    return _DIGIT.search(_path(one.url)) is None or is_kept_up(one.item.title)


def _path(url: str) -> str:
    """What is left of an address when its host and scheme change."""
    return url.partition("://")[2].partition("/")[2]


def _day_of(item: Item) -> tuple[bool, str]:
    return item.date is None, item.date or ""


def _first(day: str) -> date:
    return date.fromisoformat(day if len(day) == _DAY else f"{day}-01")


def _days(then: str, now: str) -> int:
    """How many days later the second is, at the least: a month may be any of its days."""
    last = _first(then)
    if len(then) != _DAY:
        last = (last + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return (_first(now) - last).days


def _suspected(found: Sequence[Suspected]) -> Finding:
    items = [one._asdict() | {"url": _plain(one.url), "title": _cut(one.title), "seen": str(one.seen)} for one in found]
    count = Measure("suspected", len(found), "count")
    return fail("dates_honest", Cause.FORGED_DATE, found[0].why, words_of(found[0]), count, items=items[:_TOLD])


def words_of(one: Suspected) -> Text:
    """The excerpt in a sentence: title, address, the day it said and says, when it was first seen."""
    told = {"title": _cut(one.title), "url": _plain(one.url), "then": one.then, "now": one.now, "seen": str(one.seen)}
    if one.why == "moved":
        return say(
            "a date seems forged: “{title}” was of {then} when first seen on {seen}, and is of {now} now ({url})",
            **told,
        )
    if one.why == "again":
        return say(
            "an old text seems dated anew: “{title}” of {then}, first seen on {seen}, has a new address and is of {now} now ({url})",
            **told,
        )
    return say(
        "dates seem filled in: {count} items dated evenly from {then} to {now} came together on {seen}, the first is “{title}” ({url})",
        count=one.many,
        **told,
    )


_HONEST = ok("dates_honest", say("compared with earlier looks, no date seems forged"))
_FIRST = ok("dates_honest", say("first look: no earlier one to compare dates with"))
_UNDATED = ok("dates_honest", say("no dates to compare"))
_TOLD = 5  # suspicions kept as evidence
_LONGEST, _LONGEST_URL = 40, 100  # letters of a title and of an address in a sentence
_SECRET = re.compile(r"//[^/@]*@")


def _cut(text: str) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def _plain(url: str) -> str:
    shown = _SECRET.sub("//", url)
    return shown if len(shown) <= _LONGEST_URL else shown[: _LONGEST_URL - 1] + "…"
