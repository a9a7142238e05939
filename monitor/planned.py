"""What an inventory would change, against what the store watches now, or what is in force: what came, changed, went and came back. Reads; changes nothing."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from monitor.config.settings import Settings
from monitor.model import TargetKind
from monitor.settle.policy import policy_of
from monitor.store.listed import COLUMNS, Listed, Row, Rows, compare

SHARE = 10
"""A change that drops more than one in so many targets of a kind is to be confirmed."""
FIELDS: Mapping[str, str] = {"column_kind": "column", "contacts": "contact", "options": "checks", "period": "cadence"}
"""Columns of the store by what the inventory calls them, where that differs."""
_LEFT_OUT = frozenset({"host"})  # goes with the address

_WATCHED = "SELECT kind, COUNT(*) FROM targets NOT INDEXED WHERE removed_at IS NULL AND kind <> 'link' GROUP BY kind"
_IS_WATCHED = "SELECT 1 FROM targets WHERE id = ? AND removed_at IS NULL"


@dataclass(slots=True)
class Plan:
    """Ids by what would happen to them; of the changed which fields. `names` of all these, `watched` and `dropped` count by kind."""

    added: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    names: dict[str, str] = field(default_factory=dict)
    watched: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    @property
    def is_grave(self) -> bool:
        """Whether of some kind more than a tenth would go."""
        return any(count * SHARE > self.watched[kind] for kind, count in self.dropped.items())

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.added or self.back or self.changed or self.removed)


def plan(tx: sqlite3.Connection | None, settings: Settings, in_force: Settings) -> Plan:
    """What would change if these settings came into force.

    Against what the store watches; without a store against the settings in force, with which the first start would begin. What these
    list and the store does not watch yet counts as dropped too: an import may follow another before any start.
    """
    if tx is None:
        return _before_any_start(settings, in_force)
    rows = Rows(policy_of(settings).periods)
    found = compare(tx, {one.id: one for one in settings.targets}, rows)
    done = Plan(
        added=sorted(found.added.keys() - found.back),
        back=sorted(found.back),
        watched=Counter(dict(tx.execute(_WATCHED).fetchall())),
    )
    done.names = {name: one.name for name, one in {**found.added, **found.changed}.items()}
    for name, one in sorted(found.changed.items()):
        if fields := _differing(tx, name, one, rows):
            done.changed[name] = fields
    for name in found.removed:
        kind, title = tx.execute("SELECT kind, name FROM targets WHERE id = ?", (name,)).fetchone()
        _drop(done, name, title, TargetKind(kind))
    for one in _not_yet(tx, found.added, in_force):
        done.watched[one.kind.value] += 1
        if one.id not in found.added:
            _drop(done, one.id, one.name, one.kind)
    done.removed.sort()
    done.unchanged = len(settings.targets) - len(done.added) - len(done.back) - len(done.changed)
    return done


def _drop(done: Plan, name: str, title: str, kind: TargetKind) -> None:
    done.removed.append(name)
    done.names[name] = title
    done.dropped[kind.value] += 1


def _not_yet(tx: sqlite3.Connection, added: Mapping[str, Listed], in_force: Settings) -> Iterator[Listed]:
    """What is in force, and the store has not taken over."""
    for one in in_force.targets:
        if one.id in added or tx.execute(_IS_WATCHED, (one.id,)).fetchone() is None:
            yield one


def _before_any_start(settings: Settings, in_force: Settings) -> Plan:
    known, coming = ({one.id: one for one in listed.targets} for listed in (in_force, settings))
    before, after = (Rows(policy_of(listed).periods) for listed in (in_force, settings))
    done = Plan(added=sorted(coming.keys() - known.keys()), watched=Counter(one.kind.value for one in known.values()))
    done.names = {name: one.name for name, one in coming.items()}
    for name, one in sorted(known.items()):
        if name not in coming:
            _drop(done, name, one.name, one.kind)
        elif fields := _fields(before.row(one), after.row(coming[name])):
            done.changed[name] = fields
    done.unchanged = len(coming) - len(done.added) - len(done.changed)
    return done


def _differing(tx: sqlite3.Connection, name: str, one: Listed, rows: Rows) -> list[str]:
    stored = tx.execute(f"SELECT {', '.join(COLUMNS)} FROM targets WHERE id = ?", (name,)).fetchone()
    return _fields(stored, rows.row(one))


def _fields(before: Row, after: Row) -> list[str]:
    pairs = zip(COLUMNS, before, after, strict=True)
    return [FIELDS.get(column, column) for column, was, now in pairs if was != now and column not in _LEFT_OUT]
