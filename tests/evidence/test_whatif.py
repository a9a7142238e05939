"""The past under other rules: the same rules change nothing, four days less move alerts by four days, and what came comes again."""

import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import load_settings
from monitor.clock import from_ms
from monitor.config.settings import Settings
from monitor.evidence.compared import differences
from monitor.evidence.replayed import Counting
from monitor.evidence.walk import Alert, Walked
from monitor.evidence.whatif import Unknown, both, what_if
from monitor.evidence.whatif_told import as_json, lines
from monitor.model import (
    DESK_ID,
    Cause,
    Declaration,
    DeclarationKind,
    Limit,
    Pack,
    Reach,
    Roster,
    Rule,
    Severity,
    Shift,
)
from monitor.settle.desk import desk_change, judge_desk
from monitor.settle.policy import policy_of
from monitor.store import declarations, findings, past, rules as rule_rows
from tests.judge.made import DAY, HOUR, NOON, at, rule
from tests.settle.desk import INVENTORY, SITE, Estate, opens
from tests.store.made import column

FOUR = timedelta(days=4)


@pytest.fixture(scope="module")
def defaults() -> Settings:
    """The settings the month was played by."""
    settings = load_settings(None)
    cadence = settings.cadence.model_copy(
        update={"site": HOUR, "column": 6 * HOUR, "account": 6 * HOUR, "links": 6 * HOUR, "page": 6 * HOUR}
    )
    packs = tuple(pack for pack in settings.packs if pack.id in {"national-2019", "house"})
    return settings.model_copy(update={"cadence": cadence, "packs": packs})


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


def test_columns_alone_are_walked_while_their_site_counts_the_same(tx: sqlite3.Connection, defaults: Settings) -> None:
    """One rule of one kind of column: the sites are walked only where a column is told at another time."""
    one = [
        replace(pack, rules=tuple(_only(rule, "N-COL-DYN", "13d") for rule in pack.rules)) for pack in defaults.packs
    ]
    found = what_if(tx, both(defaults, one))
    assert [(each.target, each.by.days) for each in found.differs] == [("site-2/column-1", -1)]
    columns = tx.execute("SELECT COUNT(*) FROM targets WHERE column_kind = 'dynamic' AND removed_at IS NULL").fetchone()
    assert found.walked == columns[0] + 1, "the dynamic columns, and the one site where the count moves"


def _only(rule: Rule, name: str, limit: str) -> Rule:
    return replace(rule, limit=Limit(int(limit[:-1]), "d"), version="x") if rule.id == name else rule


def test_no_statement_is_asked_of_each_row_or_target(tx: sqlite3.Connection, defaults: Settings) -> None:
    asked: list[str] = []
    tx.set_trace_callback(asked.append)
    found = what_if(tx, both(defaults, changed(defaults)))
    tx.set_trace_callback(None)
    often = Counter(one[:60] for one in asked).most_common(3)
    assert often[0][1] <= 4 < found.watched, often


def test_progress_counts_targets_of_all(tx: sqlite3.Connection, defaults: Settings) -> None:
    heard: list[tuple[str, int]] = []
    found = what_if(tx, both(defaults, changed(defaults)), progress=lambda what, n: heard.append((what, n)))
    assert heard[-1] == (f"targets of {found.watched - 1}", found.watched - 1), "all but the desk"
    assert [n for _, n in heard] == sorted(n for _, n in heard)


async def test_the_desk_is_replayed_too(tmp_path: Path) -> None:
    """What is to be done every year, under half a year: it comes half a year earlier, and is over when it was recorded."""
    estate = await Estate.open(tmp_path)
    yearly = rule("done_every", "desk", "1y", pack="town", activity="drill")
    town = Pack("town", "某市办法", None, "", (replace(yearly, version="a"),))
    told = tuple(replace(one, packs=("town",)) for one in INVENTORY[:1])
    settings = estate.policy.settings.model_copy(update={"targets": told, "packs": (town,)})
    estate.policy = policy_of(settings)
    begun = estate.clock.now()
    await estate.do(lambda tx: rule_rows.remember(tx, estate.policy.rules.values(), begun))
    await judged_until(estate, begun + 400 * DAY)
    done, now = DeclarationKind.ACTIVITY, estate.clock.now()
    one = Declaration(id=0, kind=done, target=DESK_ID, start=now, filed_at=now, fields={"activity": "drill"})
    await estate.do(lambda tx: declarations.file(tx, one, now))
    await judged_until(estate, begun + 410 * DAY)
    await estate.look(SITE, Reach.OPEN, opens())
    half = Pack("town", "某市办法", None, "", (replace(yearly, limit=Limit(6, "mo"), version="b"),))
    found = await estate.do(lambda tx: what_if(tx, both(settings, [half]), begun, estate.clock.now() + DAY))
    assert (found.walked, found.watched, found.really, found.came) == (1, len(INVENTORY) + 1, 1, 1)
    (differs,) = found.differs
    assert (differs.target, differs.cause, differs.what) == (DESK_ID, Cause.DONE_EVERY, "earlier")
    assert 170 < -differs.by.days < 195
    assert any(one.startswith("值守：") or "值守" in one for one in lines(found, settings, "zh-CN"))
    await estate.close()


