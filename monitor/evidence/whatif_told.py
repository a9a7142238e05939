"""What a what-if came to, in words and as JSON, with what could not be replayed.

Pure but for the catalogue.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from monitor.alert.phrases import GRAVE, WHAT
from monitor.clock import SHANGHAI
from monitor.config.settings import Settings
from monitor.evidence.compared import Difference
from monitor.evidence.whatif import WhatIf
from monitor.model import Cause, Text, say
from monitor.render import day, duration, translate
from monitor.settle.policy import DESK

NOT_REPLAYED = (
    say(
        "settings, inventory, rosters and owners are taken as they are today, and the present rules for the whole time"
    ),
    say("of samples the hour is kept: the 5 % may be reached up to an hour later than it was"),
    say(
        "of looks that agreed only the last measures are kept, and every date; an earlier program kept no dates: of its time"
        " newest dates are those of the items seen by then, and accounts, which keep no items, seem silent only where they still are"
    ),
    say("alerts are counted per target and cause: shared platforms, walls, muting and grouping are not replayed"),
)
"""Said with every result: how far it can be trusted."""


MISSED = 20
"""Alerts that did not come out of the replay, told line by line; JSON has all of them."""


def as_json(found: WhatIf, language: str) -> dict[str, Any]:
    """All of it; instants as ISO texts in Shanghai, `by_seconds` negative for earlier."""
    return {
        "from": _iso(found.start),
        "to": _iso(found.end),
        "known_from": _iso(found.begins),
        **{name: getattr(found, name) for name in ("watched", "walked", "present", "other", "really", "came")},
        "new_packs": list(found.new),
        "counts": dict(Counter(one.what for one in found.differs)),
        "differs": [_row(one) for one in found.differs],
        "missed": [{**one._asdict(), "cause": one.cause.value, "at": _iso(one.at)} for one in found.missed],
        "not_replayed": [translate(text, language) for text in NOT_REPLAYED],
    }


def _row(one: Difference) -> dict[str, Any]:
    return {
        "target": one.target,
        "cause": one.cause.value,
        "rules": list(one.rules),
        "what": one.what,
        "present": _iso(one.present),
        "other": _iso(one.other),
        "by_seconds": int(one.by.total_seconds()),
        "severity": None if one.severity is None else one.severity.value,
        "severities": [None if each is None else each.value for each in one.severities],
    }


def lines(found: WhatIf, settings: Settings, language: str) -> Iterator[str]:
    """The words for people."""
    names = {target.id: target.name for target in (DESK, *settings.targets)}
    for text in _head(found, language):
        yield translate(text, language)
    for text in _missed(found, names, language):
        yield "  " + translate(text, language)
    if not found.differs:
        yield translate(say("nothing differs"), language)
    for one in found.differs:
        yield translate(_difference(one, names.get(one.target, one.target), language), language)
    for what, n in sorted(Counter(one.what for one in found.differs).items()):
        yield f"{translate(_WORDS[what], language)}: {n}"
    yield translate(say("not replayed, or only so far:"), language)
    for text in NOT_REPLAYED:
        yield "  " + translate(text, language)


def _head(found: WhatIf, language: str) -> Iterator[Text]:
    span = {"start": _at(found.start, language), "end": _until(found.end, language)}
    yield say("from {start} to {end}, Beijing time", **span)
    if found.start < found.begins:
        yield say("the store knows nothing from before {moment}", moment=_at(found.begins, language))
    yield say(
        "{walked} of {watched} targets fall under rules that differ; alerts under the present rules {present}, under the"
        " others {other}",
        **{name: getattr(found, name) for name in ("walked", "watched", "present", "other")},
    )
    for pack in found.new:
        yield say("no target names the pack {pack}: every target was taken to fall under it", pack=pack)
    if found.really:
        yield say(
            "of {really} alerts that really came for these targets {came} come out of the replay under the present rules",
            really=found.really,
            came=found.came,
        )


def _missed(found: WhatIf, names: Mapping[str, str], language: str) -> Iterator[Text]:
    """Which real alerts the replay did not find: of these targets its silence says nothing."""
    for one in found.missed[:MISSED]:
        yield say(
            "not among them: incident #{id}, {target}: {what}, {moment}; what is said of that trouble is not to be relied on",
            id=one.incident,
            target=names.get(one.target, one.target),
            what=_what(one.cause, language),
            moment=_at(one.at, language),
        )
    if len(found.missed) > MISSED:
        yield say("… and {n} more", n=len(found.missed) - MISSED)


def _what(cause: Cause, language: str) -> str:
    return translate(WHAT[cause], language) if cause in WHAT else cause.value


def _difference(one: Difference, name: str, language: str) -> Text:
    said = {
        "target": name,
        "what": _what(one.cause, language),
        "rules": ", ".join(one.rules),
        "present": "-" if one.present is None else _at(one.present, language),
        "other": "-" if one.other is None else _at(one.other, language),
        "length": _length(one.by, language),
        "severity": "" if one.severity is None else translate(GRAVE[one.severity], language),
    }
    return Text(_WORDS_OF[one.what].template, said)


def _length(by: timedelta, language: str) -> str:
    by = abs(by)
    if by >= timedelta(days=1) and not by % timedelta(days=1):
        return translate(say("{n} days", n=by.days), language)
    return duration(by, language)


_WORDS = {
    "would come": say("would have come"),
    "would not come": say("would not have come"),
    "earlier": say("earlier"),
    "later": say("later"),
    "graver": say("graver"),
    "milder": say("milder"),
    "graver earlier": say("as grave earlier"),
    "graver later": say("as grave later"),
}
_WORDS_OF = {
    "would come": say("{target}: {what} would have come {other} ({rules})"),
    "would not come": say("{target}: {what} would not have come; it comes {present} ({rules})"),
    "earlier": say("{target}: {what} {length} earlier: {other} in place of {present} ({rules})"),
    "later": say("{target}: {what} {length} later: {other} in place of {present} ({rules})"),
    "graver": say("{target}: {what} would have come to {severity} {other} ({rules})"),
    "milder": say("{target}: {what} would not have come to {severity}; it comes to it {present} ({rules})"),
    "graver earlier": say("{target}: {what}, {severity} {length} earlier: {other} in place of {present} ({rules})"),
    "graver later": say("{target}: {what}, {severity} {length} later: {other} in place of {present} ({rules})"),
}


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _until(end: datetime, language: str) -> str:
    """An end at midnight is that of the day before: nobody reads 4 October where 3 October is the last day."""
    local = end.astimezone(SHANGHAI)
    if local.time() != time():
        return _at(end, language)
    return f"{day(local.date() - timedelta(days=1), language, with_year=True)} 24:00"


def _at(instant: datetime, language: str) -> str:
    local = instant.astimezone(SHANGHAI)
    return f"{day(local.date(), language, with_year=True)} {local:%H:%M}"
