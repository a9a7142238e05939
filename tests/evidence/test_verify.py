"""Whatever is changed in the ledger behind its back is found, and where; what cannot be seen without a noted head is, with one."""

import hashlib
import json
import sqlite3
import tracemalloc
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from monitor.app import load_settings
from monitor.clock import civil_day, day_start
from monitor.config.declaring import Request
from monitor.config.packs import version_of
from monitor.evidence import check
from monitor.evidence.explain import explanation
from monitor.evidence.proof import proof
from monitor.evidence.registers import REGISTERS
from monitor.evidence.unchecked import PARTLY
from monitor.evidence.verify import verify
from monitor.model import (
    Attestation,
    Declaration,
    DeclarationKind,
    Letter,
    LetterRow,
    MessageClass,
    Reach,
    ReadLetters,
    Rule,
    TargetKind,
)
from monitor.settle import clock
from monitor.settle.filing import file_declaration
from monitor.settle.policy import policy_of
from monitor.store import (
    attesting,
    canon,
    commands,
    declarations,
    events,
    letters,
    registers,
    retention,
    rules,
    snapshots,
)
from tests.evidence.copies import copy_of
from tests.settle.desk import SITE, Estate, down
from tests.store.made import NOON, site, store, with_targets

COLUMNS = ("seq", "at", "who", "what", "body", "hash")