async def judged_until(estate: Estate, until: datetime) -> None:
    """As the rounds do: now, and whenever time alone changes something."""
    now = estate.clock.now()
    while now < until:
        estate.clock.jump(now)
        await estate.do(lambda tx, now=now: judge_desk(tx, estate.policy, now))  # type: ignore[misc]
        change = await estate.do(desk_change)
        assert change is not None
        now = min(change, until)
    estate.clock.jump(until)


async def test_a_roster_with_a_gap_is_replayed(tmp_path: Path) -> None:
    """Nobody on duty is told under a rule that asks for it, of the roster as it is today."""
    estate = await Estate.open(tmp_path)
    covered = rule("duty_covered", "desk", pack="town")
    nothing = Pack(
        "town", "某市办法", None, "", (replace(covered, obligation="done_every", limit=Limit(9, "y"), version="a"),)
    )
    begun = estate.clock.now()
    shift = Shift(begun, begun + 3 * DAY, ("张三",))
    roster: Roster = (shift,)
    told = tuple(replace(one, packs=("town",)) for one in INVENTORY[:1])
    settings = estate.policy.settings.model_copy(update={"targets": told, "packs": (nothing,), "shifts": roster})
    await estate.do(lambda tx: judge_desk(tx, policy_of(settings), begun))
    estate.clock.jump(begun + 10 * DAY)
    await estate.look(SITE, Reach.OPEN, opens())
    town = Pack("town", "某市办法", None, "", (replace(covered, version="b"),))
    found = await estate.do(lambda tx: what_if(tx, both(settings, [town]), begun, estate.clock.now() + DAY))
    assert [(one.target, one.cause, one.what) for one in found.differs] == [(DESK_ID, Cause.DUTY_COVERED, "would come")]
    assert found.differs[0].other == begun + 3 * DAY
    await estate.close()


def test_nothing_is_written(month: Path, tx: sqlite3.Connection, defaults: Settings) -> None:
    before = month.read_bytes()
    what_if(tx, both(defaults, changed(defaults, N_COL_DYN="10d")))
    assert month.read_bytes() == before


def test_it_says_what_it_did_and_what_it_cannot(tx: sqlite3.Connection, defaults: Settings) -> None:
    found = what_if(tx, both(defaults, changed(defaults, N_COL_DYN="10d")))
    chinese = "\n".join(lines(found, defaults, "zh-CN"))
    assert "提前4天：2026年1月16日 00:00，而非2026年1月20日 00:00" in chinese
    assert "不能重演" in chinese
    told = as_json(found, "en")
    assert told["counts"] == {"earlier": 1}
    assert told["differs"][0]["by_seconds"] == -4 * 86_400
    assert len(told["not_replayed"]) == 4


def test_an_empty_store_has_no_past(defaults: Settings) -> None:
    from tests.store.made import store

    with store() as tx, pytest.raises(Unknown, match="no look yet"):
        what_if(tx, both(defaults, changed(defaults)))


@pytest.mark.parametrize(
    ("start", "end", "bound"),
    [
        ("2030-04-01", "2030-05-02", "from"),
        ("2030-04-01", None, "from"),
        ("2020-01-01", "2020-02-01", "to"),
        (None, "2026-01-05", "to"),
    ],
)
def test_of_a_time_without_a_look_nothing_is_said(
    tx: sqlite3.Connection, defaults: Settings, start: str | None, end: str | None, bound: str
) -> None:
    first, last = (None if day is None else at(day) for day in (start, end))
    begins, ends = past.begins(tx), past.ends(tx)
    assert begins is not None
    assert ends is not None
    with pytest.raises(
        Unknown, match=f"looks from {begins + 8 * HOUR:%Y-%m-%d} to {ends + 8 * HOUR:%Y-%m-%d}"
    ) as caught:
        what_if(tx, both(defaults, changed(defaults)), first, last)
    assert caught.value.bound == bound


def test_to_the_very_last_look_and_from_the_very_first(tx: sqlite3.Connection, defaults: Settings) -> None:
    begins, ends = past.begins(tx), past.ends(tx)
    assert begins is not None
    found = what_if(tx, both(defaults, defaults.packs), ends, None)
    assert (found.start, found.end) == (ends, ends)
    assert what_if(tx, both(defaults, defaults.packs), None, begins + HOUR).end == begins + HOUR


