"""How a demo is told at its end: what was found, missed, false, and what was not yet due when it was stopped."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from monitor.city.demo import demo_plan, demo_terms
from monitor.city.faults import Event
from monitor.city.score import not_yet_due, score
from monitor.city.truth import Unit, truth
from monitor.cli.demo import summary
from monitor.demo import Played
from tests.city.conftest import NOON

PLAN, EVENTS = demo_plan(180)
UNITS: Sequence[Unit] = truth(PLAN, EVENTS, NOON, demo_terms())
DOWN = [unit for unit in UNITS if unit.kind == "down"]


def incident(unit: Unit, *, told: bool = True) -> dict[str, object]:
    at = unit.start + timedelta(seconds=20)
    return {
        "cause": unit.cause.value,
        "targets": [unit.target],
        "rules": [],
        "opened_at": at.isoformat(),
        "recovered_at": None,
        "notified_at": at.isoformat() if told else None,
        "severity": "serious",
    }


def played(now: datetime, incidents: Sequence[dict[str, object]], planted: Iterable[Event] = EVENTS) -> Played:
    result: dict[str, object] = {
        "address": "http://127.0.0.1:8787",
        "seconds": round((now - NOON).total_seconds(), 1),
        "planted": [{"target": event.target, "kind": event.kind} for event in planted],
        "incidents": list(incidents),
        "deliveries": len(incidents),
        **score(PLAN, UNITS, incidents, now),
    }
    return Played(result, not_yet_due(PLAN, UNITS, incidents, now))


def test_stopped_at_once_nothing_was_missed_and_all_is_still_to_come() -> None:
    early = played(NOON + timedelta(seconds=1), [])
    asked = [unit for unit in UNITS if unit.due is not None]
    assert early.result["missed"] == []
    assert [line["target"] for line in early.not_yet_due] == [unit.target for unit in asked]
    first, *lines = summary(early, "zh-CN")
    assert first == (
        f"演练1.0秒：设置故障{len(EVENTS)}处，发现事件0起，确认送达0条，漏报0项，误报0项，{len(asked)}项尚未到期"
    )
    assert "  尚未到期：site-02 网站打不开" in lines
    assert "  尚未到期：监测端异常" in lines, "the cut uplink is ours"


def test_what_was_found_early_is_not_waited_for() -> None:
    (down,) = DOWN
    now = NOON + timedelta(seconds=27)
    assert down.due is not None
    assert down.due > now
    waiting = {line["target"] for line in played(now, [incident(down)]).not_yet_due}
    assert down.target not in waiting
    assert down.target in {line["target"] for line in played(now, [incident(down, told=False)]).not_yet_due}


def test_past_its_time_it_is_missed_and_no_longer_waited_for() -> None:
    end = NOON + timedelta(hours=1)
    late = played(end, [incident(unit) for unit in UNITS if unit.due is not None and unit not in DOWN])
    assert late.not_yet_due == []
    assert list(summary(late, "zh-CN"))[1:] == ["  漏报：site-02 网站打不开（没有发现（down））"]
    first, line = summary(late, "en")
    assert first.endswith(", 1 missed, 0 false")
    assert line == "  missed: site-02 website cannot be opened (no incident (down))"


def test_what_nobody_was_told_of_and_what_should_not_be_are_told_in_chinese() -> None:
    (down,) = DOWN
    other = incident(down) | {"targets": ["site-01"]}
    lines = list(summary(played(NOON + timedelta(hours=1), [incident(down, told=False), other]), "zh-CN"))
    assert "  漏报：site-02 网站打不开（已有事件，但没有一条通知确认送达）" in lines
    assert "  误报：site-01 网站打不开（该对象此时不应出现这类事件）" in lines


def test_the_json_has_its_keys_and_english_evidence() -> None:
    (down,) = DOWN
    result = json.loads(json.dumps(played(NOON + timedelta(hours=1), [incident(down, told=False)]).result))
    assert result.keys() == {"address", "seconds", "planted", "incidents", "deliveries", "missed", "false"}
    (line,) = [line for line in result["missed"] if line["target"] == down.target]
    assert line.keys() == {"target", "cause", "rule", "from", "to", "found_at", "evidence"}
    assert line["evidence"] == "an incident was open, but no notice of it was confirmed"
