"""Changes of incidents, stored and turned into notices, in the transaction that found them.

An incident has one cause and key and any number of member targets; it recovers when its last member leaves. What people
are to read is frozen here as facts; words and recipients come at the release (alert/release.py).
"""

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.alert.release import release_at
from monitor.clock import to_ms
from monitor.config.settings import RawTarget
from monitor.evidence.codec import plain
from monitor.evidence.kept import body_of, sha256_of, shown_now
from monitor.judge.incidents import Changes, quoted
from monitor.judge.outage import day
from monitor.model import (
    Cause,
    Compliance,
    Facts,
    Membership,
    Notice,
    NoticeKind,
    Outcome,
    Reach,
    Rule,
    Severity,
    Standing,
    TargetKind,
    counted_of_column,
    host_of,
)
from monitor.settle.closure import closure_told
from monitor.settle.policy import Policy
from monitor.store import brought, events, incidents, outbox, state, targets, views

TOGETHER = timedelta(minutes=5)
"""Sites whose failures began within this time of each other may share their cause (DESIGN.md §5.9)."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a notice may speak of: the target, what was known of it, by which rules, when, and what was judged."""

    target: RawTarget
    facts: Facts
    policy: Policy
    now: datetime
    judged: tuple[Standing, ...] = ()
    before: tuple[Membership, ...] = ()  # its part in open incidents, as judging knew it


def tell(tx: sqlite3.Connection, case: Case, changes: Changes) -> None:
    """Carry out the changes and enqueue what people must hear."""
    for wanted in changes.joins:
        _join(tx, case, wanted)
    for wanted in changes.worsens:
        _worsen(tx, case, wanted)
    for wanted in changes.further:
        _further(tx, case, wanted)
    for wanted in changes.reworded:
        incidents.reword(tx, _incident_of(wanted), case.target.id, wanted)
    for left in changes.leaves:
        _leave(tx, case, left)


def _join(tx: sqlite3.Connection, case: Case, wanted: Membership) -> None:
    if _is_told_by_page(tx, case, wanted):
        return
    joined = _with_common_key(tx, case, wanted)
    if joined.cause is Cause.OURS and incidents.is_false_alarm_of_ours(tx, joined, case.target.id):
        return
    incident = incidents.find_open(tx, joined.cause, joined.key)
    kind = NoticeKind.JOINED
    if incident is None:
        kind = NoticeKind.OPENED
        incident = incidents.open_incident(tx, joined, key=joined.key, severity=joined.severity, now=case.now)
        _note(tx, case, "opened", incident, joined)
    incidents.join(tx, incident, case.target.id, joined, case.now)
    _keep(tx, case, "joined", incident, wanted, joined)
    _enqueue(tx, case, kind, incident, joined)


def _worsen(tx: sqlite3.Connection, case: Case, wanted: Membership) -> None:
    incident = _incident_of(wanted)
    incidents.worsen(tx, incident, case.target.id, wanted, case.now)
    _keep(tx, case, "worsened", incident, wanted, wanted)
    _enqueue(tx, case, NoticeKind.WORSENED, incident, wanted)


def _further(tx: sqlite3.Connection, case: Case, wanted: Membership) -> None:
    incident = _incident_of(wanted)
    incidents.warn(tx, incident, case.target.id, wanted, case.now)
    _keep(tx, case, "day", incident, wanted, wanted)
    _enqueue(tx, case, NoticeKind.DAY, incident, wanted)


def _leave(tx: sqlite3.Connection, case: Case, left: Membership) -> None:
    incident = _incident_of(left)
    still_in = incidents.leave(tx, incident, case.target.id, case.now)
    _note(tx, case, "left", incident, left, shown=plain(shown_now(tx, case.target.id)))
    if still_in > 0:
        return
    gone = case.target.kind is not TargetKind.LINK and views.is_removed(tx, case.target.id)
    end, how = (incidents.unwatch, "unwatched") if gone else (incidents.recover, "recovered")
    if end(tx, incident, case.now):
        _note(tx, case, how, incident, left)
        _enqueue(tx, case, NoticeKind.RECOVERED, incident, left)


def _keep(  # noqa: PLR0917 - what happened, and what it became
    tx: sqlite3.Connection, case: Case, what: str, incident: int, wanted: Membership, joined: Membership
) -> None:
    """A line of the event log, and what decided it, sealed by that line."""
    evidence = _evidence(tx, case, wanted, joined)
    _note(tx, case, what, incident, joined, evidence=sha256_of(evidence))
    incidents.add_evidence(tx, incident, case.target.id, case.now, evidence)


