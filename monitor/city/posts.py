"""What has been published by when: the items of a column, of the headlines, of an account, newest first.

Pure functions of plan, faults and instant: each source has a rhythm (every n days, at an hour of its own), a `silent`
event stops it after one last item of its day, `backdated` gives an old item a new date. Reads the plan and the faults,
writes nothing, and never makes words of a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from monitor.city import lexicon
from monitor.city.faults import Scene
from monitor.city.plan import Account, Column, Site, draw
from monitor.clock import SHANGHAI, civil_day
from monitor.model import ColumnKind

BACKDATED_ITEM = 5
"""Which item (from 0) a `backdated` event gives the date of the day: old enough that every list still shows it."""


@dataclass(frozen=True, slots=True)
class Post:
    """One published item. `number` tells the day it was really published; `at` is what the page prints, Shanghai time."""

    source: str
    number: int
    title: str
    at: datetime

    @property
    def day(self) -> date:
        """The printed day."""
        return self.at.date()


def column_posts(scene: Scene, column: Column, count: int) -> list[Post]:
    """The newest `count` items of a column, as its list shows them (by printed date); few when it began lately."""
    honest = _take(scene, column, silences_of(scene, column.name), count + BACKDATED_ITEM)
    event = scene.find(column.name, "backdated")
    if event is None:
        return honest[:count]
    begun = scene.faults.start + event.at
    at_the_time = [post for post in honest if post.at <= begun]
    if len(at_the_time) <= BACKDATED_ITEM:
        return honest[:count]
    forged = at_the_time[BACKDATED_ITEM]
    fresh = replace(forged, at=begun.astimezone(SHANGHAI).replace(microsecond=0))
    changed = [fresh if post is forged else post for post in honest]
    return sorted(changed, key=lambda post: post.at, reverse=True)[:count]


def headlines(scene: Scene, site: Site, count: int) -> list[Post]:
    """The newest items of the site's own news; what a `silent` event on the site stops."""
    return _take(scene, site.headlines, silences_of(scene, site.name), count)


def home_posts(scene: Scene, site: Site, column: Column, count: int) -> list[Post]:
    """A column's items as the home page shows them: none newer than the day a silent home page stopped."""
    if column.number == 0:
        return headlines(scene, site, count)
    frozen = scene.find(site.name, "silent")
    if frozen is None:
        return column_posts(scene, column, count)
    return column_posts(replace(scene, now=scene.faults.start + frozen.at), column, count)


def account_posts(scene: Scene, account: Account, count: int) -> list[Post]:
    """The newest posts of an account."""
    return _take(scene, _rhythm(account), silences_of(scene, account.name), count)


def next_post(source: Column | Account, now: datetime) -> datetime:
    """When the source's rhythm has its next item, were it not silent."""
    rhythm = source if isinstance(source, Column) else _rhythm(source)
    day = civil_day(now)
    day += timedelta(days=-(day.toordinal() + rhythm.phase) % rhythm.every)
    moment = _moment(rhythm, day)
    return moment if moment > now else _moment(rhythm, day + timedelta(days=rhythm.every))


def newest_on_home(scene: Scene, site: Site, count: int) -> date:
    """The newest day the home page prints."""
    shown = [site.headlines, *(column for column in site.columns if column.on_home)]
    return max(post.day for column in shown for post in home_posts(scene, site, column, count))


def post_number(day: date) -> int:
    """The number of the item published that day; addresses carry it."""
    return day.toordinal() - _FIRST_DAY


def true_day(post: Post) -> date:
    """The day an item was really published, whatever it prints."""
    return date.fromordinal(post.number + _FIRST_DAY)


def post_of(scene: Scene, column: Column, number: int) -> Post | None:
    """The item with that number as its own page shows it; None when it was never published."""
    day = date.fromordinal(number + _FIRST_DAY)
    if column.number and scene.find(column.name, "backdated") is not None:
        listed = column_posts(scene, column, 30)
        known = next((post for post in listed if post.number == number), None)
        if known is not None:
            return known
    moment = datetime.combine(day, time(23, 59, 59), SHANGHAI)
    source = column.name if column.number else column.name.removesuffix("/headlines")
    stops = silences_of(scene, source)
    then = replace(scene, now=min(moment, scene.now))
    found = next(_published(then, column, stops), None)
    return found if found is not None and found.number == number else None


_FIRST_DAY = 700_000
"""Ordinal day 700,000 is in 1917: numbers stay below six digits for a century."""

Silence = tuple[datetime, datetime | None]


def _rhythm(account: Account) -> Column:
    """An account as the column it would be."""
    return Column(account.name, 0, account.title, "", ColumnKind.DYNAMIC, account.every, account.phase, on_home=False)


def silences_of(scene: Scene, name: str) -> list[Silence]:
    """From when to when a source was silent, as far as has happened; None: it still is."""
    spans = []
    for event in scene.faults.begun(name, "silent", scene.now):
        end = None if event.lasts is None else scene.faults.start + event.until
        spans.append((scene.faults.start + event.at, end if end is not None and end <= scene.now else None))
    return spans


def _take(scene: Scene, rhythm: Column, silences: list[Silence], count: int) -> list[Post]:
    found: list[Post] = []
    for post in _published(scene, rhythm, silences):
        found.append(post)
        if len(found) == count:
            break
    return found


def _published(scene: Scene, rhythm: Column, silences: list[Silence]) -> Iterator[Post]:
    """Newest first: the rhythm's days that are not silent, and the first and last day of every silence."""
    edges = {civil_day(edge): edge for span in silences for edge in span if edge is not None and edge <= scene.now}
    today = civil_day(scene.now)
    for day in _days(rhythm, sorted(edges, reverse=True), today):
        edge = edges.get(day)
        if edge is not None or not _quiet(day, silences):
            at = edge if edge is not None else _moment(rhythm, day)
            if at <= scene.now:
                yield Post(
                    rhythm.name,
                    post_number(day),
                    _title(scene.plan.seed, rhythm.name, rhythm.kind, day),
                    at.astimezone(SHANGHAI),
                )


def _days(rhythm: Column, edges: list[date], today: date) -> Iterator[date]:
    """The rhythm's days and the others named, latest first, each once; endless days ago there were none."""
    day = today - timedelta(days=(today.toordinal() + rhythm.phase) % rhythm.every)
    oldest = min((*edges, today)) - _BEGAN
    while day > oldest:
        while edges and edges[0] >= day:
            edge = edges.pop(0)
            if edge != day:
                yield edge
        yield day
        day -= timedelta(days=rhythm.every)


_BEGAN = timedelta(days=40 * 400)
"""Every source has published for so long: longer than any list is."""


def _quiet(day: date, silences: list[Silence]) -> bool:
    return any(civil_day(begin) < day and (end is None or day < civil_day(end)) for begin, end in silences)


def _moment(rhythm: Column, day: date) -> datetime:
    """When the item of a day goes online: in office hours, the same minute every day."""
    minutes = 8 * 60 + rhythm.phase % 540
    return datetime.combine(day, time(minutes // 60, minutes % 60), SHANGHAI)


@lru_cache(maxsize=100_000)  # a list is made anew with every item, the others in it stay
def _title(seed: int, source: str, kind: ColumnKind, day: date) -> str:
    number = draw(seed, source, day.toordinal())
    if kind is ColumnKind.DYNAMIC:
        return lexicon.news_title(number)
    if kind is ColumnKind.POLICY:
        return lexicon.policy_title(number, day.year)
    return lexicon.other_title(number, day.year)
