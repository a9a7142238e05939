"""下线台账 and 永久下线和账号关停台账 as tables: rows of monitor/offline.py become cells. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from monitor.clock import SHANGHAI
from monitor.model import say
from monitor.report import labels
from monitor.report.reader import Lines, Reader, Row, Sheet, day, instant
from monitor.report.table import Cell, words_of


def _outages(row: Row, reader: Reader) -> Iterator[tuple[Cell, ...]]:
    began, ended = instant(row["started_at"]) or reader.now, instant(row["ended_at"])
    yield (
        row["outage"], row["name"], row["owner"], began, ended or _goes_on(row, reader),
        reader.span((ended or reader.now) - began), row["day"], reader.word(labels.REASONS, row["reason"]), _filed(row, reader),
        row["number"], tuple(row["approved_by"]), _last_of(row["planned_end"]), row["in_year"], row["incident"],
    )  # fmt: skip


def _goes_on(row: Row, reader: Reader) -> str:
    """Still off, or open again and not seen so for 24 hours: its days count on."""
    up = instant(row["up_since"])
    if up is None:
        return reader.say(say("goes on"))
    return reader.say(say("opens again since {moment}, not seen open for 24 hours yet", moment=words_of(up)))


def _filed(row: Row, reader: Reader) -> Cell:
    """The kind it is filed as; where only parts of it are, every part from when to when, those nobody filed too."""
    bare = reader.say(say("not filed"))
    if not row["closures"]:
        return bare
    if row["filed"] and len(row["closures"]) == 1:
        return reader.word(reader.kinds, row["kind"])
    parts = [(one["start"], one["end"], reader.word(reader.kinds, one["kind"])) for one in row["closures"]]
    parts += [(one["start"], one["end"], bare) for one in row["unfiled"]]
    return tuple(_part(start, end, what, reader) for start, end, what in sorted(parts, key=lambda one: str(one[0])))


def _part(start: object, end: object, what: str, reader: Reader) -> str:
    told = {"what": what, "start": words_of(instant(start))}
    if not end:
        return reader.say(say("{what}: since {start}", **told))
    return reader.say(say("{what}: {start} to {end}", end=words_of(instant(end)), **told))


def _last_of(value: object) -> Cell:
    """Until when: midnight ends the day before, which is the day people filed."""
    end = instant(value)
    if end is None or end.astimezone(SHANGHAI).time() != time():
        return end
    return end.astimezone(SHANGHAI).date() - timedelta(days=1)


def _filings(row: Row, reader: Reader) -> Iterator[tuple[Cell, ...]]:
    for one in row["closures"]:
        late = reader.say(say("told after it began")) if one["is_late"] else None
        yield (
            row["outage"], row["name"], reader.word(reader.kinds, one["kind"]), one["number"], one["application"], _day_of(one["start"]),
            _last_of(one["planned_end"]), tuple(one["approved_by"]) or one["ordered_by"], _why(one, reader), day(one["reported"]), one["by"],
            instant(one["filed_at"]), late, one["in_year"], day(one["self_check"]), day(one["police_check"]), tuple(one["consents"]),
            day(one["restore_filed"]), one["declaration"],
        )  # fmt: skip


def _why(closure: Row, reader: Reader) -> Cell:
    return (
        (closure["reason"], reader.say(say("closed for a security problem")))
        if closure["security"]
        else closure["reason"]
    )


def _outage_days(row: Row, reader: Reader) -> Iterator[tuple[Cell, ...]]:
    several = len({one["declaration"] for one in row["notices"]}) > 1
    told = tuple((f"#{one['declaration']} " if several else "") + _notice(one, reader) for one in row["notices"])
    lacks: Cell = tuple(row["lacks"])
    if not lacks and row["closures"] and not row["asks_return"]:
        lacks = reader.say(say("no pack of the site asks for papers of a return"))
    yield row["outage"], row["name"], row["looks"], told, _returned(row, reader), lacks, tuple(row["days"])


def _returned(row: Row, reader: Reader) -> Cell:
    one = row["returned"]
    if one is None:
        return None
    told = {"when": words_of(instant(one["start"])), "by": one["by"], "at": words_of(instant(one["filed_at"]))}
    lines = [reader.say(say("{when}, told by {by} on {at}", **told))]
    lines += [reader.say(say("document number {number}", number=one["number"]))] if one["number"] else []
    lines += [reader.say(say("filed on {day}", day=one["filed_on"]))] if one["filed_on"] else []
    return tuple(lines)


def _notice(one: Row, reader: Reader) -> str:
    where, at = reader.word(labels.NOTICES, one["field"]), instant(one["at"])
    seen = reader.word(labels.SEEN, one["outcome"])
    if one["says"] and one["outcome"] != "ok":
        seen = one["says"]
    told = {"where": where, "seen": seen, "address": one["address"]}
    if not one["address"]:
        return reader.say(say("{where}: {seen}", where=where, seen=seen))
    if at is None:
        return reader.say(say("{where}: {seen}, {address}", **told))
    return reader.say(say("{where}: {seen} ({moment}), {address}", moment=words_of(at), **told))


def _closings(row: Row, reader: Reader) -> Iterator[tuple[Cell, ...]]:
    """A line for each rule by which its notice has to stay; one without where no rule says for how long."""
    head = (row["name"], row["owner"], reader.word(reader.kinds, row["kind"]), row["number"], _day_of(row["start"]))
    seen = tuple(_notice(one, reader) for one in row["notices"])
    tail = (row["by"], instant(row["filed_at"]), _gone(row), row["declaration"])
    for one in row["stays"]:
        yield (
            *head, seen, f"{one['source']} {one['article']}", reader.word(labels.NOTICES, one["field"]), reader.limit(one["limit"]),
            one["day"], one["kept"], one["missing"], one["unseen"], day(one["last_day"]), day(one["free_from"]),
            reader.word(labels.OWED, one["standing"]), one["why"], *tail,
        )  # fmt: skip
    if not row["stays"]:
        why = reader.say(say("no pack of it says how long the notice has to stay"))
        yield (*head, seen, *[None] * 10, why, *tail)


def _day_of(value: object) -> date | datetime | None:
    """A start as people filed it: midnight stands for the day."""
    at = instant(value)
    local = None if at is None else at.astimezone(SHANGHAI)
    return local.date() if local is not None and local.time() == time() else local


def _gone(row: Row) -> Cell:
    return day(row["deregistered"]) or day(row["cancelled"])


def _closing_filings(row: Row, reader: Reader) -> Iterator[tuple[Cell, ...]]:
    yield (
        row["name"], reader.word(reader.kinds, row["kind"]), row["number"], tuple(row["approved_by"]) or row["decided"],
        _day_of(row["start"]), _day_of(row["end"]), row["new_url"], day(row["cancelled"]), day(row["deregistered"]),
        day(row["state_reported"]), day(row["handed_in"]), day(row["filed_on"]), row["by"], instant(row["filed_at"]), row["declaration"],
    )  # fmt: skip


def _closing_days(row: Row, reader: Reader) -> Iterator[tuple[Cell, ...]]:
    for one in row["stays"]:
        yield row["name"], f"{one['source']} {one['article']}", reader.limit(one["limit"]), tuple(one["days"])


OUTAGES = Sheet(
    say("Outage ledger"),
    (
        Lines(
            say("outages"),
            (
                say("no."), say("site"), say("owner"), say("began"), say("ended"), say("lasted"), say("day n"),
                say("does not open because of"), say("filed as"), say("document number"), say("approved by"), say("planned end"),
                say("which of this year"), say("incident no."),
            ),
            _outages,
            frozenset({0, 6, 12, 13}),
        ),
        Lines(
            say("filings"),
            (
                say("no."), say("site"), say("filed as"), say("document number"), say("application no."), say("declared from"),
                say("declared until"), say("approved or ordered by"), say("reason given"), say("day of the written report"), say("told by"), say("told on"), say("remark"), say("which of this year"),
                say("own check"), say("check by the police"), say("agreed to the return"), say("return filed on"), say("declaration no."),
            ),
            _filings,
            frozenset({0, 13, 18}),
        ),
        Lines(
            say("notices and days"),
            (
                say("no."), say("site"), say("looks that confirmed it"), say("notices"), say("return"), say("the return lacks"),
                say("how the days are counted"),
            ),
            _outage_days,
            frozenset({0, 2}),
        ),
    ),
    (
        say("Day n counts civil days in Beijing time from the day it began, which is day 0; day 31 of a temporary closure is over the limit."),
        say("What the return lacks goes by the packs of the site, before the return as after it; what was not filed shows from when to when."),
    ),
)  # fmt: skip
CLOSINGS = Sheet(
    say("Ledger of closures for good and of accounts"),
    (
        Lines(
            say("notices that stay"),
            (
                say("target"), say("owner"), say("filed as"), say("document number"), say("notice from"), say("notices"), say("source"),
                say("which notice"), say("stays at least"), say("day n"), say("days seen"), say("days missing"), say("days not told"),
                say("last day it stays"), say("may go from"), say("state"), say("why"), say("told by"), say("told on"),
                say("gone on"), say("declaration no."),
            ),
            _closings,
            frozenset({9, 10, 11, 12, 20}),
        ),
        Lines(
            say("filings of what closes"),
            (
                say("target"), say("filed as"), say("document number"), say("approved or decided by"), say("notice from"), say("ended"),
                say("where the content is now"), say("cancelled on"), say("deregistered on"), say("state reported on"), say("papers handed in on"),
                say("filed in the national system on"), say("told by"), say("told on"), say("declaration no."),
            ),
            _closing_filings,
            frozenset({14}),
        ),
        Lines(
            say("days of the notices"),
            (say("target"), say("source"), say("stays at least"), say("how the days are counted")),
            _closing_days,
        ),
    ),
    (
        say("Days count from the day after the notice begins, civil days or working days as the source says; it stays through the last one."),
        say("A day counts as seen when any look of it saw the notice, and between two looks that both saw it."),
        say("A day counts as missing when a second look confirmed it; the state is of all days, also once they are over."),
    ),
)  # fmt: skip