def _note(tx: sqlite3.Connection, case: Case, what: str, incident: int, membership: Membership, **more: object) -> None:
    """One line of the event log."""
    body = {
        "incident": incident,
        "target": case.target.id,
        "cause": membership.cause,
        "key": membership.key,
        "severity": membership.severity,
        "rules": membership.rules,
        "since": to_ms(membership.since),
        "warned": membership.warned,
        **more,
    }
    events.append(tx, case.now, "zhishou", f"incident.{what}", body)


def _incident_of(membership: Membership) -> int:
    if membership.incident is None:
        raise ValueError(f"membership of {membership.key} names no incident")
    return membership.incident


def _with_common_key(tx: sqlite3.Connection, case: Case, wanted: Membership) -> Membership:
    """The key of the wider cause, where there is one: a platform that many sites share, a wall before a whole host."""
    if wanted.cause is Cause.BLIND and case.facts.blind_reason == Reach.CHALLENGED:
        return replace(wanted, key=f"wall:{host_of(case.target.url)}")
    if _is_turned_link(case, wanted):  # whoever planted one, or let a name run out, seldom did it once
        pages = state.pages_carrying(tx, case.target.id, 1)
        return replace(wanted, key=f"links:{pages[0].id}") if pages else wanted
    if wanted.cause is not Cause.OUTAGE or case.target.kind is not TargetKind.SITE:
        return wanted
    run = next((r for r in case.facts.runs if r.finding.check == "reachable"), None)
    reason, near = run.finding.reason if run else "", (wanted.since - TOGETHER, wanted.since + TOGETHER)
    few = case.policy.settings.alert.group_after
    if state.sites_failing_alike(tx, reason, *near, at_most=few + 1) <= few:
        return wanted
    # The reference hosts answer, or verdicts would be held: one incident, gravest, never muted.
    shared = state.open_platform(tx, case.now - 2 * TOGETHER)
    return replace(wanted, key=shared or f"platform:{to_ms(case.now)}", severity=Severity.VETO)


def _is_turned_link(case: Case, wanted: Membership) -> bool:
    return wanted.cause is Cause.TAMPER and case.target.kind is TargetKind.LINK


def _is_told_by_page(tx: sqlite3.Connection, case: Case, wanted: Membership) -> bool:
    """Links that strangers planted on a page are told with the page, for as long as that is suspected itself."""
    if not _is_turned_link(case, wanted):
        return False
    pages = state.pages_carrying(tx, case.target.id, 1)
    return any(one.cause is Cause.TAMPER for page in pages for one in incidents.open_memberships(tx, page.id))


def _enqueue(tx: sqlite3.Connection, case: Case, kind: NoticeKind, incident: int, membership: Membership) -> None:
    if state.is_muted(tx, case.target.id, case.now) and not membership.key.startswith("platform:"):
        return
    if kind is NoticeKind.JOINED and membership.key.startswith("wall:"):
        return  # who was told of the wall knows that nothing behind it can be seen
    cited = ",".join(sorted(membership.rules))
    mark = f"{membership.warned}:{membership.severity}:{to_ms(membership.since)}:{cited}"
    notice = Notice(
        id=None,
        kind=kind,
        incident=incident,
        severity=membership.severity,
        created_at=case.now,
        release_at=_wait_until(tx, case, kind, membership),
        dedupe_key=f"{incident}:{kind}:{case.target.id}:{mark}",
        facts=_told(tx, case, membership),
    )
    outbox.enqueue(tx, notice)


def _wait_until(tx: sqlite3.Connection, case: Case, kind: NoticeKind, membership: Membership) -> datetime:
    """Grouping waits of DESIGN.md §5.9; links also wait until the other links of their page had their turn."""
    alert, links_until, recently = case.policy.settings.alert, None, 1
    if membership.cause is Cause.DEAD_LINK and kind in {NoticeKind.OPENED, NoticeKind.JOINED}:
        at_most = case.now + case.policy.settings.cadence.links
        links_until = state.page_turn_over(tx, case.target.id, membership.since, at_most)
    else:
        recently += state.notices_since(tx, kind, case.now - alert.group_wait)
    return release_at(kind, membership.cause, recently, case.now, alert, links_until=links_until)


