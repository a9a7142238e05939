"""What records owe, and notices and posts: cases worked out by hand from domain.md §10, and the numbers of the packs."""

from datetime import timedelta

import pytest

from monitor.city.asked import DUTY, PACKS, REPORT
from monitor.city.faults import Event
from monitor.city.kept import NOTICES
from monitor.city.originals import ASKED
from monitor.city.records import DAILY, OFTEN, WITHIN
from monitor.city.terms import Terms, Unit
from monitor.city.weeks import VIDEOS, WEEKLY
from monitor.model import Cause
from tests.city.test_city_truth_alone import rules_of
from tests.city.truths import START, TOLD, D, H, day, units

NONE = timedelta()
Said = str | int | float


def filed(at: timedelta, declare: str, target: str = "site-03", /, **told: Said) -> Event:
    return Event(at, "declared", target, NONE, {"declare": declare} | {k.rstrip("_"): v for k, v in told.items()})


def of(cause: Cause, *packs: str, events: tuple[Event, ...]) -> list[Unit]:
    return [one for one in units(*events, terms=Terms(rules=frozenset(packs))) if one.cause is cause]


def test_an_order_is_carried_out_within_a_day() -> None:
    for fixed, end in (("2d 10:00", START + 2 * D + 10 * H), (None, None)):
        told = {} if fixed is None else {"fixed_at": fixed}
        (unit,) = of(Cause.FIXED_WITHIN, "zhongshan-2020", events=(filed(D, "order", **told),))
        assert (unit.rule, unit.start, unit.end) == ("zhongshan-2020/fixed-site", START + 2 * D, end)
        assert unit.due == START + 2 * D + TOLD
    in_time = (filed(D, "order", fixed_at="2d"), filed(D, "order", minor=True))
    assert of(Cause.FIXED_WITHIN, "zhongshan-2020", "shaoguan-2023", events=in_time) == []


def test_an_account_is_filed_within_three_working_days() -> None:
    late = filed(4 * D, "launch", "account-03", filed_on="11d 09:00")  # Friday 9 January: until Wednesday 14
    (unit,) = of(Cause.FILED_WITHIN, "chongchuan-2023", events=(late,))
    assert (unit.start, unit.end) == (day(2026, 1, 15), START + 11 * D + 9 * H)
    for told in ({"filed_on": "9d 20:00"}, {"number": "7号"}):
        assert of(Cause.FILED_WITHIN, "chongchuan-2023", events=(filed(4 * D, "launch", "account-03", **told),)) == []


def test_a_site_that_is_back_without_its_papers() -> None:
    closed = filed(D, "temporary_offline", to="9d", restore_filed="8d")
    (unit,) = of(Cause.FILED_WITHIN, "zhongshan-2020", events=(closed, Event(2 * D, "down", "site-03", 2 * D)))
    assert unit.rule == "zhongshan-2020/return"
    assert unit.start == START + 4 * D, "at once"
    assert unit.end == START + 8 * D
    assert unit.since is not None
    assert unit.since - unit.start < H, "once three looks agree"


def test_going_down_again_mends_no_return_and_an_opening_of_seconds_is_not_surely_seen() -> None:
    closed = filed(D, "ordered_closure", security=True, police_check="9d", self_check="8d", consents="7d")
    for again, sure in ((3 * H, True), (timedelta(minutes=3), False), (3 * D, True)):
        down = (Event(2 * D, "down", "site-03", D), Event(3 * D + again, "down", "site-03", 10 * D))
        (unit,) = of(Cause.FILED_WITHIN, "zhongshan-2020", events=(closed, *down))
        assert (unit.start, unit.end, unit.due is not None) == (START + 3 * D, START + 9 * D, sure)


def test_a_closure_by_order_is_over_with_its_outage() -> None:
    order = filed(D, "ordered_closure", number="公3号")
    first, later = Event(2 * D, "down", "site-03", D), Event(9 * D, "down", "site-03", D)
    found = of(Cause.OUTAGE, "national-2019", events=(order, first, later))
    rules = {one.start: one.rule for one in found}
    assert rules[START + 9 * D] == "national-2019/N-OFF-UNFILED"
    assert rules.get(START + 2 * D) != "national-2019/N-OFF-UNFILED"


@pytest.mark.parametrize(
    ("declare", "pack", "gone", "owed"),
    [
        ("permanent_offline", "national-2019", 29, True),
        ("permanent_offline", "national-2019", 32, False),
        ("migration", "national-2019", 32, True),
        ("migration", "national-2019", 41, False),
        ("migration", "shaoguan-2023", 32, True),
        ("migration", "zhongshan-2020", 5, False),
    ],
)
def test_a_notice_is_owed_for_its_days_or_until_the_end(declare: str, pack: str, gone: int, owed: bool) -> None:
    told: dict[str, Said] = {"own_notice": True}
    if declare == "migration":
        told["to"] = "40d"
    off = Event(gone * D, "notice_gone", "site-03", 3 * D)
    found = of(Cause.NOTICE_KEPT, pack, events=(filed(D / 2, declare, **told), off))
    assert [(one.start, one.end) for one in found] == ([(START + gone * D, START + (gone + 3) * D)] if owed else [])


