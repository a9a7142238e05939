"""What commands print for people: times of Shanghai, the words of the catalogue, one thing a line.

Takes what the commands got (JSON of monitor/desk.py and monitor/once.py), returns lines; of the world it reads only the
clock. --json never passes here.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from monitor.alert.phrases import GRAVE, OUTCOMES, STANDINGS
from monitor.clock import SystemClock, civil_day
from monitor.config.settings import Settings
from monitor.model import DESK_ID, Compliance, Outcome, Severity, Text, say
from monitor.model.finding import Value
from monitor.render import called as target_called, day, duration, moment, translate
from monitor.web.cards import NO_DAY, going_on, last_day, left

Rows = Sequence[Mapping[str, Any]]


def incidents(found: Rows, language: str, now: datetime) -> Iterator[str]:
    """Incidents, gravest first, each with its targets under it."""

    def words(text: Text) -> str:
        return translate(text, language)

    as_of = moment(now, language)
    if not found:
        yield words(say("as of {moment}, Beijing time: no incident goes on", moment=as_of))
        return
    yield words(say("as of {moment}, Beijing time, incidents going on: {n}", moment=as_of, n=len(found)))
    for one in found:
        since = datetime.fromisoformat(one["since"])
        by = one["acknowledged_by"]
        state = words(say("{who} is on it", who=by) if by else say("nobody on it yet"))
        span = words(going_on(moment(since, language, now), duration(now - since, language), now - since))
        yield f"#{one['incident']} [{words(GRAVE[Severity(one['severity'])])}] {one['what']}  {span}  {state}"
        for target in one["targets"]:
            yield from _target(target, language)
            until = target.get("muted_until")
            if until and datetime.fromisoformat(until) > now:
                silent_until = moment(datetime.fromisoformat(until), language, now)
                yield "      " + words(say("muted: no notices until {until}", until=silent_until))
        if one["members"] > len(one["targets"]):
            yield "    " + words(say("and {count} more", count=one["members"] - len(one["targets"])))


def _target(target: Mapping[str, Any], language: str) -> Iterator[str]:
    ourselves, on_the_page = translate(say("the monitor"), language), translate(say("on the page"), language)
    name = ourselves if target["name"] == DESK_ID else target_called(target["name"], language)
    yield f"    {name}  {target['why']}"
    if target["url"] and target["url"] != name:
        yield f"      {target['url']}"
    for page in target["pages"]:
        yield f"      {on_the_page} {page['name']}  {page['url']}"


def problems_elsewhere(n: int, language: str) -> str:
    """Files that this command does not need are wrong."""
    text = say(
        "the settings have {n} problems, look with zhishou validate; this command goes on without those files", n=n
    )
    return translate(text, language)


def due(found: Rows, settings: Settings, language: str, now: datetime, days: int | None) -> Iterator[str]:
    """What falls due: the last day that keeps it, how far off (or that it has no day), what, and its rule."""
    if not found:
        yield translate(_nothing_due(moment(now, language), days), language)
    names, desk = called(settings), translate(say("the duty desk"), language)
    for one in sorted(found, key=_without_day_first):
        is_desk = one["target"] == DESK_ID
        name, article = desk if is_desk else names.get(one["target"]), article_of(settings, one["rule"])
        yield f"{_when(None if one.get('no_day') else one['due'], language, now)}  {name or one['target']}  {one['why']}"
        rule = article if article == one["rule"] else f"{article} [{one['rule']}]"
        yield "    " + "  ".join(([one["target"]] if name and not is_desk else []) + [rule])


def _without_day_first(one: Mapping[str, Any]) -> tuple[bool, bool]:
    """Of what has no day, what the next thing that happens may break, then what was asked for; and then all by days as they come."""
    has_day = not one.get("no_day")
    return (has_day, has_day or "more" not in one)


def _nothing_due(as_of: str, days: int | None) -> Text:
    if days is None:
        return say("as of {moment}, Beijing time: nothing that was warned of falls due", moment=as_of)
    return say("as of {moment}, Beijing time: nothing falls due within {n} days", moment=as_of, n=days)


def _when(broken_from: str | None, language: str, now: datetime) -> str:
    if broken_from is None:
        return translate(NO_DAY, language)
    last, today = last_day(datetime.fromisoformat(broken_from)), civil_day(now)
    shown = day(last, language, with_year=last.year != today.year)
    return f"{shown} {translate(left((last - today).days), language)}"


def taken(incident: int, by: str, language: str) -> str:
    """Somebody looks after it."""
    text = say("incident #{id}: taken by {who}, {moment}, Beijing time", id=incident, **_by(by, language))
    return translate(text, language)


def closed(incident: int, by: str, language: str) -> str:
    """It is put away."""
    text = say("incident #{id}: closed by {who}, {moment}, Beijing time", id=incident, **_by(by, language))
    return translate(text, language)


def false_alarm(incident: int, by: str, language: str, *, marked: bool) -> str:
    """It was none; or one person has said so."""
    said: dict[str, Value] = {"id": incident, **_by(by, language)}
    if marked:
        return translate(
            say("incident #{id}: marked as a false alarm by {who}, {moment}, Beijing time", **said), language
        )
    text = say(
        "incident #{id}: {who} calls it a false alarm, {moment}, Beijing time; a second person has to confirm", **said
    )
    return translate(text, language)


def muted(target: str, by: str, lasts: timedelta, language: str) -> str:
    """No notices about it for a while."""
    until = moment(SystemClock().now() + lasts, language)
    text = say(
        "{target}: no notices until {until}, Beijing time, by {who}; it is watched all the same",
        target=target,
        until=until,
        who=by,
    )
    return translate(text, language)


def no_length(length: str, language: str) -> str:
    """What was typed is no length of time."""
    return translate(say("“{length}” is no length of time: write 30m, 2h or 1d", length=length), language)


def logged(line: int, by: str, language: str) -> str:
    """It stands in the log."""
    return translate(
        say("written into the log as line {n} by {who}, {moment}, Beijing time", n=line, **_by(by, language)), language
    )


def _by(who: str, language: str) -> dict[str, Value]:
    return {"who": who.strip(), "moment": moment(SystemClock().now(), language)}


def called(settings: Settings) -> dict[str, str]:
    """What people call the targets of the inventory, by id: with the name of the site before it."""
    names = {target.id: target.name for target in settings.targets}
    sites = {target.id: names.get(target.site or "", "") for target in settings.targets}
    return {
        id_: f"{sites[id_]} › {name}" if sites[id_] and sites[id_] not in name else name for id_, name in names.items()
    }


def article_of(settings: Settings, key: str) -> str:
    """The article of a rule, as people know it."""
    return next((rule.article for pack in settings.packs for rule in pack.rules if rule.key == key), key)


def visit(result: Mapping[str, Any], settings: Settings, language: str) -> Iterator[str]:
    """One look: what was found, what the rules say to it, what could be read."""
    at = moment(datetime.fromisoformat(result["at"]), language)
    name = called(settings).get(result["target"], "")
    yield "  ".join(part for part in (name, result["target"], at) if part)
    for one in result["findings"]:
        outcome = translate(OUTCOMES[Outcome(one["outcome"])], language)
        said = {"outcome": outcome, "check": one["check"], "summary": one["summary"]}
        yield "  " + translate(say("[{outcome}] {check}: {summary}", **said), language)
    for one in result["standings"]:
        value = translate(STANDINGS[Compliance(one["standing"])], language)
        said = {"rule": article_of(settings, one["rule"]), "key": one["rule"], "value": value, "why": one["why"]}
        yield "  " + translate(say("{rule} [{key}] {value}: {why}", **said), language)
    reading = result["reading"]
    if reading is not None:
        newest, count = reading["newest_date"] or "–", len(reading["items"] or reading["entries"])
        yield "  " + translate(say("newest {newest}, {n} items", newest=newest, n=count), language)