def test_a_store_as_the_watch_leaves_it_holds(tx: sqlite3.Connection) -> None:
    found = verify(tx)
    assert found.problems == ()
    assert found.holds
    assert found.log.lines == tx.execute("SELECT COUNT(*) FROM events").fetchone()[0] > 20
    assert found.log.head == tx.execute("SELECT hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()[0]
    assert found.incidents == tx.execute("SELECT COUNT(*) FROM incidents").fetchone()[0]
    assert found.evidence == tx.execute("SELECT COUNT(*) FROM evidence").fetchone()[0]
    assert found.bodies == tx.execute("SELECT COUNT(*) FROM bodies").fetchone()[0] > 10
    assert found.deliveries > 0


@pytest.fixture(scope="module")
def loose(month: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """One copy for many examples, each undone."""
    connection = copy_of(month, tmp_path_factory.mktemp("loose") / "loose.db")
    yield connection
    connection.close()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_of_any_line_that_was_changed_is_found_at_its_line(
    loose: sqlite3.Connection, data: st.DataObject
) -> None:
    lines = loose.execute("SELECT COUNT(*) FROM events").fetchone()[0]
    seq, column = data.draw(st.integers(1, lines)), data.draw(st.sampled_from(COLUMNS))
    stored = loose.execute(f"SELECT CAST({column} AS BLOB) FROM events WHERE seq = ?", (seq,)).fetchone()[0]
    place = data.draw(st.integers(0, len(stored) - 1))
    byte = stored[place] ^ data.draw(st.integers(1, 255))
    changed = stored[:place] + bytes([byte]) + stored[place + 1 :]
    loose.execute("BEGIN")
    try:
        if column in {"seq", "at"}:
            value = data.draw(st.integers(-(2**40), 2**45).filter(lambda one: str(one).encode() != stored))
            if column == "seq" and 1 <= value <= lines:
                return  # that number is taken
            loose.execute(f"UPDATE events SET {column} = ? WHERE seq = ?", (value, seq))
        else:
            loose.execute(f"UPDATE events SET {column} = CAST(? AS TEXT) WHERE seq = ?", (changed, seq))
        found = verify(loose)
        assert not found.holds
        assert found.log.broken is not None
        assert found.log.broken <= seq
        assert column == "seq" or found.log.broken == seq
    finally:
        loose.execute("ROLLBACK")


@pytest.mark.parametrize("which", ["first", "middle"])
def test_a_line_that_is_missing_is_named(spoilt: sqlite3.Connection, which: str) -> None:
    seq = 1 if which == "first" else 12
    spoilt.execute("DELETE FROM events WHERE seq = ?", (seq,))
    assert verify(spoilt).log.broken == seq


def test_missing_lines_at_the_end_show_against_a_noted_head(spoilt: sqlite3.Connection) -> None:
    events.append(spoilt, NOON, "张三", "duty.logged", {"text": "交班"})
    head = verify(spoilt).log.head
    assert verify(spoilt, head).holds
    events.append(spoilt, NOON, "张三", "duty.logged", {"text": "接班"})
    grown = verify(spoilt, head)
    assert grown.holds
    assert grown.noted_at == grown.log.lines - 1
    spoilt.execute("DELETE FROM events WHERE seq >= ?", (grown.log.lines - 1,))
    assert verify(spoilt).holds  # nobody can see it
    cut = verify(spoilt, head)
    assert not cut.holds
    assert head in str(cut.problems[0])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            "UPDATE incidents SET state = 'closed', closed_at = 1 WHERE id = 1",
            "state is closed, by the log it is recovered",
        ),
        ("UPDATE incidents SET severity = 'remind' WHERE id = 1", "severity is remind"),
        ("UPDATE incidents SET cause = 'slow' WHERE id = 1", "cause is slow"),
        ("UPDATE incidents SET rules = '[]' WHERE id = 1", "rules is []"),
        ("UPDATE incidents SET opened_at = opened_at + 1 WHERE id = 1", "opened_at"),
        ("DELETE FROM incidents WHERE id = 1", "incident 1 stands in the log or in its table"),
        ("UPDATE members SET left_at = joined_at + 1 WHERE left_at IS NULL", "left_at is"),
        ("UPDATE members SET left_at = left_at + 86400000 WHERE left_at IS NOT NULL", "left_at is"),
        ("UPDATE evidence SET body = replace(body, '\"form\"', '\"from\"') WHERE id = 1", "evidence of incident 1"),
        ("DELETE FROM evidence WHERE id = 1", "evidence of incident 1"),
        ("UPDATE evidence SET at = at + 1 WHERE id = 1", "evidence of incident 1"),
        ("UPDATE incidents SET recovered_at = recovered_at + 1 WHERE id = 1", "recovered_at"),
        ("UPDATE incidents SET note = '[{}]' WHERE id = 1", "note is [{}]"),
        ("UPDATE incidents SET rules = 'x' WHERE id = 1", "rules is x"),
        ("UPDATE members SET severity = 'remind' WHERE incident_id = 1", "severity is remind"),
        ("UPDATE members SET joined_at = joined_at + 1 WHERE incident_id = 1", "joined_at"),
        ("DELETE FROM members WHERE incident_id = 1", "members 1 site-1: stands in the log, and not in the table"),
        (
            "INSERT INTO members VALUES (1, 'site-9', 1, 1, 1, 'veto', '[]', '')",
            "members 1 site-9: stands in the table",
        ),
        ("UPDATE rules SET text = json_set(text, '$.says', 'x') WHERE key = 'house/outage'", "rules house/outage"),
        ("UPDATE rules SET text = '[]' WHERE key = 'house/outage'", "rules house/outage"),
        ("UPDATE outages SET started_at = started_at + 1", "started_at"),
        ("UPDATE outages SET gaps = '[[1,2]]'", "gaps is [[1, 2]]"),
        ("DELETE FROM outages", "outages 1: stands in the log, and not in the table"),
        (
            "INSERT INTO outages (target_id, started_at) VALUES ('site-2', 4000000000000)",
            "stands in the table, and not in the log",
        ),
        ("INSERT INTO excused VALUES ('site-1', 'outage', '*', 1)", "nobody called incident 1 a false alarm"),
        ("UPDATE deliveries SET finished_at = 5 WHERE id = 1", "finished_at is 5"),
        ("UPDATE deliveries SET receipt = 'x' WHERE id = 1", "receipt is x"),
        ("UPDATE deliveries SET recipient = 'x' WHERE id = 1", "recipient is x"),
        ("UPDATE deliveries SET channel = 'x' WHERE id = 1", "channel is x"),
        ("UPDATE deliveries SET severity = 'x' WHERE id = 1", "severity is x"),
        ("UPDATE deliveries SET attempt = 7 WHERE id = 1", "attempt is 7"),
        ("UPDATE deliveries SET maybe = 1 WHERE id = 1", "maybe is 1"),
        ("DELETE FROM delivery_notices WHERE delivery_id = 1", "deliveries 1: the news it told of incident 1"),
        (
            "DELETE FROM delivery_notices WHERE notice_id IN (SELECT id FROM notices WHERE incident_id = 1)",
            "deliveries 1: the news it told of incident 1",
        ),
        ("UPDATE notices SET created_at = created_at + 86400000 WHERE incident_id = 1", "told of incident 1"),
        ("UPDATE notices SET kind = 'day' WHERE incident_id = 1", "told of incident 1"),
        ("UPDATE notices SET severity = 'remind' WHERE incident_id = 1", "told of incident 1"),
        ("UPDATE notices SET incident_id = 2 WHERE incident_id = 1", "told of incident 2"),
        ("UPDATE notices SET incident_id = NULL WHERE incident_id = 1", "told of incident 1"),
        (
            "UPDATE delivery_notices SET delivery_id = (SELECT MAX(id) FROM deliveries) WHERE delivery_id = 1",
            "deliveries 1: the news it told of incident 1",
        ),
        ("UPDATE delivery_notices SET recipient = 'x' WHERE delivery_id = 1", "recipient or channel"),
        ("UPDATE delivery_notices SET channel = 'x' WHERE delivery_id = 1", "recipient or channel"),
        ("UPDATE incidents SET warned = warned + 1 WHERE id = 1", "warned is"),
        ("UPDATE evidence SET incident_id = 1 WHERE incident_id = 2", "evidence of incident 2"),
        (
            "UPDATE deliveries SET state = 'superseded' WHERE id = 1",
            "deliveries 1: state is superseded, by the log it is sent",
        ),
        ("DELETE FROM deliveries WHERE id = 1", "deliveries 1: stands in the log, and not in the table"),
    ],
)
def test_tables_that_say_something_else_than_the_log_are_told(
    spoilt: sqlite3.Connection, change: str, says: str
) -> None:
    spoilt.execute("PRAGMA foreign_keys = OFF")
    spoilt.execute(change)
    found = verify(spoilt)
    assert found.log.broken is None
    assert any(says in str(problem) for problem in found.problems), [str(one) for one in found.problems]


