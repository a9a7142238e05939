"""What `zhishou messages` and `zhishou posts` print, in the desk's language or by --lang. Reads nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.clock import civil_day
from monitor.model import Text, say
from monitor.render import moment, translate

MOST_TITLE = 40  # characters
_CLASSES = {
    "jiucuo": say("error report"),
    "consulting": say("question or suggestion"),
    "handling": say("complaint or request"),
    "unknown": say("class not told"),
}
_WHATS = {
    "received": say("time of receipt"),
    "answered": say("time of the answer"),
    "class": say("class of message"),
    "day": say("day of the post"),
    "original": say("original or not"),
}


def messages(found: Sequence[Mapping[str, Any]], now: datetime, language: str, *, waiting: bool) -> Iterator[str]:
    """A message a line."""
    if not found:
        yield translate(say("no message waits for an answer") if waiting else say("the register is empty"), language)
        return
    for one in found:
        told = translate(say("told why it takes longer"), language) if one["explained"] else ""
        kind, how = translate(_CLASSES[one["class"]], language), translate(_source(one), language)
        parts = (one["id"], one["name"], kind, *_times(one, now, language), told, one["title"][:MOST_TITLE], how)
        yield "  ".join(part for part in parts if part)


def _times(one: Mapping[str, Any], now: datetime, language: str) -> tuple[str, str]:
    """When it came, and when it was answered or how long it waits."""
    received = datetime.fromisoformat(one["received"])
    came = translate(say("came {when}", when=moment(received, language, now)), language)
    if not one["answered"]:
        days = (civil_day(now) - civil_day(received)).days
        return came, translate(say("waiting, day {n}", n=days), language)
    when = moment(datetime.fromisoformat(one["answered"]), language, now)
    if one["latest"]:
        return came, translate(say("answered by {when} at the latest", when=when), language)
    return came, translate(say("answered {when}", when=when), language)


def _source(one: Mapping[str, Any]) -> Text:
    """Who told of it: a file, a person, or a page."""
    if one["how"] == "read":
        return say("read on {where}", where=one["url"] or one["source"])
    if one["how"] == "hand":
        return say("entered by {who}", who=one["source"])
    if one["url"]:
        return say("imported from {where}, also on {page}", where=one["source"], page=one["url"])
    return say("imported from {where}", where=one["source"])


def taken_over(done: Mapping[str, Any], language: str) -> str:
    """How an import ended."""
    counts = {name: f"{done[name]:,}" for name in ("new", "changed", "answered", "same")}
    return translate(
        say(
            "taken over: {new} new, {changed} changed ({answered} of them answered now), {same} known already", **counts
        ),
        language,
    )


def contradictions(done: Mapping[str, Any], language: str) -> Iterator[str]:
    """What the register has otherwise, and what to do."""
    for one in done["contradictions"]:
        words = say(
            "{target} {id}: {what} is {was} in the register and {now} in the file",
            target=one["target"],
            id=one["id"],
            what=translate(_WHATS[one["what"]], language),
            was=_shown(one["was"], language),
            now=_shown(one["now"], language),
        )
        yield translate(words, language)
    if done["contradicting"] > len(done["contradictions"]):
        yield translate(say("and {count} more", count=done["contradicting"] - len(done["contradictions"])), language)
    yield translate(say("nothing was taken over; with --replace what the file says takes the place of it"), language)


def added(message: str, target: str, language: str) -> str:
    return translate(say("message {id} of {target} is in the register", id=message, target=target), language)


def answered(message: str, target: str, language: str) -> str:
    return translate(say("message {id} of {target} is answered", id=message, target=target), language)


def hidden(count: int, language: str) -> str:
    return translate(say("hidden rows left out: {n}", n=count), language)


def no_moment(written: str, language: str) -> str:
    words = say('"{written}" is no date', written=written[:60])
    advice = say("expected is 2026-11-01, 2026-11-01 09:30 or 2026年11月1日")
    told = {"message": translate(words, language), "hint": translate(advice, language)}
    return translate(say("{message} ({hint})", **told), language)


def _shown(value: str, language: str) -> str:
    """An instant by the clock of Beijing, a class in words, "nothing" for what is taken away."""
    if value in _CLASSES:
        return translate(_CLASSES[value], language)
    if not value:
        return translate(say("no answer"), language)
    if "T" not in value:
        return {"0": translate(say("not original"), language), "1": translate(say("its own work"), language)}.get(
            value, value
        )
    return moment(datetime.fromisoformat(value), language)
