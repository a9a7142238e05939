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
from base64 import b64encode
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


def holds(found: dict[str, Any], head: str = "") -> bool:
    """Whether the checker finds nothing wrong."""
    try:
        return check.check(found, head).wrong == 0
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
    unset = run(tmp_path / "check.py", tmp_path / "proof.json", "--head", "")
    assert unset.returncode == 2
    assert '--head "" is no head' in unset.stdout


def test_every_incident_of_the_month_is_proven(tx: sqlite3.Connection) -> None:
    head, also = verify(tx).log.head, 0
    for (number,) in tx.execute("SELECT id FROM incidents ORDER BY id").fetchall():
        found = json.loads(canon.dumps(proof(tx, number, NOON)))
        report = check.check(found, head)
        assert report.wrong == 0, (number, report.lines)
        also += len(found["also"]["snapshots"])
        if found["also"]["snapshots"]:
            assert any("另附页面" in zh and "不作证明" in zh for _, zh, _ in report.lines)
    assert also > 0


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


def hide(found: dict[str, Any], *whats: str, with_numbers: bool = False) -> list[dict[str, Any]]:
    """Lines of these kinds made digests, as those of other matters are; returns what they said."""
    chain, bodies = found["chain"], []
    for place, one in enumerate(chain["entries"]):
        if isinstance(one, dict) and one["what"] in whats:
            row = (chain["after"] + place + 1, one["at"], one["who"], one["what"], one["body"])
            body = json.loads(one["body"])
            chain["entries"][place] = [events.digest(row), [4711]] if with_numbers else events.digest(row)
            bodies.append(body)
    assert bodies
    return bodies


def hide_end(found: dict[str, Any], *, with_numbers: bool = False) -> None:
    """It recovered, and the file says it goes on."""
    hide(found, "incident.recovered", "incident.left", with_numbers=with_numbers)
    found["incident"].update(state="open", recovered_at=None)
    found["members"][0].update(left_at=None)


def hide_reasons(found: dict[str, Any]) -> None:
    """Why it grew worse is left out, and its evidence with it."""
    seals = {body["evidence"] for body in hide(found, "incident.worsened", "incident.day")}
    found["evidence"] = [one for one in found["evidence"] if check.sha256(one["body"]) not in seals]


def invent(found: dict[str, Any]) -> None:
    found["evidence"].insert(0, dict(found["evidence"][0], body='{"form":1,"note":"x"}'))
    found["unsealed"] = 1


def throw_out(found: dict[str, Any]) -> None:
    found["missing"] += list(found["bodies"])
    found["bodies"] = {}


def add_page(found: dict[str, Any]) -> None:
    body = b"<html>500</html>"
    found["bodies"][sha(body)] = b64encode(body).decode()
    found["snapshots"].append(dict(found["snapshots"][0], body=sha(body), status=500))