EVIDENCE = "SELECT json_extract(body, '$.shown.{}') FROM evidence"
NAMED = f"at IN ({EVIDENCE.format('at')}) AND body_hash IN ({EVIDENCE.format('body')})"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DELETE FROM rules", "its text is gone"),
        ("DELETE FROM rules WHERE key = 'house/outage'", "rules house/outage"),
        ("DELETE FROM snapshots", "evidence of incident 1, is gone"),
        (f"DELETE FROM snapshots WHERE id = (SELECT MAX(id) FROM snapshots WHERE {NAMED})", "is gone"),
        (f"UPDATE snapshots SET status = 500 WHERE {NAMED}", "address, status or head"),
        (f"UPDATE snapshots SET headers = '[]' WHERE {NAMED}", "address, status or head"),
        (f"UPDATE snapshots SET headers = 'x' WHERE {NAMED}", "address, status or head"),
        (f"UPDATE snapshots SET url = 'http://x.example/' WHERE {NAMED}", "address, status or head"),
        (f"UPDATE snapshots SET at = at + 1 WHERE {NAMED}", "is gone"),
        (f"UPDATE snapshots SET target_id = 'site-9' WHERE {NAMED}", "is gone"),
        ("DELETE FROM bodies", "stored body"),
        ("DELETE FROM bodies WHERE depth = (SELECT MAX(depth) FROM bodies)", "stored body"),
        ("DELETE FROM bodies WHERE base IS NULL", "is not what it was"),
        ("DELETE FROM snapshots WHERE at IN (SELECT json_extract(body, '$.shown.at') FROM events WHERE what = 'incident.left')", "is gone"),
    ],
)  # fmt: skip
def test_what_evidence_names_must_be_there(spoilt: sqlite3.Connection, change: str, says: str) -> None:
    """Rules and pages of incidents are kept for ever: that one is gone is never in order."""
    head = verify(spoilt).log.head
    assert spoilt.execute(change).rowcount > 0
    found = verify(spoilt, head)
    assert not found.holds
    assert found.log.broken is None
    assert any(says in str(problem) for problem in found.problems), [str(one) for one in found.problems]


def test_what_a_person_with_the_file_would_throw_away_first(spoilt: sqlite3.Connection) -> None:
    head = verify(spoilt).log.head
    for table in ("rules", "snapshots", "bodies"):
        spoilt.execute(f"DELETE FROM {table}")
    spoilt.execute("UPDATE members SET left_at = left_at + 86400000 WHERE left_at IS NOT NULL")
    assert len(verify(spoilt, head).problems) > 10


