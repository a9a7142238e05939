"""The settings in force, taken into the store: the inventory, the rules, and what has to be judged again because of them.

Runs in one transaction, at the start and at every reload. What is no longer watched leaves its incidents here.
"""

import sqlite3
from datetime import datetime

from monitor.settle.desk import judge_desk_again
from monitor.settle.judging import retire
from monitor.settle.ours import count_again
from monitor.settle.policy import Policy
from monitor.store import inventory, rules, state


def take_in(tx: sqlite3.Connection, policy: Policy, now: datetime) -> None:
    """All of it or, when the process dies, nothing."""
    synced = inventory.sync(tx, policy.settings.targets, policy.periods, now)
    state.own_links_of_hosts(tx, synced.hosts)
    retire(tx, (*synced.removed, *synced.orphaned), policy, now)
    count_again(tx, policy, now)
    rules.remember(tx, policy.rules.values(), now)
    inventory.judge_again(tx, synced.changed, now)
    inventory.judge_all_again(tx, policy.measure(), now)
    judge_desk_again(tx)  # the roster may be another one
