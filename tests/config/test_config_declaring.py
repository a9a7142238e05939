"""A declaration as written: read by its table, or every problem at once, with where, what and what to do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.config.contradictions import Record, contradictions
from monitor.config.declared import KINDS
from monitor.config.declaring import LARGEST_PAPER, MOST, Paper, Request, read
from monitor.declare import refused
from monitor.model import Declaration, DeclarationKind, Outage, TargetKind
from tests.judge.made import at

NOW = at("2026-11-20", "09:00:00")
SITE = Record(kind=TargetKind.SITE)


def told(kind: str = "temporary_offline", **other: Any) -> Request:
    values: dict[str, Any] = {"target": "site-1", "start": "2026-12-01", "by": "张三"}
    if kind == "temporary_offline":
        values["end"] = "2026-12-20"
    return Request(kind=kind, **{**values, **other})


def wrong(request: Request, record: Record = SITE) -> list[str]:
    """What is wrong with it, as the person reads it in English."""
    draft = read(request)
    return refused([*draft.problems, *contradictions(draft, request.corrects, record, NOW)], "en")


def filed(kind: str, start: str, end: str | None = None, number: int = 7, **other: Any) -> Declaration:
    until = None if end is None else at(end)
    return Declaration(
        id=number, kind=DeclarationKind(kind), target="site-1", start=at(start), end=until, filed_at=NOW, **other
    )


def test_what_is_well_told_is_read_in_the_forms_of_its_table() -> None:
    draft = read(
        told(
            "ordered-closure",
            end="",
            fields={
                "ordered_by": " 网信办 ",
                "reason": "漏洞",
                "security": "是",
                "consents": ["市府办；网信办", "市府办"],
                "self_check": "2026-12-03",
                "reported": "",
            },
            papers=(Paper("a.pdf", 3, "a" * 64),),
        )
    )
    assert not draft.problems
    assert (draft.kind, draft.start, draft.end) == (DeclarationKind.ORDERED_CLOSURE, at("2026-12-01"), None)
    assert draft.fields == {
        "ordered_by": "网信办",
        "reason": "漏洞",
        "security": True,
        "consents": ["市府办", "网信办"],
        "self_check": "2026-12-03",
    }
    order = read(
        told(
            "order",
            start="2026-12-01 08:00",
            fields={"problem": "死链", "found_at": "2026-11-30 08:00", "incident": "12"},
        )
    )
    assert order.fields == {"problem": "死链", "found_at": "2026-11-30T08:00:00+08:00", "incident": 12}
    assert read(told(target="desk")).target == "*"
    assert read(told(start="2026-12-20")).end == at("2026-12-21"), "the last day counts to its end"


@pytest.mark.parametrize(
    ("request_", "record", "words"),
    [
        (told("temporary_offlin"), SITE, 'kind: there is no kind of declaration “temporary_offlin” (did you mean "temporary_offline"?)'),
        (told("xyz", end=""), SITE, "kind: there is no kind of declaration “xyz” (there are: temporary_offline, permanent_offline, "),
        (told(), Record(kind=None), "target: there is no target site-1 (write the id of a target as the inventory has it, or desk for the duty desk)"),
        (told(), Record(kind=None, near=("site-11", "x")), 'target: there is no target site-1 (did you mean "site-11"?)'),
        (told(target="市政府"), Record(kind=None, called=("gov",)), 'target: there is no target 市政府 (did you mean "gov"?)'),
        (told(), Record(kind=TargetKind.ACCOUNT), "target: temporary closure is not filed for accounts (it is filed for targets of kind site)"),
        (told(end="2026-11-30"), SITE, "to: the end (2026-11-30) is not after the start (2026-12-01) (a day counts to its end; check both)"),
        (told(end=""), SITE, "to: temporary closure needs its planned end (tell the last day)"),
        (told("permanent_offline", end="2026-12-31"), SITE, "to: permanent closure has no end (leave it out)"),
        (told(start="soon"), SITE, "from: “soon” is no day or time (write 2026-12-01, 2026-12-01 08:00 or 2026-12-01T08:00+08:00)"),
        (told(start="1999-12-31"), SITE, "from: “1999-12-31” does not lie between 2000 and 2100 (check the year)"),
        (told(start="2027-12-01", end="2027-12-02"), SITE, "from: 2027-12-01 is more than a year ahead (check the year)"),
        (told(fields={"own_notic": "x"}), SITE, 'set own_notic: temporary closure has no field “own_notic” (did you mean "own_notice"?)'),
        (told(fields={"own_notice": "site.example"}), SITE, 'set own_notice: the address does not begin with http:// or https:// (did you mean "http://site.example"?)'),
        (told(fields={"own_notice": None}), SITE, "set own_notice: has no value (write own_notice=…)"),
        (told(fields={"restore_filed": "12-19"}), SITE, "set restore_filed: “12-19” is no day (write it as 2026-12-01)"),
        (told(fields={"restore_filed": "2201-01-01"}), SITE, "set restore_filed: “2201-01-01” does not lie between 2000 and 2100 (check the year)"),
        (told(fields={"application": ["1", "2"]}), SITE, "set application: is told 2 times (tell it once)"),
        (told(fields={"application": "1\n2"}), SITE, "set application: has a line break or control character in it (take it out)"),
        (told(fields={"application": 5}), SITE, "set application: 5 is not a text (put it into quotes)"),
        (told(fields={"approved_by": ["x"] * (MOST + 1)}), SITE, f"set approved_by: has {MOST + 1} entries, at most {MOST}"),
        (told("force_majeure"), SITE, "set reason: is missing: why (tell reason)"),
        (told("force_majeure", fields={"reason": "  "}), SITE, "set reason: says nothing (write something, or leave it out)"),
        (told("ordered_closure", fields={"ordered_by": "x", "reason": "y", "security": "maybe"}), SITE, "set security: “maybe” is neither yes nor no (write yes or no)"),
        (told("order", start="2026-11-19 08:00", fields={"problem": "x", "incident": "-1"}), SITE, "set incident: “-1” is no number (write a whole number from 1)"),
        (told("order", start="2026-11-19 00:00", fields={"problem": "x", "incident": 9}), Record(kind=TargetKind.SITE, incident_known=False), "set incident: there is no incident 9 (the list of incidents shows the numbers)"),
        (told("order", start="2026-11-19 00:00", fields={"problem": "x", "fixed_at": "2026-11-18"}), SITE, "set fixed_at: put right (2026-11-18 00:00) before the order was given (2026-11-19 00:00) (check both; a problem put right needs no order)"),
        (told("order", start="2026-11-19 00:00", fields={"problem": "x", "fixed_at": "2026-11-20 10:00"}), SITE, "set fixed_at: 2026-11-20 10:00 lies in the future (tell it once it is done)"),
        (told("order", start="2026-11-19", fields={"problem": "x"}), SITE, "from: needs the time of its dispatch: 24 hours are counted from it (add the time: 2026-11-19 08:00)"),
        (told(by=" "), SITE, "by: who? every change names a person (tell the name)"),
        (told(number="第1\n号"), SITE, "number: is longer than 500 characters or has a control character in it (shorten it)"),
        (told(papers=(Paper("a.pdf", trouble="no such file"),)), SITE, "attach a.pdf: cannot be read (no such file) (check name and permissions)"),
        (told(papers=(Paper("a.pdf", LARGEST_PAPER + 1),)), SITE, "attach a.pdf: has 51 MiB, at most 50 (attach the signed paper, not the scan of everything)"),
        (told(papers=(Paper("a.pdf", 3, "A" * 64),)), SITE, "attach a.pdf: needs a name, a size and its sha256 (64 hexadecimal digits in lower case)"),
        (told(), Record(kind=TargetKind.SITE, filed=(filed("force_majeure", "2026-11-10"),)), "from: overlaps declaration 7 (force majeure, 2026-11-10 to …) (amend declaration 7, its days too where they are wrong, or withdraw it)"),
        (told(), Record(kind=TargetKind.SITE, filed=(filed("temporary_offline", "2026-12-20", "2026-12-25"),)), "from: overlaps declaration 7 (temporary closure, 2026-12-20 to 2026-12-24) (amend declaration 7, its days too where they are wrong, or withdraw it)"),
        (told("account_closing", target="a", start="2026-11-20", fields={"deregistered": "2026-11-19"}), Record(kind=TargetKind.ACCOUNT), "set deregistered: deregistered (2026-11-19) before it was announced (2026-11-20 00:00) (check both: the notice comes first)"),
        (told("return"), SITE, "from: a return is filed when it has happened (file it on the day)"),
        (told("return", start="2026-11-20"), SITE, "from: no outage and no closure of it is on record before 2026-11-20 00:00 (check target, day and time of day)"),
        (told("return", start="2026-11-20"), Record(kind=TargetKind.SITE, opens=False, outages=(Outage(at("2026-11-18")),)), "target: the website does not open: it was seen to fail when last looked at (file the return when it opens)"),
        (told("return", start="2026-11-20"), Record(kind=TargetKind.SITE, opens=True, outages=(Outage(at("2026-11-18")),)), "target: the website opens again, but that is not confirmed yet (file it once three looks in a row have found it open, in a few minutes)"),
        (told(corrects=7), SITE, "corrects: there is no declaration 7 (the list of declarations shows the numbers)"),
        (told(corrects=7), Record(kind=TargetKind.SITE, corrected=filed("temporary_offline", "2026-12-01"), corrected_by=9, corrected_counts=False), "corrects: declaration 7 was corrected by 9 (amend declaration 9)"),
        (told(corrects=7), Record(kind=TargetKind.SITE, corrected=filed("temporary_offline", "2026-12-01"), corrected_counts=False), "corrects: declaration 7 was withdrawn (file it anew)"),
        (told(corrects=7), Record(kind=TargetKind.SITE, corrected=filed("migration", "2026-12-01")), "corrects: declaration 7 is of kind migration (withdraw it and file a new one)"),
        (told(corrects=7, target="site-2"), Record(kind=TargetKind.SITE, corrected=filed("temporary_offline", "2026-12-01")), "corrects: declaration 7 is of site-1 (withdraw it and file a new one)"),
    ],
)  # fmt: skip
def test_one_problem_one_sentence(request_: Request, record: Record, words: str) -> None:
    (found,) = wrong(request_, record)
    assert found.startswith(words) if words.endswith(", ") else found == words


def test_every_problem_is_told_at_once_and_in_chinese() -> None:
    bad = told("ordered_closure", start="x", end="y", by="", fields={"security": "?", "reson": "z"}, corrects=3)
    draft = read(bad)
    lines = refused([*draft.problems, *contradictions(draft, 3, Record(kind=None), NOW)], "zh-CN")
    assert [line.split(":")[0] for line in lines] == [
        *("from", "to", "set security", "set reson", "set ordered_by", "set reason", "by", "target", "corrects"),
    ]
    assert lines[3] == "set reson: “责令关停”没有“reson”这一项（是不是“reason”？）"
    assert lines[4] == "set ordered_by: 缺少：责令单位（请补充ordered_by）"


def test_neighbours_and_what_is_corrected_do_not_overlap() -> None:
    before, after = filed("temporary_offline", "2026-11-10", "2026-12-01"), filed("force_majeure", "2026-12-21")
    assert not wrong(told(), Record(kind=TargetKind.SITE, filed=(before, after)))
    same = filed("temporary_offline", "2026-12-01", "2026-12-10")
    assert not wrong(told(corrects=7), Record(kind=TargetKind.SITE, filed=(same,), corrected=same))
    assert not wrong(told("change", fields={"what": "栏目"}), Record(kind=TargetKind.SITE, filed=(same,))), "no closure"


def test_a_return_needs_something_to_return_from() -> None:
    request = told("return", start="2026-11-20")
    closed = filed("ordered_closure", "2026-11-10")
    assert not wrong(request, Record(kind=TargetKind.SITE, filed=(closed,)))
    over = Outage(at("2026-11-20", "03:00:00"), up_since=at("2026-11-20", "05:00:00"))
    assert not wrong(request, Record(kind=TargetKind.SITE, outages=(over,), opens=True)), "only the day was told"
    assert not wrong(request, Record(kind=TargetKind.SITE, outages=(over,), opens=None)), "up when last seen"
    assert wrong(request, Record(kind=TargetKind.SITE, outages=(over,), opens=False))


VALUES = st.one_of(
    st.text(max_size=20),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.lists(st.text(max_size=5), max_size=3),
)


@given(
    st.sampled_from(list(DeclarationKind)).flatmap(
        lambda kind: st.tuples(st.just(kind), st.dictionaries(st.sampled_from([*KINDS[kind].fields, "other"]), VALUES))
    )
)
def test_whatever_is_told_is_read_or_refused_and_what_is_read_is_read_again(
    asked: tuple[DeclarationKind, dict[str, object]],
) -> None:
    kind, fields = asked
    end = "2026-12-20" if KINDS[kind].end == "must" else ""
    draft = read(told(kind.value, end=end, fields=fields))
    assert set(draft.fields) <= set(KINDS[kind].fields)
    if not draft.problems:
        again = read(told(kind.value, end=end, fields=draft.fields))
        assert (again.fields, again.problems) == (draft.fields, ())


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)), st.integers(-10_000_000, 10_000_000))
def test_an_end_is_after_its_start_or_refused(start: datetime, seconds: int) -> None:
    end = start + timedelta(seconds=seconds)
    draft = read(told(start=start.replace(tzinfo=UTC).isoformat(), end=end.replace(tzinfo=UTC).isoformat()))
    assert bool(draft.problems) == (seconds <= 0)
