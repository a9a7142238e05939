"""Posts of an account's own (崇川 第十九条): one in 14 days, 30 of a hundred in 30 days, once somebody said which they are.

Pure. What nobody said of counts either way, so that neither a breach nor its end follows from it; a breach that was told stays until
it surely is none. The 30 days are ours: the text gives the share no period.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.city.asked import CHONGCHUAN
from monitor.city.closures import brought, gone_spans
from monitor.city.days import DAY, midnight
from monitor.city.faults import Event
from monitor.city.plan import Account
from monitor.city.posts import Post
from monitor.city.sight import Case, Sight
from monitor.city.spans import FAR, Span, merged, minus
from monitor.city.terms import Unit, allowed
from monitor.city.weeks import published
from monitor.clock import civil_day
from monitor.model import Cause


class _Asked(NamedTuple):
    """So many, or so many of a hundred, in so many days."""

    rule: str
    days: int
    number: int = 0
    percent: int = 0

    def is_met(self, own: int, of: int) -> bool:
        return own >= self.number and 100 * own >= self.percent * of


ASKED = (
    _Asked("chongchuan-2023/original", 14, number=1),
    _Asked("chongchuan-2023/original-share", 30, percent=30),
)
LONGEST = timedelta(days=31)


def originals(sight: Sight) -> Iterator[Unit]:
    """Every unit of accounts whose posts somebody went through."""
    if CHONGCHUAN not in sight.terms.rules:
        return
    for account in sight.plan.accounts:
        sorted_at = [brought(sight, sight.start + one.at) for one in sight.on(account.name, "posts")]
        if sorted_at:
            posts = published(sight, account)
            yield from _units(sight, account, posts, _said(sight, account, posts), min(sorted_at))


def _said(sight: Sight, account: Account, posts: Sequence[Post]) -> Mapping[int, list[tuple[datetime, bool]]]:
    """By number of the post: from when on it is said to be original or not."""
    said: dict[int, list[tuple[datetime, bool]]] = {}
    for event in sorted(sight.on(account.name, "posts"), key=_when_and_what):
        own, others = int(event.number("original", 0)), int(event.number("others", 0))
        known, at = brought(sight, sight.start + event.at), sight.start + event.at
        newest = [post for post in posts if post.at <= at][::-1][: own + others]
        for n, post in enumerate(newest):
            said.setdefault(post.number, []).append((known, n < own))
    return said


def _when_and_what(event: Event) -> tuple[timedelta, float, float]:
    """Of two at one instant the order is no matter, so it is always the same."""
    return event.at, event.number("original", 0), event.number("others", 0)


def _units(
    sight: Sight,
    account: Account,
    posts: Sequence[Post],
    said: Mapping[int, list[tuple[datetime, bool]]],
    first: datetime,
) -> Iterator[Unit]:
    """Walks the midnights, posts and sayings: at each a rule is surely broken, surely kept, or neither."""
    days = (midnight(civil_day(first) + n * DAY) for n in range(1, 2 * LONGEST.days + 1))
    turns = {first, *days, *(at for told in said.values() for at, _ in told), *(p.at for p in posts)}
    last = max(at for told in said.values() for at, _ in told) + 2 * LONGEST
    open_by: frozenset[str] = frozenset()
    begun: datetime | None = None
    spans: list[tuple[Span, str]] = []
    for at in sorted(turn for turn in turns if first <= turn <= last):
        broken, kept = _judged(posts, said, at)
        if broken:
            begun, open_by = begun or at, open_by | broken
        elif begun is not None and open_by <= kept:
            spans.append(((begun, at), min(open_by)))
            begun, open_by = None, frozenset()
    if begun is not None:
        spans.append(((begun, FAR), min(open_by)))
    for span, rule in spans:
        yield from _unit(sight, account.name, rule, span)


def _judged(
    posts: Sequence[Post], said: Mapping[int, list[tuple[datetime, bool]]], at: datetime
) -> tuple[frozenset[str], frozenset[str]]:
    broken, kept = set(), set()
    for asked in ASKED:
        oldest = civil_day(at) - timedelta(days=asked.days)
        mine = [_of(said.get(post.number, ()), at) for post in posts if post.at <= at and post.day >= oldest]
        own, unsaid = mine.count(True), mine.count(None)
        if mine and asked.is_met(own, len(mine)):
            kept.add(asked.rule)
        elif mine and not asked.is_met(own + unsaid, len(mine)):
            broken.add(asked.rule)
    return frozenset(broken), frozenset(kept)


def _of(told: Sequence[tuple[datetime, bool]], at: datetime) -> bool | None:
    """What was said last by then; None: nothing."""
    known = [(when, value) for when, value in told if when <= at]
    return known[-1][1] if known else None


def _unit(sight: Sight, target: str, rule: str, span: Span) -> Iterator[Unit]:
    """Posts of which the feed was not asked yet may make it another share: what is short may be told or not."""
    unseen = merged([*sight.spans(target, "bridge_down"), *gone_spans(sight, target)])
    case = Case(target, Cause.ORIGINAL_SHARE, "posts", rule, minus([span], gone_spans(sight, target)), unseen)
    needed = sight.terms.account
    early = span[0] < sight.start + LONGEST  # the stretch begins before the watch did
    unit = sight.unit(case, needed if not early else timedelta.max, allowed(sight.terms, "silent", target))
    if unit is not None:
        yield unit
