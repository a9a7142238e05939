"""Scenario files (DESIGN.md §4.6): TOML in, a checked Scenario out, or every problem of the file at once.

Reads one file. Times count from `start`; a scenario may use only the kinds and packs this product knows. It never plays
anything: `faults.py` says what holds when, `truth.py` what it must lead to.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from monitor.city.entries import KINDS as ENTRIES
from monitor.city.faults import CHANNEL, KINDS, Event, ScenarioError, expand, lacking
from monitor.city.filings import contradictions, unlisted
from monitor.city.options import NEEDED, OPTIONS, moment
from monitor.city.plan import Plan, make_plan

KNOWN = frozenset(
    {
        *("down", "dns", "timeout", "slow", "http_500", "http_404", "tls_expired", "challenged", "maintenance"),
        *("soft_error", "hijacked", "hidden_link", "dead_link", "blank", "silent", "shell", "backdated", "bridge_down"),
        *("marks_missing", "entry_missing", "uplink_down", "killed", "clock_jump", "channel_down", "disk_full", "ack"),
        *("declared", "message", "notice_gone", "unmanned", "hosted_abroad", "mislisted", "posts"),
    }
)
"""Kinds whose obligation exists by now; each new obligation brings its own."""
LAST_YEAR = 9000
"""A scenario begins before: times are counted on for years beyond its end."""

CADENCES = ("site", "column", "account", "links", "certificate", "page")
_COUNTS = {"sites": (1, 9999), "columns_per_site": (0, 800), "accounts": (0, 9999), "links_per_home": (0, 9999)}
_COUNTS |= {"entries_per_site": (0, len(ENTRIES))}
_AT_ONCE = frozenset({"ack", "clock_jump", "declared", "message", "posts"})
BEFORE_ALL = -1
"""Where what is wrong outside the events stands among them."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One rehearsal as its file tells it. `plan` is the city of its seed."""

    name: str
    start: datetime
    days: int
    seed: int
    rules: tuple[str, ...]
    cadence: Mapping[str, timedelta]
    counts: Mapping[str, int]
    events: tuple[Event, ...]
    plan: Plan = field(repr=False)

    @property
    def end(self) -> datetime:
        """The instant it is over."""
        return self.start + timedelta(days=self.days)


def read_scenario(path: Path, packs: Collection[str], seed: int | None = None) -> Scenario:
    """The scenario of a file; `packs` are the rule packs there are, `seed` overrules the file's. Raises ScenarioError."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError([f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError([f"{path}: is not TOML: {error}"]) from error
    sheet = _Sheet(path, raw, _event_lines(text))
    scenario = sheet.scenario(packs, seed)
    if sheet.problems or scenario is None:
        raise ScenarioError([words for _, words in sorted(sheet.problems, key=_number)])
    return scenario


_EVENT = re.compile(r"\s*\[\[\s*event\s*\]\]")
_INLINE = re.compile(r"^\s*event\s*=\s*\[", re.MULTILINE)
_WORD = re.compile(r"""\"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*|[\[{\]}]""")


def _event_lines(text: str) -> list[int]:
    """On which line each event begins: at its [[event]], or at its brace where they are written `event = [{…}, …]`."""
    if (array := _INLINE.search(text)) is None:
        return [n for n, line in enumerate(text.splitlines(), 1) if _EVENT.match(line)]
    lines, depth = [], 0
    for word in _WORD.finditer(text, array.end()):
        if word[0] == "]" and depth == 0:
            break
        if word[0] == "{" and depth == 0:
            lines.append(text.count("\n", 0, word.start()) + 1)
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(word[0], 0)
    return lines


