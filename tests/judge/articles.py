"""Facts that keep a rule until one second and break it from the next on, for the lines of test_articles.py.

A case is what is known of a target at any instant; its boundary is `first`, the first instant after it. Where the clock alone
decides, the facts are the same on both sides but for the look at them; where a look or a record does, it comes at `first`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.clock import civil_day
from monitor.model import (
    Cause,
    Compliance,
    Facts,
    Measure,
    Platform,
    Target,
    TargetKind,
    fail,
    ok,
)
from tests.judge.made import NOON, SECOND, WORDS, at, condition, fresh, run

MET, DUE, BREACHED = Compliance.MET, Compliance.DUE, Compliance.BREACHED
LONG_AGO = at("2025-06-01")
"""Since when all is watched."""
DAY_21 = at("2026-11-20")
"""00:00 of a Friday: what had its last day on Thursday, 19 November, is over."""
NEW_YEAR = at("2027-01-01")
NOTICE = "https://www.example.gov.cn/notice.html"
PACKS = (
    *("national-2019", "shaoguan-2023", "zhongshan-2020", "zizhizhou-2020", "chongchuan-2023", "foshan-2015"),
)  # fmt: skip

Known = Callable[[datetime], Facts]


@dataclass(frozen=True)
class Case:
    """`before` at the last second, `after` from `first` on; `spared`: what looks alike and is no matter of the rule."""

    target: Target[object]
    facts: Known
    first: datetime = DAY_21
    before: Compliance = MET
    after: Compliance = BREACHED
    spared: tuple[Known, ...] = ()


def about(kind: str, called: str = "t", **other: Any) -> Target[object]:
    url = "https://www.example.gov.cn/x/"
    return Target(id=called, kind=TargetKind(kind), name="某局", url=url, options={}, packs=PACKS, **other)


SITE, ACCOUNT, VIDEO, DESK, LINK = (
    about("site"),
    about("account", platform=Platform.WECHAT),
    about("account", platform=Platform.DOUYIN),
    about("desk"),
    about("link"),
)
HOME_LINK = replace(LINK, on_home=True)
DYNAMIC, POLICY, NOTICES, OTHER = (about("column", column=one) for one in ("dynamic", "policy", "notice", "other"))
DEEPER = replace(POLICY, level=2)
ON_HOME = replace(OTHER, on_home=True)
PAGE, SERVICE, INTERACTION, REPORT, PLACARD, REPLIES, STATISTICS = (
    about("page"),
    *(about("page", entry=one) for one in ("service", "interaction", "report", "notice", "replies", "statistics")),
)


def at_last(case: Case) -> datetime:
    """The last second before."""
    return case.first - SECOND


DOWN = fail("reachable", Cause.OUTAGE, "dns", WORDS)
UP = ok("reachable", WORDS)
"""What a look finds of an address."""


# What looks find


def newest(target: Target[object], day: str, first: datetime = DAY_21) -> Case:
    """Nothing since that day: on its last day at the last second, too old from the next on."""
    check = "feed_fresh" if target.kind is TargetKind.ACCOUNT else "column_fresh"

    def facts(now: datetime) -> Facts:
        return Facts(runs=(run(fresh(day, check), now),), first_seen_at=LONG_AGO)

    def newer(now: datetime) -> Facts:
        return Facts(runs=(run(fresh(str(civil_day(now)), check), now),), first_seen_at=LONG_AGO)

    return Case(target, facts, first, before=DUE, spared=(newer,))


def posted_week() -> Case:
    """Newest post of Sunday the 8th: the week that ends with the 15th had none."""
    return newest(ACCOUNT, "2026-11-08", at("2026-11-16"))


def confirmed(target: Target[object], check: str, cause: Cause, reason: str = "", **more: Any) -> Case:
    """Good at every look before; bad, and confirmed, from noon on."""
    subject, spare = more.pop("subject", ""), more.pop("spare", None)
    bad = fail(check, cause, reason or str(cause), WORDS, **more)._replace(subject=subject)
    good = ok(check, WORDS)._replace(subject=subject)

    def facts(now: datetime) -> Facts:
        if now < NOON:
            return Facts(runs=(run(good, now),))
        since = replace(condition(check, cause), reason=bad.reason, subject=subject)
        return Facts(runs=(run(bad, now, NOON),), conditions=(since,))

    spared = () if spare is None else (lambda now: confirmed(target, check, *spare[:2], **spare[2]).facts(now),)
    return Case(target, facts, NOON, spared=spared)


def blank(target: Target[object]) -> Case:
    return confirmed(target, "column_blank", Cause.BLANK)


def gone(target: Target[object]) -> Case:
    """It does not open; that it is slow is no matter of such a rule."""
    return confirmed(target, "reachable", Cause.OUTAGE, spare=(Cause.SLOW, "slow", {}))


def shut(target: Target[object]) -> tuple[Case, ...]:
    """It does not open, or opens as another's."""
    taken = confirmed(target, "reachable", Cause.TAMPER, "hijacked", spare=(Cause.SLOW, "slow", {}))
    return gone(target), taken