def test_pages_of_every_stay_in_an_incident_outlast_clearing_up(spoilt: sqlite3.Connection) -> None:
    """Two years on nothing is cleared that evidence names, and what it names is found."""
    late = NOON + timedelta(days=800)
    while retention.purge(spoilt, late, disk_low=True).more:
        pass
    assert verify(spoilt).problems == ()


def test_pages_of_an_earlier_stay_in_an_incident_are_kept(spoilt: sqlite3.Connection) -> None:
    """A target that left and came back has a new beginning; what it showed when it joined first is evidence still."""
    sql = "SELECT incident_id, target_id, joined_at FROM members ORDER BY joined_at LIMIT 1"
    incident, target, joined = spoilt.execute(sql).fetchone()
    spoilt.execute(
        "UPDATE members SET since = ?1, left_at = ?1 WHERE incident_id = ?2 AND target_id = ?3",
        (joined + 20 * 86_400_000, incident, target),
    )
    late = NOON + timedelta(days=800)
    while retention.purge(spoilt, late, disk_low=True).more:
        pass
    assert not [one for one in verify(spoilt).problems if "is gone" in str(one)]


def test_a_stored_page_that_was_changed_is_told(spoilt: sqlite3.Connection) -> None:
    name, stored = spoilt.execute("SELECT hash, stored FROM bodies WHERE base IS NULL LIMIT 1").fetchone()
    spoilt.execute("UPDATE bodies SET stored = ? WHERE hash = ?", (stored[:-5] + bytes(5), name))
    assert any(name in str(problem) for problem in verify(spoilt).problems)


BODY = "hash = (SELECT MIN(hash) FROM bodies WHERE {})"


@pytest.mark.parametrize("which", ["base IS NULL", "base IS NOT NULL"])
@pytest.mark.parametrize(
    "change", ["stored = CAST(stored || x'00' AS BLOB)", "stored = CAST(stored || stored AS BLOB)", "size = size + 1", "depth = depth + 1"]
)  # fmt: skip
def test_a_stored_page_with_anything_besides_it_is_told(spoilt: sqlite3.Connection, which: str, change: str) -> None:
    """It still hashes to its name; but somebody was at it."""
    (name,) = spoilt.execute(f"SELECT hash FROM bodies WHERE {BODY.format(which)}").fetchone()
    body = snapshots.load_body(spoilt, name)
    spoilt.execute("PRAGMA ignore_check_constraints = ON")
    assert spoilt.execute(f"UPDATE bodies SET {change} WHERE hash = ?", (name,)).rowcount == 1
    problems = [str(one) for one in verify(spoilt).problems]
    assert any(name in one for one in problems)
    assert len(problems) == 1 or "depth" in change, "what builds on it is as it was"
    assert snapshots.load_body(spoilt, name) == body, "it is evidence all the same"