def sent(found: dict[str, Any]) -> dict[str, Any]:
    each: dict[str, Any] = next(one for one in found["deliveries"] if one["state"] == "sent")
    return each


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
    "when it recovered": lambda one: one["incident"].update(recovered_at=one["incident"]["recovered_at"] + 60_000),
    "that it was closed": lambda one: one["incident"].update(closed_at=1),
    "who took it": lambda one: one["incident"].update(acknowledged_by="张三"),
    "when it was taken": lambda one: one["incident"].update(acknowledged_at=1),
    "how often it was told": lambda one: one["incident"].update(warned=one["incident"]["warned"] + 1),
    "something of the incident that is not in it": lambda one: one["incident"].update(note="误报"),
    "another incident's number": lambda one: one["incident"].update(id=one["incident"]["id"] + 1),
    "a part that is not in it": lambda one: one.update(remark="误报"),
    "nobody was in it": lambda one: one.update(members=[]),
    "somebody else was in it": lambda one: one["members"].append(dict(one["members"][0], target="site-99")),
    "when it joined": lambda one: one["members"][0].update(joined_at=1),
    "when it left": lambda one: one["members"][0].update(left_at=1),
    "how grave one of them was": lambda one: one["members"][0]["membership"].update(severity="remind"),
    "which rules of one of them": lambda one: one["members"][0]["membership"].update(rules=[]),
    "why it was in it": lambda one: one["members"][0]["membership"].update(why={"template": "a mistake"}),
    "a word more": lambda one: one["members"][0].update(remark="误报"),
    "a word more of a target": lambda one: one["members"][0]["membership"].update(remark="误报"),
    "a word more of a line": lambda one: line(one).update(remark="误报"),
    "evidence of another target": lambda one: one["evidence"][0].update(target="site-99"),
    "evidence of another time": lambda one: one["evidence"][0].update(at=1),
    "evidence that was invented": invent,
    "evidence in another order": lambda one: one["evidence"].reverse(),
    "a rule twice": lambda one: one["rules"].append(one["rules"][0]),
    "a page's address": lambda one: one["snapshots"][0].update(url="http://x.example/"),
    "a page's time": lambda one: one["snapshots"][0].update(at=1),
    "whose page": lambda one: one["snapshots"][0].update(target="site-99"),
    "the page as it left": lambda one: one["snapshots"][-1].update(status=500),
    "a page that was invented": add_page,
    "all pages thrown out": throw_out,
    "all pages thrown out, and that they were shown": lambda one: one.update(snapshots=[], bodies={}),
    "a page besides": lambda one: one["also"]["bodies"].update({"0" * 64: "QUJD"}),
    "to whom it was sent": lambda one: sent(one).update(recipient="张三"),
    "over what it was sent": lambda one: sent(one).update(channel="x"),
    "when it was sent": lambda one: sent(one).update(finished_at=1),
    "the receipt": lambda one: sent(one).update(receipt="errcode 9"),
    "after how many tries": lambda one: sent(one).update(attempt=9),
    "what was sent": lambda one: sent(one).update(kind="recovered"),
    "which notice was sent": lambda one: sent(one).update(notice=4711),
    "how grave the notice": lambda one: sent(one).update(severity="remind"),
    "when the notice was made": lambda one: sent(one).update(created_at=1),
    "a delivery that was invented": lambda one: one["deliveries"].append(dict(sent(one), delivery=4711)),
    "a delivery twice": lambda one: one["deliveries"].append(sent(one)),
    "a delivery and its line hidden": lambda one: (hide(one, "delivery.sent"), one["deliveries"].clear()),
    "that it is over": hide_end,
    "that it is over, as another's": lambda one: hide_end(one, with_numbers=True),
    "that it grew worse": hide_reasons,
    "whose lines they are": lambda one: next(
        each for each in one["chain"]["entries"] if isinstance(each, list)
    )[1].append(4711),
    "of which form a line is": lambda one: line(one).update(form=2),
    "no form of a line": lambda one: line(one).pop("form"),
    "a form nobody knows": lambda one: line(one).update(form=4),
    "that a line is another's": lambda one: line(one).update(other=True),
    "how often one of them was told": lambda one: one["members"][0]["membership"].update(warned=9),
    "words in another language": lambda one: one["lines"].update(fr=["une erreur"]),
    "its own lines as another's": lambda one: line(one).update(other=True, form=1),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGERIES)
def test_forgeries_are_found_though_the_checksum_fits(outage: dict[str, Any], what: str) -> None:
    head = outage["chain"]["head"]
    assert holds(forged(outage, lambda _one: None), head)
    assert not holds(forged(outage, FORGERIES[what]), head)


def test_it_says_plainly_what_is_not_sealed(outage: dict[str, Any], tmp_path: Path) -> None:
    """The words of the explanation can be anything: who reads them is told, and is shown what was sealed."""
    words = {"zh-CN": ["本事件系误报"], "en": ["a mistake"]}
    path = tmp_path / "proof.json"
    path.write_text(canon.dumps(forged(outage, lambda one: one.update(lines=words, same=False))), encoding="utf-8")
    done = run(CHECKER, path)
    assert done.returncode == 0
    assert "未附上的份数（0）是出具方所称，不作证明" in done.stdout
    assert "不作证明：逐日说明的文字（lines）和“重新判定结果不同 / NOT the same”（same）是出具方的解释" in done.stdout
    assert "NOT proven: the words of the explanation (lines)" in done.stdout
    kept = json.loads(outage["evidence"][0]["body"])["decided"]["membership"]
    assert f"{kept['cause']}, {kept['severity']}, {kept['rules'][0]}" in done.stdout
    assert "另附页面" in done.stdout


def test_a_proof_of_another_form_is_left_to_its_own_checker(outage: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    path.write_text(canon.dumps(outage | {"format": "zhishou-proof/1"}), encoding="utf-8")
    assert run(CHECKER, path).returncode == 2


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


DECLARED: tuple[Callable[[dict[str, Any]], object], ...] = (
    lambda one: one["declarations"][0].update(number="函1号"),
    lambda one: one["declarations"][0].update(filed_at=1),
    lambda one: one["declarations"][0].update(by="王五"),
    lambda one: one["declarations"][0].update(superseded_at=1),
    lambda one: one["declarations"][0].update(attachments=[]),
    lambda one: one["declarations"].clear(),
)


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
    for change in DECLARED:
        assert not holds(forged(found, change))


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
