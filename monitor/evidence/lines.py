"""An explanation in words, line by line, and as JSON: what was seen when, by which rule, which day it was, what happened since.

Pure but for the catalogue. Lines are indented by two blanks for what belongs to the line above.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from monitor.alert.phrases import GRAVE, STANDINGS, what
from monitor.alert.quoting import basis
from monitor.clock import iso
from monitor.evidence.codec import plain, shown
from monitor.evidence.explain import Explanation, Judged
from monitor.evidence.filed import Declared
from monitor.evidence.kept import FORM, Kept
from monitor.evidence.sights import at, declared, no_more, seen
from monitor.evidence.steps import Step, in_words, steps
from monitor.model import Rule, Severity, Standing, Text, say
from monitor.render import translate
from monitor.store.events import Event
from monitor.store.told import Sent

EVENTS = {
    "incident.opened": say("the incident was opened"),
    "incident.joined": say("came into it:"),
    "incident.worsened": say("it became graver, or touched a further rule:"),
    "incident.day": say("a further day was told:"),
    "incident.eased": say("it weighs less by what was filed:"),
    "incident.member_eased": say("one member weighs less by what was filed, the incident as much as before:"),
    "incident.judged_again": say("judged again, now that it is over, by what is filed: it weighs otherwise"),
    "target.judged_again": say("filed something by which the past was judged again:"),
    "incident.left": say("is fine again:"),
    "incident.recovered": say("nothing of it is left: recovered"),
    "incident.unwatched": say("nobody watches any more what is left of it: closed"),
    "incident.folded": say("it goes on as part of a wider incident: closed"),
    "incident.acknowledged": say("took it on"),
    "incident.closed": say("put it away"),
    "incident.false_alarm_proposed": say("called it a false alarm; a second person has to confirm"),
    "incident.false_alarm": say("marked it as a false alarm"),
}
TOLD = {
    "opened": say("news of the incident"),
    "worsened": say("news that it is graver"),
    "day": say("news of a further day"),
    "joined": say("news of further targets"),
    "recovered": say("news that it is over"),
}
STATES = {
    "waiting": say("waits to be released"),
    "pending": say("waits to be sent"),
    "sending": say("is being sent"),
    "sent": say("confirmed by the receiver"),
    "superseded": say("told by a later message"),
    "dead": say("given up"),
}
MOST = 20
"""Rows of evidence told line by line; of an incident with more members the rest is counted."""


def as_json(told: Explanation, language: str) -> dict[str, Any]:
    """All of it; `lines` are the words, `same` null where nothing can be judged again.

    Instants are ISO texts of Shanghai, but in bodies of events and in evidence of earlier programs: those are as they were sealed.
    """
    return {
        "incident": told.incident.id,
        "same": told.same,
        **{name: plain(getattr(told.incident, name)) for name in ("cause", "key", "state", "severity", "rules")},
        "opened_at": iso(told.incident.opened_at),
        "judged": [_judged_json(one, language) for one in told.judged],
        "events": [shown(one) for one in told.events],
        "declarations": [_declared_json(one) for one in told.declarations],
        "deliveries": [shown(one) for one in told.sent],
        "lines": list(lines(told, language)),
    }


def _judged_json(one: Judged, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "evidence": one.row.id,
        "target": one.row.target,
        "at": iso(one.row.at),
        "sha256": one.row.sha256,
        "same": one.same,
        "differs": [{"what": name, "recorded": old, "again": new} for name, old, new in one.differs],
        "unknown_rules": list(one.unknown_rules),
        "rules": [{**plain(rule), "version": rule.version} for rule in one.rules],
        "basis": one.row.body if one.row.kept is None else {"form": FORM, **shown(one.row.kept)},
    }
    counted = [(standing.rule, list(_steps(one, standing))) for standing in _standings(one)]
    found["days"] = {
        rule: [{"n": step.n, "day": step.day.isoformat(), "says": translate(step.says, language)} for step in count]
        for rule, count in counted
        if count
    }
    return found


def _declared_json(one: Declared) -> dict[str, Any]:
    """The declaration, and what became of it: null while it counts."""
    over = None if one.superseded_at is None else iso(one.superseded_at)
    became = {"superseded_at": over, "superseded_by": one.by or None, "corrected_by": one.corrected_by}
    return {**shown(one.declaration), **became, "withdrawn_because": one.why or None}


def lines(told: Explanation, language: str) -> Iterator[str]:
    """The words for people."""
    for depth, text in _all(told, language):
        yield "  " * depth + (translate(text, language) if isinstance(text, Text) else text)


def _all(told: Explanation, language: str) -> Iterator[tuple[int, Text | str]]:
    one = told.incident
    yield (
        0,
        say(
            "incident #{id}: {what}, {grave}, {state}, opened {moment}, Beijing time",
            id=one.id,
            what=translate(what(one.cause, None, near=False, key=one.key), language),
            grave=GRAVE[one.severity].template,
            state=one.state.value,
            moment=at(one.opened_at, language),
        ),
    )
    for judged in told.judged[:MOST]:
        yield from _judged(judged, language)
    if len(told.judged) > MOST:
        yield 0, say("… and {n} more", n=len(told.judged) - MOST)
    yield from _since(told, language)
    yield 0, _verdict(told)


def _judged(one: Judged, language: str) -> Iterator[tuple[int, Text | str]]:
    yield 0, say("{moment}: {target}", moment=at(one.row.at, language), target=_name(one))
    kept = one.row.kept
    if kept is None:
        yield 1, say("written by an earlier program, which kept too little to judge again; what it kept is in --json")
        return
    for text in seen(kept, language):
        yield 1, text
    for rule in one.rules:
        yield from _rule(rule)
    for standing in _standings(one):
        yield 1, _standing(standing, language)
        yield from ((2, text) for text in in_words(_steps(one, standing), language))
    yield from _result(one, kept)


def _name(one: Judged) -> str:
    kept = one.row.kept
    name, url = (kept.basis.target.name, kept.basis.target.url) if kept is not None else ("", "")
    return " ".join(part for part in (name, f"[{one.row.target}]", url) if part)


def _rule(rule: Rule) -> Iterator[tuple[int, Text | str]]:
    said = {"article": rule.article, "rule": rule.key, "version": rule.version, "grave": GRAVE[rule.severity].template}
    yield 1, basis(rule)
    if rule.limit is None:
        yield 2, say("{article} [{rule}], version {version}: {grave}", **said)
    else:
        yield 2, say("{article} [{rule}], version {version}: {grave}, limit {limit}", limit=str(rule.limit), **said)


def _standing(one: Standing, language: str) -> Text:
    said = {"rule": one.rule, "standing": STANDINGS[one.value].template, "why": translate(one.why, language)}
    if one.since is None:
        return say("[{rule}] {standing}: {why}", **said)
    return say("[{rule}] {standing} since {since}: {why}", since=at(one.since, language), **said)


def _result(one: Judged, kept: Kept) -> Iterator[tuple[int, Text | str]]:
    if one.unknown_rules:
        yield (
            1,
            say(
                "DIFFERS: the store does not have the rule it was judged by: {rules}",
                rules=", ".join(one.unknown_rules),
            ),
        )
    elif kept.decided is None:
        yield 1, _other_way(kept)
    elif not one.differs:
        yield 1, say("judged again from this: the same")
    for name, old, new in one.differs:
        yield 1, say("DIFFERS: {what}: recorded {old}, judged again {new}", what=name, old=old, new=new)
    if kept.decided is not None and kept.joined is not None:
        yield 1, _other_way(kept)


def _other_way(kept: Kept) -> Text:
    key = kept.joined.key.partition(":")[0] if kept.joined is not None else ""
    return _WAYS.get(key, say("joined without a judging of its own, by what was known of others"))


_WAYS = {
    "platform": say("many sites failed alike within five minutes: one incident of their shared platform, the gravest"),
    "wall": say("the whole host refuses programs: one incident for all that lies behind it"),
    "links": say("links that strangers turned are told with the page that carries them"),
    "uplink": say("told by the reference hosts, which did not answer either: nothing of a target is judged"),
    "proxy": say("told by looks that ended at our own outgoing proxy: nothing of a target is judged"),
    "clock": say("told by comparing the clocks of the monitor: nothing of a target is judged"),
    "broken": say("told by a check of ours that failed in the program: nothing of a target is judged"),
}


def _standings(one: Judged) -> tuple[Standing, ...]:
    kept = one.row.kept
    return kept.decided.standings if kept is not None and kept.decided is not None else ()


def _steps(one: Judged, standing: Standing) -> Iterator[Step]:
    rule = next((rule for rule in one.rules if rule.key == standing.rule), None)
    if rule is not None and one.row.kept is not None:
        basis = one.row.kept.basis
        yield from steps(rule, standing, basis.now, basis.facts.workdays)


def _since(told: Explanation, language: str) -> Iterator[tuple[int, Text | str]]:
    yield 0, say("what happened since")
    yield from ((1, _event(one, language)) for one in told.events)
    for filed in told.declarations:
        yield 1, declared(filed.declaration, language)
        if (became := no_more(filed, language)) is not None:
            yield 2, became
    if told.sent:
        yield 0, say("who was told")
        yield from ((1, _sent(one, language)) for one in told.sent)


def _event(one: Event, language: str) -> Text:
    said: Mapping[str, object] = one.body
    more = " ".join((*(str(said[name]) for name in ("target", "note") if said.get(name)), *_weighed(one, language)))
    return say(
        "line {seq}, {moment}, {who}: {what} {more}",
        seq=one.seq,
        moment=at(one.at, language),
        who=say("the monitor") if one.who == "zhishou" else one.who,
        what=EVENTS[one.what].template if one.what in EVENTS else one.what,
        more=more,
    )


def _weighed(one: Event, language: str) -> Iterator[str]:
    """Of a judging again its before and after; a dash where it would not have come."""
    if one.what == "incident.judged_again":
        pair = one.body["member"]
        assert isinstance(pair, list)  # settle/weighed.py writes two
        names = ("-" if each is None else translate(GRAVE[Severity(each)], language) for each in pair)
        yield " → ".join(names) + f" (#{one.body['declaration']})"


def _sent(one: Sent, language: str) -> Text:
    return say(
        "{moment}: {kind} to {who} over {channel}: {state}",
        moment=at(one.finished_at or one.created_at, language),
        kind=TOLD[one.kind].template if one.kind in TOLD else one.kind,
        who=one.recipient or "-",
        channel=one.channel or "-",
        state=STATES[one.state].template if one.state in STATES else one.state,
    )


def _verdict(told: Explanation) -> Text:
    n = sum(one.same is not None for one in told.judged)
    if told.same is None:
        return say("nothing of it can be judged again: it was not judged by rules, or is of an earlier program")
    if told.same:
        return say("judged again {n} times from the stored evidence: the same every time", n=n)
    return say("judged again from the stored evidence: NOT the same, see above")
