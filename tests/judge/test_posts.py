"""How often an account posts, and how much of it is its own: from feed, imports and attestations, with blindness kept apart."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from monitor.clock import civil_day, day_start
from monitor.judge.blindness import blind_from
from monitor.judge.standings import judge
from monitor.model import Cause, Compliance, Facts, Finding, Post, Rule, Standing, unknown
from monitor.render import translate
from tests.judge.filed import attestation, instants, judged, posts, skipped
from tests.judge.made import DAY, HOUR, NOON, SECOND, WORDS, at, fresh, rule, run, target

MET, DUE, BREACHED, UNKNOWN = Compliance.MET, Compliance.DUE, Compliance.BREACHED, Compliance.UNKNOWN
SINCE = at("2026-01-01")
DARK = unknown("feed_fresh", "unreadable", WORDS)

FORTNIGHT = rule("posts_at_least", "account", "14d", "4d", "1d", severity="veto")
WEEKLY = rule("posts_at_least", "account", None, every="week")
TWO_A_WEEK = rule("posts_at_least", "account", "7d", "1d", every="week", count=2)


def feed(newest: str, looked_at: datetime, one: Rule, now: datetime | None = None, **facts: object) -> Standing:
    told = {"first_seen_at": SINCE, **facts}
    return judged(one, now or looked_at, runs=(run(fresh(newest, "feed_fresh"), looked_at, SINCE),), **told)


@pytest.mark.parametrize(
    ("now", "value", "last"),
    [
        (at("2026-11-10", "23:59:59"), MET, False),
        (at("2026-11-11"), DUE, False),
        (at("2026-11-14"), DUE, True),
        (at("2026-11-15", "23:59:59"), DUE, True),
        (at("2026-11-16"), BREACHED, True),
    ],
)
def test_fourteen_days_are_those_of_updates(now: datetime, value: Compliance, last: bool) -> None:
    told = feed("2026-11-01", now, FORTNIGHT)
    assert (told.value, told.last_warning, told.cause) == (value, last, Cause.STALE)


def test_the_clock_alone_breaks_no_account() -> None:
    breach = at("2026-11-16")
    told = feed("2026-11-01", breach - SECOND, FORTNIGHT, breach + DAY)
    assert (told.value, told.look_at) == (DUE, breach)
    assert str(told.why) == "fewer posts than 1 since 2026-11-01 at the last look, limit 14d is over"


def test_more_than_one_post_goes_by_the_nth_newest() -> None:
    one = rule("posts_at_least", "account", "14d", count=3)
    known = posts("2026-11-18", "2026-11-10", "2026-11-05", "2026-11-01")
    assert (
        feed("2026-11-18", at("2026-11-19") - SECOND, one, posts=known).value is MET
    )  # the third newest is of the 5th
    assert feed("2026-11-18", at("2026-11-20"), one, posts=known).value is BREACHED
    assert feed("2026-11-20", at("2026-11-20"), one, posts=known).value is MET  # the feed shows one that is not stored


def test_fewer_known_than_asked_are_counted_from_when_we_began() -> None:
    one = rule("posts_at_least", "account", "14d", count=2)
    new = feed("2026-11-18", NOON, one, first_seen_at=at("2026-11-10"))
    assert (new.value, new.until) == (MET, at("2026-11-24"))
    assert feed("2026-11-18", NOON, one).value is BREACHED


# Natural weeks; 2026-11-16 is a Monday


@pytest.mark.parametrize(
    ("newest", "now", "value"),
    [
        ("2026-11-02", at("2026-11-08", "23:59:59"), MET),  # a Monday
        ("2026-11-02", at("2026-11-09"), DUE),  # age 7
        ("2026-11-02", at("2026-11-15", "23:59:59"), DUE),
        ("2026-11-02", at("2026-11-16"), BREACHED),  # the week of the 9th had none
        ("2026-11-08", at("2026-11-14", "23:59:59"), MET),  # a Sunday
        ("2026-11-08", at("2026-11-15"), DUE),
        ("2026-11-08", at("2026-11-16"), BREACHED),
        ("2026-11-09", at("2026-11-16"), DUE),
        ("2026-11-09", at("2026-11-22", "23:59:59"), DUE),
        ("2026-11-09", at("2026-11-23"), BREACHED),
        ("2026-11-16", at("2026-11-16"), MET),  # the first post after a week without any
    ],
)
def test_one_a_week(newest: str, now: datetime, value: Compliance) -> None:
    assert feed(newest, now, WEEKLY).value is value


def test_a_week_needs_a_look_after_its_end() -> None:
    end = at("2026-11-16")
    waits = feed("2026-11-02", end - SECOND, WEEKLY, end + 3 * DAY)
    assert (waits.value, waits.look_at) == (DUE, end)
    assert str(waits.why) == (
        "week 2026-11-09..2026-11-15: no posts at the last look, 1 are asked; newest post of 2026-11-02"
    )
    broken = feed("2026-11-02", end, WEEKLY, end + 3 * DAY)
    assert (broken.value, broken.since) == (BREACHED, end)
    assert str(broken.why) == ("week 2026-11-09..2026-11-15: no posts, 1 are asked; newest post of 2026-11-02")


@pytest.mark.parametrize(
    ("newest", "now", "chinese"),
    [
        ("2026-11-02", at("2026-11-13"), "11月9日—11月15日这一周至今没有更新，要求至少1条；最新一条日期为 2026-11-02"),
        ("2026-11-02", at("2026-11-16"), "11月9日—11月15日这一周没有更新，要求至少1条；最新一条日期为 2026-11-02"),
        ("2026-11-02", at("2026-11-30"), "11月9日—11月15日这一周没有更新，要求至少1条；最新一条日期为 2026-11-02"),
        ("2026-11-16", at("2026-11-17"), "最新一条日期为 2026-11-16；下一个须至少发布1条的自然周为11月23日—11月29日"),
        ("2026-12-25", at("2026-12-26"), "最新一条日期为 2026-12-25；下一个须至少发布1条的自然周为2026年12月28日—2027年1月3日"),
    ],
)  # fmt: skip
def test_the_words_say_which_week(newest: str, now: datetime, chinese: str) -> None:
    assert translate(feed(newest, now, WEEKLY).why, "zh-CN") == chinese


def test_some_posts_in_a_week_are_counted() -> None:
    told = feed("2026-11-18", at("2026-11-21"), TWO_A_WEEK, posts=posts("2026-11-18", "2026-11-11", "2026-11-10"))
    assert translate(told.why, "zh-CN") == "11月16日—11月22日这一周已发布1条，要求至少2条；最新一条日期为 2026-11-18"


@pytest.mark.parametrize(
    ("first", "value"),
    [("2026-11-09", BREACHED), ("2026-11-10", DUE), ("2026-11-16", DUE), ("2026-11-01", BREACHED)],
)
def test_a_week_counts_that_was_watched_from_its_first_minute(first: str, value: Compliance) -> None:
    assert feed("2026-11-02", at("2026-11-17"), WEEKLY, first_seen_at=at(first)).value is value


def test_two_a_week() -> None:
    one_each = posts("2026-11-18", "2026-11-11", "2026-11-10")
    for now, value in ((at("2026-11-19"), DUE), (at("2026-11-22", "23:59:59"), DUE), (at("2026-11-23"), BREACHED)):
        assert feed("2026-11-18", now, TWO_A_WEEK, posts=one_each).value is value
    told = feed("2026-11-18", at("2026-11-21"), TWO_A_WEEK, posts=one_each)
    assert (told.warned, told.until, told.last_warning) == (2, at("2026-11-23"), True)  # aged, and a day before Sunday
    same_day = posts("2026-11-18", "2026-11-18")
    assert feed("2026-11-18", at("2026-11-23"), TWO_A_WEEK, posts=same_day).value is MET
    assert feed("2026-11-18", at("2026-11-30"), TWO_A_WEEK, posts=same_day).value is BREACHED


POSTED = st.lists(st.dates(date(2026, 9, 1), date(2026, 11, 20)), min_size=1, max_size=12)


@settings(deadline=None)
@given(POSTED, st.dates(date(2026, 9, 28), date(2026, 11, 30)))
def test_a_broken_week_by_counting(days: list[date], today: date) -> None:
    """Broken: some whole week ended with no post, and none came after it."""
    known = sorted({day for day in days if day <= today}, reverse=True)
    if not known:
        return
    now = day_start(today)
    told = feed(str(known[0]), now, WEEKLY, posts=tuple(Post(day) for day in known), first_seen_at=at("2026-08-31"))
    mondays = [date(2026, 8, 31) + timedelta(days=7 * n) for n in range(20)]
    over = [monday for monday in mondays if monday + timedelta(days=7) <= today]
    empty = [monday for monday in over if not any(0 <= (day - monday).days < 7 for day in known)]
    assert (told.value is BREACHED) is any(monday > known[0] for monday in empty)
    assert (told.value is MET) is ((today - known[0]).days < 7)


@settings(max_examples=25, deadline=None)
@given(
    POSTED,
    st.sampled_from([FORTNIGHT, WEEKLY, TWO_A_WEEK]),
    st.sampled_from([at("2026-11-02"), at("2026-11-23"), at("2026-12-24")]),
    st.booleans(),
)
def test_no_change_of_posts_is_skipped(days: list[date], one: Rule, looked: datetime, attested: bool) -> None:
    known = tuple(Post(day) for day in sorted(days, reverse=True))
    facts = Facts(
        runs=(run(fresh(str(known[0].day), "feed_fresh"), looked, SINCE),),
        posts=known,
        first_seen_at=at("2026-10-08"),
        attested=attestation("2026-11-19", at("2026-11-24", "10:00:00")) if attested else None,
    )
    assert skipped(one, facts, instants("2026-11-20", 45)) == []


# Blindness, attestations, imports


def blind(one: Rule, now: datetime, **facts: object) -> Standing:
    told = {"first_seen_at": SINCE, "blind_since": at("2026-11-12"), **facts}
    return judged(one, now, runs=(run(DARK, now, at("2026-11-12")),), **told)


@pytest.mark.parametrize("one", [FORTNIGHT, WEEKLY])
def test_a_blind_source_is_unknown_and_never_broken(one: Rule) -> None:
    for stored in ((), posts("2026-11-11"), posts("2026-10-01")):
        told = blind(one, NOON, posts=stored)
        assert (told.value, told.since) == (UNKNOWN, at("2026-11-12"))
    never = judged(one, NOON)
    assert (never.value, never.since, str(never.why)) == (UNKNOWN, None, "not looked at yet")


def test_an_attestation_sees_for_us_until_it_runs_out() -> None:
    one = attestation("2026-11-13", at("2026-11-18", "09:00:00"))
    told = blind(WEEKLY, NOON, attested=one)
    assert (told.value, told.since, told.changes_at) == (DUE, at("2026-11-20"), at("2026-11-22"))
    late = attestation("2026-11-02", at("2026-11-18", "09:00:00"))
    assert blind(WEEKLY, NOON, attested=late).value is BREACHED
    assert blind(WEEKLY, late.until - SECOND, attested=late).value is BREACHED
    assert blind(WEEKLY, late.until, attested=late).value is UNKNOWN
    assert feed("2026-11-02", NOON, WEEKLY, attested=one).value is DUE  # the newer of both


@pytest.mark.parametrize("one", [FORTNIGHT, WEEKLY, rule("updated_within", "account", "14d", "4d", "1d")])
def test_a_post_somebody_saw_stays_a_post(one: Rule) -> None:
    seen = attestation("2026-11-22", at("2026-11-23"))
    after = feed("2026-11-15", at("2026-12-01"), one, attested=seen)
    assert after.inputs["newest"] == "2026-11-22"
    assert after.value is (BREACHED if one is WEEKLY else MET), "the feed saw no post in the week of the 23rd"
    none_known = blind(one, at("2026-12-01"), attested=seen, posts=posts("2026-11-11", told=at("2026-11-30")))
    assert none_known.inputs["newest"] == "2026-11-22", "an import of no newer ones does not take it back"


def test_an_import_since_it_went_blind_is_a_look() -> None:
    now = at("2026-11-17")
    for told_at, value in (
        (at("2026-11-11", "09:00:00"), UNKNOWN),  # before
        (at("2026-11-14", "09:00:00"), DUE),
        (at("2026-11-16", "09:00:00"), BREACHED),  # after the week without any
    ):
        assert blind(WEEKLY, now, posts=posts("2026-11-02", told=told_at)).value is value
    unseen = judged(WEEKLY, now, posts=posts("2026-11-16", told=at("2026-11-16", "12:00:00")))
    assert unseen.value is MET  # an account without any feed


# original_share


def test_posts_only_the_feed_told_of_are_no_account_without_posts() -> None:
    """Nobody said whether its newest post is original; where there is none in the whole stretch, none of them is."""
    for newest, value, why in (
        ("2026-11-06", UNKNOWN, "nobody said which posts are original"),
        ("2026-11-05", BREACHED, "no post of the last 14d is known, the newest is of 2026-11-05"),
    ):
        told = feed(newest, NOON, OWN)
        assert (told.value, str(told.why)) == (value, why)
    told = feed("2026-11-05", NOON, OWN)
    assert (told.cause, told.since) == (Cause.STALE, at("2026-11-20")), (
        "the silence of the account, like its other limits"
    )
    assert feed("2026-11-05", NOON, THIRTY).value is UNKNOWN, "of nothing there is no share"
    old = posts("2026-10-27", told=at("2026-10-28"))
    assert judged(OWN, NOON, posts=old).value is UNKNOWN, "nobody looked since"


OWN = rule("original_share", "account", "14d", "3d", count=1, severity="remind")
THIRTY = rule("original_share", "account", "14d", share=30, severity="remind")
BOTH = rule("original_share", "account", "14d", count=2, share=30)


def shared(one: Rule, original: int, other: int, unsaid: int = 0, now: datetime = NOON, **facts: object) -> Standing:
    today = civil_day(NOON)
    told = [*[True] * original, *[False] * other, *[None] * unsaid]
    made = tuple(Post(today - timedelta(days=n % 14), said) for n, said in enumerate(told))
    looked = run(fresh(str(today), "feed_fresh"), NOON, SINCE)
    return judged(one, now, **{"posts": made, "runs": (looked,), "first_seen_at": SINCE, **facts})


@pytest.mark.parametrize(
    ("one", "original", "other", "unsaid", "value"),
    [
        (OWN, 1, 9, 0, MET),
        (OWN, 1, 0, 9, MET),  # reached without those of which nobody said
        (OWN, 0, 9, 1, UNKNOWN),
        (OWN, 0, 0, 9, UNKNOWN),
        (OWN, 0, 9, 0, BREACHED),
        (THIRTY, 3, 7, 0, MET),
        (THIRTY, 29, 71, 0, BREACHED),
        (THIRTY, 2, 7, 1, UNKNOWN),
        (THIRTY, 1, 8, 1, BREACHED),  # not even if that one were
        (THIRTY, 3, 0, 7, MET),
        (BOTH, 1, 0, 0, BREACHED),
        (BOTH, 2, 4, 0, MET),
        (BOTH, 2, 5, 0, BREACHED),
        (BOTH, 0, 0, 0, UNKNOWN),
    ],
)
def test_how_much_is_its_own(one: Rule, original: int, other: int, unsaid: int, value: Compliance) -> None:
    told = shared(one, original, other, unsaid)
    assert (told.value, told.cause) == (value, Cause.ORIGINAL_SHARE)
    assert (told.since is not None) is (value is BREACHED)
    if value is UNKNOWN and original + other + unsaid:
        assert str(told.why) == "nobody said which posts are original"


def test_what_is_as_old_as_the_limit_still_counts() -> None:
    looked = run(fresh("2026-11-20", "feed_fresh"), NOON, SINCE)
    for day, value in (("2026-11-06", MET), ("2026-11-05", BREACHED)):
        made = (Post(date(2026, 11, 20), False), Post(date.fromisoformat(day), True))
        one = rule("original_share", "account", "14d", count=1)
        assert judged(one, NOON, posts=made, runs=(looked,), first_seen_at=SINCE).value is value
        assert judged(OWN, NOON, posts=made, runs=(looked,), first_seen_at=SINCE).value is (
            DUE if value is MET else BREACHED
        )


def test_a_breach_keeps_its_beginning() -> None:
    first = shared(OWN, 0, 9)
    assert first.since == at("2026-11-20")
    later = shared(OWN, 0, 9, standings=(first._replace(since=at("2026-11-11")),))
    assert later.since == at("2026-11-11")


def test_a_stretch_that_is_not_known_whole_breaks_nothing() -> None:
    told = shared(OWN, 0, 5, first_seen_at=at("2026-11-15"))
    assert (told.value, str(told.why)) == (UNKNOWN, "not all posts of the last 14d are known")
    assert shared(THIRTY, 5, 5, first_seen_at=at("2026-11-15")).value is MET


def test_what_was_known_last_is_not_stretched_to_today() -> None:
    """Nobody looked since: the stretch ends with the last look, and after its length nothing is said."""
    assert shared(OWN, 0, 9, now=NOON + 10 * DAY).value is BREACHED
    assert shared(OWN, 0, 9, now=at("2026-12-04", "23:59:59")).value is BREACHED
    gone = shared(OWN, 0, 9, now=at("2026-12-05"))
    assert (gone.value, gone.since, str(gone.why)) == (UNKNOWN, None, "no posts are known")
    assert judged(OWN, NOON).value is UNKNOWN
    dark: tuple[Finding, ...] = (DARK,)
    assert judged(OWN, NOON, runs=tuple(run(one) for one in dark), blind_since=NOON).since is None


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 100))
def test_what_nobody_said_never_decides(original: int, other: int, unsaid: int, share: int) -> None:
    """However those posts turn out, the verdict stands."""
    one = rule("original_share", "account", "14d", share=share, count=1)
    told = shared(one, original, other, unsaid).value
    for turned in range(unsaid + 1):
        then = shared(one, original + turned, other + unsaid - turned).value
        assert told is UNKNOWN or told is then
    if unsaid == 0 and original + other:
        assert told is (MET if original and 100 * original >= share * (original + other) else BREACHED)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([True, False, None])), max_size=10))
def test_no_change_of_shares_is_skipped(made: list[tuple[int, bool | None]]) -> None:
    known = tuple(
        Post(date(2026, 11, 20) - timedelta(days=n), said) for n, said in sorted(made, key=lambda one: one[0])
    )
    facts = Facts(posts=known, runs=(run(fresh("2026-11-20", "feed_fresh"), NOON + HOUR, SINCE),), first_seen_at=SINCE)
    for one in (OWN, BOTH):
        assert skipped(one, facts, instants("2026-11-20", 30)) == []


# updated_within on accounts goes by imported posts, too

ZOMBIE = rule("updated_within", "account", "14d", "4d", "1d", severity="veto")


def test_an_account_is_as_new_as_the_newest_of_feed_import_and_attestation() -> None:
    now = at("2026-11-20")
    stale = (run(fresh("2026-11-01", "feed_fresh"), now, SINCE),)
    assert judged(ZOMBIE, now, runs=stale).value is BREACHED
    brought = posts("2026-11-12", told=now - DAY)
    told = judged(ZOMBIE, now, runs=stale, posts=brought)
    assert (told.value, told.inputs["newest"], told.until) == (MET, "2026-11-12", at("2026-11-22"))
    seen = judged(ZOMBIE, now, runs=stale, posts=brought, attested=attestation("2026-11-15", now))
    assert (seen.inputs["newest"], seen.inputs["attested_by"]) == ("2026-11-15", "张三")
    items = posts("2026-11-12")  # of the feed itself: the run tells of those
    assert judged(ZOMBIE, now, runs=stale, posts=items).value is BREACHED
    column = rule("updated_within", "column", "14d")
    assert judged(column, now, runs=(run(fresh("2026-11-01"), now, SINCE),), posts=brought).value is BREACHED


def test_an_import_is_a_look_at_the_instant_it_was_told() -> None:
    told = judged(ZOMBIE, NOON, posts=posts("2026-11-01", told=at("2026-11-16")))
    assert (told.value, told.since) == (BREACHED, at("2026-11-16"))
    before = judged(ZOMBIE, NOON, posts=posts("2026-11-01", told=at("2026-11-16") - SECOND))
    assert before.value is DUE


def test_a_dark_feed_is_judged_by_an_import_and_is_undecided_past_its_limit() -> None:
    dark, blind = {"blind_since": at("2026-10-01")}, at("2026-11-24")
    brought = posts("2026-11-12", told=at("2026-11-13"))
    for now, value in ((NOON, MET), (blind, DUE), (at("2026-11-27") - SECOND, DUE), (at("2026-11-27"), UNKNOWN)):
        told = judged(ZOMBIE, now, runs=(run(DARK, now, at("2026-10-01")),), posts=brought, **dark)
        assert told.value is value, now
    facts = Facts(runs=(run(DARK, NOON, at("2026-10-01")),), posts=brought, blind_since=at("2026-10-01"))
    assert blind_from(judge(target(), facts, [ZOMBIE], NOON).standings, facts, 3 * DAY) is None
    dull = Standing(ZOMBIE.key, UNKNOWN, WORDS, Cause.STALE, since=at("2026-10-01"))
    assert blind_from((dull,), facts, 3 * DAY) == at("2026-11-16")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 25 * 24), st.integers(0, 30), st.booleans())
def test_no_change_of_what_was_imported_is_skipped(hours: int, seen: int, dark: bool) -> None:
    brought = posts("2026-11-04", told=at("2026-11-05") + timedelta(hours=hours))
    finding = DARK if dark else fresh("2026-11-01", "feed_fresh")
    facts = Facts(runs=(run(finding, at("2026-11-05") + seen * DAY, SINCE),), posts=brought, blind_since=SINCE)
    assert skipped(ZOMBIE, facts, instants("2026-11-05", 30)) == []
