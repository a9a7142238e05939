"""What was known of a target when it was judged, in words: looks, what was confirmed, outage, samples, records, the page.

Pure but for the catalogue.
"""

from collections.abc import Iterator
from datetime import datetime

from monitor.alert.phrases import OUTCOMES
from monitor.clock import SHANGHAI
from monitor.config.declared import KINDS
from monitor.evidence.filed import Declared
from monitor.evidence.kept import Kept
from monitor.model import Condition, Declaration, Facts, Finding, Outage, Run, Text, say
from monitor.model.finding import Value
from monitor.render import day, translate

SHOWN = ("reach", "status", "address", "url", "final_url", "detail", "title", "seconds")
"""What of a look's evidence is written out for people; JSON has all of it."""


def seen(kept: Kept, language: str) -> Iterator[Text]:
    """What was known of the target when it was judged."""
    facts = kept.basis.facts
    yield from (_run(run, language) for run in facts.runs)
    yield from (_condition(condition, language) for condition in facts.conditions)
    yield from (text for one in facts.ended for text in _ended(one, language))
    if facts.outage is not None:
        yield from _outage(facts.outage, language)
    if facts.failed or facts.good:
        yield say(
            "visits of the last seven days: {good} good, {failed} failed, {excluded} not counted; a full week has {expected}",
            **{name: getattr(facts, name) for name in ("good", "failed", "excluded", "expected")},
        )
    if facts.blind_since is not None:
        reason = facts.blind_reason
        yield say("could not be seen since {moment} ({reason})", moment=at(facts.blind_since, language), reason=reason)
    yield from _records(facts, language)
    if kept.shown is not None:
        shown = kept.shown
        yield say(
            "page kept on {moment}: HTTP {status}, sha256 {hash}",
            moment=at(shown.at, language),
            status=shown.status or "-",
            hash=shown.body,
        )


def _records(facts: Facts, language: str) -> Iterator[Text]:
    yield from (declared(one, language) for one in facts.declarations)
    if facts.messages:
        oldest = at(facts.messages[0].received_at, language)
        yield say("messages not answered: {n}, the oldest received {moment}", n=len(facts.messages), moment=oldest)
    if facts.attested is not None:
        seen = facts.attested
        yield say(
            "attested by {who} on {moment}: newest {day}",
            who=seen.by,
            moment=at(seen.at, language),
            day=str(seen.newest),
        )
    if facts.posts:
        yield say(
            "posts known of the last weeks: {n}, the newest of {day}", n=len(facts.posts), day=str(facts.posts[0].day)
        )
    if facts.counts:
        counted = ", ".join(f"{name} {number}" for name, number in sorted(facts.counts.items()))
        yield say("columns counted: {counts}", counts=counted)


def _run(run: Run, language: str) -> Text:
    """Looks of a run came to the same outcome; what they saw is kept of the last alone."""
    found = run.finding
    said = {"check": found.check, "outcome": OUTCOMES[found.outcome].template, "saw": _saw(found, language)}
    last = at(run.last_at, language)
    if run.looks == 1:
        return say("{check}: {outcome}; one look, {last}: {saw}", last=last, **said)
    return say(
        "{check}: {outcome}, {n} looks in a row from {first} to {last}; what the last one saw: {saw}",
        n=run.looks,
        first=at(run.first_at, language),
        last=last,
        **said,
    )


def _saw(found: Finding, language: str) -> str:
    """In its words, with what else of it is written out for people."""
    summary = translate(found.summary, language)
    details = ", ".join(f"{name} {found.evidence[name]}" for name in SHOWN if name in found.evidence)
    return translate(say("{summary} ({details})", summary=summary, details=details), language) if details else summary


def _condition(one: Condition, language: str) -> Text:
    since, confirmed = at(one.since, language), at(one.confirmed_at, language)
    return say("{check}: began {since}, confirmed {confirmed}", check=one.check, since=since, confirmed=confirmed)


def _outage(outage: Outage, language: str) -> Iterator[Text]:
    yield say("the outage began {since}; its days are counted from then", since=at(outage.started_at, language))
    yield from _gaps(outage, language)
    if outage.up_since is not None:
        yield say("confirmed open again since {moment}", moment=at(outage.up_since, language))


def _ended(outage: Outage, language: str) -> Iterator[Text]:
    assert outage.ended_at is not None  # of those that are over (Facts.ended)
    start, end = at(outage.started_at, language), at(outage.ended_at, language)
    yield say("an outage that is over, from {start} to {end}", start=start, end=end)
    yield from _gaps(outage, language)


def _gaps(outage: Outage, language: str) -> Iterator[Text]:
    for start, end in outage.gaps:
        yield say(
            "it opened again from {start} to {end}, less than 24 hours: the count goes on",
            start=at(start, language),
            end=at(end, language),
        )


def declared(one: Declaration, language: str) -> Text:
    """What somebody filed."""
    told: dict[str, Value] = {
        "id": one.id,
        "who": one.by,
        "moment": at(one.filed_at, language),
        "kind": KINDS[one.kind].name.template,
        "start": at(one.start, language),
        "number": f" {one.number}" if one.number else "",
    }
    if one.end is None:
        return say("declaration {id} by {who}, filed {moment}: {kind} from {start} on{number}", **told)
    end = at(one.end, language)
    return say("declaration {id} by {who}, filed {moment}: {kind} from {start} to {end}{number}", end=end, **told)


def no_more(one: Declared, language: str) -> Text | None:
    """That it does not count any more: since when, by whom, and what came in its place. None while it counts."""
    if one.superseded_at is None:
        return None
    said = {"moment": at(one.superseded_at, language), "who": one.by or "-"}
    if one.corrected_by is not None:
        return say("corrected {moment} by {who}: declaration {by} stands in its place", by=one.corrected_by, **said)
    return say("withdrawn {moment} by {who}: {why}", why=one.why or "-", **said)


def at(instant: datetime, language: str) -> str:
    """Day with its year and time to the second, of Shanghai."""
    local = instant.astimezone(SHANGHAI)
    return f"{day(local.date(), language, with_year=True)} {local:%H:%M:%S}"
