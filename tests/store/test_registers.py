"""Registers of messages and posts: filled in, told once, never silently turned round; all of an import or nothing."""

from datetime import timedelta
from typing import Any

import pytest

from monitor.clock import day_start, from_ms, to_ms
from monitor.model import MessageClass, TargetKind
from monitor.store import brought, events, registered, registers
from monitor.store.commands import Refused
from monitor.store.registers import MessageRow, PostRow, Source
from tests.store.made import DAY, HOUR, NOON, site, store, with_targets

SOURCE = Source("张三", "留言.xlsx", "ab" * 32)
MONDAY = NOON - 4 * DAY


def message(name: str = "1", **other: Any) -> MessageRow:
    values = {"target": "site-1", "cls": MessageClass.JIUCUO, "received": MONDAY, **other}
    return MessageRow(id=name, **values)


def put(tx: Any, *rows: MessageRow, replace: bool = False) -> registers.Outcome:
    return registers.put_messages(tx, rows, SOURCE, NOON, replace=replace)


def kept(tx: Any) -> list[tuple[Any, ...]]:
    return tx.execute("SELECT id, class, received_at, answered_at, explained FROM messages ORDER BY id").fetchall()  # type: ignore[no-any-return]


def test_new_messages_wait_and_their_site_is_judged_again() -> None:
    with store() as tx:
        with_targets(tx, site())
        tx.execute("UPDATE targets SET next_change_at = NULL")
        done = put(tx, message("1"), message("2", cls=MessageClass.HANDLING, explained=True))
        assert (done.new, done.changed, done.same, done.targets) == (2, 0, 0, {"site-1"})
        assert [(one.id, one.cls, one.received_at, one.explained) for one in brought.waiting(tx, "site-1")] == [
            ("1", MessageClass.JIUCUO, MONDAY, False),
            ("2", MessageClass.HANDLING, MONDAY, True),
        ]
        assert tx.execute("SELECT next_change_at FROM targets").fetchone()[0] == to_ms(NOON)
        (event,) = events.newest(tx, 1)
        assert (event.who, event.what) == ("张三", "messages.imported")
        assert event.body == {
            "file": "留言.xlsx",
            "sha256": "ab" * 32,
            "new": 2,
            "changed": 0,
            "answered": 0,
            "same": 0,
            "replaced": 0,
            "targets": 1,
            "contradictions": [],
        }


def test_an_answer_fills_in_and_the_same_again_changes_nothing() -> None:
    with store() as tx:
        with_targets(tx, site())
        put(tx, message())
        answered = message(tells_answer=True, answered=MONDAY + DAY)
        done = put(tx, answered)
        assert (done.new, done.changed, done.answered) == (0, 1, 1)
        assert brought.waiting(tx, "site-1") == ()
        again = put(tx, answered)
        assert (again.changed, again.same, again.targets) == (0, 1, set())
        silent = put(tx, message())  # a file without a column of answers takes none away
        assert (silent.same, silent.contradictions) == (1, [])


@pytest.mark.parametrize(
    ("told", "what"),
    [
        (message("1", received=MONDAY + HOUR, tells_answer=True, answered=MONDAY + DAY), "received"),
        (message("1", tells_answer=True, answered=None), "answered"),
        (message("1", tells_answer=True, answered=MONDAY + 2 * DAY), "answered"),
        (message("1", cls=MessageClass.CONSULTING), "class"),
    ],
)
def test_what_contradicts_is_listed_and_nothing_is_written_unless_it_is_to_be_replaced(
    told: MessageRow, what: str
) -> None:
    with store() as tx:
        with_targets(tx, site())
        put(tx, message(tells_answer=True, answered=MONDAY + DAY))
        before, lines = kept(tx), len(events.newest(tx, 50))
        done = put(tx, told, message("new"))
        assert [(one.id, one.what) for one in done.contradictions] == [("1", what)]
        assert kept(tx) == before
        assert len(events.newest(tx, 50)) == lines
        put(tx, told, message("new"), replace=True)
        assert kept(tx) != before
        assert len(kept(tx)) == 2
        assert events.newest(tx, 1)[0].body["replaced"] == 1


def test_a_day_leaves_the_time_that_is_known() -> None:
    with store() as tx:
        with_targets(tx, site())
        put(tx, message(tells_answer=True, answered=MONDAY + HOUR))
        day = day_start((MONDAY + 8 * HOUR).date())
        done = put(tx, message(received=day, received_day=True, tells_answer=True, answered=day, answered_day=True))
        assert (done.same, done.contradictions) == (1, [])


