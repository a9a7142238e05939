"""What a declaration or attestation led to, as sentences: one for each change of settle/changed.py.

Pure but for the catalogue. Times are those of Shanghai.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor.alert.phrases import GRAVE, STANDINGS
from monitor.model import Compliance, Rule, Severity, Text, say
from monitor.render import duration, moment, translate
from monitor.settle.changed import Change

Body = Mapping[str, Any]


def told(change: Change, rules: Mapping[str, Rule], language: str, now: datetime) -> dict[str, object]:
    """The change as JSON, with its sentence under `words` and the sentences in it in that language."""
    said = {name: translate(text, language) for name, text in change.said.items()}
    body = {**change.body, **said}
    words = _WORDS[change.what](body, rules, language, now)
    return {"what": change.what, **body, "words": translate(words, language)}


def _outage(body: Body, _rules: Mapping[str, Rule], language: str, now: datetime) -> Text:
    start, end, day = _at(body["from"], language, now), body["to"], body["day"]
    if end is None:
        which = translate(say("outage since {start}, day {day}", start=start, day=day), language)
    else:
        told_end = _at(end, language, now)
        which = translate(say("outage from {start} to {end}, day {day}", start=start, end=told_end, day=day), language)
    before, after = (timedelta(seconds=seconds) for seconds in body["seconds"])
    if not after:
        return say("{outage}: not filed for any more, {before} before", outage=which, before=duration(before, language))
    if not before:
        return say(
            "{outage}: filed for {after} of it now, for none before", outage=which, after=duration(after, language)
        )
    return say(
        "{outage}: filed for {after} of it now, for {before} before",
        outage=which,
        after=duration(after, language),
        before=duration(before, language),
    )


def _outage_ended(body: Body, _rules: Mapping[str, Rule], language: str, now: datetime) -> Text:
    start, end = _at(body["from"], language, now), _at(body["to"], language, now)
    return say("the outage since {start} is over, with {end}", start=start, end=end)


def _outage_goes_on(body: Body, _rules: Mapping[str, Rule], language: str, now: datetime) -> Text:
    return say("the outage since {start} goes on", start=_at(body["from"], language, now))


def _samples(body: Body, _rules: Mapping[str, Rule], _language: str, _now: datetime) -> Text:
    (before, after), (was_out, out) = body["failed"], body["excluded"]
    return say(
        "samples of the last 7 days: failed {before} → {after}, excluded {was_out} → {out}",
        before=before,
        after=after,
        was_out=was_out,
        out=out,
    )


def _standing(body: Body, rules: Mapping[str, Rule], language: str, _now: datetime) -> Text:
    before, after = (translate(STANDINGS[Compliance(value)], language) for value in body["standing"])
    key = body["rule"]
    article = rules[key].article if key in rules else key
    said = {"rule": article, "key": key, "before": before, "after": after, "why": body["why"]}
    return say("{rule} [{key}] {before} → {after}: {why}", **said)


def _standing_dates(body: Body, rules: Mapping[str, Rule], language: str, now: datetime) -> Text:
    """It stands as it did, but since or until another instant."""
    key, name = body["rule"], "since" if "since" in body else "until"
    before, after = (_at(one, language, now) for one in body[name])
    said = {
        "rule": rules[key].article if key in rules else key,
        "key": key,
        "standing": translate(STANDINGS[Compliance(body["standing"])], language),
        "before": before,
        "after": after,
        "why": body["why"],
    }
    if name == "since":
        return say("{rule} [{key}] {standing} as before, but since {after}, not {before}: {why}", **said)
    return say("{rule} [{key}] {standing} as before, but until {after}, not {before}: {why}", **said)


def _incident(body: Body, _rules: Mapping[str, Rule], language: str, _now: datetime) -> Text:
    before, after = body["severity"]
    if after is None:
        return say("incident #{id} is over", id=body["incident"])
    if before == after:
        return say("incident #{id} cites other rules: {rules}", id=body["incident"], rules=", ".join(body["rules"][1]))
    was, now = (translate(GRAVE[Severity(one)], language) for one in (before, after))
    return say("incident #{id}: {before} → {after}", id=body["incident"], before=was, after=now)


def _incident_opened(body: Body, _rules: Mapping[str, Rule], language: str, _now: datetime) -> Text:
    severity = translate(GRAVE[Severity(body["severity"])], language)
    return say("incident #{id} [{severity}] has begun: {why}", id=body["incident"], severity=severity, why=body["why"])


def _past_incident(body: Body, _rules: Mapping[str, Rule], language: str, now: datetime) -> Text:
    """It is over, and what people were told stays told: what it would have been, or is again."""
    before, after = (None if one is None else translate(GRAVE[Severity(one)], language) for one in body["member"])
    said = {"id": body["incident"], "start": _at(body["from"], language, now)}
    if after is None:
        return say("incident #{id} [{before}] of {start} would not have come", before=before or "-", **said)
    if body["quiet"] and body["member"][1] == Severity.REMIND:
        return say(
            "incident #{id} [{severity}] of {start} would have been told quietly", severity=before or "-", **said
        )
    if before is None:
        return say("incident #{id} of {start} would have come all the same: {after}", after=after, **said)
    return say("incident #{id} of {start}, which is over: {before} → {after}", before=before, after=after, **said)


def _look(body: Body, _rules: Mapping[str, Rule], _language: str, _now: datetime) -> Text:
    return say("{target} is looked at now: an address to check was told", target=body["target"])


_WORDS: Mapping[str, Callable[[Body, Mapping[str, Rule], str, datetime], Text]] = {
    "outage": _outage,
    "outage_ended": _outage_ended,
    "outage_goes_on": _outage_goes_on,
    "samples": _samples,
    "standing": _standing,
    "standing_dates": _standing_dates,
    "incident": _incident,
    "incident_opened": _incident_opened,
    "past_incident": _past_incident,
    "look": _look,
}


def _at(iso: str, language: str, now: datetime) -> str:
    return moment(datetime.fromisoformat(iso), language, now)
