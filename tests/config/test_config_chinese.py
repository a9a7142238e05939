"""Whatever the loader can raise is said in Chinese: every sentence of its code, every bad example, and odd values in every key.

A problem's values are keys, ids, names of files and what somebody wrote; those are told as they stand, everything else is Chinese.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

import monitor
from monitor.cli.warned import told
from monitor.config.document import Report, parse_document
from monitor.config.load import load
from monitor.config.packs import PackTable
from monitor.config.problems import ConfigError, Problem
from monitor.config.rules import RuleTable
from monitor.config.sections import SECTIONS
from monitor.config.settings import Channel, Person
from monitor.config.tables import read_model
from monitor.model import Text
from monitor.render import catalogue, translate
from tests.config.test_config_bad import BAD, CHECKS, FILES, accepts

ROOT = Path(monitor.__file__).parent
SPEAKING = (*sorted((ROOT / "config").rglob("*.py")), ROOT / "staging.py", ROOT / "alert" / "channels" / "address.py")
"""The code that finds what is wrong with settings, packs, inventories, rosters, calendars, imports and channel addresses."""

SENTENCE = re.compile(r"[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}")
CODE = re.compile(r'"[^"]*"|\{[^}]*\}|\[\[?[^\]]*\]\]?|`[^`]*`|head -c 32 /dev/urandom \| base64')
"""What is to be written as it stands: texts in quotes, tables, commands."""


def sentences() -> Iterator[tuple[str, str]]:
    for path in SPEAKING:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}: no sentence of the catalogue"
                yield f"{path.relative_to(ROOT)}:{node.lineno}", str(node.args[0].value)


SAID = list(sentences())


def test_the_loader_has_many_things_to_say() -> None:
    assert len(SAID) > 350
    assert len({place.partition(":")[0] for place, _ in SAID}) > 30


@pytest.mark.parametrize(("place", "msgid"), SAID, ids=[place for place, _ in SAID])
def test_every_sentence_is_chinese(place: str, msgid: str) -> None:
    words = catalogue("zh-CN").get(msgid, "")
    assert words, f"{place}: no Chinese for {msgid!r}"
    plain = CODE.sub("", words)
    assert not SENTENCE.search(plain), words
    letters = re.sub(r"[^A-Za-z]", "", CODE.sub("", msgid))
    assert not letters or plain != CODE.sub("", msgid), f"{place}: still English: {words}"


def untold(text: Text) -> str:
    """The Chinese sentence with every value left out that stands in somebody's file."""
    values = {name: untold(value) if isinstance(value, Text) else "…" for name, value in text.values.items()}
    return translate(Text(text.template, values), "zh-CN", verbatim=True)


def is_chinese(problem: Problem) -> bool:
    said = CODE.sub("", untold(problem.words))
    return not SENTENCE.search(said) and (re.search("[\u4e00-\u9fff]", said) is not None)


@pytest.mark.parametrize("file", FILES)
def test_every_bad_example_is_told_in_chinese(file: str, tmp_path: Path) -> None:
    path = BAD / file
    if path.parent.name != "settings":
        key = "rules" if path.parent.name == "packs" else "inventory"
        (tmp_path / "monitor.toml").write_text(f'[{key}]\nfiles = ["{path}"]\n', "utf-8")
        path = tmp_path / "monitor.toml"
    with pytest.raises(ConfigError) as caught:
        load(path, checks=CHECKS, accepts=accepts, environ={})
    for problem in caught.value.problems:
        if "no such service" not in str(problem):  # what this test's own channel says
            assert is_chinese(problem), told(problem, "zh-CN")
        assert told(problem, "en") == str(problem)


VALUE = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.floats(),
        st.text(max_size=8),
        st.dates(date(1, 1, 1)),
        st.datetimes(datetime(1, 1, 1)),
        st.sampled_from(["14d", "-1s", "10.0.0.1/8", "http://", "25:61", "127.0.0.1", "veto"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=4,
)
MODELS: dict[str, Any] = {**SECTIONS, "channel": Channel, "person": Person, "pack": PackTable, "rule": RuleTable}


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted(MODELS)), st.data())
def test_odd_values_of_every_key_are_refused_in_chinese(name: str, data: st.DataObject) -> None:
    model = MODELS[name]
    keys = st.sampled_from([*model.model_fields, "sitte"])
    table = data.draw(st.dictionaries(keys, VALUE, max_size=4))
    document = parse_document(b"", "monitor.toml", Report())
    read_model(document, (name,), table, model)
    for problem in document.report.problems:
        assert is_chinese(problem), told(problem, "zh-CN")
        assert str(problem)


BROKEN = (
    'a = "', "a = '''", "a = [1,", "a = {b = 1", "[a\nb = 1", "[[a]\n", "a 1", "= 1", "a = \n", "a = 2026-13-01", "a = 1\na = 2",
    "[a]\n[a]", "a = {b = 1, b = 2}", "a = {b = 1}\n[a.c]\nd = 1", 'a = "\\q"', 'a = "\\u12"', "a = 1 2", 'a = "\x01"', "[a]\nb = 1\n[a.b]",
    "a = 'x\n", "[]", "a = +", 'a = "\\ud800"', "a.b = 1\n[a]\n[[a]]",
)  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_toml_is_told_in_chinese(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)
    report = Report()
    parse_document(text.encode(), "monitor.toml", report)
    assert report.problems
    for problem in report.problems:
        assert is_chinese(problem), told(problem, "zh-CN")
        assert "写法不对" not in told(problem, "zh-CN"), "what tomllib says is known"