def test_an_answer_of_the_same_day_comes_with_the_message_and_none_comes_before_it() -> None:
    with store() as tx:
        with_targets(tx, site())
        day = day_start((MONDAY + 8 * HOUR).date())
        put(tx, message(tells_answer=True, answered=day, answered_day=True))
        assert kept(tx)[0][3] == to_ms(MONDAY)
        with pytest.raises(Refused, match=r"message 2 of site-1 was answered .* before it was received"):
            put(tx, message("2", tells_answer=True, answered=MONDAY - HOUR))


def test_one_message_by_hand() -> None:
    with store() as tx:
        with_targets(tx, site())
        registers.add_message(tx, message(), "李四", NOON)
        with pytest.raises(Refused, match="site-1 has a message 1 already"):
            registers.add_message(tx, message(), "李四", NOON)
        with pytest.raises(Refused, match="before it was received"):
            registers.answer_message(tx, ("site-1", "1"), MONDAY - HOUR, "李四", NOON)
        registers.answer_message(tx, ("site-1", "1"), MONDAY + HOUR, "李四", NOON)
        with pytest.raises(Refused, match="message 1 was answered already"):
            registers.answer_message(tx, ("site-1", "1"), MONDAY + HOUR, "李四", NOON)
        with pytest.raises(Refused, match="site-1 has no message 2"):
            registers.answer_message(tx, ("site-1", "2"), MONDAY, "李四", NOON)
        assert [line.what for line in events.newest(tx, 2)] == ["message.answered", "message.received"]
        assert brought.waiting(tx, "site-1") == ()


def test_posts_fill_in_and_contradict() -> None:
    with store() as tx:
        with_targets(tx, site("wx", kind=TargetKind.ACCOUNT))
        first = PostRow("wx", "u1", "2026-11-10", "一")
        assert registers.put_posts(tx, [first], SOURCE, NOON, replace=False).new == 1
        done = registers.put_posts(tx, [first._replace(original=True, title="")], SOURCE, NOON, replace=False)
        assert (done.changed, done.contradictions) == (1, [])
        assert tx.execute("SELECT title, original FROM posts").fetchall() == [("一", 1)]
        moved = registers.put_posts(tx, [first._replace(day="2026-11-11", original=False)], SOURCE, NOON, replace=False)
        assert [(one.what, one.was, one.now) for one in moved.contradictions] == [
            ("day", "2026-11-10", "2026-11-11"),
            ("original", "1", "0"),
        ]
        assert [(post.day.isoformat(), post.original) for post in brought.posts(tx, "wx", NOON)] == [
            ("2026-11-10", True)
        ]
        assert events.newest(tx, 1)[0].what == "posts.imported"


def test_what_stands_in_the_registers() -> None:
    with store() as tx:
        coded = {"marks_present": {"site_code": "4402"}}
        with_targets(tx, site(name="site-1", options=coded), site("gone"), site("wx", kind=TargetKind.ACCOUNT))
        with_targets(tx, site(name="site-1", options=coded), site("wx", kind=TargetKind.ACCOUNT))
        assert [(one.id, one.kind, one.code, one.removed) for one in registered.called(tx)] == [
            ("site-1", "site", "4402", False),
            ("wx", "account", "", False),
            ("gone", "site", "", True),
        ]
        put(tx, message("a"), message("b", received=MONDAY - DAY), message("c", tells_answer=True, answered=NOON))
        put(tx, message("a", target="gone"))
        assert [one.id for one in registered.messages(tx, 10, waiting=True)] == ["b", "a", "a"]
        assert [one.id for one in registered.messages(tx, 1, waiting=False)] == ["a"]
        assert registered.targets_with(tx, "a") == ["gone", "site-1"]
        assert registered.unknown(tx, {"site-1", "nobody"}) == ["nobody"]


def test_a_large_register_is_a_matter_of_seconds() -> None:
    rows = [message(str(n), received=MONDAY - timedelta(minutes=n)) for n in range(20_000)]
    with store() as tx:
        with_targets(tx, site())
        assert put(tx, *rows).new == 20_000
        assert put(tx, *rows).same == 20_000
        oldest = registered.messages(tx, 1, waiting=True)[0]
        assert from_ms(oldest.received_at) == MONDAY - timedelta(minutes=19_999)
