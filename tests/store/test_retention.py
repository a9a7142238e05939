"""What is forgotten, and what never is."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.model import Cause, Finding, Item, Link, Measure, Standing
from monitor.model.words import Compliance
from monitor.store import commands, events, findings, incidents, retention, seen, snapshots, standings, targets
from tests.store.made import (
    DAY,
    HOUR,
    NOON,
    PERIODS,
    bad,
    fetched,
    good,
    membership,
    run,
    sha,
    site,
    store,
    with_targets,
)

YEARS = NOON + 1000 * DAY


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        with_targets(connection, site("a"), site("b"))
        yield connection


def purge_all(tx: sqlite3.Connection, now: object = YEARS, *, disk_low: bool = False) -> Counter[str]:
    """Batches until the walk has come round."""
    rows: Counter[str] = Counter()
    while True:
        done = retention.purge(tx, now, disk_low)  # type: ignore[arg-type]
        rows.update(done.rows)
        if not done.more:
            return rows


def count(tx: sqlite3.Connection, table: str) -> int:
    return int(tx.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


def test_every_table_has_a_retention_rule(tx: sqlite3.Connection) -> None:
    tables = {
        row[0] for row in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    }
    assert tables == set(retention.RETENTION)


def test_what_is_not_kept_is_purged_and_what_is_kept_is_not() -> None:
    source = Path(retention.__file__).read_text() + Path(snapshots.__file__).read_text()
    purged = set(re.findall(r"DELETE FROM (\w+)", source))
    assert purged == {
        "carriers",
        "standings",
        "runs",
        "run_dates",
        "availability",
        "items",
        "posts",
        "letters",
        "targets",
        "snapshots",
        "bodies",
        "mutes",
    }
    kept = {table for table, rule in retention.RETENTION.items() if rule.startswith("kept")}
    assert kept & purged == {"targets"}, "of targets only links that nobody carries go"


def test_runs_and_samples_of_long_ago_go(tx: sqlite3.Connection) -> None:
    old = run(good())
    findings.save_run(tx, "a", run(bad(), NOON + HOUR), run(good(), id=findings.save_run(tx, "a", old, None)))
    findings.count_sample(tx, "a", NOON, "good")
    findings.count_sample(tx, "a", YEARS, "good")
    assert purge_all(tx, NOON + 399 * DAY) == {}
    assert purge_all(tx) == {"runs": 1, "availability": 1}
    assert len(findings.current_runs(tx, "a")) == 1, "a run that goes on stays, however old"
    assert findings.samples(tx, "a", YEARS) == (1, 0, 0)


def dated(day: str) -> Finding:
    return good("column_fresh")._replace(measures=(Measure("newest", day, "date"),))


def test_dates_of_a_run_go_with_it_and_after_400_days_but_for_the_one_that_counted_then(tx: sqlite3.Connection) -> None:
    ended = run(dated("2026-11-01"))
    findings.save_run(tx, "a", run(bad("column_fresh")), run(good(), id=findings.save_run(tx, "a", ended, None)))
    number = findings.save_run(tx, "b", run(dated("2026-11-01")), None)
    for days, day in ((0, "2026-11-01"), (10, "2026-11-11"), (20, "2026-11-21"), (900, "2027-01-01")):
        findings.save_run(tx, "b", run(dated(day), NOON + days * DAY, id=number), None)
    assert purge_all(tx, NOON + 399 * DAY) == {}
    assert purge_all(tx) == {"runs": 1, "run_dates": 2}
    kept = [(name, day) for name, day in tx.execute("SELECT run_id, day FROM run_dates ORDER BY since")]
    assert kept == [(number, "2026-11-21"), (number, "2027-01-01")], "what was told 400 days ago, and since"


def test_items_stay_while_they_may_still_be_shown(tx: sqlite3.Connection) -> None:
    old = [Item(f"{n}", f"http://a.example/{n}") for n in range(100)]
    seen.note_items(tx, "a", old, NOON)
    assert purge_all(tx) == {}, "a sparse list keeps its old items"
    new = [Item(f"{n}", f"http://a.example/{n}") for n in range(100, 350)]
    seen.note_items(tx, "a", new, YEARS)
    assert purge_all(tx) == {"items": 50}


def test_links_nobody_carries_go_after_ninety_days(tx: sqlite3.Connection) -> None:
    page = targets.load_target(tx, "a")
    seen.note_links(tx, page, [Link("http://x.example/1", "1", "a"), Link("http://x.example/2", "2", "a")], NOON, DAY)
    name = seen.link_id("http://x.example/1")
    findings.save_run(tx, name, run(bad()), None)
    seen.note_links(tx, page, [Link("http://x.example/2", "2", "a")], NOON + DAY, DAY)
    assert purge_all(tx, NOON + 90 * DAY) == {}
    rows = purge_all(tx, NOON + 92 * DAY) + purge_all(tx, NOON + 92 * DAY)
    assert rows == {"carriers": 1, "targets": 1}
    assert findings.current_runs(tx, name) == {}
    assert purge_all(tx) == {"runs": 1}


def test_a_link_in_an_open_incident_stays(tx: sqlite3.Connection) -> None:
    page = targets.load_target(tx, "a")
    seen.note_links(tx, page, [Link("http://x.example/1", "1", "a")], NOON, DAY)
    name = seen.link_id("http://x.example/1")
    wanted = membership(cause=Cause.DEAD_LINK, key="x.example")
    number = incidents.open_incident(tx, wanted, key="x.example", severity=wanted.severity, now=NOON)
    incidents.join(tx, number, name, wanted, NOON)
    seen.note_links(tx, page, [], NOON, DAY)
    purge_all(tx)
    assert targets.load_target(tx, name).kind == "link"
    incidents.leave(tx, number, name, NOON)
    purge_all(tx)
    with pytest.raises(KeyError):
        targets.load_target(tx, name)


def keep_snapshots(tx: sqlite3.Connection, days: int) -> list[bytes]:
    bodies = [b"<p>" * 2000 + str(n).encode() * 50 for n in range(days)]
    for day, body in enumerate(bodies):
        snapshots.save(tx, "a", NOON + day * DAY, fetched(body), body, sha(body), sha(body))
    return bodies


def test_snapshots_of_long_ago_go_but_the_newest_and_those_of_incidents(tx: sqlite3.Connection) -> None:
    bodies = keep_snapshots(tx, 10)
    wanted = membership(since=NOON + 3 * DAY + HOUR)
    number = incidents.open_incident(tx, wanted, key="a", severity=wanted.severity, now=NOON + 3 * DAY)
    incidents.join(tx, number, "a", wanted, NOON + 3 * DAY)
    incidents.leave(tx, number, "a", NOON + 5 * DAY + HOUR)
    assert purge_all(tx)["snapshots"] == 6
    kept = {row[0] for row in tx.execute("SELECT body_hash FROM snapshots")}
    assert kept == {sha(bodies[n]) for n in (3, 4, 5, 9)}
    assert all(sha(snapshots.load_body(tx, each)) == each for each in kept)


def test_a_low_disk_drops_bodies_first_and_keeps_the_ledger(tx: sqlite3.Connection) -> None:
    bodies = keep_snapshots(tx, 40)
    events.append(tx, NOON, "a", "b", {})
    findings.count_sample(tx, "a", NOON, "good")
    before = tx.execute("PRAGMA page_count").fetchone()[0]
    assert purge_all(tx, NOON + 40 * DAY) == {}
    rows = purge_all(tx, NOON + 40 * DAY, disk_low=True)
    assert rows["snapshots"] == 39
    assert rows["bodies"] > 15
    assert snapshots.load_body(tx, sha(bodies[-1])) == bodies[-1]
    assert tx.execute("PRAGMA page_count").fetchone()[0] <= before
    assert (count(tx, "events"), count(tx, "availability")) == (1, 1)


def test_free_pages_go_back_to_the_file_system(tmp_path: Path) -> None:
    with store(tmp_path / "zhishou.db") as tx:
        with_targets(tx, site("a"))
        for day in range(30):
            body = sha(str(day).encode()).encode() * 3000
            body = bytes((byte * 31 + place * place) % 251 for place, byte in enumerate(body))
            snapshots.save(tx, "a", NOON + day * DAY, fetched(body), body, sha(body), sha(body))
        before = tx.execute("PRAGMA page_count").fetchone()[0]
        tx.execute("BEGIN IMMEDIATE")
        purge_all(tx, NOON + 40 * DAY, disk_low=True)
        tx.execute("COMMIT")
        assert tx.execute("PRAGMA page_count").fetchone()[0] < before - 50


def test_standings_of_what_is_no_longer_watched_go(tx: sqlite3.Connection) -> None:
    due = Standing("house/x", Compliance.DUE, bad().summary, Cause.STALE, until=NOON)
    standings.replace(tx, "a", [due], None, NOON)
    standings.replace(tx, "b", [due], None, NOON)
    targets.sync(tx, [site("b")], PERIODS, NOON)
    assert standings.of_target(tx, "a") == []
    assert standings.of_target(tx, "b") == [due]


def test_mutes_go_long_after_they_ended(tx: sqlite3.Connection) -> None:
    commands.mute(tx, NOON, "张三", "a", until=NOON + DAY, reason="检修")
    assert purge_all(tx, NOON + 400 * DAY) == {}
    assert purge_all(tx) == {"mutes": 1}


def test_a_walk_comes_round_in_batches() -> None:
    with store() as tx:
        with_targets(tx, *(site(f"site-{n:04}") for n in range(3 * retention.AT_ONCE + 5)))
        for name in ("*", "site-0000", "site-0100", "zz-unknown"):
            findings.count_sample(tx, name, NOON, "good")
        batches = 0
        rows: Counter[str] = Counter()
        while True:
            done = retention.purge(tx, YEARS, disk_low=False)
            batches += 1
            rows.update(done.rows)
            if not done.more:
                break
        assert batches == 4
        assert rows == {"availability": 4}, "also of targets that no longer are, or never were, in the inventory"


def test_disk_low_reads_the_free_space(tmp_path: Path) -> None:
    assert not retention.disk_low(tmp_path / "zhishou.db", below=1)
    assert retention.disk_low(tmp_path / "zhishou.db", below=1 << 60)


def test_a_clock_far_ahead_forgets_two_days_a_night_and_not_a_year_at_once(tx: sqlite3.Connection) -> None:
    assert retention.reckoned(tx, NOON, disk_low=False) == NOON
    ahead = NOON + 400 * DAY
    for night in (1, 2):
        assert retention.reckoned(tx, ahead, disk_low=False) == NOON + night * retention.NIGHT
    for _ in range(24):  # by the hour, while the disk is low
        assert retention.reckoned(tx, ahead, disk_low=True) == NOON + 3 * retention.NIGHT
    assert retention.reckoned(tx, NOON + DAY, disk_low=False) == NOON + DAY, "set right again"
    assert retention.reckoned(tx, NOON + 2 * DAY, disk_low=False) == NOON + 2 * DAY, "night by night it keeps pace"