def test_packs_in_another_order_are_the_same_rules(tx: sqlite3.Connection, defaults: Settings) -> None:
    """Under an unchanged copy the desk is not walked either: it falls under the rules of every pack, in their order."""
    same = both(defaults, defaults.packs[:1])
    assert [pack.id for pack in same.other.settings.packs] != [pack.id for pack in defaults.packs]
    assert what_if(tx, same).walked == 0


def test_an_end_at_midnight_is_told_by_its_last_day(tx: sqlite3.Connection, defaults: Settings) -> None:
    found = what_if(tx, both(defaults, defaults.packs), at("2026-01-07"), at("2026-01-17"))
    assert next(lines(found, defaults, "zh-CN")) == "自2026年1月7日 00:00至2026年1月16日 24:00（北京时间）"
    assert as_json(found, "en")["to"] == "2026-01-17T00:00:00+08:00"


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


def graver(*weights: tuple[int, Severity]) -> Alert:
    """What it weighs from which day on."""
    (first, came), *steps = weights
    found = alert(Cause.STALE, first, None, came)
    found.steps += [(NOON + day * DAY, severity, ("p/r",)) for day, severity in steps]
    return found


REMIND, BREACH, SERIOUS, VETO = Severity.REMIND, Severity.BREACH, Severity.SERIOUS, Severity.VETO


@pytest.mark.parametrize(
    ("present", "other", "told"),
    [
        (((1, BREACH),), ((1, VETO),), [("graver", VETO, None, 1)]),
        (((1, VETO),), ((1, BREACH),), [("milder", VETO, 1, None)]),
        (((1, BREACH), (3, VETO)), ((1, BREACH), (26, VETO)), [("graver later", VETO, 3, 26)]),
        (((1, BREACH), (5, VETO)), ((1, VETO),), [("graver earlier", VETO, 5, 1)]),
        (((1, BREACH), (5, VETO)), ((1, BREACH), (5, BREACH), (5, VETO)), []),
        (((1, BREACH), (3, VETO)), ((1, BREACH),), [("milder", VETO, 3, None)]),
        (((1, BREACH), (3, VETO)), ((2, BREACH), (4, VETO)), [("graver later", VETO, 3, 4), ("later", None, 1, 2)]),
        (((1, VETO),), ((4, VETO),), [("later", None, 1, 4)]),
        (((1, SERIOUS), (3, VETO)), ((1, REMIND), (3, VETO)), [("graver later", SERIOUS, 1, 3)]),
        (((1, REMIND), (3, VETO)), ((1, REMIND), (4, SERIOUS), (4, VETO)), [("graver later", VETO, 3, 4)]),
        (((1, REMIND), (50, VETO)), ((1, REMIND), (60, VETO)), []),  # after the days that are asked for
        (((-5, REMIND), (8, VETO)), ((-5, REMIND), (9, VETO)), [("graver later", VETO, 8, 9)]),
    ],
)
def test_another_weight_is_told_and_when_it_comes(
    present: tuple[tuple[int, Severity], ...],
    other: tuple[tuple[int, Severity], ...],
    told: list[tuple[str, Severity | None, int | None, int | None]],
) -> None:
    """Each weight is an alert of its own (news that it is graver); what is told by its coming is told once."""
    old, new = graver(*present), graver(*other)
    found = list(differences([old], [new], NOON, NOON + 30 * DAY))
    rows = [(one.what, one.severity, *(at and (at - NOON).days for at in (one.present, one.other))) for one in found]
    assert sorted(rows, key=str) == sorted(told, key=str)
    assert all(one.severities == (old.worst, new.worst) for one in found)
    both_told = [one for one in found if one.present is not None and one.other is not None]
    assert all(one.other - one.present == one.by for one in both_told if one.present and one.other)


def test_columns_are_counted_by_pack_and_kind_while_they_are_told(tx: sqlite3.Connection) -> None:
    known = past.past_of(tx, "nobody")
    target = replace(column("c"), column=None)
    stale = Walked([alert(Cause.STALE, 1, 3)])
    counts = Counting([(target, known, stale), (replace(target, id="d"), known, stale)])
    assert dict(counts.at(NOON + 2 * DAY)) == {"stale:p:": 2}
    assert dict(counts.at(NOON + 3 * DAY)) == {}
    assert counts.turns == {NOON + DAY, NOON + 3 * DAY}


def test_the_days_of_the_past_are_those_of_the_store(tx: sqlite3.Connection) -> None:
    hours = tx.execute("SELECT MIN(hour), MAX(hour) FROM availability WHERE target_id = 'site-1'").fetchone()
    kept = past.past_of(tx, "site-1")
    for hour in range(hours[0], hours[1] + 200, 7):
        told = findings.sampled_days(tx, "site-1", from_ms(hour * findings.HOUR))
        assert sorted(kept.sampled_days(hour)) == sorted(told), hour
