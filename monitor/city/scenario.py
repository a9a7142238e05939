"""Scenario files (DESIGN.md §4.6): TOML in, a checked Scenario out, or every problem of the file at once.

Reads one file. Times count from `start`; a scenario may use only the kinds and packs this product knows. It never plays
anything: `faults.py` says what holds when, `truth.py` what it must lead to.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from monitor.city.faults import Event, ScenarioError, expand
from monitor.city.plan import Plan, make_plan

KNOWN = frozenset(
    {
        *("down", "dns", "timeout", "slow", "http_500", "http_404", "tls_expired", "challenged", "maintenance"),
        *("soft_error", "hijacked", "dead_link", "blank", "silent", "shell", "bridge_down"),
        *("uplink_down", "killed", "clock_jump", "channel_down", "disk_full", "ack"),
    }
)
"""Kinds whose obligation exists by now; each new obligation brings its own."""

CADENCES = ("site", "column", "account", "links", "certificate", "page")
_COUNTS = {"sites": (1, 9999), "columns_per_site": (0, 800), "accounts": (0, 9999), "links_per_home": (0, 9999)}
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "down": ("how",),
    "dns": ("answer",),
    "slow": ("seconds",),
    "challenged": ("status",),
    "maintenance": ("back_days",),
    "hijacked": ("how",),
    "channel_down": ("answer",),
    "clock_jump": ("by",),
    "ack": ("by",),
}
"""What an event of a kind may say beside at, for, kind and target."""

_AT_ONCE = frozenset({"ack", "clock_jump"})
_LENGTH = re.compile(r"(\d{1,6})\s*([smhd])")
_MOMENT = re.compile(r"(?:(\d{1,5})d)?\s*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


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
        raise ScenarioError(sheet.problems)
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


def moment(text: object) -> timedelta | None:
    """As in "3d 02:10", "02:10", "40m", "2 h": time since the start; None when it is none."""
    if not isinstance(text, str) or not text.strip():
        return None
    if (length := _LENGTH.fullmatch(text.strip())) is not None:
        return timedelta(seconds=int(length[1]) * _UNITS[length[2]])
    if (found := _MOMENT.fullmatch(text.strip())) is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


@dataclass(slots=True)
class _Sheet:
    """A file being read, and what is wrong with it."""

    path: Path
    raw: Mapping[str, Any]
    lines: list[int]  # on which each event begins
    problems: list[str] = field(default_factory=list)

    def wrong(self, place: str, words: str, line: int | None = None) -> None:
        self.problems.append(f"{self.path}{f':{line}' if line else ''}: {place}: {words}")

    def scenario(self, packs: Collection[str], seed: int | None) -> Scenario | None:
        self._unknown_keys(self.raw, ("start", "days", "seed", "rules", "cadence", "city", "event"), "")
        start, days = self._start(), self._whole("days", self.raw.get("days"), 1, 3660)
        sown = seed if seed is not None else self._whole("seed", self.raw.get("seed", 7), 0, 2**63 - 1)
        rules, cadence, counts = self._rules(packs), self._cadence(), self._counts()
        placed = tuple(self._events(days))
        events = tuple(event for _, event in placed)
        if start is None or days is None or sown is None or counts is None:
            return None
        plan = _plan(sown, counts, events)
        self._fits(plan, placed)
        return Scenario(self.path.stem, start, days, sown, rules, cadence, counts, events, plan)

    def _start(self) -> datetime | None:
        start = self.raw.get("start")
        if isinstance(start, str):
            try:
                start = datetime.fromisoformat(start)
            except ValueError:
                start = None
        if not isinstance(start, datetime) or start.tzinfo is None:
            self.wrong("start", 'expected an instant with its zone, such as "2026-01-05T00:00:00+08:00"')
            return None
        return start

    def _whole(self, place: str, value: object, least: int, most: int) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(place, f"expected a whole number from {least} to {most}, not {value!r}")
        return None

    def _rules(self, packs: Collection[str]) -> tuple[str, ...]:
        rules = self.raw.get("rules", ["national-2019", "house"])
        if not isinstance(rules, list) or not rules:
            self.wrong("rules", "expected a list of rule packs")
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
                self.wrong(f"cadence.{name}", f'expected a length of time such as "15m", not {table[name]!r}')
        return found

    def _counts(self) -> dict[str, int] | None:
        table = self._table("city")
        self._unknown_keys(table, tuple(_COUNTS), "city.")
        usual = {"sites": 12, "columns_per_site": 5, "accounts": 20, "links_per_home": 20}
        counts = {name: self._whole(f"city.{name}", table.get(name, usual[name]), *_COUNTS[name]) for name in _COUNTS}
        return None if None in counts.values() else {name: n for name, n in counts.items() if n is not None}

    def _table(self, name: str) -> Mapping[str, Any]:
        table = self.raw.get(name, {})
        if isinstance(table, dict):
            return table
        self.wrong(name, "expected a table")
        return {}

    def _events(self, days: int | None) -> Iterator[tuple[int, Event]]:
        """Those that are well said, with the place they have in the file."""
        told = self.raw.get("event", [])
        if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
            self.wrong("event", "expected [[event]] tables")
            return
        for number, one in enumerate(told):
            line = self.lines[number] if number < len(self.lines) else None
            event = self._event(f"event {number + 1}", one, days, line)
            if event is not None:
                yield number, event

    def _event(self, place: str, raw: Mapping[str, Any], days: int | None, line: int | None) -> Event | None:
        kind, target, at, lasts = raw.get("kind"), raw.get("target"), moment(raw.get("at")), moment(raw.get("for"))
        before = len(self.problems)
        if kind not in KNOWN:
            self.wrong(place, f"unknown kind {kind!r} (known: {', '.join(sorted(KNOWN))})", line)
        if not isinstance(target, str) or not target:
            self.wrong(place, 'expected a target, such as "site-03" or "*"', line)
        if at is None or (days is not None and at >= timedelta(days=days)):
            self.wrong(
                place, f'at: expected a time before the end, such as "3d 02:10" or "40m", not {raw.get("at")!r}', line
            )
        if "for" in raw and not lasts:
            self.wrong(place, f'for: expected a length of time such as "40m" or "2d", not {raw["for"]!r}', line)
        if "for" in raw and kind in _AT_ONCE:
            self.wrong(place, f"for: {kind} is over at once", line)
        options = {name: raw[name] for name in _OPTIONS.get(str(kind), ()) if name in raw}
        known = ("at", "for", "kind", "target", *_OPTIONS.get(str(kind), ()))
        self._unknown_keys(raw, known if kind in KNOWN else tuple(raw), f"{place}: ", line)
        if kind == "clock_jump" and _signed(raw.get("by")) is None:
            self.wrong(place, 'by: expected by how much the clock is set, such as "-2h" or "3h"', line)
        if len(self.problems) > before or at is None:
            return None
        return Event(at, str(kind), str(target), timedelta() if kind in _AT_ONCE else lasts, options)

    def _unknown_keys(
        self, table: Mapping[str, Any], known: tuple[str, ...], place: str, line: int | None = None
    ) -> None:
        for key in table:
            if key not in known:
                self.wrong(f"{place}{key}", f"unknown key (known: {', '.join(known)})", line)

    def _fits(self, plan: Plan, placed: tuple[tuple[int, Event], ...]) -> None:
        for number, event in placed:
            try:
                expand(plan, [event])
            except ScenarioError as error:
                line = self.lines[number] if number < len(self.lines) else None
                for problem in error.problems:
                    self.wrong(f"event {number + 1}", problem, line)


def jump_of(event: Event) -> timedelta:
    """By how much a clock_jump sets the clock."""
    return _signed(event.options.get("by")) or timedelta()


def _signed(text: object) -> timedelta | None:
    if not isinstance(text, str):
        return None
    length = moment(text.strip().removeprefix("-").removeprefix("+"))
    return None if not length else -length if text.strip().startswith("-") else length


def _plan(seed: int, counts: Mapping[str, int], events: tuple[Event, ...]) -> Plan:
    """Sites whose certificate is to run out speak TLS."""
    expiring = [event.target for event in events if event.kind == "tls_expired"]
    plan = _city(seed, counts, frozenset())
    named = frozenset(s.name for s in plan.sites if any(fnmatchcase(s.name, target) for target in expiring))
    return _city(seed, counts, named) if named else plan


def _city(seed: int, counts: Mapping[str, int], https: frozenset[str]) -> Plan:
    return make_plan(
        seed,
        sites=counts["sites"],
        columns_per_site=counts["columns_per_site"],
        accounts=counts["accounts"],
        links_per_home=counts["links_per_home"],
        https=https,
    )
