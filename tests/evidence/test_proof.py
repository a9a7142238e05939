"""A proof holds by itself, with nothing but Python; every change of it is found; nothing secret is in it."""

import ast
import copy
import hashlib
import io
import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from monitor.app import load_settings
from monitor.evidence import check
from monitor.evidence.proof import packed, proof
from monitor.evidence.verify import verify
from monitor.model import Declaration, DeclarationKind, Fetched, Reach
from monitor.store import canon, declarations, events, rules, snapshots
from tests.evidence.copies import first
from tests.settle.desk import SITE, Estate, down
from tests.store.made import NOON, sha, store

CHECKER = Path(check.__file__)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The checker as whoever got the file runs it: no site packages, nothing of ours."""
    command = [sys.executable, "-I", "-S", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)


def holds(found: dict[str, Any]) -> bool:
    """Whether the checker finds nothing wrong."""
    try:
        return check.check(found).wrong == 0
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return False


@pytest.fixture(scope="module")
def outage(month: Path) -> dict[str, Any]:
    """The proof of the outage, as it is read from the file."""
    tx = sqlite3.connect(month)
    found: dict[str, Any] = json.loads(canon.dumps(proof(tx, first(tx, "outage"), NOON)))
    tx.close()
    return found


@pytest.mark.parametrize("cause", ["outage", "dead_link", "blind", "tamper", "stale"])
def test_the_file_checks_itself(tx: sqlite3.Connection, tmp_path: Path, cause: str) -> None:
    path = tmp_path / "proof.zip"
    path.write_bytes(packed(proof(tx, first(tx, cause), NOON)))
    done = run(path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "全部成立 / everything holds" in done.stdout
    assert "✗" not in done.stdout
    assert verify(tx).log.head in done.stdout


def test_unpacked_beside_its_checker_and_against_a_noted_head(tx: sqlite3.Connection, tmp_path: Path) -> None:
    content = packed(proof(tx, first(tx, "outage"), NOON))
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["README.txt", "__main__.py", "check.py", "proof.json"]
    head = verify(tx).log.head
    assert run(tmp_path / "check.py", tmp_path / "proof.json", "--head", head).returncode == 0
    other = run(tmp_path / "check.py", "--head", "0" * 64, tmp_path / "proof.json")
    assert other.returncode == 1
    assert "✗ 另行记下的链首在这条链上" in other.stdout


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"format": 1}', b"PK\x03\x04", b"\xff\xfe"])
def test_what_is_no_proof_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    done = run(CHECKER, path)
    assert done.returncode in {1, 2}
    assert done.stderr == ""


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every value stands."""
    if isinstance(value, dict) and value:
        for name, part in value.items():
            yield from leaves(part, (*path, name))
    elif isinstance(value, list) and value:
        for number, part in enumerate(value):
            yield from leaves(part, (*path, number))
    else:
        yield path


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def changed(value: Any, data: st.DataObject) -> Any:
    """One byte of it flipped; of numbers another one, of nothing something."""
    if isinstance(value, str) and value:
        place = data.draw(st.integers(0, len(value) - 1))
        letter = data.draw(st.characters(exclude_categories=["Cs"]).filter(lambda one: one != value[place]))
        return value[:place] + letter + value[place + 1 :]
    if isinstance(value, bool) or value is None:
        return not value
    return value + data.draw(st.integers(1, 1000)) if isinstance(value, int | float) else [value]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_value_that_is_changed_is_found(outage: dict[str, Any], data: st.DataObject) -> None:
    assert holds(outage)
    path = data.draw(st.sampled_from(list(leaves(outage))))
    forged = copy.deepcopy(outage)
    at(forged, path[:-1])[path[-1]] = changed(at(outage, path), data)
    assert not holds(forged), path


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_byte_of_the_file_is_found_by_the_checker_alone(
    outage: dict[str, Any], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = canon.dumps(outage).encode()
    place, flip = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("flipped") / "proof.json"
    path.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
    done = run(CHECKER, path)
    assert done.returncode in {1, 2}, done.stdout
    assert done.stderr == ""


def forged(found: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Changed by somebody who also made the checksum fit."""
    other = copy.deepcopy(found)
    change(other)
    other["checksum"] = check.sha256(check.canonical({name: one for name, one in other.items() if name != "checksum"}))
    return other


def line(found: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in found["chain"]["entries"] if isinstance(one, dict))


FORGERIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "when": lambda one: one["incident"].update(opened_at=one["incident"]["opened_at"] + 60_000),
    "how it ended": lambda one: one["incident"].update(state="false_alarm"),
    "how grave": lambda one: one["incident"].update(severity="remind"),
    "which rules": lambda one: one["incident"].update(rules=[]),
    "a line": lambda one: line(one).update(who="张三"),
    "a line and its seal": lambda one: line(one).update(who="张三", hash="0" * 64),
    "a line left out": lambda one: one["chain"]["entries"].remove(line(one)),
    "a digest": lambda one: one["chain"]["entries"].append("0" * 64),
    "the head": lambda one: one["chain"].update(head="0" * 64),
    "evidence": lambda one: one["evidence"][0].update(body=one["evidence"][0]["body"].replace("connect", "timeout")),
    "evidence left out": lambda one: one["evidence"].pop(),
    "evidence said to be older": lambda one: one.update(unsealed=1),
    "a rule's text": lambda one: one["rules"][0].update(text=one["rules"][0]["text"].replace("网站", "网页")),
    "a rule left out": lambda one: one["rules"].pop(),
    "a page": lambda one: one["bodies"].update({next(iter(one["bodies"])): "QUJD"}),
    "a page left out": lambda one: one["bodies"].pop(next(iter(one["bodies"]))),
    "a head": lambda one: one["snapshots"][0].update(head="[]"),
    "a status": lambda one: one["snapshots"][0].update(status=500),
    "a delivery": lambda one: next(each for each in one["deliveries"] if each["state"] == "sent").update(state="dead"),
    "a delivery left out": lambda one: one["deliveries"].clear(),
    "a declaration": lambda one: one["declarations"].append({"id": 1, "by": "x"}),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_forgeries_are_found_though_the_checksum_fits(outage: dict[str, Any], what: str) -> None:
    assert holds(forged(outage, lambda _one: None))
    assert not holds(forged(outage, FORGERIES[what]))


def test_lines_of_earlier_programs_are_carried_whole(spoilt: sqlite3.Connection) -> None:
    """They cannot be followed by their digests: the seal goes over the whole line."""
    rows, before = spoilt.execute("SELECT seq, at, who, what, body FROM events ORDER BY seq").fetchall(), ""
    for number, row in enumerate(rows):
        old = hashlib.sha256(canon.dumps([*row, before]).encode()).hexdigest()
        new = hashlib.sha256(canon.dumps([events.digest(row), before]).encode()).hexdigest()
        before = old if number < len(rows) // 2 else new
        spoilt.execute("UPDATE events SET hash = ? WHERE seq = ?", (before, row[0]))
    found = json.loads(canon.dumps(proof(spoilt, first(spoilt, "outage"), NOON)))
    assert any(isinstance(one, dict) and one.get("form") == 1 for one in found["chain"]["entries"])
    assert any(isinstance(one, str) for one in found["chain"]["entries"])
    assert holds(found)


def test_of_other_matters_only_digests_are_in_it(tx: sqlite3.Connection, outage: dict[str, Any]) -> None:
    shown = [one for one in outage["chain"]["entries"] if isinstance(one, dict)]
    about = [json.loads(one["body"]).get("incident") for one in shown if one["what"].startswith("incident.")]
    assert set(about) == {first(tx, "outage")}
    assert len(shown) < len(outage["chain"]["entries"])


async def test_declarations_and_their_papers_are_in_it_and_no_secret_is(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    now = estate.clock.now()
    people = '[{"name":"王某","phone":"13800000000","role":"值守"}]'
    options = '{"reachable":{"token":"SECRET-OPTION"}}'
    await estate.do(lambda tx: tx.execute("UPDATE targets SET contacts = ?, options = ?", (people, options)))
    body = b"<html>closed</html>"
    head = (("Set-Cookie", "session=SECRET-COOKIE"), ("Server", "nginx"))
    url = "http://one.example/"
    page = Fetched(
        url=url, final_url=url, reach=Reach.OPEN, detail="", started_at=now, seconds=0.1, status=200, headers=head
    )
    await estate.do(lambda tx: snapshots.save(tx, SITE, now, page, body, sha(body), "n"))
    one = Declaration(
        id=0, kind=DeclarationKind.CHANGE, target=SITE, start=now, by="李四", filed_at=now, fields={"what": "改版"}
    )
    paper = declarations.Attachment("批复.pdf", 10, "ab" * 32)
    for minute in range(3):
        await estate.look(SITE, Reach.CONNECT, down())
        if minute < 2:
            await estate.pass_time(type(now - now)(minutes=1))
    await estate.do(lambda tx: declarations.file(tx, one, now, [paper]))
    found = json.loads(canon.dumps(await estate.do(lambda tx: proof(tx, 1, now))))
    await estate.close()
    assert holds(found)
    assert found["declarations"][0]["attachments"] == [{"bytes": 10, "name": "批复.pdf", "sha256": "ab" * 32}]
    assert found["snapshots"][0]["body"] == sha(body)
    assert "nginx" in found["snapshots"][0]["head"]
    for secret in ("SECRET", "13800000000", "王某", "console://"):
        assert secret not in canon.dumps(found)
    gone = forged(found, lambda one: one["declarations"][0].update(number="函1号"))
    assert not holds(gone)


def test_the_checker_is_plain_old_python() -> None:
    source = CHECKER.read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    roots = {each.names[0].name for each in ast.walk(tree) if isinstance(each, ast.Import)}
    roots |= {str(each.module) for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    assert {root.partition(".")[0] for root in roots} <= sys.stdlib_module_names
    assert not {"removeprefix", "removesuffix", "UTC", "strict"} & {
        each.attr if isinstance(each, ast.Attribute) else getattr(each, "arg", "") for each in ast.walk(tree)
    }


def test_it_tells_the_version_of_every_shipped_rule() -> None:
    """By the text that is stored, which is what travels in a proof."""
    every = [rule for pack in load_settings(None).packs for rule in pack.rules]
    with store() as tx:
        rules.remember(tx, every, NOON)
        for rule in every:
            told = json.loads(rules.text_of(tx, rule.key, rule.version) or "")
            said = json.dumps({**told, "version": ""}, sort_keys=True, ensure_ascii=False)
            assert check.sha256(said)[:12] == rule.version


@settings(max_examples=200, deadline=None)
@given(
    st.tuples(
        st.integers(1, 2**40), st.integers(-(2**50), 2**50), *[st.text(st.characters(exclude_categories=["Cs"]))] * 3
    )
)
def test_it_writes_lines_as_the_log_does(row: tuple[int, int, str, str, str]) -> None:
    assert check.sha256(check.canonical(list(row))) == events.digest(row)
