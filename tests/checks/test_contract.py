"""What holds for every check of the folder unasked, and what `discover` refuses by name (DESIGN.md §4.1).

A new file in `checks/` is under all of this without a line here.
"""

import ast
import asyncio
import dataclasses
import importlib
import inspect
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import get_type_hints

import pytest
from blockbuster import BlockBuster

import checks
from monitor.api import Context, Finding, Outcome, Target, TargetKind
from monitor.app import discover
from monitor.config.settings import CadenceSettings
from monitor.model import Declaration, DeclarationKind, EntryKind, Seen
from tests.checks import pages
from tests.checks.eyes import SPACE, Viewer, a_target, watching
from tests.observe import tls_server
from tests.observe.dns_server import naming
from tests.observe.raw_server import reply, serving

FOLDER = Path(checks.__path__[0])
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
LOOKS_AT = {name: frozenset(importlib.import_module(f"checks.{name}").KINDS) for name in NAMES}
ENTRY_OF = {"column_fresh": EntryKind.REPLIES, "letters_read": EntryKind.REPLIES}
"""The entry that a check looks at, where it leaves the others alone."""
PAIRS = [(name, kind) for name in NAMES for kind in sorted(LOOKS_AT[name])]
IDS = [f"{name}-{kind}" for name, kind in PAIRS]
every_check = pytest.mark.parametrize("name", NAMES)
every_look = pytest.mark.parametrize(("name", "kind"), PAIRS, ids=IDS)


@pytest.fixture(autouse=True)
def _nothing_blocks(blockbuster: BlockBuster) -> None:
    """One exception: the authorities' file is looked at for a change before each handshake, some microseconds."""
    blockbuster.functions["os.stat"].can_block_in("monitor/observe/tls.py", "contexts")


# The file


def test_the_folder_is_what_is_discovered() -> None:
    assert sorted(discover()) == NAMES
    assert len(NAMES) >= 6


@every_check
def test_the_signature_is_exact(name: str) -> None:
    module = importlib.import_module(f"checks.{name}")
    assert inspect.iscoroutinefunction(module.check)
    assert list(inspect.signature(module.check).parameters) == ["target", "ctx"]
    wanted = {"target": Target[module.Options], "ctx": Context, "return": list[Finding]}  # type: ignore[name-defined]
    assert get_type_hints(module.check) == wanted


@every_check
def test_options_are_frozen_and_each_has_a_default(name: str) -> None:
    options = discover()[name]
    assert dataclasses.is_dataclass(options)
    assert options.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert options() == options(), "all fields have defaults"
    assert options.__doc__, "and it says what can be set, or that nothing can"
    for option in dataclasses.fields(options):
        line = next(line for line in (FOLDER / f"{name}.py").read_text().splitlines() if f"    {option.name}:" in line)
        assert "#" in line, f"{option.name}: the unit, and why that default"


@every_check
def test_kinds_and_cadence_are_words_of_ours(name: str) -> None:
    module = importlib.import_module(f"checks.{name}")
    assert isinstance(module.KINDS, frozenset)
    assert module.KINDS
    assert all(isinstance(kind, TargetKind) for kind in module.KINDS)
    cadence = getattr(module, "CADENCE", None)
    assert cadence is None or cadence in CadenceSettings.model_fields


@every_check
def test_the_first_line_says_what_it_is(name: str) -> None:
    first = (importlib.import_module(f"checks.{name}").__doc__ or "").partition("\n")[0]
    assert 20 <= len(first) <= 120
    assert first.endswith((".", "。"))


