"""Accounts that post too seldom (崇川 第十九条): a natural week without a post, 14 days of a video account.

Pure. Counted from what the city's accounts publish, silences included: their own rhythm may be too slow. A week counts that was watched
from its first minute, is broken when it ends with none, and kept again with the first post after it (domain.md §12). It is the
silence of the account, as its other limits tell (silences.py): one incident.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import timedelta

from monitor.city.asked import CHONGCHUAN
from monitor.city.closures import gone_spans
from monitor.city.days import DAY, midnight
from monitor.city.faults import Faults, Scene
from monitor.city.lexicon import VIDEO
from monitor.city.plan import Account
from monitor.city.posts import Post, account_posts
from monitor.city.sight import Case, Sight
from monitor.city.spans import FAR, Span, merged, minus
from monitor.city.terms import Unit, allowed
from monitor.clock import civil_day
from monitor.model import Cause

WEEKLY, VIDEOS = "chongchuan-2023/weekly", "chongchuan-2023/video"
WEEK, TWO_WEEKS = 7 * DAY, 14 * DAY
BEFORE, LONGEST = timedelta(days=62), timedelta(days=3720)
"""Posts from so long before the start to beyond the end of the longest scenario (3660 days) are counted."""


def weeks(sight: Sight) -> Iterator[Unit]:
    """Every unit of posts that came too seldom, of every account of the city."""
    if CHONGCHUAN not in sight.terms.rules:
        return
    for account in sight.plan.accounts:
        posts = published(sight, account)
        is_video = account.platform == VIDEO
        for span in _by_age(posts) if is_video else _by_weeks(sight, posts):
            yield from _unit(sight, account.name, VIDEOS if is_video else WEEKLY, span)


def published(sight: Sight, account: Account) -> list[Post]:
    """All its posts that matter, the earliest first."""
    mine = sight.on(account.name, "silent")
    scene = Scene(sight.plan, Faults(sight.plan, mine, sight.start), sight.start + LONGEST)
    count = (BEFORE + LONGEST) // (account.every * DAY) + 2 * len(mine) + 2
    return account_posts(scene, account, count)[::-1]


def _by_weeks(sight: Sight, posts: list[Post]) -> list[Span]:
    """From the Monday after an empty week to the next post; of the week in which the watch began nothing is said."""
    day = civil_day(sight.start)
    monday = midnight(day - timedelta(days=day.weekday())) + WEEK
    instants = [post.at for post in posts]
    found = []
    while monday < sight.start + LONGEST - WEEK:
        following = bisect_left(instants, monday)
        end = instants[following] if following < len(instants) else FAR
        monday += WEEK
        if end >= monday:
            found.append((monday, end))
    return merged(found)


def _by_age(posts: list[Post]) -> Iterator[Span]:
    """From day 15 of a post to the next one."""
    for one, following in zip(posts, [*posts[1:], None], strict=True):
        begin, end = midnight(one.day + TWO_WEEKS + DAY), following.at if following is not None else FAR
        if begin < end:
            yield begin, end


def _unit(sight: Sight, target: str, rule: str, span: Span) -> Iterator[Unit]:
    begin, end = max(span[0], sight.start), span[1]
    opens, late = sorted((begin, sight.by_our_clock(begin)))
    covered = merged([*sight.spans(target, "bridge_down"), *gone_spans(sight, target)])
    shown = minus([(opens, end)] if opens < end else [], covered)
    first = begin < sight.start + WEEK + sight.terms.account  # perhaps not watched from its first minute
    dim = [(opens, end)] if first else [(opens, late)]
    case = Case(target, Cause.STALE, "silent", rule, shown, dim)
    unit = sight.unit(case, sight.terms.account, allowed(sight.terms, "silent", target))
    if unit is not None:
        yield unit
