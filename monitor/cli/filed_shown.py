"""What `declare` and `attest` print for people: what was filed and what it led to, the ledger, the kinds, what is known of a target.

Takes the JSON of monitor/declare.py, returns lines; of the world it reads only the clock.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from monitor.cli.shown import called
from monitor.clock import SHANGHAI, SystemClock
from monitor.config.contradictions import KIND_OF_TARGET
from monitor.config.declared import KINDS
from monitor.config.settings import Settings
from monitor.model import DESK_ID, DeclarationKind, TargetKind, Text, say
from monitor.render import day, moment, translate

DONE: Mapping[str, Text] = {
    "declare": say("declaration {id}: filed by {who}, {moment}, Beijing time"),
    "declare-amend": say("declaration {id}: filed by {who} in the place of the earlier one, {moment}, Beijing time"),
    "declare-withdraw": say("declaration {id}: withdrawn by {who}, {moment}, Beijing time; it stays in the ledger"),
}

FORMS: Mapping[str, Text] = {
    "text": say("a text"),
    "texts": say("texts, ; between them"),
    "date": say("a day"),
    "instant": say("a day and a time"),
    "address": say("an address"),
    "switch": say("yes or no"),
    "number": say("a number"),
}

ENDS: Mapping[str, Text] = {
    "must": say("needs --to"),
    "may": say("--to if known"),
    "never": say("without --to"),
}

SOURCES: Mapping[str | None, Text] = {
    "page": say("read from the page"),
    "register": say("imported"),
    "attestation": say("attested"),
}


FIRST_SEEN = say("the page prints no dates: first seen that day")


def done(command: str, answer: Mapping[str, Any], by: str, language: str) -> Iterator[str]:
    """It is filed, and what it led to."""
    said = {"id": answer["declaration"], "who": by.strip(), "moment": moment(SystemClock().now(), language)}
    yield translate(Text(DONE[command].template, said), language)
    for one in answer["remarks"]:
        yield "  " + translate(say("look again: {said}", said=one["words"]), language)
    yield from _led_to(answer["changed"], language)


def ledger(found: Sequence[Mapping[str, Any]], settings: Settings, language: str, now: datetime) -> Iterator[str]:
    """What was filed, a line each, its fields under it."""
    if not found:
        yield translate(say("nothing is filed"), language)
    names = called(settings)
    for one in found:
        kind = translate(KINDS[DeclarationKind(one["kind"])].name, language)
        target = translate(say("the duty desk"), language) if one["target"] == DESK_ID else one["target"]
        who = [names[target]] if target in names else []
        marks = [_mark(one, language)] if not one["counts"] else []
        parts = [f"#{one['declaration']}", kind, *who, target, _span(one, language, now), one["number"], *marks]
        yield "  ".join(part for part in parts if part)
        filed = moment(datetime.fromisoformat(one["filed_at"]), language, now)
        yield "    " + translate(say("filed by {who}, {moment}", who=one["by"], moment=filed), language)
        if not one["counts"]:
            yield "    " + translate(_became(one, language, now), language)
        for name, value in one["fields"].items():
            shown = (
                ("；" if language.startswith("zh") else "; ").join(value)
                if isinstance(value, list)
                else _value(value, language)
            )
            means = KINDS[DeclarationKind(one["kind"])].fields[name].means
            yield "    " + translate(
                say("{means} [{name}]: {value}", means=means, name=name, value=shown), language, verbatim=True
            )
        for paper in one["attachments"]:
            yield f"    {paper['name']}  sha256 {paper['sha256']}"


def kinds(found: Sequence[Mapping[str, Any]], language: str) -> Iterator[str]:
    """Every kind with its fields."""
    for one in found:
        on = translate(say(", "), language).join(
            translate(KIND_OF_TARGET[TargetKind(kind)], language) for kind in one["on"]
        )
        yield f"{one['kind']}  {one['name']}  {on}  {translate(ENDS[one['end']], language)}"
        for field in one["fields"]:
            needed = f"  {translate(say('must be told'), language)}" if field["needed"] else ""
            form = translate(FORMS[field["form"]], language)
            yield f"    {field['field']}  {field['means']}  [{form}]{needed}"


def attested(target: str, found: Mapping[str, Any], by: str, language: str) -> Iterator[str]:
    """What was attested, what it led to, and the three things that are kept apart."""
    now = SystemClock().now()
    if "attestation" in found:
        text = say(
            "{target}: attested by {who}, {moment}, Beijing time",
            target=target,
            who=by.strip(),
            moment=moment(now, language),
        )
        yield translate(text, language)
        yield from _led_to(found["changed"], language)
    else:
        yield target
    for text in _known(found["known"], language, now):
        yield "  " + translate(text, language)
    for one in found.get("attestations", ()):
        yield "  " + translate(_attestation(one, language, now), language)
        if one["note"]:
            yield "    " + translate(say("note: {note}", note=one["note"]), language, verbatim=True)
        seal = one["screenshot"]
        yield "    " + translate(
            say("screenshot: sha256 {hash}", hash=seal) if seal else say("no screenshot"), language
        )


def attest_needs(language: str) -> str:
    """What the command must be told."""
    return translate(say("tell what you saw: --newest DATE and --by NAME, or --show to see what is known"), language)


def _led_to(changed: Sequence[Mapping[str, Any]], language: str) -> Iterator[str]:
    if not changed:
        yield "  " + translate(say("nothing is judged otherwise by it now"), language)
    for one in changed:
        yield f"  {one['words']}"


def _known(known: Mapping[str, Any], language: str, now: datetime) -> Iterator[Text]:
    newest, looked, blind = known["newest"], known["looked_at"], known["blind_since"]
    if newest is None:
        yield say("newest proof of something published: none")
    else:
        told = day(date.fromisoformat(newest), language, with_year=True)
        undated = known["newest_from"] == "page" and not known["shown"]["dated"]
        source = translate(FIRST_SEEN if undated else SOURCES[known["newest_from"]], language)
        yield say("newest proof of something published: {day} ({source})", day=told, source=source)
    yield _shown(known["shown"], language, now)
    if known["registered"] is not None:
        yield _registered(known["registered"], language, now)
    if looked is None:
        yield say("last look that saw it: none")
    else:
        yield say("last look that saw it: {moment}", moment=moment(datetime.fromisoformat(looked), language, now))
    if blind is None:
        yield say("it can be looked at") if looked else say("not looked at yet")
    else:
        since = moment(datetime.fromisoformat(blind), language, now)
        yield say("cannot be looked at since {moment}: {why}", moment=since, why=known["blind_words"])


def _shown(one: Mapping[str, Any] | None, language: str, now: datetime) -> Text:
    """What the page or feed itself showed, read by the monitor."""
    if one is None:
        return say("newest with a date on the page or in the feed itself: none was ever read")
    told = {
        "day": day(date.fromisoformat(one["day"]), language, with_year=True),
        "moment": moment(datetime.fromisoformat(one["at"]), language, now),
    }
    if not one["dated"]:
        return say(
            "newest on the page itself: it prints no dates; something new was first seen on {day}, last look {moment}",
            **told,
        )
    if not one["title"]:
        return say("newest on the page or in the feed itself: {day}, last seen {moment}", **told)
    return say(
        "newest on the page or in the feed itself: {day} “{title}”, first seen {moment}", title=one["title"], **told
    )


def _registered(one: Mapping[str, Any], language: str, now: datetime) -> Text:
    return say(
        "newest in the imported register: {day} “{title}”, imported {moment} from {file}",
        day=day(date.fromisoformat(one["day"]), language, with_year=True),
        title=one["title"] or one["url"],
        moment=moment(datetime.fromisoformat(one["at"]), language, now),
        file=one["source"],
    )


def _attestation(one: Mapping[str, Any], language: str, now: datetime) -> Text:
    said = {
        "id": one["attestation"],
        "who": one["by"],
        "at": moment(datetime.fromisoformat(one["at"]), language, now),
        "newest": day(date.fromisoformat(one["newest"]), language, with_year=True),
        "until": moment(datetime.fromisoformat(one["until"]), language, now),
    }
    if one["taken_back_by"] is not None:
        return say(
            "attestation {id}: {who} looked on {at}, the newest was of {newest}; taken back by attestation {by}",
            by=one["taken_back_by"],
            **said,
        )
    if one["holds"]:
        return say("attestation {id}: {who} looked on {at}, the newest was of {newest}; holds until {until}", **said)
    return say("attestation {id}: {who} looked on {at}, the newest was of {newest}; held until {until}", **said)


def _mark(one: Mapping[str, Any], language: str) -> str:
    if one["corrected_by"] is not None:
        return translate(say("corrected by #{id}", id=one["corrected_by"]), language)
    return translate(say("withdrawn"), language)


def _became(one: Mapping[str, Any], language: str, now: datetime) -> Text:
    """Who took it back or corrected it, and when."""
    told = {"who": one["superseded_by"], "moment": moment(datetime.fromisoformat(one["superseded_at"]), language, now)}
    if one["corrected_by"] is not None:
        return say("corrected by {who}, {moment}", **told)
    return say("withdrawn by {who}, {moment}: {why}", why=one["withdrawn_because"], **told)


def _span(one: Mapping[str, Any], language: str, now: datetime) -> str:
    """From when to when; whole days as days, the last one named."""
    start, end = datetime.fromisoformat(one["from"]), one["held_until"]
    if end is None:
        return translate(say("from {start}", start=_day_or_moment(start, language, now)), language)
    last = datetime.fromisoformat(end)
    shown = day((last - timedelta(days=1)).date(), language) if _is_midnight(last) else moment(last, language, now)
    said = {"start": _day_or_moment(start, language, now), "end": shown}
    return translate(say("{start} to {end}", **said), language)


def _day_or_moment(instant: datetime, language: str, now: datetime) -> str:
    local = instant.astimezone(SHANGHAI)
    other_year = local.year != now.astimezone(SHANGHAI).year
    return day(local.date(), language, with_year=other_year) if _is_midnight(local) else moment(local, language, now)


def _is_midnight(instant: datetime) -> bool:
    local = instant.astimezone(SHANGHAI)
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def _value(value: object, language: str) -> str:
    if isinstance(value, bool):
        return translate(say("yes") if value else say("no"), language)
    return str(value)