@every_check
def test_only_the_contract_is_imported(name: str) -> None:
    """`monitor.api` and the standard library: no store, no settings, no network of its own."""
    tree = ast.parse((FOLDER / f"{name}.py").read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "no relative imports"
            assert node.module == "monitor.api" or _is_harmless(node.module or ""), ast.unparse(node)
        if isinstance(node, ast.Import):
            assert all(_is_harmless(alias.name) for alias in node.names), ast.unparse(node)


def _is_harmless(module: str) -> bool:
    """Standard library, and no way out of the process."""
    top = module.partition(".")[0]
    network = {
        "socket",
        "ssl",
        "http",
        "ftplib",
        "smtplib",
        "subprocess",
        "sqlite3",
        "threading",
        "multiprocessing",
        "time",
    }
    return top in sys.stdlib_module_names and top not in network and not module.startswith("urllib.request")


@every_check
def test_it_has_a_row_that_names_its_kinds_truthfully(name: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert [row[0] for row in rows].count(name) == 1
    told = next(row for row in rows if row[0] == name)
    kinds = {word for word in re.findall(r"\w+", re.sub(r"\(.*?\)", "", told[1])) if word != "and"}
    assert kinds == {kind.value for kind in LOOKS_AT[name]}
    assert told[2].strip()


def test_the_readme_has_no_row_of_a_check_that_is_gone() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert sorted(rows) == NAMES


@every_check
def test_it_has_a_test_of_its_own(name: str) -> None:
    assert (Path(__file__).parent / f"test_{name}.py").is_file()


# What it does


async def look(viewer: Viewer, name: str, kind: TargetKind, url: str) -> list[Finding]:
    """What that check alone says; of a page, declared an entry that it looks at."""
    page = a_target(url, kind)
    page = page if kind is not TargetKind.PAGE else dataclasses.replace(page, entry=ENTRY_OF.get(name, page.entry))
    viewer.tools = dataclasses.replace(viewer.tools, declared=partial(_filed, url))
    filed = Seen(filed_at=datetime(2026, 1, 5, tzinfo=UTC))
    visited = await viewer.visit(url, kind, checks={name: viewer.checks[name]}, target=page, seen=filed)
    assert {said.check for said in visited.findings} <= {name}, "findings bear the name of their check"
    return list(visited.findings)


async def _filed(url: str, target: str, now: datetime) -> tuple[Declaration, ...]:
    """What some checks look at is declared: notices at that very address."""
    closing = DeclarationKind.ACCOUNT_CLOSING if target.startswith("account") else DeclarationKind.MIGRATION
    fields = {"own_notice" if closing is DeclarationKind.MIGRATION else "notice": url}
    return (Declaration(id=1, kind=closing, target=target, start=now, filed_at=now, fields=fields),)


SAY_FAIL = {"reachable": "dns", "links_alive": "dns", "notice_kept": "gone"}
"""Those that are there to say FAIL of what does not open, by tables of their own; all others could not look."""


@every_look
async def test_an_unreachable_target_is_unknown(name: str, kind: TargetKind) -> None:
    async with naming({}) as zone, watching(nameserver=zone.port) as viewer:
        found = [
            said
            for scheme in ("http", "https")
            for said in await look(viewer, name, kind, f"{scheme}://gone.example/a/")
        ]
    wanted = Outcome.FAIL if name in SAY_FAIL else Outcome.UNKNOWN
    assert found
    assert {(said.outcome, said.reason) for said in found} == {(wanted, SAY_FAIL.get(name, "dns"))}
    assert all((said.cause is None) is (wanted is Outcome.UNKNOWN) for said in found)


CHANCE = random.Random(20191201)
GARBAGE = {
    "empty": b"",
    "binary": b"\x89PNG\r\n\x1a\n" + bytes(4000),
    "random": CHANCE.randbytes(60_000),
    "200,000 nested div": b"<html><body>" + b"<div>" * 200_000,
    "unclosed comment": b"<html><body><!-- " + "值守".encode() * 20_000,
    "one huge line": b"<p>" + b"a" * 2_000_000,
    "unclosed tag": b"<html><a href='" + b"x" * 500_000,
    "half of a GBK letter": "<html><meta charset='gbk'><body>值守".encode("gb18030")[:-1],
    "lies about its charset": b"<html><meta charset='utf-16'><meta charset='klingon'><body>" + b"\xff\xfe\xfd" * 900,
    "an XML bomb": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel>&b;</channel></rss>',
    "JSON": b'{"version": "x", "items": [[[[1, null, {"date_published": [2026]}]]]}',
    "dates that are none": b"<ul class='list'>"
    + "".join(
        f"<li><a href='/{n}.html'>关于第{n}次检查的通知</a><span>2026-{n}-99</span></li>" for n in range(40)
    ).encode(),
    "a sitemap of itself": b"<html><base href='javascript:'><a href='//[::1'>a</a><frame src='http://[bad'></html>",
}


@every_look
@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_does_not_crash_it(name: str, kind: TargetKind, body: bytes) -> None:
    async with serving(reply(body, "200 OK", pages.HTML)) as server, watching(timeout=40, slow=39) as viewer:
        found = await look(viewer, name, kind, server.url("/a/b.html"))
    assert [said for said in found if said.outcome is Outcome.BROKEN] == []
    for said in found:
        assert_keeps_its_form(said)


def assert_keeps_its_form(said: Finding) -> None:
    """Small, in one line, JSON-safe, and without a half said verdict."""
    assert "\n" not in str(said.summary)
    assert len(str(said.summary)) <= 300
    assert len(json.dumps(dict(said.evidence), ensure_ascii=False)) <= 20_000
    assert (said.outcome is Outcome.FAIL) is (said.cause is not None)
    assert said.reason or said.outcome is Outcome.OK, "what is not fine has a reason a program can compare"
    units = {"seconds", "bytes", "count", "days", "date", "share"}
    assert {measure.unit for measure in said.measures} <= units


SECRET = "hunter2"
ANSWERS = {
    "fine": pages.LISTED,
    "error": pages.BROKEN,
    "redirect": pages.redirect("/elsewhere/"),
    "wall": pages.WALL_412,
}


@every_look
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
async def test_no_secret_of_an_address_is_told(name: str, kind: TargetKind, answer: bytes) -> None:
    secure = name == "certificate"
    async with serving(answer, tls_server.untrusted() if secure else None) as server, watching() as viewer:
        url = f"http{'s' if secure else ''}://user:{SECRET}@127.0.0.1:{server.port}/a/b.html"
        found = await look(viewer, name, kind, url)
    assert found
    for said in found:
        told = f"{said.summary} {said.reason} {said.subject} {json.dumps(dict(said.evidence))} {said.measures}"
        assert SECRET not in told


# What discovery refuses

GOOD_CHECK = '''
"""A check that keeps the contract, to begin with."""
from dataclasses import dataclass
from monitor.api import Context, Finding, Target, TargetKind
KINDS = frozenset({TargetKind.SITE})
@dataclass(frozen=True, slots=True)
class Options:
    """Nothing to set."""
async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    return []
'''
BAD = {
    "no Options": ("Options", "Choices"),
    "no check": ("async def check(", "async def look("),
    "check is no coroutine": ("async def check(", "def check("),
    "returns something else": ("-> list[Finding]", "-> Finding"),
    "takes something more": ("ctx: Context)", "ctx: Context, more: int)"),
    "takes something else": ("target: Target[Options]", "target: Target[int]"),
    "names them otherwise": ("ctx: Context", "context: Context"),
    "kinds of its own": ("{TargetKind.SITE}", "{'planet'}"),
    "no KINDS": ("KINDS =", "KIND ="),
    "Options not frozen": ("@dataclass(frozen=True, slots=True)", "@dataclass(slots=True)"),
    "an option without a default": ('    """Nothing to set."""', '    """Days."""\n    days: int'),
    "a cadence nobody set": ("KINDS =", 'CADENCE = "hourly"\nKINDS ='),
}

CHILD = """
import json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(folder))
import importlib
from monitor.app import discover
assert str(folder) in str(importlib.import_module("checks").__path__)
told = {}
for number, (name, text) in enumerate(json.load(sys.stdin).items()):
    module = f"bad_{number}"
    (folder / "checks" / f"{module}.py").write_text(text)
    importlib.invalidate_caches()
    try:
        discover()
        told[name] = None
    except Exception as error:
        told[name] = [type(error).__name__, str(error), module]
    (folder / "checks" / f"{module}.py").unlink()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str] | None]:
    """What discovery says of each bad file, in a process whose `checks` is a folder of the test."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "checks").mkdir()
    (folder / "checks" / "__init__.py").write_text("")
    texts = {name: GOOD_CHECK.replace(*change) for name, change in BAD.items()} | {"good": GOOD_CHECK}
    assert all(text != GOOD_CHECK for name, text in texts.items() if name != "good")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(FOLDER.parent)},
    )
    told: Mapping[str, list[str] | None] = json.loads(done.stdout)
    return told


def test_a_file_that_keeps_the_contract_is_taken(refusals: Mapping[str, list[str] | None]) -> None:
    assert refusals["good"] is None


@pytest.mark.parametrize(
    "why",
    list(BAD),
)
def test_a_file_that_does_not_is_refused_by_name(why: str, refusals: Mapping[str, list[str] | None]) -> None:
    refused = refusals[why]
    assert refused is not None
    kind, message, module = refused
    assert kind == "TypeError"
    assert f"checks/{module}.py" in message


async def test_time_between_two_looks_is_short_here() -> None:
    """The tests above stand on a pace of their own, not on the politeness of the daemon."""
    async with serving(pages.LISTED) as server, watching() as viewer:
        assert viewer.settings.fetch.pace == SPACE
        await asyncio.gather(*(viewer.visit(server.url()) for _ in range(3)))
