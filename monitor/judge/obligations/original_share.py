"""Enough of an account's posts are its own: in any stretch as long as the limit `count` original ones, and `share` percent of all.

Either option may be left out. Goes by the days up to the last look or import, since nobody knows what came after it. Posts of
which nobody said whether they are original leave it undecided, unless it is reached without them or cannot be reached with them.
No post at all breaks a number of them, as the silence it is; of a share nothing is left to be asked.
"""

from dataclasses import dataclass
from datetime import date, datetime

from monitor.clock import civil_day, day_start
from monitor.judge.days import deadline, next_midnight, schedule
from monitor.judge.looks import limit_of
from monitor.judge.posts import Known, known_posts
from monitor.model import Cause, Compliance, Facts, Limit, Post, Rule, Standing, Text, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept, due from the first warning before the last original is too old, broken, or undecided (never blind: others tell that)."""
    known = known_posts(facts, now)
    told = _judged(rule, facts, known, now)
    return told._replace(changes_at=next_midnight(now) if known.looked_at is not None else None)


def _judged(rule: Rule, facts: Facts, known: Known, now: datetime) -> Standing:
    if known.looked_at is None:
        return _undecided(rule, say("no posts are known"), Cause.STALE)
    looked_on = civil_day(known.looked_at)
    first = _first_day(looked_on, limit_of(rule), facts)
    tally = _tally([one for one in facts.posts if first <= one.day <= looked_on])
    if schedule(looked_on, limit_of(rule), (), facts.workdays).breach <= now or not known.days:
        return _undecided(rule, say("no posts are known"), Cause.STALE)
    if tally.all == 0 and known.sees and known.days[0] < first and _number(rule, "count"):
        return _silent(rule, facts, known.days[0])
    if tally.all == 0:
        cause = Cause.STALE if known.days[0] < first else Cause.ORIGINAL_SHARE
        return _undecided(rule, _why_unsaid(rule, known, first), cause)
    if _reached(rule, tally.original, tally.all):
        return _kept(rule, facts, tally, looked_on)
    if _reached(rule, tally.original + tally.unknown, tally.all):
        return _undecided(rule, say("nobody said which posts are original"))
    if not _is_whole(facts, known, first):
        return _undecided(rule, say("not all posts of the last {limit} are known", limit=str(rule.limit)))
    return Standing(
        rule.key,
        Compliance.BREACHED,
        _why(rule, tally),
        Cause.ORIGINAL_SHARE,
        since=_since(rule, facts) or day_start(looked_on),
        inputs=_inputs(rule, tally),
    )


def _silent(rule: Rule, facts: Facts, newest: date) -> Standing:
    """Without any post there is none of its own either: that silence is one incident with what else it breaks."""
    words = say(
        "no post of the last {limit} is known, the newest is of {newest}", limit=str(rule.limit), newest=str(newest)
    )
    since = schedule(newest, limit_of(rule), (), facts.workdays).breach
    inputs = _inputs(rule, _Tally(0, 0, 0)) | {"newest": str(newest)}
    return Standing(rule.key, Compliance.BREACHED, words, Cause.STALE, since=since, inputs=inputs)


def _kept(rule: Rule, facts: Facts, tally: "_Tally", looked_on: date) -> Standing:
    """By the original that has to be replaced first, where a number of them is asked."""
    count = _number(rule, "count")
    standing = Standing(rule.key, Compliance.MET, _why(rule, tally), Cause.ORIGINAL_SHARE, inputs=_inputs(rule, tally))
    if not count or not rule.warn:
        return standing
    own = sorted((one.day for one in facts.posts if one.original and one.day <= looked_on), reverse=True)
    plan = schedule(own[count - 1], limit_of(rule), rule.warn, facts.workdays)
    if day_start(looked_on) < plan.due:
        return standing
    warned = plan.warned(day_start(looked_on))
    return standing._replace(value=Compliance.DUE, since=plan.due, until=plan.breach, warned=warned)


@dataclass(frozen=True, slots=True)
class _Tally:
    """Posts of the stretch: all of them, those known to be original, those of which nobody said."""

    all: int
    original: int
    unknown: int


def _tally(posts: list[Post]) -> _Tally:
    return _Tally(len(posts), sum(one.original is True for one in posts), sum(one.original is None for one in posts))


def _reached(rule: Rule, original: int, of: int) -> bool:
    return original >= _number(rule, "count") and 100 * original >= _number(rule, "share") * of


def _first_day(last: date, limit: Limit, facts: Facts) -> date:
    """The first day of a stretch that ends with `last`: what is as old as the limit still counts, as for updates."""
    return deadline(last, Limit(-limit.number, limit.unit), facts.workdays)


def _is_whole(facts: Facts, known: Known, first: date) -> bool:
    """Whether the stretch is known from its first day: watched, or told of by people, since then."""
    watched = known.since is not None and known.since <= day_start(first)
    return known.sees and (watched or any(one.day <= first for one in facts.posts))


def _why_unsaid(rule: Rule, known: Known, first: date) -> Text:
    """The register has no post of the stretch; what the feed or a person told of posts is said all the same."""
    if known.days[0] >= first:
        return say("nobody said which posts are original")
    return say(
        "no post of the last {limit} is known, the newest is of {newest}",
        limit=str(rule.limit),
        newest=str(known.days[0]),
    )


def _since(rule: Rule, facts: Facts) -> datetime | None:
    """Since when it was broken at the last judging: the stretch moves, the breach stays the same."""
    last = next((one for one in facts.standings if one.rule == rule.key), None)
    return last.since if last is not None and last.value is Compliance.BREACHED else None


def _undecided(rule: Rule, why: Text, cause: Cause = Cause.ORIGINAL_SHARE) -> Standing:
    """`cause` STALE: for all that is known the account may be silent; where it has posts, silence is over."""
    return Standing(rule.key, Compliance.UNKNOWN, why, cause)


def _why(rule: Rule, tally: _Tally) -> Text:
    told: dict[str, str | int] = {"n": tally.original, "all": tally.all, "limit": str(rule.limit)}
    count, share = _number(rule, "count"), _number(rule, "share")
    if count and share:
        return say(
            "{n} original of {all} posts in {limit}: {count} are asked, and {share} %", count=count, share=share, **told
        )
    if share:
        return say("{n} original of {all} posts in {limit}: {share} % are asked", share=share, **told)
    return say("{n} original of {all} posts in {limit}: {count} are asked", count=count, **told)


def _inputs(rule: Rule, tally: _Tally) -> dict[str, object]:
    return {"original": tally.original, "posts": tally.all, "unknown": tally.unknown, "limit": str(rule.limit)}


def _number(rule: Rule, name: str) -> int:
    value = rule.options.get(name, 0)
    assert isinstance(value, int)  # a pack with a word here does not load
    return value
