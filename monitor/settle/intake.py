"""The settings in force, taken into the store: the inventory, the rules, and what has to be judged again because of them.

Runs in one transaction, at the start and at every reload. What is no longer watched leaves its incidents here.
"""

import sqlite3
from datetime import datetime

from monitor.model import TargetKind
from monitor.settle.applied import note_import
from monitor.settle.desk import judge_desk_again
from monitor.settle.judging import retire
from monitor.settle.ours import count_again
from monitor.settle.policy import Policy
from monitor.settle.records import needs_of
from monitor.settle.shrunk import note_shrinking
from monitor.store import inventory, rules, state
from monitor.store.inventory import SyncResult


def take_in(tx: sqlite3.Connection, policy: Policy, now: datetime) -> None:
    """All of it or, when the process dies, nothing."""
    synced = inventory.sync(tx, policy.settings.targets, policy.periods, now)
    was_asked = note_import(tx, policy.settings.imported, synced, now)
    state.own_links_of_hosts(tx, synced.hosts)
    retire(tx, (*synced.removed, *synced.orphaned), policy, now)
    count_again(tx, policy, now)
    note_shrinking(tx, synced, policy, now, was_asked=was_asked)
    rules.remember(tx, policy.rules.values(), now)
    inventory.judge_again(tx, synced.changed, now)
    inventory.judge_unseen(tx, _by_inventory(policy, synced), now)
    inventory.judge_all_again(tx, policy.measure(), now)
    judge_desk_again(tx)  # the roster may be another one


def _by_inventory(policy: Policy, synced: SyncResult) -> list[str]:
    """Targets with rules about the inventory, where it changed: they themselves, or what else their owners have.

    Columns have no kin: of those only what came or changed itself.
    """
    touched = {*synced.added, *synced.changed}
    concerned = any("kin" in needs_of((rule,)) for rule in policy.rules.values())
    if not concerned or not (touched or synced.owners):
        return []
    return [
        one.id
        for one in policy.settings.targets
        if (one.id in touched or (one.kind in HAVE_KIN and one.owner in synced.owners))
        and "kin" in policy.needs_of(one)
    ]


HAVE_KIN = frozenset({TargetKind.SITE, TargetKind.ACCOUNT})
"""Kinds of which an owner has one, or one on each platform."""
