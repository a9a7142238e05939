"""Notices: lost, doubled and why, and how many a person gets in a day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from monitor.city.faults import Event
from monitor.city.score import Arrival, Told, score_of, unexcused
from monitor.city.terms import Terms
from tests.city.test_city_score import scenario
from tests.city.truths import START, D, H, M, S

AT = START + D + H


def told(number: int = 1, state: str = "sent", delivery: int | None = 1, due: datetime = AT, to: str = "duty") -> Told:
    return Told(number, "opened", to, "duty", due, state, due + S if state == "sent" else None, delivery)


def came(delivery: int = 1, at: datetime = AT, *, confirmed: bool = True, repeat: bool = False) -> Arrival:
    return Arrival(delivery, at, confirmed, repeat)


def result(rows: list[Told], arrivals: list[Arrival] | None, *events: Event, days: int = 10) -> Mapping[str, Any]:
    play = scenario(*events, days=days)
    return score_of(play, Terms(), incidents=[], told=rows, arrivals=arrivals, visits=0, wall_seconds=0.0)


def lost(row: Told, *events: Event, arrivals: list[Arrival] | None = None, days: int = 10) -> list[Any]:
    found: list[Any] = result([row], arrivals, *events, days=days)["notices_lost"]
    return found


@pytest.mark.parametrize("state", ["sent", "dead", "superseded"])
def test_what_is_settled_is_not_lost(state: str) -> None:
    assert lost(told(state=state)) == []


@pytest.mark.parametrize(("state", "delivery"), [("pending", 1), ("sending", 1), ("waiting", None)])
def test_what_is_due_and_unsettled_is_lost(state: str, delivery: int | None) -> None:
    (line,) = lost(told(state=state, delivery=delivery))
    assert set(line) == {"notice", "recipient", "channel", "at", "evidence"}
    assert (line["notice"], line["recipient"], line["channel"], line["at"]) == (1, "duty", "duty", AT.isoformat())
    assert state in line["evidence"]


def test_it_is_not_lost_before_it_had_its_time() -> None:
    end = START + 10 * D
    assert lost(told(state="pending", due=end - 11 * M))
    assert lost(told(state="pending", due=end - 11 * M + S)) == []
    down = Event(10 * D - H, "channel_down", "channel-duty", 50 * M)
    assert lost(told(state="pending", due=end - H), down) == [], "an hour before the end, and the channel was down"
    assert lost(told(state="pending", due=end - 2 * H), down)


def test_sent_but_never_confirmed_is_lost() -> None:
    (line,) = lost(told(), arrivals=[])
    assert "never confirmed" in line["evidence"]
    assert lost(told(), arrivals=[came(confirmed=False)])
    assert lost(told(), arrivals=[came()]) == []
    assert lost(told(), arrivals=None) == [], "nobody listened"


def twice(*arrivals: Arrival, events: tuple[Event, ...] = (), rows: list[Told] | None = None) -> list[Any]:
    found: list[Any] = result(rows or [told()], list(arrivals), *events)["notices_twice"]
    return found


def test_once_is_not_twice() -> None:
    assert twice(came()) == []


def test_twice_without_a_reason_is_not_excused() -> None:
    for repeat in (False, True):
        (line,) = twice(came(), came(at=AT + M, repeat=repeat))
        assert "no kill and no lost answer" in line["evidence"]
        assert line["at"] == (AT + M).isoformat()
        assert unexcused([line]) == [line]


@pytest.mark.parametrize("kind", ["killed", "disk_full"])
def test_twice_over_a_kill_is_excused_when_marked(kind: str) -> None:
    between = (Event(D + H + 30 * S, kind, "*", M),)
    (line,) = twice(came(), came(at=AT + 5 * M, repeat=True), events=between)
    assert line["evidence"].startswith("excused: ")
    assert unexcused([line]) == []
    (bare,) = twice(came(), came(at=AT + 5 * M), events=between)
    assert "NOT marked" in bare["evidence"]
    assert unexcused([bare]) == [bare]
    (before,) = twice(came(), came(at=AT + 5 * M, repeat=True), events=(Event(D, kind, "*", M),))
    assert unexcused([before]) == [before]


def test_twice_after_a_lost_answer_is_excused_when_marked() -> None:
    hangs = Event(D, "channel_down", "channel-duty", 2 * H, {"answer": "timeout"})
    first = came(confirmed=False)
    (line,) = twice(first, came(at=AT + 2 * H, repeat=True), events=(hangs,))
    assert unexcused([line]) == []
    three = twice(
        first, came(at=AT + M, confirmed=False, repeat=True), came(at=AT + 2 * H, repeat=True), events=(hangs,)
    )
    assert len(three) == 2


@pytest.mark.parametrize("answer", ["errcode", "503"])
def test_what_was_refused_in_words_never_arrived(answer: str) -> None:
    refuses = Event(D, "channel_down", "channel-duty", 2 * H, {"answer": answer})
    assert twice(came(confirmed=False), came(at=AT + M, confirmed=False), came(at=AT + 2 * H), events=(refuses,)) == []


def test_a_line_for_each_notice_of_a_delivery() -> None:
    lines = twice(came(), came(at=AT + M), rows=[told(1), told(2), told(3, delivery=2)])
    assert [line["notice"] for line in lines] == [1, 2]


def test_the_same_notice_in_two_deliveries_is_twice_too() -> None:
    rows = [told(1, delivery=1), told(1, delivery=2)]
    assert len(twice(came(1), came(2, at=AT + M), rows=rows)) == 1
    other = [told(1, delivery=1), told(1, delivery=2, to="deputy")]
    assert twice(came(1), came(2, at=AT + M), rows=other) == [], "two people, one message each"


def test_messages_of_a_person_and_a_day() -> None:
    rows = [told(n, delivery=n) for n in range(1, 6)]
    evening, midnight = START + 2 * D - S, START + 2 * D
    arrivals = [came(1, evening), came(2, midnight), came(3, midnight + H), came(4, midnight + 2 * H)]
    found = result(rows, [*arrivals, came(5, confirmed=False)])
    assert found["messages_per_day"] == {"p50": 0, "max": 3}
    assert result(rows, arrivals, days=3)["messages_per_day"] == {"p50": 1, "max": 3}


def test_notices_in_one_message_are_one_message() -> None:
    assert result([told(1), told(2)], [came()])["messages_per_day"]["max"] == 1
    assert result([told(1), told(2)], None)["messages_per_day"]["max"] == 1


def test_nobody_told_is_no_message_a_day() -> None:
    assert result([], [])["messages_per_day"] == {"p50": 0, "max": 0}
    assert result([], [])["notices"] == 0


def test_a_notice_for_two_is_one_notice() -> None:
    found = result([told(1), told(1, delivery=2, to="deputy")], [came(1), came(2)])
    assert found["notices"] == 1
    assert found["messages_per_day"]["max"] == 1
