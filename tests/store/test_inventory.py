"""The inventory taken over, held against comparing every row with every target; what did not change is neither written nor read."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, strategies as st

from monitor.clock import to_ms
from monitor.model import ColumnKind, Contact, EntryKind, Platform, Target, TargetKind, host_of
from monitor.store import canon, listed, opening, schema, targets
from monitor.store.listed import COLUMNS, MOST_ALIKE, Rows
from tests.store.made import DAY, HOUR, NOON, PERIODS, column, site, store, with_targets
from tests.store.plans import asked, plan

OTHER_PERIODS = {**PERIODS, TargetKind.SITE: HOUR, TargetKind.COLUMN: timedelta(minutes=20)}
COLUMN_SQL = ", ".join(COLUMNS)
KINDS = st.sampled_from((TargetKind.SITE, TargetKind.COLUMN, TargetKind.ACCOUNT))


def made(
    *,
    name: str,
    kind: TargetKind,
    url: str,
    own: tuple[str, str | None],
    told: tuple[Any, ...],
    on_home: bool,
    level: int,
    entry: EntryKind | None,
    platform: Platform | None,
) -> Target[Any]:
    packs, contacts, options = told
    return Target(
        id=name, kind=kind, name=f"第{own[0]}", url=url, owner=own[0], site=own[1], on_home=on_home, packs=packs,
        column=ColumnKind.OTHER if kind is TargetKind.COLUMN else None, contacts=contacts, options=options, entry=entry,
        platform=platform if kind is TargetKind.ACCOUNT else None, level=level if kind is TargetKind.COLUMN else 0,
    )  # fmt: skip


told = st.tuples(
    st.sampled_from([("house",), ("house", "national-2019")]).map(lambda names: (*names,)),  # not the same object
    st.sampled_from([(), (Contact("张三", "0751-1234567"),), (Contact("张三"), Contact("李四"))]),
    st.sampled_from([{}, {"links": {"limit": 3}}]),
)
one = st.builds(
    made,
    name=st.sampled_from("abcdeé中"),
    kind=KINDS,
    url=st.sampled_from(["http://a.example/", "http://a.example/x", "https://b.example/"]),
    own=st.tuples(st.sampled_from(["", "办公室", "None"]), st.sampled_from([None, "", "None", "a"])),
    told=told,
    on_home=st.booleans(),
    level=st.integers(0, 2),
    entry=st.sampled_from([None, None, *EntryKind]),
    platform=st.sampled_from([None, Platform.WECHAT, Platform.DOUYIN]),
)
inventories = st.lists(one, unique_by=lambda target: target.id)
steps = st.lists(st.tuples(inventories, st.sampled_from([PERIODS, OTHER_PERIODS]), st.booleans()), max_size=6)


def row_of(target: Target[Any], periods: dict[TargetKind, timedelta]) -> tuple[object, ...]:
    """The values of COLUMNS, said once more."""
    return (
        str(target.kind), target.name, target.url, host_of(target.url), target.owner, target.site,
        str(target.column) if target.column else None, int(target.on_home), target.level, str(target.entry) if target.entry else None,
        str(target.platform) if target.platform else None,
        canon.dumps(target.packs),
        canon.dumps(target.contacts), canon.dumps(target.options), max(1, int(periods[target.kind].total_seconds() * 1000)),
    )  # fmt: skip


def watched(tx: sqlite3.Connection) -> dict[str, tuple[object, ...]]:
    rows = tx.execute(f"SELECT id, {COLUMN_SQL} FROM targets WHERE kind <> 'link' AND removed_at IS NULL").fetchall()
    return {name: tuple(rest) for name, *rest in rows}


@given(steps)
def test_what_is_stored_is_what_the_inventory_says(plan: list[tuple[list[Target[Any]], Any, bool]]) -> None:
    with store() as tx:
        for number, (inventory, periods, forgotten) in enumerate(plan):
            if forgotten:  # as in a store that an older program wrote
                tx.execute("UPDATE targets SET told = NULL")
            before, wanted = watched(tx), {target.id: row_of(target, periods) for target in inventory}
            turns = dict(tx.execute("SELECT id, next_due_at FROM targets").fetchall())
            result = targets.sync(tx, iter(inventory), periods, NOON + number * DAY)
            assert watched(tx) == wanted
            both = before.keys() & wanted.keys()
            changed = {name for name in both if before[name] != wanted[name]}
            assert result.added == tuple(sorted(wanted.keys() - before.keys()))
            assert result.changed == tuple(sorted(changed))
            assert result.removed == tuple(sorted(before.keys() - wanted.keys()))
            kept = {name for name in both if before[name][-1] == wanted[name][-1]}
            now = dict(tx.execute("SELECT id, next_due_at FROM targets").fetchall())
            assert all(now[name] == turns[name] for name in kept)
            assert all(now[name] >= to_ms(NOON + number * DAY) for name in wanted.keys() - kept)
            written = tx.total_changes
            assert targets.sync(tx, inventory, periods, NOON + number * DAY) == targets.SyncResult((), (), ())
            assert tx.total_changes == written


@given(
    st.from_regex(r"(?i:https?)://([a-z\[\]:0-9.@-]{0,9})[/?#]?[/a-z?#:@]{0,9}", fullmatch=True) | st.text(max_size=20)
)
def test_the_host_of_a_row_is_that_of_its_address(url: str) -> None:
    assert listed._host(url) == host_of(url)


@given(one, one)
def test_the_number_of_a_row_tells_it_from_every_other(first: Target[Any], second: Target[Any]) -> None:
    second = replace(second, id=first.id)
    rows = Rows(PERIODS)
    assert (rows.told(first) == rows.told(second)) is (rows.row(first) == rows.row(second))
    assert rows.told(first) == listed.told(rows.row(first)) == Rows(PERIODS).told(replace(first))
    assert rows.row(first) == row_of(first, PERIODS)
    assert Rows(OTHER_PERIODS).told(first) != rows.told(first) or first.kind is TargetKind.ACCOUNT


def test_what_rows_share_is_kept_in_bounds() -> None:
    rows = Rows(PERIODS)
    many = [site("a", options={"links": {"limit": number}}) for number in range(MOST_ALIKE + 5)]
    numbers = [rows.told(target) for target in many]
    assert len(rows.alike) == 5
    assert [rows.told(target) for target in many[:5]] == numbers[:5]
    assert len(set(numbers)) == len(many)


def test_a_reload_without_changes_reads_one_narrow_index_and_writes_nothing() -> None:
    with store() as tx:
        every = [site("a"), column("c"), column("d")]
        with_targets(tx, *every)
        before = tx.total_changes
        questions = asked(tx, lambda tx: targets.sync(tx, every, PERIODS, NOON))
        assert [plan(tx, question) for question in questions] == ["SCAN targets USING INDEX targets_listed"]
        assert not [row for row in tx.execute(f"EXPLAIN {questions[0]}") if row[1] == "SeekRowid"]
        assert tx.total_changes == before


def test_a_changed_row_is_the_only_one_written() -> None:
    with store() as tx:
        every = [site(f"s{number}") for number in range(100)]
        with_targets(tx, *every)
        before = tx.total_changes
        with_targets(tx, *every[:50], replace(every[50], owner="办公室"), *every[51:])
        assert tx.total_changes == before + 1


def test_another_cadence_is_no_question_whose_links_are() -> None:
    """Which site a link lies on goes by hosts; asking for 14,500 of them reads every target."""
    with store() as tx:
        with_targets(tx, site("a"), site("b"))
        assert targets.sync(tx, [site("a"), site("b", owner="某局")], OTHER_PERIODS, NOON).hosts == ()
        moved = [site("a", url="http://c.example/"), column("b", url="http://b.example/")]
        assert targets.sync(tx, moved, OTHER_PERIODS, NOON).hosts == ("a.example", "b.example", "c.example")


def test_a_store_of_the_schema_before_is_taken_over_without_a_change() -> None:
    """Its targets have no number yet: they are compared cell by cell once, and keep what was remembered."""
    every = [site("a"), column("c")]
    with store() as tx:
        with_targets(tx, *every)
        first = ", ".join(name for name in COLUMNS if name not in {"entry", "platform", "level"})
        rows = tx.execute(f"SELECT id, {first}, added_at, sample_due_at, next_due_at FROM targets").fetchall()
    old = sqlite3.connect(":memory:", isolation_level=None)
    try:
        opening.migrate(old, schema.MIGRATIONS[:1])
        places = ", ".join("?" * (len(COLUMNS) + 1))
        sql = f"INSERT INTO targets (id, {first}, added_at, sample_due_at, next_due_at) VALUES ({places})"
        old.executemany(sql, rows)
        opening.migrate(old, schema.MIGRATIONS)
        assert targets.sync(old, every, PERIODS, NOON + DAY) == targets.SyncResult((), (), ())
        assert old.execute("SELECT COUNT(*) FROM targets WHERE told IS NULL").fetchone() == (0,)
        result = targets.sync(old, [site("a"), column("c", owner="新")], PERIODS, NOON + DAY)
        assert result.changed == ("c",)
    finally:
        old.close()