def test_an_account_that_goes_before_its_days_of_notice_are_over() -> None:
    early = filed(D, "account_closing", "account-03", notice=True, deregistered="10d 09:00")
    (unit,) = of(Cause.NOTICE_KEPT, "zhongshan-2020", events=(early,))
    assert (unit.start, unit.end) == (START + 10 * D + 9 * H, None)
    after = filed(D, "account_closing", "account-03", notice=True, deregistered="30d 09:00")
    assert of(Cause.NOTICE_KEPT, "zhongshan-2020", events=(after,)) == []


def test_an_hour_nobody_has() -> None:
    (unit,) = of(Cause.DUTY_COVERED, "national-2019", events=(Event(D, "unmanned", "*", 2 * H),))
    assert (unit.target, unit.rule, unit.start, unit.end) == ("*", DUTY[0], START + D, START + D + 2 * H)
    assert of(Cause.DUTY_COVERED, "shaoguan-2023", events=(Event(D, "unmanned", "*", 2 * H),)) == []


def test_what_is_done_every_year_day_and_quarter() -> None:
    unit, *_ = of(Cause.DONE_EVERY, "zizhizhou-2020", events=(filed(400 * D, "activity", "*", activity="meeting"),))
    assert (unit.start, unit.end) == (day(2027, 1, 1), START + 400 * D), "none in 2026; kept with the first one after"
    found = of(Cause.DONE_EVERY, "shaoguan-2023", events=())
    assert found[0].start == day(2026, 7, 1), "of the first quarter not all days were seen"
    read = (
        filed(9 * H, "activity", "*", activity="reading", daily=5),
        filed(9 * D, "activity", "*", activity="reading"),
    )
    first, *_ = of(Cause.DONE_EVERY, "foshan-2015", events=read)
    assert (first.start, first.end) == (day(2026, 1, 12), START + 9 * D), "the last on 10 January, the next by the 11th"


def test_the_numbers_are_those_of_the_packs() -> None:
    known = rules_of(*PACKS)
    for asked in WITHIN:
        rule = known[asked.rule]
        assert rule["limit"] == f"{asked.working_days}wd"
        assert rule["options"]["field"] == asked.field
        assert set(rule["options"]["of"]) == {kind.value for kind in asked.kinds}
        assert (rule["applies"]["kind"], rule["options"].get("activity", "")) == (asked.where, asked.activity)
    for often in OFTEN:
        told = {"per_year": often.number} if often.number else {"every": "quarter"}
        assert known[often.rule]["options"] == {"activity": often.activity, **told}
    for name, activity, days in DAILY:
        assert (known[name]["limit"], known[name]["options"]) == (f"{days}d", {"activity": activity})
    for notice in NOTICES:
        limit = f"{notice.days}d" if notice.days else f"{notice.working_days}wd" if notice.working_days else None
        rule = known[notice.rule]
        assert (rule.get("limit"), rule["options"]["field"]) == (limit, notice.field)
        assert set(rule["options"]["of"]) == {kind.value for kind in notice.of}
    for share in ASKED:
        told = {"count": share.number} if share.number else {"share": share.percent}
        assert (known[share.rule]["limit"], known[share.rule]["options"]) == (f"{share.days}d", told)


def test_no_rule_of_these_obligations_is_left_out() -> None:
    """But 及时 without days, which is a line of the digest, and the new address, which no scenario tells."""
    known = rules_of(*PACKS)

    def all_of(obligation: str) -> set[str]:
        return {name for name, rule in known.items() if rule["obligation"] == obligation}

    fields = {one.rule for one in NOTICES}
    assert fields == {name for name in all_of("notice_kept") if known[name]["options"]["field"] != "new_url"}
    assert {one.rule for one in WITHIN} == {name for name in all_of("filed_within") if "limit" in known[name]}
    assert {*(one.rule for one in OFTEN), *(name for name, *_ in DAILY)} == all_of("done_every")
    assert set(DUTY) == all_of("duty_covered")
    assert set(REPORT) == all_of("published_by")
    assert {one.rule for one in ASKED} == all_of("original_share")
    assert {WEEKLY, VIDEOS} == all_of("posts_at_least")
    assert {known[name]["limit"] for name in all_of("fixed_within")} == {"1d"}
