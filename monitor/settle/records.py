"""What people brought, for the rules that ask for it: loaded for a target when one of its rules needs it, else not asked.

Reads the store; writes nothing. So a settle costs the same however many rules do not concern its target.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from monitor.config.settings import Settings
from monitor.judge.obligations.duty_covered import ahead_of
from monitor.judge.shifts import shifts_between
from monitor.model import Roster, Rule, Shift, TargetKind
from monitor.store import attesting, brought, declarations, findings
from monitor.store.filed import in_effect

__all__ = ("NEEDS", "in_effect", "needs_of", "on_record", "shifts_of")

NEEDS: dict[str, frozenset[str]] = {
    "updated_within": frozenset({"attested"}),
    "offline_at_most": frozenset({"declarations"}),
    "at_most_in_breach": frozenset({"counts"}),
    "notice_kept": frozenset({"declarations"}),
    "answered_within": frozenset({"messages"}),
    "posts_at_least": frozenset({"posts", "attested"}),
    "original_share": frozenset({"posts"}),
    "fixed_within": frozenset({"declarations"}),
    "filed_within": frozenset({"declarations", "ended"}),
    "done_every": frozenset({"declarations"}),
    "duty_covered": frozenset({"shifts"}),
    "inventory": frozenset({"kin"}),
}
"""The parts of `Facts` an obligation goes by, beside what looks told. A rule with `exempt_by` also needs the declarations."""


def needs_of(rules: Iterable[Rule]) -> frozenset[str]:
    """The parts of `Facts` these rules go by."""
    wanted: set[str] = set()
    for rule in rules:
        wanted |= NEEDS.get(rule.obligation, frozenset())
        if rule.obligation == "updated_within" and rule.applies.kind is TargetKind.ACCOUNT:
            wanted.add("posts")  # only accounts have any
        if rule.exempt_by:
            wanted.add("declarations")
    return frozenset(wanted)


def on_record(  # noqa: PLR0917  the target, and what its rules go by
    tx: sqlite3.Connection,
    target_id: str,
    wanted: frozenset[str],
    settings: Settings,
    now: datetime,
    rules: Iterable[Rule] = (),
) -> dict[str, Any]:
    """Those parts of `Facts` of the target, as keyword arguments. `rules` say how far ahead the roster is read."""
    found: dict[str, Any] = {}
    if "declarations" in wanted:
        found["declarations"] = in_effect(tx, target_id, now)
    if "attested" in wanted:
        found["attested"] = attesting.held(tx, target_id)
    if "messages" in wanted:
        found["messages"] = brought.waiting(tx, target_id)
    if "posts" in wanted:
        found["posts"] = brought.posts(tx, target_id, now)
    if "ended" in wanted:
        found["ended"] = findings.ended_outages(tx, target_id, now - declarations.BACK)
    if "counts" in wanted:
        found["counts"] = brought.counts(tx, target_id, now)
    if "kin" in wanted:
        found["kin"] = brought.kin(tx, target_id)
    if "shifts" in wanted:
        found["shifts"] = shifts_of(settings.shifts, now, ahead_of(rules))
    return found


def shifts_of(roster: Roster | None, now: datetime, ahead: timedelta) -> tuple[Shift, ...] | None:
    """Of the last day, of the days ahead and one more; None where no roster is kept."""
    return None if roster is None else shifts_between(roster, now - _DAY, now + ahead + _DAY)


_DAY = timedelta(days=1)