REGISTERED = {
    "UPDATE messages SET class = 'handling' WHERE id = 'm1'": "messages site-1 m1: class is handling",
    "UPDATE messages SET received_at = 1 WHERE id = 'm1'": "messages site-1 m1: received_at is 1",
    "UPDATE messages SET answered_at = received_at WHERE id = 'm2'": "messages site-1 m2: answered_at",
    "UPDATE messages SET answered_at = NULL WHERE id = 'm3'": "messages site-1 m3: answered_at is None",
    "UPDATE messages SET explained = 1 WHERE id = 'm3'": "messages site-1 m3: explained is 1",
    "UPDATE messages SET source = 'x' WHERE id = 'm1'": "messages site-1 m1: source is x",
    "DELETE FROM messages WHERE id = 'm2'": "messages site-1 m2: stands in the log, and not in the table",
    "INSERT INTO messages (target_id, id, class, received_at, source, told_at) VALUES ('site-1', 'x9', 'jiucuo', 1, '', 1)": (
        "x9: stands in the table, and not in"
    ),
    "UPDATE messages SET answered_at = answered_at + 1 WHERE id = 'SZ-1'": "messages site-1 SZ-1: answered_at",
    "UPDATE messages SET how = 'import' WHERE id = 'SZ-1'": "messages site-1 SZ-1: how is import",
    "UPDATE messages SET answer = 'told' WHERE id = 'SZ-1'": "messages site-1 SZ-1: answer is told",
    "UPDATE messages SET title = 'x' WHERE id = 'ZC-9'": "messages site-1 ZC-9: title is x",
    "UPDATE messages SET url = '' WHERE id = 'ZC-9'": "messages site-1 ZC-9: url",
    "UPDATE messages SET id = 'ZC-8' WHERE id = 'ZC-9'": "",
    "UPDATE posts SET day = '2026-01-01' WHERE id = 'p1'": "posts account-1 p1: day is 2026-01-01",
    "UPDATE posts SET original = 0 WHERE id = 'p1'": "posts account-1 p1: original is 0",
    "UPDATE posts SET title = 'x' WHERE id = 'p2'": "posts account-1 p2: title is x",
    "DELETE FROM posts WHERE id = 'p2'": "posts account-1 p2: stands in the log, and not in the table",
    "INSERT INTO posts VALUES ('account-1', 'p9', '2026-01-01', '', 1, '', 1)": "p9: stands in the table",
    "UPDATE attestations SET newest = '2026-11-01'": "attestations 1: newest is 2026-11-01",
    "UPDATE attestations SET who = '王五'": "attestations 1: who is 王五",
    "UPDATE attestations SET until = until + 1": "attestations 1: until",
    "UPDATE attestations SET screenshot = 'x'": "attestations 1: screenshot is x",
    "DELETE FROM attestations": "attestations 1: stands in the log, and not in the table",
    "UPDATE mutes SET until = until + 1": "mutes site-1: until",
    "UPDATE mutes SET who = '王五'": "mutes site-1: who is 王五",
    "DELETE FROM mutes": "mutes site-1: stands in the log, and not in the table",
    "INSERT INTO mutes VALUES ('account-1', 4000000000000, '王五', 'x', 1)": "mutes account-1: stands in the table",
}


def read_off(tx: sqlite3.Connection, *shown: Letter, at: datetime) -> None:
    rows = ReadLetters(tuple(LetterRow(one) for one in shown), whole=True)
    letters.note(tx, "site-1/replies", "site-1", "http://site-1.example/", rows, at, None)


@pytest.fixture
def registered() -> Iterator[sqlite3.Connection]:
    """Messages by hand, by import, answered and replaced; posts; an attestation; a silence that moved with the clock."""
    day = timedelta(days=1)
    source = registers.Source("张三", "八月.csv", "ab" * 32)
    with store() as tx:
        with_targets(tx, site("site-1"), site("account-1", kind=TargetKind.ACCOUNT))
        row = registers.MessageRow("site-1", "m1", MessageClass.JIUCUO, NOON, explained=True)
        registers.add_message(tx, row, "张三", NOON)
        more = [row._replace(id=f"m{n}", explained=None, cls=MessageClass.HANDLING) for n in range(2, 1203)]
        registers.put_messages(tx, more, source, NOON + day, replace=False)
        registers.answer_message(tx, ("site-1", "m3"), NOON + day, "李四", NOON + day)
        registers.answer_message(tx, ("site-1", "m1"), NOON + day, "李四", NOON + day)
        again = [more[0]._replace(received=NOON - day)]
        registers.put_messages(tx, again, source._replace(file="九月.csv"), NOON + 2 * day, replace=True)
        shown = [Letter(title=f"第{n}封", number=f"SZ-{n}", received="2026-11-10", is_answered=False) for n in (1, 2)]
        nameless = Letter(
            title="路灯不亮", url="http://site-1.example/9.html", received="2026-11-11", is_answered=False
        )
        read_off(tx, *shown, nameless, at=NOON)
        read_off(tx, replace(shown[0], is_answered=True, answered="2026-11-12"), nameless, at=NOON + day)
        taken = row._replace(id="ZC-9", title="路灯不亮", received=day_start(date(2026, 11, 11)), explained=None)
        registers.put_messages(tx, [taken], source, NOON + day, replace=False)
        registers.answer_message(tx, ("site-1", "SZ-2"), NOON, "李四", NOON + day)
        posts = [registers.PostRow("account-1", f"p{n}", "2026-11-19", "题", original=True) for n in (1, 2)]
        registers.put_posts(tx, posts, source, NOON, replace=False)
        registers.put_posts(tx, [posts[0]._replace(title="新题")], source, NOON + day, replace=True)
        seen = Attestation(civil_day(NOON), NOON, NOON + day, "张三")
        attesting.attest(tx, "account-1", seen, "cd" * 32, "看过")
        commands.mute(tx, NOON, "张三", "site-1", until=NOON + 9 * day, reason="施工")
        settled = policy_of(load_settings(None))
        clock.was_set(tx, by=-day, policy=settled, now=NOON - day)
        rules.remember(tx, settled.rules.values(), NOON)
        yield tx


