"""What the record says to a declaration: refused where it cannot be so, remarked on where it may; by table, and by hypothesis."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.clock import SHANGHAI
from monitor.config.contradictions import Record, contradictions, left_alone
from monitor.config.declaring import NOTHING, Draft, Paper, Request, read
from monitor.config.remarked import remarks
from monitor.config.sequence import orphans
from monitor.declare import refused
from monitor.model import CLOSURES, Declaration, DeclarationKind, Outage, TargetKind
from tests.judge.made import DAY, HOUR, at

NOW = at("2026-11-20", "09:00:00")
CLOSED = {"temporary_offline": {"end": "2026-11-30"}}
FIELDS: dict[str, dict[str, object]] = {
    "activity": {"activity": "应急演练"},
    "order": {"problem": "错链"},
    "change": {"what": "栏目"},
    "force_majeure": {"reason": "停电"},
    "ordered_closure": {"ordered_by": "网信办", "reason": "漏洞"},
    "sponsor_change": {"new_sponsor": "甲局"},
}


def told(kind: str, start: str, **other: Any) -> Request:
    values: dict[str, Any] = {"target": "site-1", "by": "张三", **CLOSED.get(kind, {}), **other}
    values["fields"] = {**FIELDS.get(kind, {}), **values.get("fields", {})}
    return Request(kind=kind, start=start, **values)


def filed(kind: str, start: str, end: str | None = None, number: int = 7, **other: Any) -> Declaration:
    values: dict[str, Any] = {"filed_at": NOW, "by": "李四", "fields": FIELDS.get(kind, {}), **other}
    until = None if end is None else at(end)
    return Declaration(id=number, kind=DeclarationKind(kind), target="site-1", start=at(start), end=until, **values)


def site(*on_record: Declaration, **other: Any) -> Record:
    return Record(kind=TargetKind.SITE, filed=on_record, **other)


def wrong(request: Request, record: Record, now: datetime = NOW) -> list[str]:
    draft = read(request)
    return refused([*draft.problems, *contradictions(draft, request.corrects, record, now)], "en")


def noted(request: Request, record: Record) -> list[str]:
    """What is said to it though it is filed."""
    assert wrong(request, record) == []
    return refused(remarks(read(request), request.corrects, record, NOW), "en")


CHECKED = filed("activity", "2026-11-19", fields={"activity": "自查", "units": ["甲局"]})
LASTED = filed("activity", "2026-11-16", "2026-11-21", fields={"activity": "self_check"})
PAPER = Paper("a.pdf", 3, "a" * 64)
TOGETHER = "from: declaration 7 is of this activity on the same days: together they count once (right where several offices did it; else withdraw one of them)"
GONE = filed("permanent_offline", "2026-11-01")
BORN = filed("launch", "2026-11-05", number=3)
CORRECT = "(amend declaration 7, its days too where they are wrong, or withdraw it)"


@pytest.mark.parametrize(
    ("request_", "record", "words"),
    [
        (told("activity", "2026-11-21"), site(), "from: 2026-11-21 00:00 lies in the future (file it once it is done)"),
        (told("activity", "2026-11-20", end="2026-11-21"), site(), "to: 2026-11-22 00:00 lies in the future (file it once it is done)"),
        (told("order", "2026-11-20 10:00"), site(), "from: 2026-11-20 10:00 lies in the future (file it once it is sent)"),
        (told("order", "2026-11-20 08:00", fields={"found_at": "2026-11-20 08:30"}), site(), "set found_at: found (2026-11-20 08:30) after the order was given (2026-11-20 08:00) (check both)"),
        (told("order", "2026-11-20 08:00", fields={"incident": "3"}), site(incident_of=("清溪市水务局",)), "set incident: incident 3 is about 清溪市水务局 (an order names an incident of its own site; the list of incidents shows them)"),
        (told("change", "2026-11-01", fields={"filed_on": "2026-11-21"}), site(), "set filed_on: 2026-11-21 lies in the future (tell it once it is done)"),
        (told("change", "2026-11-01", fields={"handed_in": "2026-11-10", "filed_on": "2026-11-09"}), site(), "set filed_on: 2026-11-09 is before handed_in (2026-11-10) (check both days)"),
        (told("ordered_closure", "2026-11-10", fields={"police_check": "2026-11-09"}), site(), "set police_check: 2026-11-09 is before the closure begins (2026-11-10) (check both days)"),
        (told("temporary_offline", "2026-11-10", fields={"restore_filed": "2026-11-09"}), site(), "set restore_filed: 2026-11-09 is before the closure begins (2026-11-10) (check both days)"),
        (told("change", "2026-11-01", number="韶府办〔2027〕5号"), site(), "number: a document of 2027 cannot be there yet: “韶府办〔2027〕5号” (check the year)"),
        (told("change", "2026-11-01", papers=(Paper("a.pdf", 4, "a" * 64),)), site(papers={"a" * 64: (7, 3)}), "attach a.pdf: has 4 bytes, and the paper of the same sha256 on record has 3 (attach the file anew)"),
        (told("change", "2026-11-01", papers=(PAPER, Paper("b.pdf", 4, "a" * 64))), site(), "attach b.pdf: has 4 bytes, and the paper of the same sha256 on record has 3 (attach the file anew)"),
        (told("change", "2026-11-01", papers=(Paper("a.pdf", 0, NOTHING),)), site(), "attach a.pdf: is empty (attach the paper itself)"),
        (told("change", "2026-11-01", papers=(Paper("a.pdf", 5, NOTHING),)), site(), "attach a.pdf: its sha256 and its size of 5 bytes do not go together (attach the file anew)"),
        (told("activity", "2026-11-19"), site(filed("activity", "2026-11-19")), "from: is filed already: declaration 7, by 李四 (nothing is to be done; to add to it, amend declaration 7)"),
        (told("activity", "2026-11-19", fields={"activity": "自查自纠"}), site(CHECKED), "from: is filed already: declaration 7, by 李四 (nothing is to be done; to add to it, amend declaration 7)"),
        (told("activity", "2026-11-18", end="2026-11-19", fields={"activity": "self_check", "reported": "2026-11-20"}), site(CHECKED), "from: is filed already: declaration 7, by 李四 (nothing is to be done; to add to it, amend declaration 7)"),
        (told("activity", "2026-11-20 08:00", fields={"activity": "自查"}), site(LASTED), "from: is filed already: declaration 7, by 李四 (nothing is to be done; to add to it, amend declaration 7)"),
        (told("activity", "2026-11-18", end="2026-11-19", fields={"activity": "自查", "reported": "2026-11-18"}), site(), "set reported: 2026-11-18 is before it was over (2026-11-19) (check both days)"),
        (told("activity", "2026-11-19", fields={"activity": "自查", "reported": "2026-11-18"}), site(), "set reported: 2026-11-18 is before it was over (2026-11-19) (check both days)"),
        (told("change", "2026-11-01", number="1号"), site(filed("change", "2026-11-01")), "from: is filed already: declaration 7, by 李四 (nothing is to be done; to add to it, amend declaration 7)"),
        (told("return", "2026-11-10"), site(filed("temporary_offline", "2026-11-01", "2026-11-10"), filed("return", "2026-11-10", number=8)), "from: is filed already: declaration 8, by 李四 (nothing is to be done; to add to it, amend declaration 8)"),
        (told("return", "2026-11-12"), site(filed("temporary_offline", "2026-11-01", "2026-11-10"), filed("return", "2026-11-10", number=8)), "from: that return is on record: declaration 8, 2026-11-10 (amend declaration 8, its days too where they are wrong, or withdraw it)"),
        (told("return", "2026-11-12"), site(GONE), "from: closed for good since 2026-11-01: declaration 7 (it opens anew with a launch; was the closure wrong, withdraw it)"),
        (told("launch", "2026-11-19"), site(filed("launch", "2026-11-01")), f"from: it was launched already: declaration 7, 2026-11-01 {CORRECT}"),
        (told("launch", "2026-11-01"), site(filed("launch", "2026-11-19")), f"from: it was launched already: declaration 7, 2026-11-19 {CORRECT}"),
        (told("launch", "2026-11-01"), site(filed("launch", "2026-11-01", fields={"site_code": "4400000000"})), "from: is filed already: declaration 7, by 李四 (nothing is to be done; to add to it, amend declaration 7)"),
        (told("launch", "2026-11-19"), site(filed("ordered_closure", "2026-11-01", "2026-11-05")), "from: declaration 7 (closure by order, 2026-11-01) is of a time before this launch (check both days)"),
        (told("temporary_offline", "2026-11-01", end="2026-11-04"), site(BORN), "from: lies before the launch of 2026-11-05, declaration 3 (amend declaration 3, its days too where they are wrong, or withdraw it)"),
        (told("account_closing", "2026-11-01", target="a"), site(), "target: closing of an account is not filed for websites (it is filed for targets of kind account)"),
        (told("ordered_closure", "2026-11-10", end="2026-11-12"), site(filed("force_majeure", "2026-11-10", "2026-11-13")), f"from: overlaps declaration 7 (force majeure, 2026-11-10 to 2026-11-12) {CORRECT}"),
        (told("temporary_offline", "2026-11-12", corrects=7), site(filed("temporary_offline", "2026-11-01", "2026-11-10"), filed("return", "2026-11-10", number=8), corrected=filed("temporary_offline", "2026-11-01", "2026-11-20")), "from: declaration 8, the return of 2026-11-10, would be left without a closure (withdraw declaration 8)"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(request_: Request, record: Record, words: str) -> None:
    assert wrong(request_, record) == [words]


def test_what_is_refused_for_the_record_is_a_conflict() -> None:
    for request, record in (
        (told("activity", "2026-11-19"), site(filed("activity", "2026-11-19"))),
        (told("launch", "2026-11-19"), site(filed("launch", "2026-11-01"))),
        (told("return", "2026-11-12"), site(GONE)),
    ):
        assert [one.conflict for one in contradictions(read(request), None, record, NOW)] == [True]
    assert not any(one.conflict for one in contradictions(read(told("activity", "2026-11-21")), None, site(), NOW))


@pytest.mark.parametrize(
    ("request_", "record"),
    [
        (told("activity", "2026-11-20"), site()),
        (told("activity", "2026-11-20", end="2026-11-20"), site()),
        (told("activity", "2026-11-19"), site(CHECKED)),
        (told("activity", "2026-11-20", fields={"activity": "自查"}), site(CHECKED)),
        (told("activity", "2026-11-19", fields={"activity": "自查", "reported": "2026-11-19"}), site()),
        (told("change", "2026-11-01", number="2号"), site(replace(filed("change", "2026-11-01"), number="1号"))),
        (told("return", "2026-11-19"), site(filed("temporary_offline", "2026-11-01", "2026-11-10"), filed("return", "2026-11-10", number=8, filed_at=at("2026-11-10")), outages=(Outage(at("2026-11-15"), ended_at=at("2026-11-19")),))),
        (told("return", "2026-11-12", corrects=8), site(filed("temporary_offline", "2026-11-01", "2026-11-10"), filed("return", "2026-11-10", number=8), corrected=filed("return", "2026-11-10", number=8))),
        (told("launch", "2026-11-19"), site(filed("launch", "2026-01-01"), filed("permanent_offline", "2026-05-01", number=8))),
        (told("launch", "2026-11-19"), site(filed("permanent_offline", "2026-05-01", number=8))),
        (told("temporary_offline", "2026-11-10"), site(filed("launch", "2026-11-05"), filed("launch", "2026-01-05", number=2))),
        (told("temporary_offline", "2026-11-05"), site(BORN)),
        (told("change", "2026-11-01", number="韶府办〔2026〕5号", papers=(PAPER,)), site(papers={"b" * 64: (7, 3)})),
        (told("temporary_offline", "2026-11-02", corrects=7), site(filed("temporary_offline", "2026-11-01", "2026-11-10"), filed("return", "2026-11-10", number=8), corrected=filed("temporary_offline", "2026-11-01", "2026-11-20"))),
    ],
)  # fmt: skip
def test_what_may_well_be_is_filed_without_a_word(request_: Request, record: Record) -> None:
    assert noted(request_, record) == []


@pytest.mark.parametrize(
    ("request_", "record", "words"),
    [
        (told("change", "2026-11-01"), site(removed=True), "target: site-1 is no longer watched (it stands in the ledger, and nothing is judged by it)"),
        (told("change", "2025-11-01"), site(), "from: 2025-11-01 is more than a year ago (check the year)"),
        (told("force_majeure", "2026-11-25"), site(), "from: force majeure is filed ahead: nobody foresees it (what is planned is a temporary closure, and counts as one)"),
        (told("change", "2026-11-02", number="1号"), site(replace(filed("change", "2026-11-01"), number="1号")), "number: declaration 7 bears the number “1号” too (one document may be of both; else correct one of them)"),
        (told("change", "2026-11-02", number="〔2024〕1号"), site(), "number: a document of 2024 for what begins in 2026 (check the year)"),
        (told("change", "2026-11-02", papers=(PAPER,)), site(papers={"a" * 64: (7, 3)}), "attach a.pdf: the very same paper is attached to declaration 7 (one document may be of both; else correct one of them)"),
        (told("temporary_offline", "2026-11-02"), site(up_throughout=True), "from: the website was seen to open in that time, and never seen down (check target and days; it counts as a closure all the same)"),
        (told("activity", "2026-11-19", fields={"activity": "自检", "units": "乙局"}), site(CHECKED), TOGETHER),
        (told("activity", "2026-11-19 15:00", fields={"activity": "自检"}), site(CHECKED), TOGETHER),
        (told("activity", "2026-11-19", end="2026-11-20", fields={"activity": "自查"}), site(CHECKED), TOGETHER),  # it went on
        (told("activity", "2026-11-17", end="2026-11-19", fields={"activity": "自检", "units": "乙局"}), site(CHECKED), TOGETHER),
        (told("permanent_offline", "2026-11-01"), site(BORN), "from: permanent closure before the launch of 2026-11-05, declaration 3 (right where it was opened anew; else correct one of them)"),
    ],
)  # fmt: skip
def test_what_may_be_and_seldom_is_meant_is_remarked_on(request_: Request, record: Record, words: str) -> None:
    assert noted(request_, record) == [words]


HOURS = st.integers(0, 240)
SPAN = st.tuples(HOURS, st.one_of(st.none(), st.integers(1, 60)))
BEGUN = at("2026-11-01", "00:30:00")


def local(hours: int) -> str:
    return (BEGUN + hours * HOUR).astimezone(SHANGHAI).isoformat()


def closure(number: int, start: int, length: int | None, kind: DeclarationKind) -> Declaration:
    end = None if length is None else BEGUN + (start + length) * HOUR
    return Declaration(id=number, kind=kind, target="site-1", start=BEGUN + start * HOUR, end=end, filed_at=NOW)


@given(st.lists(st.tuples(SPAN, st.sampled_from(sorted(CLOSURES - {DeclarationKind.PERMANENT_OFFLINE}))), max_size=8))
def test_closures_that_are_taken_never_share_an_hour_and_those_refused_would(
    wanted: list[tuple[tuple[int, int | None], DeclarationKind]],
) -> None:
    taken: list[Declaration] = []
    for number, ((start, length), kind) in enumerate(wanted, 1):
        end = "" if length is None else local(start + length)
        if kind is DeclarationKind.TEMPORARY_OFFLINE and not end:
            continue
        found = wrong(told(kind.value, local(start), end=end), site(*taken))
        hours = set(range(start, 400 if length is None else start + length))
        shared = [one for one in taken if any(one.covers(BEGUN + hour * HOUR) for hour in hours)]
        assert len(found) == len(shared)
        assert all(line.startswith("from: overlaps declaration ") for line in found)
        if not found:
            taken.append(closure(number, start, length, kind))


EVENTS = st.lists(st.tuples(st.sampled_from(["closure", "outage", "return"]), st.integers(1, 230)), max_size=10)


@given(EVENTS)
def test_there_are_never_more_returns_than_things_to_return_from(wanted: list[tuple[str, int]]) -> None:
    """Whatever the order in which they are written down."""
    taken: list[Declaration] = []
    outages: list[Outage] = []
    for number, (what, hour) in enumerate(wanted, 1):
        moment = BEGUN + hour * HOUR
        if what == "outage":
            outages.append(Outage(moment, ended_at=moment + HOUR, id=number))
        elif what == "closure":
            one = closure(number, hour, 2, DeclarationKind.ORDERED_CLOSURE)
            taken += [] if wrong(told("ordered_closure", local(hour), end=local(hour + 2)), site(*taken)) else [one]
        elif not wrong(told("return", local(hour)), site(*taken, outages=tuple(outages))):
            taken.append(
                Declaration(id=number, kind=DeclarationKind.RETURN, target="site-1", start=moment, filed_at=NOW)
            )
        returns = [one.start for one in taken if one.kind is DeclarationKind.RETURN]
        begun = [one.start for one in taken if one.kind in CLOSURES] + [one.started_at for one in outages]
        assert len(returns) <= len(begun)
        assert all(any(start < back for start in begun) for back in returns)


@given(st.lists(st.tuples(st.sampled_from(["launch", "permanent_offline"]), st.integers(0, 19)), max_size=8))
def test_between_two_launches_lies_an_end(wanted: list[tuple[str, int]]) -> None:
    taken: list[Declaration] = []
    for number, (kind, day) in enumerate(wanted, 1):
        start = at("2026-11-01") + day * DAY
        if kind == "permanent_offline" or not wrong(
            told(kind, start.astimezone(SHANGHAI).date().isoformat()), site(*taken)
        ):
            taken.append(Declaration(id=number, kind=DeclarationKind(kind), target="site-1", start=start, filed_at=NOW))
    launches = sorted(one.start for one in taken if one.kind is DeclarationKind.LAUNCH)
    ends = [one.start for one in taken if one.kind is DeclarationKind.PERMANENT_OFFLINE]
    for first, second in pairwise(launches):
        assert any(first <= end <= second for end in ends)


def test_a_closure_is_not_taken_from_under_its_return() -> None:
    closed, back = filed("ordered_closure", "2026-11-01", "2026-11-10"), filed("return", "2026-11-10", number=8)
    lines = refused(left_alone("declaration", orphans(closed, None, (closed, back), ())), "en")
    assert lines == [
        "declaration: declaration 8, the return of 2026-11-10, would be left without a closure (withdraw declaration 8)"
    ]
    seen = (Outage(at("2026-11-02"), ended_at=at("2026-11-10")),)
    assert orphans(closed, None, (closed, back), seen) == []
    assert orphans(back, None, (closed, back), ()) == []


def test_a_draft_that_could_not_be_read_has_no_remarks() -> None:
    empty = Draft(kind=None, target="x", start=None, end=None, fields={}, problems=())
    assert remarks(empty, None, site(), NOW) == []
