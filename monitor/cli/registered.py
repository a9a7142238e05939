"""What `zhishou messages` and `zhishou posts` print, in the desk's language or by --lang. Reads nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from monitor.clock import civil_day
from monitor.judge.obligations.answered_within import CLASSES
from monitor.model import MessageClass, Text, say
from monitor.render import day, moment, translate
from monitor.web.cards import left

MOST_TITLE = 40  # characters
_WHATS = {
    "received": say("time of receipt"),
    "answered": say("time of the answer"),
    "class": say("class of message"),
    "day": say("day of the post"),
    "original": say("original or not"),
}


def messages(found: Sequence[Mapping[str, Any]], now: datetime, language: str, *, waiting: bool) -> Iterator[str]:
    """A message in two lines: what it is and what became of it; by when an answer is owed, and by which article."""
    if not found:
        yield translate(say("no message waits for an answer") if waiting else say("the register is empty"), language)
        return
    for one in found:
        received = moment(datetime.fromisoformat(one["received"]), language, now)
        came = translate(say("received {when}", when=received), language)
        state = translate(_state(one, language, now), language)
        told = translate(say("told why it takes longer"), language) if one["explained"] else ""
        kind = translate(CLASSES[MessageClass(one["class"])], language)
        parts = (one["id"], one["name"], kind, one["title"][:MOST_TITLE], came, state, told)
        yield "  ".join(part for part in parts if part)
        owed, source = (translate(words, language) for words in (_owed(one, language, now), _source(one)))
        yield f"    {owed}  {source}"


def named(found: Sequence[Mapping[str, Any]], language: str) -> list[dict[str, object]]:
    """For programs: with `class_name`, the class as people say it."""
    return [{**one, "class_name": translate(CLASSES[MessageClass(one["class"])], language)} for one in found]


def _state(one: Mapping[str, Any], language: str, now: datetime) -> Text:
    days = one["overdue_workdays"]
    late = say("overdue, working days not known") if days is None else say("overdue by {n} working days", n=days)
    late = say("overdue, by less than a working day") if days == 0 else late
    if one["answered"]:
        when = moment(datetime.fromisoformat(one["answered"]), language, now)
        if one["latest"]:
            return say("answered by {when} at the latest", when=when)
        if one["state"] == "answered_late":
            return say("answered {when}, {late}", when=when, late=late)
        return say("answered {when}", when=when)
    if one["state"] == "overdue":
        return say("not answered, {late}", late=late)
    return say("not answered")


def _owed(one: Mapping[str, Any], language: str, now: datetime) -> Text:
    year = one["unknown_year"]
    if one["due"] is None and year is not None:
        return say("by when it is to be answered: the working days of {year} are not known", year=year)
    if one["due"] is None:
        return say("no rule in force sets a limit for its answer")
    due = date.fromisoformat(one["due"])
    last = day(due, language, with_year=due.year != civil_day(now).year)
    if year is not None:
        return say(
            "by when it is to be answered: the working days of {year} are not known; at the latest by the end of {day} ({article})",
            year=year,
            day=last,
            article=one["article"],
        )
    if one["answered"] or one["state"] == "overdue":
        return say("to be answered by the end of {day} ({article})", day=last, article=one["article"])
    far = left((due - civil_day(now)).days)
    return say("to be answered by the end of {day}, {left} ({article})", day=last, left=far, article=one["article"])


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
    """How an import ended: what there is to count, and in words that nothing changed."""
    counts = {
        "new": say("{n} new", n=f"{done['new']:,}"),
        "changed": say("{n} changed", n=f"{done['changed']:,}"),
        "answered": say("{n} answered now", n=f"{done['answered']:,}"),
        "same": say("{n} known already", n=f"{done['same']:,}"),
    }
    if not (done["new"] or done["changed"]):
        same = say("nothing changed: all {n} are in the register already", n=f"{done['same']:,}")
        return translate(same, language)
    told = translate(say(", "), language).join(translate(text, language) for name, text in counts.items() if done[name])
    return translate(say("taken over: {counts}", counts=told), language)


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
    if value in set(MessageClass):
        return translate(CLASSES[MessageClass(value)], language)
    if not value:
        return translate(say("no answer"), language)
    if "T" not in value:
        return {"0": translate(say("not original"), language), "1": translate(say("its own work"), language)}.get(
            value, value
        )
    return moment(datetime.fromisoformat(value), language)