def test_registers_as_commands_leave_them_hold(registered: sqlite3.Connection) -> None:
    found = verify(registered)
    assert found.problems == (), [str(one) for one in found.problems]
    assert (found.registers["messages"], found.registers["posts"], found.registers["attestations"]) == (1205, 2, 1)


@pytest.mark.parametrize("change", REGISTERED)
def test_a_register_that_was_changed_by_hand_is_told_with_its_row(registered: sqlite3.Connection, change: str) -> None:
    registered.execute(change)
    problems = [str(one) for one in verify(registered).problems]
    assert len(problems) == (1 if REGISTERED[change] else 2), problems
    assert REGISTERED[change] in problems[0]


def test_what_clearing_up_forgets_is_not_missed(registered: sqlite3.Connection) -> None:
    late = NOON + timedelta(days=900)
    events.append(registered, late, "张三", "duty.logged", {"text": "x"})
    while retention.purge(registered, late, disk_low=False).more:
        pass
    assert registered.execute("SELECT COUNT(*) FROM posts").fetchone() == (0,)
    assert registered.execute("SELECT COUNT(*) FROM mutes").fetchone() == (0,)
    assert verify(registered).holds


def test_every_table_is_compared_or_named_with_its_reason(tx: sqlite3.Connection) -> None:
    tables = {name for (name,) in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} - {
        "sqlite_sequence"
    }
    compared = {*REGISTERS, "events", "incidents", "members", "evidence", "excused", "rules", "bodies", "snapshots"}
    compared |= {"notices", "delivery_notices"}
    found = verify(tx)
    assert compared.isdisjoint(found.unchecked)
    assert tables - {name for name in tables if name.startswith("sqlite_")} == compared | set(found.unchecked)
    for table, partly in PARTLY.items():
        stored = {row[1] for row in tx.execute(f"PRAGMA table_info({table})")}
        assert set(partly.columns.split(", ")) <= stored


def test_outages_of_an_earlier_program_are_named_and_not_suspected(
    tx: sqlite3.Connection, spoilt: sqlite3.Connection
) -> None:
    spoilt.execute(
        "INSERT INTO outages (target_id, started_at, up_since, ended_at) VALUES ('site-3', 1000, 2000, 2000)"
    )
    found = verify(spoilt)
    assert found.holds
    assert "1 outages are of an earlier program" in str(found.unchecked["outages"])
    assert "outages" not in verify(tx).unchecked


def test_a_long_log_takes_no_more_memory(registered: sqlite3.Connection) -> None:
    """Ten times the rows, and what verify holds at its peak grows by far less."""

    def peak() -> int:
        tracemalloc.start()
        try:
            assert verify(registered).holds
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few = peak()
    row = registers.MessageRow("site-1", "n", MessageClass.JIUCUO, NOON)
    many = [row._replace(id=f"n{n}") for n in range(12_000)]
    registers.put_messages(registered, many, registers.Source("张三", "十月.csv", ""), NOON, replace=False)
    assert peak() < 2 * few


def filed(tx: sqlite3.Connection, number: str, corrects: int | None = None) -> int:
    one = Declaration(
        id=0,
        kind=DeclarationKind.TEMPORARY_OFFLINE,
        target="site-1",
        start=NOON,
        end=NOON + timedelta(days=3),
        number=number,
        by="李四",
        filed_at=NOON,
        fields={"why": "机房搬迁"},
    )
    paper = declarations.Attachment("批复.pdf", 10, "ab" * 32)
    return declarations.file(tx, one, NOON, [paper], corrects)


