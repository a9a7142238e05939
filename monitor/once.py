"""One look without a store: what `zhishou visit` prints (DESIGN.md §4.4).

The same visit and the same judging as the daemon's, on facts that hold this one look only: nothing is confirmed, so a
failure of reach is shown as a finding and leaves its standing open. What takes many looks is not told from one.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from monitor.app import checks_for, open_eyes
from monitor.clock import SHANGHAI, SystemClock
from monitor.config.settings import RawTarget, Settings
from monitor.config.urls import Trouble, address_trouble
from monitor.judge.runs import advance
from monitor.judge.standings import judge
from monitor.model import (
    Claim,
    ColumnKind,
    Compliance,
    Facts,
    Finding,
    Outcome,
    Reading,
    Rule,
    Standing,
    Target,
    TargetKind,
    Text,
    Visited,
    say,
)
from monitor.observe.visit import visit
from monitor.plan.suspects import Suspects
from monitor.read.slim import shown
from monitor.render import translate
from monitor.settle.policy import policy_of


class NotATarget(ValueError):
    """What was asked for is neither a target of the inventory nor an address; `trouble` says why it is none."""

    def __init__(self, what: str, trouble: Trouble) -> None:
        super().__init__(f"{what}: no target of that name in the inventory, and not an address: {trouble.words}")
        self.trouble = trouble


async def look_once(settings: Settings, what: str, kind: TargetKind, language: str = "") -> dict[str, object]:
    """Look at a target of the inventory, or at a bare address as a target of that kind; words in the desk's language."""
    target, clock, policy = _target(settings, what, kind), SystemClock(), policy_of(settings)
    eyes = open_eyes(settings, clock, Suspects(Path("unused")))
    try:
        now = clock.now()
        claim = Claim(target, now, sample=True, period=policy.periods[target.kind], lease="once", lease_until=now)
        visited = await visit(claim, eyes.tools, checks_for(settings), policy.cadences)
    finally:
        await eyes.close()
    runs = tuple(advance(None, finding, visited.started_at) for finding in visited.findings)
    facts = Facts(runs=runs, last_look_at=visited.started_at, first_seen_at=visited.started_at)
    rules = [rule for rule in policy.rules_of(target) if _concerns(rule, target)]
    standings = _told_by_one(judge(target, facts, rules, clock.now()).standings, rules)
    return _printed(visited, standings, language or settings.desk.language)


def _concerns(rule: Rule, target: RawTarget) -> bool:
    """A certificate is asked of https sites only."""
    return rule.obligation != "certificate_valid" or urlsplit(target.url).scheme == "https"


def _told_by_one(standings: Iterable[Standing], rules: Iterable[Rule]) -> tuple[Standing, ...]:
    """The standings, undecided where a rule goes by many looks: one of them must not be called kept."""
    many = {rule.key: words for rule in rules if (words := _takes_many(rule)) is not None}
    return tuple(
        one._replace(value=Compliance.UNKNOWN, why=many[one.rule], since=None, until=None) if one.rule in many else one
        for one in standings
    )


def _takes_many(rule: Rule) -> Text | None:
    if rule.obligation == "reachable" and "window" in rule.options:
        return say("one look cannot tell: the share is that of a week of looks")
    if rule.obligation == "dates_honest":
        return say("one look cannot tell: dates are compared with those of earlier looks")
    if rule.obligation == "offline_at_most":
        return say("one look cannot tell: the days of an outage are counted over many looks")
    return None


def _target(settings: Settings, what: str, kind: TargetKind) -> RawTarget:
    known = next((target for target in settings.targets if target.id == what), None)
    if known is not None:
        return known
    trouble = address_trouble(what)
    if trouble is not None:
        raise NotATarget(what, trouble)
    column = ColumnKind.DYNAMIC if kind is TargetKind.COLUMN else None
    return Target(id=what, kind=kind, name=what, url=what, options={}, column=column)


def _printed(visited: Visited, standings: tuple[Standing, ...], language: str) -> dict[str, object]:
    page = visited.page
    return {
        "target": visited.claim.target.id,
        "at": _iso(visited.started_at),
        "reach": visited.reach.value,
        "tries": [
            {"at": _iso(t.at), "reach": t.reach.value, "status": t.status, "seconds": round(t.seconds, 3)}
            for t in visited.tries
        ],
        "findings": [_finding(finding, language) for finding in visited.findings],
        "standings": [_standing(standing, visited, language) for standing in standings],
        "reading": _reading(page.reading, visited.findings) if page is not None and page.reading is not None else None,
    }


def _reading(reading: Reading, findings: Iterable[Finding]) -> dict[str, object]:
    """The page as it was read, and the days that its articles print where a check has read them (evidence `articles`).

    `newest_date` stays what the list prints: of the articles only some were read, so the newest may be another.
    """
    days: dict[str | None, str] = {}
    for finding in findings:
        told = finding.evidence.get("articles")
        days |= told if isinstance(told, dict) else {}
    items = (
        replace(item, date=days[item.url], date_from="article") if item.date is None and item.url in days else item
        for item in reading.items
    )
    return shown(replace(reading, items=tuple(items)) if days else reading)


def _finding(finding: Finding, language: str) -> dict[str, object]:
    return {
        "check": finding.check,
        "outcome": finding.outcome.value,
        "subject": finding.subject,
        "summary": translate(finding.summary, language),
        "measures": [{"name": m.name, "value": m.value, "unit": m.unit} for m in finding.measures],
        "evidence": dict(finding.evidence),
    }


def _standing(standing: Standing, visited: Visited, language: str) -> dict[str, object]:
    value = standing.value
    if value is Compliance.MET and any(
        f.cause is standing.cause for f in visited.findings if f.outcome is Outcome.FAIL
    ):
        value = Compliance.UNKNOWN  # one look confirms nothing, and must not be called fine
    return {
        "rule": standing.rule,
        "standing": value.value,
        "since": None if standing.since is None else _iso(standing.since),
        "until": None if standing.until is None else _iso(standing.until),
        "why": translate(standing.why, language),
    }


def _iso(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).isoformat(timespec="seconds")