def dead(target: Target[object]) -> Case:
    return confirmed(target, "links_alive", Cause.DEAD_LINK)


def unlinked(target: Target[object]) -> Case:
    return confirmed(target, "entry_present", Cause.ENTRY_PRESENT)


def hidden(target: Target[object]) -> Case:
    """Of hidden links; a strange script is no matter of a rule about links."""
    return confirmed(target, "tampered", Cause.TAMPER, "hidden_links", spare=(Cause.TAMPER, "script", {}))


def strange(target: Target[object]) -> Case:
    return confirmed(target, "tampered", Cause.TAMPER, "script")


MARKS = ("conac", "jiucuo", "site_code", "icp", "police", "sponsor", "contact", "sitemap")


def lacking(*marks: str) -> tuple[Case, ...]:
    """Any one of its footer marks; those that the text does not name are no matter of it."""
    other = (Cause.MARKS, "missing", {"missing": [one for one in MARKS if one not in marks]})
    return tuple(confirmed(SITE, "marks_present", Cause.MARKS, "missing", missing=[one], spare=other) for one in marks)


def hosted(subject: str = "") -> Case:
    return confirmed(SITE, "hosted_in", Cause.HOSTED_IN, "outside", subject=subject)


def failing(failed: int, before: Compliance, after: Compliance) -> Case:
    """That failed visit of a week of 2,016: the hundred and first makes five percent (超过(含)), the sixty-first three."""

    def facts(now: datetime) -> Facts:
        bad = failed - 1 + (now >= NOON)
        return Facts(runs=(run(UP, now),), good=2016 - bad, failed=bad, expected=2016)

    return Case(SITE, facts, NOON, before=before, after=after)


KINDS = ("dynamic", "policy", "notice", "other")
COUNTED = tuple(
    f"{of}:{deeper}{kind}"
    for of in ("stale:national-2019", "stale:house", "blank")
    for deeper in ("", "deeper/")
    for kind in KINDS
)
"""Under these names columns of a site are counted."""


def counted(names: tuple[str, ...], told: int, count: int) -> tuple[Case, ...]:
    """The column that makes the veto, and the one from which on it is told; those of other names are no matter of it."""
    rest = {one: 99 for one in COUNTED if one not in names}

    def of(name: str, number: int, before: Compliance, after: Compliance) -> Case:
        def facts(now: datetime) -> Facts:
            return Facts(counts={name: number - 1 + (now >= NOON), **rest})

        return Case(SITE, facts, NOON, before, after)

    foreseen = of(names[0], told, MET, DUE)
    return (foreseen, *(of(name, count, DUE, BREACHED) for name in names))


def published() -> Case:
    """The report shown on 1 February is still that of the year before last."""

    def of(year: str) -> Known:
        def facts(now: datetime) -> Facts:
            shown = ok("published", WORDS, Measure("covers", year, "date"), title="年度工作报表")
            return Facts(runs=(run(shown, now),), first_seen_at=LONG_AGO)

        return facts

    return Case(REPORT, of("2025-12"), at("2027-02-01"), before=DUE, spared=(of("2026-12"),))
