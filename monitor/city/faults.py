"""Which fault holds when: a scenario's events against a plan, answered for any instant.

Pure: reads the plan and the events, writes nothing, and knows no clock; whoever asks brings the instant. An event that
names a target the city does not have, or a kind that makes no sense on it, does not load. It never says what a fault
looks like (`odd.py`, `server.py`, `nameserver.py`) nor what it should lead to (`truth.py`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from fnmatch import fnmatchcase

from monitor.city.entries import is_report
from monitor.city.friends import friend_name, is_friend
from monitor.city.plan import Plan

HOST_KINDS = frozenset(
    {"down", "dns", "timeout", "slow", "http_500", "http_404", "challenged", "maintenance", "soft_error", "hijacked"}
)
"""Reach kinds: on a site they take the whole host (DESIGN.md §4.6), on a column or entry its page."""
DAEMON_KINDS = frozenset({"uplink_down", "killed", "clock_jump", "disk_full", "unmanned"})
DESK_KINDS = frozenset({"declared", "message", "ack", "notice_gone", "mislisted"})
"""What people bring, do and leave undone about sites and accounts."""

_ON: Mapping[str, frozenset[str]] = {
    "site": HOST_KINDS
    | {"tls_expired", "hidden_link", "shell", "silent", "marks_missing", "hosted_abroad"}
    | DESK_KINDS,
    "column": (HOST_KINDS - {"dns"}) | {"hidden_link", "shell", "silent", "backdated", "blank", "ack", "declared"},
    "entry": frozenset({"http_404", "http_500", "soft_error", "entry_missing", "silent", "declared"}),
    "account": frozenset({"silent", "bridge_down", "posts"}) | DESK_KINDS,
    "link": frozenset({"dead_link"}),
    "friend": frozenset({"hijacked"}),
    "channel": frozenset({"channel_down"}),
    "daemon": DAEMON_KINDS | {"ack", "declared"},
}
KINDS = frozenset().union(*_ON.values())
"""Every kind of §4.6. Those of the daemon and the desk are for the rehearsal; the city itself lets them pass."""

CHANNEL = "channel-duty"
"""The only channel of a rehearsal: another one that is down keeps nothing back."""


class ScenarioError(ValueError):
    """An event the city cannot play; `problems` has one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that goes wrong. `at` since the start, negative for what was so before; `lasts` None: to the end.

    `options` by kind: options.py.
    """

    at: timedelta
    kind: str
    target: str
    lasts: timedelta | None = None
    options: Mapping[str, str | int | float] = field(default_factory=dict)

    @property
    def until(self) -> timedelta:
        """When it ends, since the start."""
        return timedelta.max if self.lasts is None else self.at + self.lasts

    def option(self, name: str, default: str) -> str:
        """An option as text."""
        return str(self.options.get(name, default))

    def number(self, name: str, default: float) -> float:
        """An option as a number."""
        return float(self.options.get(name, default))


class Faults:
    """The events of one rehearsal. `start` is the instant their times count from."""

    def __init__(self, plan: Plan, events: Iterable[Event], start: datetime) -> None:
        """Raise ScenarioError with every problem when an event does not fit the plan."""
        self.start = start
        self.events = expand(plan, events)
        self._by_target: dict[str, list[Event]] = {}
        self._of_kind: dict[tuple[str, str], list[Event]] = {}
        for event in self.events:
            self._by_target.setdefault(event.target, []).append(event)
            self._of_kind.setdefault((event.target, event.kind), []).append(event)

    def begun(self, target: str, kind: str, now: datetime) -> list[Event]:
        """Every event of that kind on that target that has begun, over or not, earliest first."""
        since = now - self.start
        return [e for e in self.of_kind(target, kind) if e.at <= since]

    def of_kind(self, target: str, kind: str) -> Sequence[Event]:
        """Every event of that kind on that target, whenever it is, earliest first."""
        return self._of_kind.get((target, kind), ())

    def at(self, target: str, now: datetime) -> list[Event]:
        """What holds for that target at that instant, earliest first; "*" is the whole daemon."""
        since = now - self.start
        return [e for e in self._by_target.get(target, ()) if e.at <= since < e.until]

    def find(self, target: str, kind: str, now: datetime) -> Event | None:
        """The event of that kind in force, None when there is none."""
        events = self._of_kind.get((target, kind))
        if events is None:
            return None
        since = now - self.start
        return next((e for e in events if e.at <= since < e.until), None)

    def reach(self, target: str, now: datetime) -> Event | None:
        """The reach fault in force on a site or column (of several the earliest)."""
        events = self._by_target.get(target)
        if events is None:
            return None
        since = now - self.start
        for e in events:
            if e.at > since:
                return None  # those after it begin later
            if since < e.until and e.kind in HOST_KINDS:
                return e
        return None

    def cut_off(self, now: datetime) -> bool:
        """Whether our own uplink is down."""
        return self.find("*", "uplink_down", now) is not None

    def next_change(self, now: datetime) -> datetime | None:
        """The next instant at which an event begins or ends."""
        since = now - self.start
        edges = [edge for e in self.events for edge in (e.at, e.until) if since < edge < timedelta.max]
        return self.start + min(edges) if edges else None


@dataclass(frozen=True, slots=True)
class Scene:
    """The city at one instant: all that a page is made from."""

    plan: Plan
    faults: Faults
    now: datetime

    def find(self, target: str, kind: str) -> Event | None:
        """The event of that kind in force."""
        return self.faults.find(target, kind, self.now)


def expand(plan: Plan, events: Iterable[Event]) -> tuple[Event, ...]:
    """The events with every pattern ("site-*") turned into names, earliest first. Raises ScenarioError."""
    problems: list[str] = []
    expanded: list[Event] = []
    for event in events:
        names = _names(plan, event.target)
        kind = _kind_of(event.target)
        if not names:
            problems.append(f"{event.kind}: {lacking(plan, event.target)}")
        elif event.kind not in _ON.get(kind, frozenset()):
            problems.append(f"{event.kind!r} befalls {_what(event.kind)}, not {event.target!r}")
        elif event.kind == "tls_expired":
            problems += [f"tls_expired: {name} speaks no TLS" for name in names if not plan.site_of(name).https]
        elif event.kind == "silent" and kind == "entry":
            problems += [f"silent: {name} is no yearly report" for name in names if not is_report(plan.by_name[name])]
        expanded += [replace(event, target=name) for name in names]
    if problems:
        raise ScenarioError(problems)
    return tuple(sorted(expanded, key=lambda event: (event.at, event.target, event.kind)))


def lacking(plan: Plan, target: str) -> str:
    """That the city has nothing of that name, with what was meant, perhaps; "" when it has."""
    return "" if _names(plan, target) else f"the city has no {target!r}{_perhaps(plan, target)}"


def _what(kind: str) -> str:
    """The kinds of target that it may befall."""
    return ", ".join(sorted(name for name, kinds in _ON.items() if kind in kinds)) or "nothing known"


def _names(plan: Plan, target: str) -> list[str]:
    if target == "*" or target.startswith("channel-"):
        return [target]
    if "/link-" in target:
        known = plan.link_ids.values() if any(c in target for c in "*?[") else ()
        return [n for n in known if fnmatchcase(n, target)] or ([target] if _is_link(plan, target) else [])
    if is_friend(target):
        return [name for site in plan.sites if fnmatchcase(name := friend_name(site.name), target)]
    depth = target.count("/")
    return [n for n in plan.by_name if n.count("/") == depth and fnmatchcase(n, target)]


def _perhaps(plan: Plan, target: str) -> str:
    """The name that was meant, perhaps: numbers are written with as many digits as the largest takes."""
    names = [*plan.by_name, *plan.link_ids.values()]
    same = [name for name in names if _unpadded(name) == _unpadded(target)]
    near = same or get_close_matches(target, names, 1)
    return f" (perhaps {near[0]}?)" if near else ""


def _unpadded(name: str) -> str:
    """The name with its numbers as one counts: "site-03/column-5" and "site-3/column-05" are alike."""
    return re.sub(r"(?<=-)0+(?=\d)", "", name)


def _is_link(plan: Plan, target: str) -> bool:
    return target in plan.link_ids.values()


def _kind_of(target: str) -> str:
    if target == "*":
        return "daemon"
    return target.rpartition("/")[2].partition("-")[0].removesuffix("*")