def _told(tx: sqlite3.Connection, case: Case, membership: Membership) -> dict[str, object]:
    """What the words of the notice are made of, as it was at this moment."""
    target, facts, rules = case.target, case.facts, case.policy.rules
    run = next((r for r in facts.runs if r.finding.cause == membership.cause), None)
    standing, until = _standing(case, membership)
    told: dict[str, object] = {
        "standing": standing,
        "cause": membership.cause.value,
        "key": membership.key,
        "targets": [_target(tx, target)],
        "since": to_ms(membership.since),
        "why": {"template": membership.why.template, "values": dict(membership.why.values)},
        "citations": [_citation(rules[key]) for key in quoted(membership, case.judged) if key in rules],
        "looks": run.looks if run else 0,
        "at": to_ms(case.now),
    }
    if until is not None:
        told["until"] = to_ms(until)
    if facts.outage is not None and membership.cause is Cause.OUTAGE:
        told |= {"day": day(facts.outage, case.now), "of_days": 30}
    if (closure := closure_told(case.facts, case.judged, membership)) is not None:
        told["filed"] = closure
    if run is not None:
        told["evidence"] = dict(run.finding.evidence)
    if membership.incident is not None:
        told["target_count"] = state.members_ever(tx, membership.incident)
        told["ended_at"] = to_ms(_open_again(case, membership.cause) or case.now)
        told["removed"] = views.is_removed(tx, target.id)
    if target.kind is TargetKind.LINK:
        told["pages"] = [_target(tx, page) for page in state.pages_carrying(tx, target.id, 3)]
    return told | _counts(tx, case, membership)


def _counts(tx: sqlite3.Connection, case: Case, membership: Membership) -> dict[str, object]:
    """How many columns of the site count toward the same veto, and how many make it; empty where none is counted toward."""
    site, rules = case.target.site, case.policy.rules
    cited = [rules[key] for key in membership.rules if key in rules and rules[key].options.get("counts_toward")]
    if membership.cause is not Cause.STALE or site is None or not cited:
        return {}
    pack, limit = cited[0].pack, int(str(cited[0].options["counts_toward"]))
    alike = [one for one in rules.values() if one.pack == pack and one.options.get("counts_toward") == limit]
    names = {f"stale:{pack}:{word}" for one in alike for word in counted_of_column(one)}
    have = sum(number for name, number in brought.in_breach(tx, site).items() if name in names)
    return {"counts": {"have": have, "limit": limit}}


def _standing(case: Case, membership: Membership) -> tuple[str, datetime | None]:
    """Due while the limit is only near (the last warning of a veto), and till when; else "breached"."""
    cited = [one for one in case.judged if one.rule in membership.rules and one.value is not Compliance.MET]
    if {one.value for one in cited} != {Compliance.DUE}:
        return Compliance.BREACHED, None
    return Compliance.DUE, min((one.until for one in cited if one.until is not None), default=None)


def _open_again(case: Case, cause: Cause) -> datetime | None:
    """The first good look of an outage's end; None while it does not open, and for troubles of other kinds."""
    if cause not in {Cause.OUTAGE, Cause.SLOW}:
        return None
    run = next((r for r in case.facts.runs if r.finding.check == "reachable"), None)
    return run.streak_since if run is not None and run.finding.outcome is Outcome.OK else None


def _target(tx: sqlite3.Connection, target: RawTarget) -> dict[str, object]:
    """Who and what it is; a column names its site. Links belong to nobody: they go by the site on whose host they lie."""
    site = targets.load_target(tx, target.site) if target.site is not None else None
    contacts = target.contacts or (site.contacts if site is not None else ())
    told: dict[str, object] = {
        "id": target.id,
        "kind": target.kind.value,
        "name": target.name,
        "url": target.url,
        "owner": target.owner or (site.owner if site is not None else ""),
        "contacts": [{"name": c.name, "phone": c.phone, "role": c.role} for c in contacts],
    }
    if site is not None and target.kind is not TargetKind.LINK:
        told["site_name"] = site.name
    return told


def _citation(rule: Rule) -> dict[str, object]:
    return {
        "rule": rule.key,
        "source": rule.source,
        "article": rule.article,
        "says": rule.says,
        "status": rule.status,
        "confidence": rule.confidence.value,
        "severity": rule.severity.value,
    }


def _evidence(tx: sqlite3.Connection, case: Case, wanted: Membership, joined: Membership) -> str:
    """What decided it, to be judged again (monitor/evidence/kept.py)."""
    rules, limit = case.policy.rules_of(case.target), case.policy.blind_limit(case.target.kind)
    return body_of(tx, case.target, case.facts, case.now, rules, wanted, joined, case.before, limit)
