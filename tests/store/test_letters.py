"""Rows of public reply lists in the register: entered once, updated, never doubled; what people told stands, and what differs is logged."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from monitor.clock import civil_day, day_start, from_ms, to_ms
from monitor.model import Letter, LetterRow, MessageClass, ReadLetters, TargetKind, class_of
from monitor.store import brought, events, ledger, letters, registered, registers
from monitor.store.registers import MessageRow, Source
from tests.store.made import DAY, HOUR, NOON, site, store, with_targets

PAGE, ADDRESS = "site-1/replies", "http://site-1.example/hdjl/"
FILE = Source("张三", "留言.xlsx", "ab" * 32)


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        with_targets(connection, site(), site(PAGE, kind=TargetKind.PAGE, site="site-1"))
        yield connection


def letter(title: str = "路灯不亮", **other: Any) -> Letter:
    told: dict[str, Any] = {
        "received": "2026-11-10",
        "is_answered": False,
        "kind": "投诉",
        "cls": MessageClass.HANDLING,
    }
    return Letter(title=title, **(told | other))


def read(tx: sqlite3.Connection, *shown: Letter, at: datetime = NOON, whole: bool = True, asked: bool = False) -> None:
    rows = ReadLetters(tuple(LetterRow(one, asked) for one in shown), whole)
    letters.note(tx, PAGE, "site-1", ADDRESS, rows, at, at - DAY)


def register(tx: sqlite3.Connection) -> list[registered.Message]:
    return registered.messages(tx, 1000, waiting=False)


def logged(tx: sqlite3.Connection, what: str = "messages.read") -> list[dict[str, Any]]:
    return [dict(one.body) for one in reversed(events.newest(tx, 100)) if one.what == what]


def told(name: str = "ZC-1", **other: Any) -> MessageRow:
    values: dict[str, Any] = {
        "cls": MessageClass.HANDLING,
        "received": day_start(date(2026, 11, 10)),
        "received_day": True,
    }
    return MessageRow("site-1", name, **(values | other))


def test_a_row_is_entered_and_its_site_judged_again(tx: sqlite3.Connection) -> None:
    tx.execute("UPDATE targets SET next_change_at = NULL")
    read(tx, letter(number="SZ-001", url="http://site-1.example/1.html"), letter("公交改线", kind="", cls=None))
    first, second = sorted(register(tx), key=lambda one: one.title, reverse=True)
    assert (first.id, first.cls, first.how, first.source, first.url) == (
        "SZ-001", "handling", "read", ADDRESS, "http://site-1.example/1.html",
    )  # fmt: skip
    assert from_ms(first.received_at) == day_start(date(2026, 11, 10))
    assert (second.cls, second.answered_at) == ("unknown", None)
    assert {one.cls for one in brought.waiting(tx, "site-1")} == {MessageClass.HANDLING, MessageClass.UNKNOWN}
    assert tx.execute("SELECT next_change_at FROM targets WHERE id = 'site-1'").fetchone() == (to_ms(NOON),)
    assert [(one["new"], one["page"]) for one in logged(tx)] == [(2, PAGE)]


def test_a_list_begins_no_register_that_would_tell_of_every_message(tx: sqlite3.Connection) -> None:
    read(tx, letter())
    assert ledger.registers(tx) == {}
    registers.put_messages(tx, [told()], FILE, NOON, replace=False)
    assert ledger.registers(tx) == {"site-1": {"handling": date(2026, 11, 10)}}


def test_reading_again_changes_nothing_and_an_answer_fills_in(tx: sqlite3.Connection) -> None:
    read(tx, letter())
    read(tx, letter(), at=NOON + DAY)
    assert len(logged(tx)) == 1
    read(tx, letter(is_answered=True, answered="2026-11-15T10:30"), at=NOON + 2 * DAY)
    (one,) = register(tx)
    assert one.answered_at == to_ms(day_start(date(2026, 11, 15)) + timedelta(hours=10, minutes=30))
    assert (one.answer, logged(tx)[-1]["answered"]) == ("read", 1)
    assert brought.waiting(tx, "site-1") == ()


@pytest.mark.parametrize("lacking", [{"received": None}, {"is_answered": None}])
def test_a_row_of_which_too_little_is_known_is_entered_once_its_page_told(
    tx: sqlite3.Connection, lacking: dict[str, Any]
) -> None:
    read(tx, letter(url="http://site-1.example/1.html", **lacking))
    assert register(tx) == []
    assert [one.letter.title for one in letters.shown(tx, PAGE)] == ["路灯不亮"]
    read(tx, letter(url="http://site-1.example/1.html"), whole=False, asked=True)
    assert len(register(tx)) == 1
    read(tx, letter(url="http://site-1.example/1.html", **lacking), at=NOON + DAY)
    assert len(register(tx)) == 1, "what the list does not print is known by now"
    (kept,) = letters.shown(tx, PAGE)
    assert kept.asked


def test_an_answer_without_a_day_counts_from_when_it_was_seen(tx: sqlite3.Connection) -> None:
    read(tx, letter())
    read(tx, letter(is_answered=True), at=NOON + DAY)
    (one,) = register(tx)
    assert (one.answered_at, one.answer) == (to_ms(NOON + DAY), "seen")
    read(tx, letter(is_answered=True, answered="2026-11-12"), at=NOON + 2 * DAY)
    (one,) = register(tx)
    assert (civil_day(from_ms(one.answered_at or 0)), one.answer) == (date(2026, 11, 12), "read")


def test_what_leaves_its_list_stays_with_the_day_it_was_last_seen(tx: sqlite3.Connection) -> None:
    read(tx, letter(), letter("公交改线"))
    read(tx, letter("公交改线"), at=NOON + 5 * DAY)
    assert len(brought.waiting(tx, "site-1")) == 2
    rows = tx.execute("SELECT title, seen_at, unseen_at FROM letters ORDER BY title").fetchall()
    assert rows == [
        ("公交改线", to_ms(NOON + 5 * DAY), None),
        ("路灯不亮", to_ms(NOON + 4 * DAY), to_ms(NOON + 5 * DAY)),
    ]
    read(tx, letter(), at=NOON + 6 * DAY)
    assert len(register(tx)) == 2, "it is known again when it comes back"


@pytest.mark.parametrize("by", ["number", "title"])
def test_an_import_and_a_row_are_one_message(tx: sqlite3.Connection, by: str) -> None:
    row = letter(number="ZC-1") if by == "number" else letter()
    imported = told(title="" if by == "number" else "路灯不亮")
    registers.put_messages(tx, [imported], FILE, NOON, replace=False)
    read(tx, replace(row, url="http://site-1.example/1.html"))
    (one,) = register(tx)
    assert (one.id, one.how, one.source, one.url) == ("ZC-1", "import", "留言.xlsx", "http://site-1.example/1.html")
    assert [one["contradictions"] for one in logged(tx)] == [[]], "only its address was new"


def test_a_row_that_is_imported_later_takes_the_number_of_the_import(tx: sqlite3.Connection) -> None:
    read(tx, letter())
    done = registers.put_messages(tx, [told(title="路灯不亮")], FILE, NOON, replace=False)
    assert (done.new, done.contradictions) == (0, [])
    (one,) = register(tx)
    assert (one.id, one.how) == ("ZC-1", "import")
    read(tx, letter(is_answered=True, answered="2026-11-12"), at=NOON + DAY)
    (one,) = register(tx)
    assert (one.id, one.answer) == ("ZC-1", "read")


def test_what_people_told_stands_and_the_contradiction_is_logged_once(tx: sqlite3.Connection) -> None:
    answered = day_start(date(2026, 11, 14))
    registers.put_messages(tx, [told(tells_answer=True, answered=answered)], FILE, NOON, replace=False)
    before = register(tx)
    shown = letter(number="ZC-1", received="2026-11-09", cls=MessageClass.CONSULTING, kind="咨询", is_answered=False)
    read(tx, shown)
    read(tx, shown, at=NOON + DAY)
    after = register(tx)
    assert [(one.cls, one.received_at, one.answered_at) for one in after] == [
        (one.cls, one.received_at, one.answered_at) for one in before
    ]
    (event,) = logged(tx)
    assert [one["what"] for one in event["contradictions"]] == ["class", "received", "answered"]


def test_an_import_takes_the_place_of_what_was_read_and_says_so(tx: sqlite3.Connection) -> None:
    read(tx, letter(number="ZC-1", is_answered=True, answered="2026-11-12"))
    row = told(
        cls=MessageClass.CONSULTING, tells_answer=True, answered=day_start(date(2026, 11, 13)), answered_day=True
    )
    done = registers.put_messages(tx, [row], FILE, NOON, replace=False)
    assert done.contradictions == []
    assert [one.what for one in done.read] == ["class", "answered"]
    (one,) = register(tx)
    assert (one.cls, one.how, one.answer) == ("consulting", "import", "told")
    assert civil_day(from_ms(one.answered_at or 0)) == date(2026, 11, 13)


def test_an_empty_cell_takes_no_answer_away_that_a_list_shows_but_on_demand(tx: sqlite3.Connection) -> None:
    read(tx, letter(number="ZC-1", is_answered=True, answered="2026-11-12"))
    row = told(tells_answer=True, answered=None)
    done = registers.put_messages(tx, [row], FILE, NOON, replace=False)
    assert [one.what for one in done.read] == ["answered"]
    assert register(tx)[0].answered_at is not None
    registers.put_messages(tx, [row], FILE, NOON, replace=True)
    assert register(tx)[0].answered_at is None


def test_an_answer_a_person_tells_stands(tx: sqlite3.Connection) -> None:
    read(tx, letter(number="ZC-1", is_answered=True, answered="2026-11-12"))
    registers.answer_message(tx, ("site-1", "ZC-1"), NOON - 3 * DAY, "李四", NOON)
    assert logged(tx, "message.answered")[0]["was_read"] == to_ms(day_start(date(2026, 11, 12)))
    read(tx, letter(number="ZC-1"), at=NOON + DAY)
    (one,) = register(tx)
    assert (one.answered_at, one.answer) == (to_ms(NOON - 3 * DAY), "told")


def test_an_answer_is_never_before_its_message(tx: sqlite3.Connection) -> None:
    registers.put_messages(
        tx, [told(received=day_start(date(2026, 11, 10)) + 9 * HOUR, received_day=False)], FILE, NOON, replace=False
    )
    read(tx, letter(number="ZC-1", is_answered=True, answered="2026-11-10"))
    (one,) = register(tx)
    assert one.answered_at == one.received_at


def test_two_of_one_title_and_day_are_two_where_the_list_shows_both(tx: sqlite3.Connection) -> None:
    shown = [letter("咨询", url=f"http://site-1.example/{n}.html") for n in range(2)]
    read(tx, *shown)
    read(tx, replace(shown[1], is_answered=True, answered="2026-11-12"), shown[0], at=NOON + DAY)
    assert {one.url[-6:]: one.answered_at is None for one in register(tx)} == {"0.html": True, "1.html": False}


def test_a_list_that_moved_to_other_addresses_is_known_again(tx: sqlite3.Connection) -> None:
    read(tx, letter(url="http://site-1.example/old/1.html"))
    read(tx, letter(url="http://site-1.example/new?id=1", is_answered=True, answered="2026-11-12"), at=NOON + DAY)
    (one,) = register(tx)
    assert one.answered_at is not None


TITLES = ["路灯不亮", "公交改线", "医保结算", "学区划分", "噪音扰民"]
DAYS = st.dates(date(2026, 10, 1), date(2026, 11, 10))


@st.composite
def lists_shown(draw: st.DrawFn) -> list[list[Letter]]:
    """A few letters of their own title or day, and what a list shows of them from day to day."""
    known = []
    names = draw(st.lists(st.tuples(st.sampled_from(TITLES), DAYS), min_size=1, max_size=5, unique=True))
    for n, (title, received) in enumerate(names):
        kind = draw(st.sampled_from(["咨询", "投诉", ""]))
        known.append(
            Letter(
                title=title,
                url=f"http://site-1.example/{n}.html",
                number=f"SZ-{n:04}" if draw(st.booleans()) else None,
                kind=kind,
                cls=class_of(kind),
                received=received.isoformat(),
                is_answered=False,
            )
        )
    shown = []
    for _ in range(draw(st.integers(1, 6))):
        for n, one in enumerate(known):
            if one.is_answered is False and draw(st.booleans()):
                known[n] = replace(one, is_answered=True, answered="2026-11-15")
        shown.append([one for one in known if draw(st.booleans())])
    return shown


@given(shown=lists_shown())
@settings(max_examples=150, deadline=None)
def test_however_a_list_is_cut_each_letter_is_one_message_as_it_was_last_shown(shown: list[list[Letter]]) -> None:
    with store() as tx:
        with_targets(tx, site(), site(PAGE, kind=TargetKind.PAGE, site="site-1"))
        last: dict[str, Letter] = {}
        for day, rows in enumerate(shown):
            read(tx, *rows, at=NOON + day * DAY)
            last |= {one.url or "": one for one in rows}
            before = len(events.newest(tx, 1000))
            read(tx, *rows, at=NOON + day * DAY + HOUR)
            assert len(events.newest(tx, 1000)) == before, "the same again is no news"
        found = register(tx)
        assert {one.url: one.answered_at is not None for one in found} == {
            url: bool(one.is_answered) for url, one in last.items()
        }
        assert len(found) == len(last)
        assert {one.url for one in found if one.answered_at is None} == {
            url for url, one in last.items() if not one.is_answered
        }