@pytest.mark.parametrize(
    "change",
    [
        "number = 'x'",
        "fields = '{}'",
        "end = end + 1",
        "who = '王五'",
        "attachments = '[]'",
        "superseded_at = 1",
        "superseded_at = 1, withdrawn_by = '王五', withdrawn_because = ''",
        "target_id = 'site-2'",
    ],
)
def test_a_declaration_that_was_changed_is_told(change: str) -> None:
    with store() as tx:
        last = filed(tx, "函3号", corrects=filed(tx, "函1号"))
        declarations.withdraw(tx, filed(tx, "函2号"), "李四", NOON, "重复")
        assert verify(tx).holds, [str(one) for one in verify(tx).problems]
        tx.execute(f"UPDATE declarations SET {change} WHERE id = ?", (last,))
        assert any(f"declarations {last}" in str(problem) for problem in verify(tx).problems)


@pytest.mark.parametrize("change", ["withdrawn_by = '王五'", "withdrawn_because = '误登'"])
def test_who_withdrew_it_and_why_are_as_the_log_says(change: str) -> None:
    with store() as tx:
        gone = filed(tx, "函2号")
        declarations.withdraw(tx, gone, "李四", NOON, "重复")
        assert verify(tx).holds, [str(one) for one in verify(tx).problems]
        tx.execute(f"UPDATE declarations SET {change} WHERE id = ?", (gone,))
        assert any(f"declarations {gone}" in str(problem) for problem in verify(tx).problems)


def test_a_declaration_that_counts_again_is_told() -> None:
    with store() as tx:
        first = filed(tx, "函1号")
        filed(tx, "函3号", corrects=first)
        tx.execute("UPDATE declarations SET superseded_at = NULL WHERE id = ?", (first,))
        assert not verify(tx).holds


def test_lines_of_earlier_programs_hold_and_are_guarded() -> None:
    """They were sealed over the whole line and the seal before."""
    with store() as tx:
        before = ""
        for seq in (1, 2, 3):
            row = [seq, 1000 * seq, "zhishou", "duty.logged", canon.dumps({"n": seq})]
            before = hashlib.sha256(canon.dumps([*row, before]).encode()).hexdigest()
            tx.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", (*row, before))
        events.append(tx, NOON, "zhishou", "duty.logged", {"n": 4})
        assert verify(tx).holds
        tx.execute("DROP TRIGGER events_are_never_changed")
        tx.execute("UPDATE events SET who = 'x' WHERE seq = 2")
        assert verify(tx).log.broken == 2


def yielding(known: Mapping[str, Rule]) -> dict[str, Rule]:
    """The same rules, those that a site opens yielding to force majeure."""
    kinds = (DeclarationKind.FORCE_MAJEURE,)
    found = {key: replace(rule, exempt_by=kinds) if rule.id == "outage" else rule for key, rule in known.items()}
    return {key: replace(rule, version=version_of(rule)) for key, rule in found.items()}


async def test_what_weighs_less_by_what_was_filed_is_in_the_log_and_in_its_proof(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    estate.policy = replace(estate.policy, rules=yielding(estate.policy.rules), _applicable={}, _needs={})
    begun = estate.clock.now()
    await estate.do(lambda tx: rules.remember(tx, estate.policy.rules.values(), begun))
    for minute in range(3):
        await estate.look(SITE, Reach.CONNECT, down())
        if minute < 2:
            await estate.pass_time(timedelta(minutes=1))
    request = Request(
        kind="force_majeure",
        target=SITE,
        start=(begun - timedelta(hours=1)).isoformat(),
        by="张三",
        fields={"reason": "停电"},
    )
    await estate.do(lambda tx: file_declaration(tx, estate.policy, request, estate.clock.now()))
    whats = await estate.do(lambda tx: [one.what for one in events.of_incident(tx, 1)])
    assert "incident.eased" in whats
    found = await estate.do(verify)
    assert found.problems == ()
    proven = json.loads(canon.dumps(await estate.do(lambda tx: proof(tx, 1, estate.clock.now()))))
    assert check.check(proven).wrong == 0
    assert proven["incident"]["severity"] == "remind"
    await estate.do(lambda tx: tx.execute("UPDATE incidents SET severity = 'serious' WHERE id = 1"))
    assert not (await estate.do(verify)).holds
    assert (await estate.do(lambda tx: explanation(tx, 1))).same is True
    await estate.close()
