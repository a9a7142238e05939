"""What people bring, and what the inventory says, on both sides of a boundary: cases for the tables of the articles."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from monitor.clock import civil_day
from monitor.model import (
    Cause,
    Compliance,
    Declaration,
    DeclarationKind,
    Facts,
    MessageClass,
    Outage,
    Post,
    PublicMessage,
    Shift,
    Target,
    fail,
    ok,
)
from tests.judge.articles import (
    ACCOUNT,
    BREACHED,
    DAY_21,
    DESK,
    DOWN,
    DUE,
    LONG_AGO,
    MET,
    NEW_YEAR,
    NOTICE,
    SITE,
    UP,
    Case,
    Known,
)
from tests.judge.made import DAY, NOON, WORDS, at, condition, fresh, run


def filed(
    kind: str, start: str | datetime, end: str | datetime | None = None, *, number: int = 1, **fields: Any
) -> Declaration:
    begun, ended = (at(one) if isinstance(one, str) else one for one in (start, end))
    assert begun is not None
    return Declaration(
        id=number,
        kind=DeclarationKind(kind),
        target="t",
        start=begun,
        end=ended,
        by="张三",
        filed_at=begun,
        fields=fields,
    )


def on_record(*declared: Declaration, **other: Any) -> Known:
    """That was filed, and nothing else is known."""
    return lambda _now: Facts(declarations=declared, first_seen_at=LONG_AGO, **other)


def declared(target: Target[object], *records: Declaration, first: datetime = DAY_21, **other: Any) -> Case:
    """Broken by the clock, by what was filed alone."""
    spared = tuple(on_record(*one) for one in other.pop("spared", ()))
    return Case(target, on_record(*records), first, **{"before": DUE, "spared": spared, **other})


def _off(start: datetime, *declarations: Declaration) -> Known:
    def facts(now: datetime) -> Facts:
        down = (condition("reachable", Cause.OUTAGE, start),)
        return Facts(
            runs=(run(DOWN, now, start),),
            conditions=down,
            outage=Outage(start),
            declarations=declarations,
            first_seen_at=LONG_AGO,
        )

    return facts


def too_long() -> Case:
    """Off, as filed, since 20 October: 19 November is day 30."""
    closed = filed("temporary_offline", "2026-10-20", "2026-12-31")
    return Case(SITE, _off(at("2026-10-20"), closed), before=DUE, spared=(lambda now: Facts(runs=(run(UP, now),)),))


def unfiled(**fields: Any) -> Case:
    """Off for two days: the closure on file ends, the outage does not."""
    told = {"ordered_by": "网信办", "reason": "整改", **fields}
    start = at("2026-11-18")
    ended, lasting = (filed("ordered_closure", start, end, **told) for end in (DAY_21, None))
    kinds = [filed(kind, start, "2026-12-31") for kind in ("temporary_offline", "force_majeure", "permanent_offline")]
    return Case(SITE, _off(start, ended), spared=(_off(start, lasting), *(_off(start, one) for one in kinds)))


def closures() -> Case:
    """The second 临时下线 of a year begins; of another kind, or in another year, it is none."""
    first = filed("temporary_offline", "2026-03-02", "2026-03-20")
    second = filed("temporary_offline", DAY_21, "2026-12-01", number=2)
    others = [(first, replace(second, kind=DeclarationKind(kind))) for kind in ("force_majeure", "ordered_closure")]
    last_year = (filed("temporary_offline", "2025-12-02", "2025-12-20"), second)
    return declared(SITE, first, second, spared=(*others, last_year))


def back(kind: str, told: dict[str, Any], lacking: dict[str, Any]) -> Case:
    """It opens again after a closure whose record says no more than `lacking`; down until then."""

    def of(fields: dict[str, Any]) -> Known:
        closed = filed(kind, "2026-11-10", **fields)

        def facts(now: datetime) -> Facts:
            outage, down = Outage(at("2026-11-10")), run(DOWN, now, at("2026-11-10"))
            known = Facts(runs=(down,), declarations=(closed,), first_seen_at=LONG_AGO, outage=outage)
            if now < DAY_21:
                return known
            return known._replace(runs=(run(UP, now, DAY_21),), outage=replace(outage, up_since=DAY_21))

        return facts

    return Case(SITE, of(lacking), spared=(of(told),))


def asked(cls: str, received: str, *others: str, first: datetime = DAY_21) -> Case:
    """A message of that class nobody answers; of `others`, however old, the rule says nothing."""

    def of(*messages: tuple[str, str]) -> Known:
        waiting = tuple(
            PublicMessage(id=str(n), target="t", cls=MessageClass(one), received_at=at(day, "09:00:00"))
            for n, (one, day) in enumerate(messages)
        )
        return lambda _now: Facts(messages=waiting)

    old = tuple((other, "2026-06-01") for other in others)
    return Case(SITE, of((cls, received), *old), first, before=DUE, spared=(of(*old), of()))


def waiting(cls: str, received: str = "2025-06-01") -> Case:
    """One that is brought late waits all the same, however long ago it came."""
    old = PublicMessage(id="old", target="t", cls=MessageClass(cls), received_at=at(received))
    return Case(SITE, lambda now: Facts(messages=(old,) if now >= DAY_21 else ()))


def forgotten() -> Case:
    """A message of a year ago and a day is none of the last year any more."""
    case = asked("consulting", "2026-08-19", "jiucuo")
    old = PublicMessage(id="old", target="t", cls=MessageClass.CONSULTING, received_at=at("2025-11-19"))
    return replace(case, spared=(*case.spared, lambda _now: Facts(messages=(old,))))


def ordered(target: Target[object]) -> Case:
    """An order of yesterday noon; put right, or minor, it has no day any more."""
    told: dict[str, Any] = {"problem": "首页被篡改"}
    late = filed("order", NOON - DAY, **told)
    fixed = filed("order", NOON - DAY, fixed_at="2026-11-19T20:00:00+08:00", **told)
    return declared(target, late, first=NOON, spared=((fixed,), (filed("order", NOON - DAY, minor=True, **told),)))


def done(activity: str, times: int) -> tuple[Case, ...]:
    """Once too few in the year that ends, told from October on; another activity counts for nothing."""
    days = [f"2026-{month:02}-10" for month in range(2, 2 + times)]
    all_of_it = [filed("activity", day, activity=activity, number=n) for n, day in enumerate(days)]
    other = filed("activity", "2026-09-11", activity="something else", number=99)
    lacking = (*all_of_it[:-1], other)
    told = declared(DESK, *lacking, first=at("2026-10-01"), before=MET, after=DUE)
    return told, declared(DESK, *lacking, first=NEW_YEAR, spared=(all_of_it,))


def quarterly() -> Case:
    """Twice in the quarter before, but not in the one that ends; another activity counts for nothing."""
    early, in_time = (
        [filed("activity", day, activity="quarter_check", number=n) for n, day in enumerate(days)]
        for days in (("2026-08-10", "2026-09-10"), ("2026-08-10", "2026-11-10"))
    )
    other = filed("activity", "2026-11-11", activity="drill", number=99)
    return declared(DESK, *early, other, first=NEW_YEAR, spared=(in_time,))


def daily(activity: str) -> Case:
    """Done on Friday, not on Saturday; another activity counts for nothing."""
    last, sunday = filed("activity", DAY_21, activity=activity), DAY_21 + 2 * DAY
    other = filed("activity", DAY_21 + DAY, activity="drill", number=2)
    return declared(DESK, last, other, spared=((filed("activity", sunday, activity=activity),),), first=sunday)


def once(kind: str, field: str, target: Target[object], value: object = "2026-11-12", **told: Any) -> Case:
    """What has no days in the text is only due, from its beginning on, until its record tells that."""
    lacks = filed(kind, DAY_21, **told)
    return declared(target, lacks, before=MET, after=DUE, spared=((filed(kind, DAY_21, **(told | {field: value})),),))


def in_days(target: Target[object], kind: str, start: str, field: str, first: datetime = DAY_21, **told: Any) -> Case:
    """Its last working day ends; with that field, or of another activity, nothing is owed."""
    lacks, told_so = (filed(kind, start, **(told | more)) for more in ({}, {field: "2026-11-12"}))
    other = ((filed(kind, start, **(told | {"activity": "drill"})),),) if "activity" in told else ()
    return declared(target, lacks, first=first, spared=((told_so,), *other))


def noticed(declaration: Declaration, field: str, *, shown: str = "", target: Target[object] = SITE) -> Case:
    """What a look at that notice finds is gone: broken to the last second it is owed, and no matter from then on."""
    where = {shown or field: NOTICE, field: NOTICE}
    told = replace(declaration, fields={**declaration.fields, **where})
    name = told.notice(field)

    def facts(now: datetime) -> Facts:
        missing = fail("notice_kept", Cause.NOTICE_KEPT, "gone", WORDS)._replace(subject=name)
        since = replace(condition("notice_kept", Cause.NOTICE_KEPT, now), subject=name)
        return Facts(declarations=(told,), runs=(run(missing, now),), conditions=(since,))

    def there(now: datetime) -> Facts:
        return Facts(declarations=(told,), runs=(run(ok("notice_kept", WORDS)._replace(subject=name), now),))

    return Case(target, facts, before=BREACHED, after=MET, spared=(there,))


def gone_for_good(field: str = "own_notice") -> Case:
    """Thirty days from 20 October: 19 November is day 30."""
    return noticed(filed("permanent_offline", "2026-10-20"), field, shown="own_notice")


def off_for_a_while(field: str) -> Case:
    return noticed(filed("temporary_offline", "2026-11-10", DAY_21), field)


def moved() -> Case:
    return noticed(filed("migration", "2026-10-10", DAY_21), "own_notice")


def closing() -> Case:
    """Fifteen working days from 30 October end with 20 November, but the account is taken off on that day."""
    shown = run(
        ok("notice_kept", WORDS)._replace(
            subject=filed("account_closing", "2026-10-30", notice=NOTICE).notice("notice")
        )
    )

    def of(day: str) -> Known:
        one = filed("account_closing", "2026-10-30", deregistered=day, notice=NOTICE)
        return lambda _now: Facts(declarations=(one,), runs=(shown,))

    return Case(ACCOUNT, of("2026-11-20"), before=DUE, spared=(of("2026-11-23"),))


def original(own: tuple[str, ...], others: tuple[str, ...], before: Compliance) -> Case:
    """An account with these posts of its own, and those of others."""

    def of(mine: tuple[str, ...]) -> Known:
        days = [*((one, True) for one in mine), *((one, False) for one in others)]
        posts = tuple(Post(date.fromisoformat(day), is_own, None) for day, is_own in sorted(days, reverse=True))
        return lambda now: Facts(
            posts=posts, runs=(run(fresh("2026-11-19", "feed_fresh"), now),), first_seen_at=LONG_AGO
        )

    return Case(ACCOUNT, of(own), before=before, spared=(of((*own, *others)),))


def roster() -> tuple[Case, ...]:
    """Somebody is on duty till midnight; till the midnight seven days on; and till the end of the year."""

    def of(end: datetime) -> Known:
        return lambda _now: Facts(shifts=(Shift(at("2026-11-18"), end, ("张三",)),))

    coming = Case(DESK, of(DAY_21 + 7 * DAY), before=MET, after=DUE)
    return coming, Case(DESK, of(DAY_21), before=DUE, spared=(of(NEW_YEAR),))


def covering(kind: DeclarationKind, case: Case) -> Declaration:
    """In force from two days before the boundary till an hour after it."""
    since = case.first - 2 * DAY
    fields = {"deregistered": str(civil_day(since))} if kind is DeclarationKind.ACCOUNT_CLOSING else {}
    return filed(kind.value, since, case.first + timedelta(hours=1), number=77, **fields)
