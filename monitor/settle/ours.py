"""What is our own fault: a blind uplink, a check that breaks, a store that cannot be written. Members of these incidents are "*", the whole daemon."""

import sqlite3
from datetime import datetime, timedelta

from monitor.alert.distress import Trouble, words_of
from monitor.judge.incidents import Changes
from monitor.judge.runs import advance
from monitor.model import Cause, Facts, Finding, Membership, Outcome, Severity, fail, ok, say
from monitor.settle.policy import DESK, Policy
from monitor.settle.telling import Case, tell
from monitor.store import findings as store, incidents, state, targets
from monitor.store.known import OURS

PROXY = say("proxy").template
"""Why a target could not be seen (Finding.reason), also as a value inside other sentences."""


def uplink(*, blind: bool) -> Finding:
    """What the reference hosts told about our own network."""
    if blind:
        words = say("none of the reference hosts answers: our own network is down, verdicts are held")
        return fail("uplink", Cause.OURS, "uplink", words)
    return ok("uplink", say("the reference hosts answer"))


def proxy(address: str, detail: str) -> Finding:
    """What stops looks at our own outgoing proxy, "" when nothing does; `address` without credentials, "" for no proxy."""
    if detail:
        words = say(
            "no look comes through the outgoing proxy {proxy} of [fetch] proxy ({detail}): verdicts are held",
            proxy=address,
            detail=detail,
        )
        return fail("proxy", Cause.OURS, "proxy", words)
    if not address:
        return ok("proxy", say("the settings name no outgoing proxy any more"))
    return ok("proxy", say("looks come through the outgoing proxy again"))


def proxy_is_shut(tx: sqlite3.Connection) -> bool:
    """Whether our own outgoing proxy was last seen to let nothing through."""
    run = store.current_run(tx, OURS, "proxy", "")
    return run is not None and run.finding.outcome is Outcome.FAIL


def broken(check: str, count: int) -> Finding:
    """How many targets a check breaks on, which is our bug and never theirs."""
    name = f"broken:{check}"
    if count:
        words = say("the check {check} fails in the program on {count} targets", check=check, count=count)
        return fail(name, Cause.OURS, "broken", words)
    return ok(name, say("the check {check} works again", check=check))


def was_down(
    tx: sqlite3.Connection, trouble: Trouble, error: str, *, since: datetime, policy: Policy, now: datetime
) -> None:
    """It works again, and the ledger learns only now since when it did not."""
    over = say("the store is written again") if trouble is Trouble.STORE else say("the watch has started")
    settle_ours(tx, fail(trouble.value, Cause.OURS, trouble.value, words_of(trouble, error)), policy, since)
    settle_ours(tx, ok(trouble.value, over), policy, now)


def count_again(tx: sqlite3.Connection, policy: Policy, now: datetime) -> None:
    """A check may break nowhere any more because the target it broke on is no longer watched."""
    for one in incidents.open_memberships(tx, OURS):
        check = one.key.removeprefix("broken:")
        if check != one.key and state.count_broken(tx, check) == 0:
            settle_ours(tx, broken(check, 0), policy, now)


def settle_ours(tx: sqlite3.Connection, finding: Finding, policy: Policy, now: datetime) -> None:
    """One finding about ourselves into its incident; no confirmation: it was confirmed by how it was found."""
    before = store.current_run(tx, OURS, finding.check, "")
    if before is None and finding.outcome is Outcome.OK:
        return
    run = advance(before, finding, now)
    store.save_run(tx, OURS, run, closes=before if run.id is None else None)
    already = [one for one in incidents.open_memberships(tx, OURS) if one.key == finding.check]
    case = Case(DESK, Facts(runs=(run,)), policy, now)
    if finding.outcome is Outcome.FAIL and not already:
        joined = Membership(Cause.OURS, finding.check, Severity.SERIOUS, (), run.first_at, finding.summary)
        tell(tx, case, Changes(joins=(joined,)))
    if finding.outcome is Outcome.OK and already:
        tell(tx, case, Changes(leaves=tuple(already)))


ASIDE = timedelta(hours=1)
"""How long a target rests that brought the process down twice."""


def set_aside(tx: sqlite3.Connection, target_id: str, policy: Policy, now: datetime) -> None:
    """A page that was being parsed at two ends of the process in a row: BROKEN, and not looked at for a while."""
    words = say("the program ended twice while it was reading this page")
    finding = Finding("visit", Outcome.BROKEN, words, reason="process_died")
    before = store.current_run(tx, target_id, "visit", "")
    run = advance(before, finding, now)
    store.save_run(tx, target_id, run, closes=before if run.id is None else None)
    targets.postpone(tx, target_id, now + ASIDE)
    settle_ours(tx, broken("visit", state.count_broken(tx, "visit")), policy, now)


def welcome_back(tx: sqlite3.Connection, target_id: str, policy: Policy, now: datetime) -> None:
    """A target that had been set aside was visited without harm."""
    before = store.current_run(tx, target_id, "visit", "")
    if before is None or before.finding.outcome is not Outcome.BROKEN:
        return
    run = advance(before, ok("visit", say("the page is read without harm again")), now)
    store.save_run(tx, target_id, run, closes=before)
    settle_ours(tx, broken("visit", state.count_broken(tx, "visit")), policy, now)