@dataclass(slots=True)
class _Sheet:
    """A file being read, and what is wrong with it."""

    path: Path
    raw: Mapping[str, Any]
    lines: list[int]  # on which each event begins
    problems: list[tuple[int, str]] = field(default_factory=list)  # with the number of the event, or BEFORE_ALL

    def wrong(self, place: str, words: str, event: int = BEFORE_ALL) -> None:
        line = self.lines[event] if BEFORE_ALL < event < len(self.lines) else None
        self.problems.append((event, f"{self.path}{f':{line}' if line else ''}: {place}: {words}"))

    def scenario(self, packs: Collection[str], seed: int | None) -> Scenario | None:
        self._unknown_keys(self.raw, ("start", "days", "seed", "rules", "cadence", "city", "event"), "")
        start, days = self._start(), self._whole("days", self.raw.get("days"), 1, 3660)
        sown = seed if seed is not None else self._whole("seed", self.raw.get("seed", 7), 0, 2**63 - 1)
        rules, cadence, (counts, doubtful) = self._rules(packs), self._cadence(), self._counts()
        tables = self._tables()
        told = [self._event(number, one, days) for number, one in tables.items()]
        events = tuple(event for event in told if event is not None)
        plan = _plan(sown or 0, counts, tables.values())  # names do not depend on the seed
        self._fits(plan, tables, doubtful)
        if start is None or days is None or sown is None or doubtful:
            return None
        return Scenario(self.path.stem, start, days, sown, rules, cadence, counts, events, plan)

    def _start(self) -> datetime | None:
        start = self.raw.get("start")
        if isinstance(start, str):
            try:
                start = datetime.fromisoformat(start)
            except ValueError:
                start = None
        if not isinstance(start, datetime) or start.tzinfo is None or not 1970 < start.year < LAST_YEAR:
            words = f"from 1971 to {LAST_YEAR - 1} with its zone"
            self.wrong("start", f'expected an instant {words}, such as "2026-01-05T00:00:00+08:00"')
            return None
        return start

    def _whole(self, place: str, value: object, least: int, most: int) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(place, f"expected a whole number from {least} to {most}, not {_shown(value)}")
        return None

    def _rules(self, packs: Collection[str]) -> tuple[str, ...]:
        rules = self.raw.get("rules", ["national-2019", "house"])
        if not isinstance(rules, list) or not rules:
            self.wrong("rules", "expected a list of at least one rule pack")
            return ()
        for name in rules:
            if name not in packs:
                self.wrong("rules", f"there is no pack {name!r} (known: {', '.join(sorted(packs))})")
        return tuple(str(name) for name in rules)

    def _cadence(self) -> dict[str, timedelta]:
        table = self._table("cadence")
        self._unknown_keys(table, CADENCES, "cadence.")
        found: dict[str, timedelta] = {}
        for name in CADENCES:
            length = moment(table[name]) if name in table else None
            if length is not None and length >= timedelta(seconds=1):
                found[name] = length
            elif name in table:
                words = 'expected a length of time such as "15m", at least "1s"'
                self.wrong(f"cadence.{name}", f"{words}, not {_shown(table[name])}")
        return found

    def _counts(self) -> tuple[dict[str, int], set[str]]:
        """The numbers of the city, and which of them are only usual ones, since what was written is none."""
        table = self._table("city")
        self._unknown_keys(table, tuple(_COUNTS), "city.")
        unread = set() if isinstance(self.raw.get("city", {}), dict) else set(_COUNTS)
        usual = {"sites": 12, "columns_per_site": 5, "accounts": 20, "links_per_home": 20, "entries_per_site": 0}
        told = {name: self._whole(f"city.{name}", table.get(name, usual[name]), *_COUNTS[name]) for name in _COUNTS}
        counts = {name: usual[name] if number is None else number for name, number in told.items()}
        return counts, unread | {name for name, number in told.items() if number is None}

    def _table(self, name: str) -> Mapping[str, Any]:
        table = self.raw.get(name, {})
        if isinstance(table, dict):
            return table
        self.wrong(name, "expected a table")
        return {}

    def _tables(self) -> dict[int, Mapping[str, Any]]:
        """The events as they stand in the file, by number."""
        told = self.raw.get("event", [])
        if not isinstance(told, list):
            self.wrong("event", "expected [[event]] tables")
            return {}
        tables: dict[int, Mapping[str, Any]] = {n: one for n, one in enumerate(told) if isinstance(one, dict)}
        lines = dict(zip(tables, self.lines, strict=False))
        self.lines = [lines.get(number, 0) for number in range(len(told))]
        for number in sorted(set(range(len(told))) - set(tables)):
            self._wrong_event(number, f"expected a table, not {_shown(told[number])}")
        return tables

    def _wrong_event(self, number: int, words: str) -> None:
        self.wrong(f"event {number + 1}", words, number)

    def _event(self, number: int, raw: Mapping[str, Any], days: int | None) -> Event | None:
        target, at, lasts = raw.get("target"), moment(raw.get("at")), moment(raw.get("for"))
        kind = raw["kind"] if isinstance(raw.get("kind"), str) else ""
        before = len(self.problems)
        if kind not in KNOWN:
            what = "a kind that is not played yet:" if kind in KINDS else "unknown kind"
            self._wrong_event(number, f"{what} {_shown(raw.get('kind'))} (known: {', '.join(sorted(KNOWN))})")
        if not isinstance(target, str) or not target:
            self._wrong_event(number, f'target: expected one, such as "site-03" or "*", not {_shown(target)}')
        if at is None or (days is not None and at >= timedelta(days=days)):
            end = "the end" if days is None else f"the end after {days} days"
            words = f'at: expected a time before {end}, such as "3d 02:10" or "40m"'
            self._wrong_event(number, f"{words}, not {_shown(raw.get('at'))}")
        if "for" in raw and not lasts:
            words = f'for: expected a length of time such as "40m" or "2d", not {_shown(raw["for"])}'
            self._wrong_event(number, words)
        if "for" in raw and kind in _AT_ONCE:
            self._wrong_event(number, f"for: {kind} is over at once, leave this out")
        options = self._options(number, raw, kind)
        if len(self.problems) > before or at is None:
            return None
        for words in contradictions(kind, str(target), at, options):
            self._wrong_event(number, words)
        return Event(at, kind, str(target), timedelta() if kind in _AT_ONCE else lasts, options)

    def _options(self, number: int, raw: Mapping[str, Any], kind: str) -> dict[str, Any]:
        mine = OPTIONS.get(kind, {})
        known = mine if kind in KNOWN else sorted({name for each in OPTIONS.values() for name in each})
        self._unknown_keys(raw, ("at", "for", "kind", "target", *known), f"event {number + 1}: ", number)
        told = {name: raw[name] for name in mine if name in raw}
        for name, option in mine.items():
            if (name in raw or (kind, name) in NEEDED) and not option.good(raw.get(name)):
                self._wrong_event(number, f"{name}: expected {option.expected}, not {_shown(raw.get(name))}")
        return told

    def _unknown_keys(
        self, table: Mapping[str, Any], known: tuple[str, ...], place: str, event: int = BEFORE_ALL
    ) -> None:
        for key in table:
            if key not in known:
                self.wrong(f"{place}{key}", f"unknown key (known: {', '.join(known)})", event)

    def _fits(self, plan: Plan, tables: Mapping[int, Mapping[str, Any]], doubtful: Collection[str]) -> None:
        """Whether the city has what each event befalls, whatever else is wrong with it, as far as its numbers are known."""
        for number, raw in tables.items():
            kind, target = raw.get("kind"), raw.get("target")
            if isinstance(target, str) and target and _counted_by(target).isdisjoint(doubtful):
                for problem in _misfits(plan, kind if isinstance(kind, str) else "", target) or unlisted(plan, raw):
                    self._wrong_event(number, problem)


