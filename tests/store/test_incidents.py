"""Standings and incidents in the store."""

import sqlite3
from collections.abc import Iterator

import pytest

from monitor.model import (
    Applies,
    Cause,
    Compliance,
    Confidence,
    IncidentState,
    Rule,
    Severity,
    Standing,
    TargetKind,
    say,
)
from monitor.store import incidents, rules, standings
from tests.store.made import DAY, HOUR, MINUTE, NOON, membership, site, store, with_targets


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        with_targets(connection, site("a"), site("b"))
        yield connection


def due(rule: str = "house/fresh", **other: object) -> Standing:
    values: dict[str, object] = {"until": NOON + DAY, "warned": 1, "inputs": {"newest": "2026-11-10"}, **other}
    return Standing(rule, Compliance.DUE, say("{n} days", n=10), Cause.STALE, **values)  # type: ignore[arg-type]


def rule(version: str) -> Rule:
    return Rule(
        pack="house", id="fresh", source="内部要求", article="内部要求", says="…", applies=Applies(TargetKind.COLUMN),
        obligation="updated_within", severity=Severity.BREACH, confidence=Confidence.HOUSE, version=version,
    )  # fmt: skip


def test_met_standings_are_not_rows(tx: sqlite3.Connection) -> None:
    met = Standing("house/reachable", Compliance.MET, say("fine"), Cause.OUTAGE)
    standings.replace(tx, "a", [met, due()], NOON + DAY, NOON)
    assert standings.of_target(tx, "a") == [due()]
    assert tx.execute("SELECT COUNT(*) FROM standings").fetchone() == (1,)
    standings.replace(tx, "a", [met], None, NOON + HOUR)
    assert standings.of_target(tx, "a") == []


def test_an_equal_standing_keeps_the_instant_it_was_decided(tx: sqlite3.Connection) -> None:
    standings.replace(tx, "a", [due()], NOON + DAY, NOON)
    before = tx.total_changes
    standings.replace(tx, "a", [due()], NOON + DAY, NOON + HOUR)
    assert tx.total_changes == before, "nothing changed, nothing written"
    standings.replace(tx, "a", [due(warned=2)], NOON + DAY, NOON + 2 * HOUR)
    assert standings.of_target(tx, "a") == [due(warned=2)]


def test_a_standing_names_the_version_that_decided(tx: sqlite3.Connection) -> None:
    rules.remember(tx, [rule("v1")], NOON)
    rules.remember(tx, [rule("v2")], NOON + HOUR)
    rules.remember(tx, [rule("v1")], NOON + DAY)
    standings.replace(tx, "a", [due()], None, NOON)
    assert tx.execute("SELECT rule_version FROM standings").fetchone() == ("v1",), "in force is what was loaded last"
    assert tx.execute("SELECT COUNT(*) FROM rules").fetchone() == (2,), "every version is kept"


def test_what_falls_due_comes_earliest_first(tx: sqlite3.Connection) -> None:
    standings.replace(tx, "a", [due(until=NOON + 2 * DAY)], None, NOON)
    standings.replace(tx, "b", [due(until=NOON + DAY), due("house/x")._replace(value=Compliance.BREACHED)], None, NOON)
    assert [target for target, _ in standings.due(tx, NOON + 3 * DAY)] == ["b", "a"]
    assert [target for target, _ in standings.due(tx, NOON + DAY)] == ["b"]


def opened(tx: sqlite3.Connection, **other: object) -> int:
    wanted = membership(**other)
    number = incidents.open_incident(tx, wanted, key=wanted.key, severity=wanted.severity, now=NOON)
    incidents.join(tx, number, "a", wanted, NOON)
    return number


def test_one_open_incident_per_cause_and_key(tx: sqlite3.Connection) -> None:
    assert incidents.find_open(tx, Cause.OUTAGE, "site-1") is None
    number = opened(tx)
    assert incidents.find_open(tx, Cause.OUTAGE, "site-1") == number
    assert incidents.find_open(tx, Cause.SLOW, "site-1") is None
    with pytest.raises(sqlite3.IntegrityError):
        opened(tx)
    assert incidents.open_memberships(tx, "a") == [membership(incident=number)]
    assert incidents.open_memberships(tx, "b") == []


def test_members_come_leave_and_come_back(tx: sqlite3.Connection) -> None:
    number = opened(tx)
    incidents.join(tx, number, "b", membership(since=NOON + MINUTE), NOON + MINUTE)
    assert incidents.leave(tx, number, "a", NOON + HOUR) == 1
    assert incidents.leave(tx, number, "a", NOON + HOUR) == 1
    assert [member.target for member in incidents.members(tx, number)] == ["b"]
    assert [member.target for member in incidents.members(tx, number, present=False)] == ["a", "b"]
    incidents.join(tx, number, "a", membership(since=NOON + 2 * HOUR), NOON + 2 * HOUR)
    back = next(member for member in incidents.members(tx, number) if member.target == "a")
    assert back.membership.since == NOON + 2 * HOUR
    assert back.left_at is None
    assert incidents.leave(tx, number, "a", NOON + DAY) == 1
    assert incidents.leave(tx, number, "b", NOON + DAY) == 0
    assert incidents.recover(tx, number, NOON + DAY)
    assert not incidents.recover(tx, number, NOON + DAY)
    found = incidents.load(tx, number)
    assert (found.state, found.recovered_at) == (IncidentState.RECOVERED, NOON + DAY)
    assert incidents.open_memberships(tx, "a") == []
    assert opened(tx) != number, "the next time is an incident of its own"


def test_an_incident_is_as_grave_as_its_gravest_member(tx: sqlite3.Connection) -> None:
    number = opened(tx)
    incidents.join(tx, number, "b", membership(severity=Severity.REMIND, rules=("house/x",)), NOON)
    assert incidents.load(tx, number).severity is Severity.BREACH
    incidents.worsen(tx, number, "b", membership(severity=Severity.VETO, rules=("house/x", "national-2019/y")), NOON)
    found = incidents.load(tx, number)
    assert found.severity is Severity.VETO
    assert found.rules == ("house/reachable", "house/x", "national-2019/y")
    incidents.warn(tx, number, "a", membership(warned=7), NOON)
    incidents.warn(tx, number, "a", membership(warned=1), NOON)
    assert incidents.load(tx, number).warned == 7


def test_evidence_is_kept_as_json(tx: sqlite3.Connection) -> None:
    number = opened(tx)
    incidents.add_evidence(tx, number, "a", NOON, {"tries": [{"status": None}], "甲": 1})
    assert tx.execute("SELECT body FROM evidence").fetchone() == ('{"tries":[{"status":null}],"甲":1}',)
    with pytest.raises(KeyError):
        incidents.load(tx, 99)
