"""The past under other rules: the same rules change nothing, four days less move alerts by four days, and what came comes again."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import load_settings
from monitor.config.settings import Settings
from monitor.evidence.compared import differences
from monitor.evidence.replayed import Counting
from monitor.evidence.walk import Alert, Walked
from monitor.evidence.whatif import both, what_if
from monitor.evidence.whatif_told import as_json, lines
from monitor.model import Cause, Limit, Pack, Rule, Severity
from monitor.store import past
from tests.judge.made import DAY, HOUR, NOON, at
from tests.store.made import column

FOUR = timedelta(days=4)


@pytest.fixture(scope="module")
def defaults() -> Settings:
    """The settings the month was played by."""
    settings = load_settings(None)
    cadence = settings.cadence.model_copy(
        update={"site": HOUR, "column": 6 * HOUR, "account": 6 * HOUR, "links": 6 * HOUR, "page": 6 * HOUR}
    )
    return settings.model_copy(update={"cadence": cadence})


def changed(settings: Settings, **limits: str) -> tuple[Pack, ...]:
    """Every shipped rule in other words, some with another limit: its version is another in any case."""
    return tuple(replace(pack, rules=tuple(_changed(rule, limits) for rule in pack.rules)) for pack in settings.packs)


def _changed(rule: Rule, limits: dict[str, str]) -> Rule:
    told = limits.get(rule.id.replace("-", "_"))
    limit = Limit(int(told.rstrip("d")), "d") if told else rule.limit
    return replace(rule, says=f"{rule.says}。", version=rule.version[::-1], limit=limit)


def test_the_very_same_rules_are_not_even_walked(tx: sqlite3.Connection, defaults: Settings) -> None:
    found = what_if(tx, both(defaults, defaults.packs))
    assert (found.differs, found.walked) == ([], 0)
    assert found.watched > 10


def test_the_same_rules_in_other_words_change_nothing(tx: sqlite3.Connection, defaults: Settings) -> None:
    found = what_if(tx, both(defaults, changed(defaults)))
    assert found.differs == []
    assert found.walked == found.watched
    assert found.present == found.other > 5


def test_what_really_came_comes_out_of_the_replay(tx: sqlite3.Connection, defaults: Settings) -> None:
    found = what_if(tx, both(defaults, changed(defaults)))
    assert found.really == tx.execute("SELECT COUNT(*) FROM members").fetchone()[0]
    assert found.came == found.really == found.present


def test_ten_days_in_place_of_fourteen_move_the_alert_by_exactly_four(
    tx: sqlite3.Connection, defaults: Settings
) -> None:
    found = what_if(tx, both(defaults, changed(defaults, N_COL_DYN="10d")))
    (one,) = found.differs
    assert (one.target, one.cause, one.what, one.by) == ("site-2/column-1", Cause.STALE, "earlier", -FOUR)
    assert one.other == at("2026-01-16")
    assert one.present == at("2026-01-20")
    later = what_if(tx, both(defaults, changed(defaults, N_COL_DYN="17d")))
    assert [(one.what, one.by) for one in later.differs] == [("later", timedelta(days=3))]


def test_a_limit_that_was_not_reached_takes_the_alert_away(tx: sqlite3.Connection, defaults: Settings) -> None:
    found = what_if(tx, both(defaults, changed(defaults, N_COL_DYN="60d")))
    (one,) = found.differs
    assert (one.what, one.other) == ("would not come", None)
    assert found.other == found.present - 1


def test_a_stricter_one_brings_alerts_that_never_came(tx: sqlite3.Connection, defaults: Settings) -> None:
    found = what_if(tx, both(defaults, changed(defaults, N_COL_DYN="1d")))
    come = [one for one in found.differs if one.what == "would come"]
    assert come
    assert {one.cause for one in come} == {Cause.STALE}
    assert found.other == found.present + len(come)


def test_only_what_lies_between_the_days_is_told(tx: sqlite3.Connection, defaults: Settings) -> None:
    rules = both(defaults, changed(defaults, N_COL_DYN="10d"))
    assert what_if(tx, rules, at("2026-01-06"), at("2026-01-16")).differs == []
    (one,) = what_if(tx, rules, at("2026-01-06"), at("2026-01-17")).differs
    assert one.what == "earlier"
    assert len(what_if(tx, rules, at("2026-01-20"), None).differs) == 1


def test_a_pack_nobody_named_yet_is_tried_on_everything(tx: sqlite3.Connection, defaults: Settings) -> None:
    rule = next(rule for pack in defaults.packs for rule in pack.rules if rule.id == "N-COL-DYN")
    ours = replace(rule, pack="town", limit=Limit(7, "d"), version="x")
    found = what_if(tx, both(defaults, [Pack("town", "某镇规定", None, "", (ours,))]))
    assert found.new == ("town",)
    assert [(one.target, one.what, one.by.days) for one in found.differs] == [("site-2/column-1", "earlier", -7)]
    assert "town/N-COL-DYN" in found.differs[0].rules


def test_nothing_is_written(month: Path, tx: sqlite3.Connection, defaults: Settings) -> None:
    before = month.read_bytes()
    what_if(tx, both(defaults, changed(defaults, N_COL_DYN="10d")))
    assert month.read_bytes() == before


def test_it_says_what_it_did_and_what_it_cannot(tx: sqlite3.Connection, defaults: Settings) -> None:
    found = what_if(tx, both(defaults, changed(defaults, N_COL_DYN="10d")))
    chinese = "\n".join(lines(found, defaults, "zh-CN"))
    assert "提前4天：2026年1月16日 00:00，而非2026年1月20日 00:00" in chinese
    assert "不能重演" in chinese
    told = as_json(found)
    assert told["counts"] == {"earlier": 1}
    assert told["differs"][0]["by_seconds"] == -4 * 86_400
    assert len(told["not_replayed"]) == 4


def test_an_empty_store_has_no_past(defaults: Settings) -> None:
    from tests.store.made import store

    with store() as tx:
        found = what_if(tx, both(defaults, changed(defaults)))
        assert (found.differs, found.present, found.begins) == ([], 0, None)


def alert(cause: Cause, start: int, end: int | None, severity: Severity = Severity.BREACH) -> Alert:
    return Alert("t", cause, NOON + start * DAY, severity, ("p/r",), None if end is None else NOON + end * DAY)


@pytest.mark.parametrize(
    ("present", "other", "told"),
    [
        ([(1, 5)], [(1, 5)], []),
        ([(1, 5)], [(1, 7)], []),  # when it ends is no alert
        ([(3, 5)], [(1, 5)], [("earlier", -2)]),
        ([(1, 5)], [(3, None)], [("later", 2)]),
        ([(1, 2)], [(4, 5)], [("would not come", 0), ("would come", 0)]),
        ([(1, 3), (6, 8)], [(1, 8)], [("would not come", 0)]),
        ([], [(1, 2)], [("would come", 0)]),
    ],
)
def test_alerts_are_the_same_trouble_where_they_overlap(
    present: list[tuple[int, int | None]], other: list[tuple[int, int | None]], told: list[tuple[str, int]]
) -> None:
    old, new = ([alert(Cause.STALE, *span) for span in spans] for spans in (present, other))
    found = differences(old, new, NOON, NOON + 30 * DAY)
    assert [(one.what, one.by.days) for one in found] == told


def test_another_weight_is_told() -> None:
    (found,) = differences([alert(Cause.STALE, 1, 2)], [alert(Cause.STALE, 1, 2, Severity.VETO)], NOON, NOON + 30 * DAY)
    assert (found.what, found.severities) == ("graver", (Severity.BREACH, Severity.VETO))


def test_columns_are_counted_by_pack_and_kind_while_they_are_told(tx: sqlite3.Connection) -> None:
    known = past.past_of(tx, "nobody")
    target = replace(column("c"), column=None)
    stale = Walked([alert(Cause.STALE, 1, 3)])
    counts = Counting([(target, known, stale), (replace(target, id="d"), known, stale)])
    assert dict(counts.at(NOON + 2 * DAY)) == {"stale:p:": 2}
    assert dict(counts.at(NOON + 3 * DAY)) == {}
    assert counts.turns == {NOON + DAY, NOON + 3 * DAY}