def _misfits(plan: Plan, kind: str, target: str) -> Sequence[str]:
    if target.startswith("channel-") and target != CHANNEL:
        of_kind = f"{kind}: " if kind in KNOWN else ""
        return [f"{of_kind}the city has one channel, {CHANNEL!r}, and no {target!r}"]
    if kind not in KNOWN:
        return [words] if (words := lacking(plan, target)) else ()
    try:
        expand(plan, [Event(timedelta(), kind, target)])
    except ScenarioError as error:
        return error.problems
    return ()


def _counted_by(target: str) -> set[str]:
    """The numbers of the city that its name depends on."""
    if target == "*" or target.startswith("channel-"):
        return set()
    if target.startswith("account"):
        return {"accounts"}
    part = {"column": {"columns_per_site"}, "link": {"links_per_home"}, "entry": {"entries_per_site"}}
    return {"sites"} | part.get(target.rpartition("/")[2].partition("-")[0], set())


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)


def _plan(seed: int, counts: Mapping[str, int], tables: Iterable[Mapping[str, Any]]) -> Plan:
    """Sites whose certificate is to run out speak TLS, whatever else is wrong with that event."""
    targets = [one.get("target") for one in tables if one.get("kind") == "tls_expired"]
    expiring = [target for target in targets if isinstance(target, str)]
    plan = _city(seed, counts, frozenset())
    named = frozenset(s.name for s in plan.sites if any(fnmatchcase(s.name, target) for target in expiring))
    return _city(seed, counts, named) if named else plan


def _number(problem: tuple[int, str]) -> int:
    return problem[0]


def _city(seed: int, counts: Mapping[str, int], https: frozenset[str]) -> Plan:
    return make_plan(
        seed,
        sites=counts["sites"],
        columns_per_site=counts["columns_per_site"],
        accounts=counts["accounts"],
        links_per_home=counts["links_per_home"],
        entries_per_site=counts["entries_per_site"],
        https=https,
    )
