"""The ledgers as reports: from the rows programs read to tables of cells with headings. One place for every format.

Rows are those of monitor/ledgers.py, JSON-safe, so that a daemon may have made them; pure. What is off or closing: offline.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from monitor.model import say
from monitor.report import labels
from monitor.report.offline import CLOSINGS, OUTAGES
from monitor.report.reader import Lines, Reader, Row, Sheet, as_told, day, instant
from monitor.report.table import Cell, Column, Report, Table, words_of

NAMED = 12
"""Targets named in a cell; how many more is said."""


def report(kind: str, rows: Sequence[Row], asked: tuple[datetime, datetime], reader: Reader) -> Report:
    """The report of that kind, of the time asked for."""
    sheet = SHEETS[kind]
    told = {"moment": words_of(reader.now)}
    about = [say("as of {moment}, Beijing time", **told)]
    if sheet.is_of_time:
        first, last = asked[0], asked[1] - timedelta(milliseconds=1)
        about.append(say("from {first} to {last}", first=words_of(first)[:10], last=words_of(last)[:10]))
    return Report(
        title=reader.say(sheet.title),
        about=tuple(map(reader.say, about)),
        notes=tuple(map(reader.say, sheet.notes)),
        tables=tuple(_table(one, rows, reader) for one in sheet.tables),
        language=reader.language,
        made_at=reader.now,
    )


def _table(of: Lines, rows: Sequence[Row], reader: Reader) -> Table:
    columns = tuple(Column(reader.say(one), n in of.numbers) for n, one in enumerate(of.headings))
    return Table(reader.say(of.name), columns, [line for row in rows for line in of.lines(row, reader)])


def _week(row: Row, _reader: Reader) -> Iterator[tuple[Cell, ...]]:
    yield (
        row["name"], row["owner"], instant(row["watched_since"]), row["wanted"], row["of"], row["taken"], row["good"], row["failed"],
        row["percent"], row["more"], row["minutes"], row["filed"], row["unseen"],
    )  # fmt: skip


def _days(row: Row, reader: Reader) -> Iterator[tuple[Cell, ...]]:
    for one in row["days"]:
        yield (
            row["name"], day(one["day"]), one["wanted"], one["taken"], one["good"], one["failed"], one["filed"], one["unseen"],
            reader.word(labels.OBSERVED, one["observed"]), tuple(one["reasons"]),
        )  # fmt: skip


def _orders(row: Row, reader: Reader) -> Iterator[tuple[Cell, ...]]:
    sent, due, fixed, hours = (
        instant(row["sent_at"]),
        instant(row["due_at"]),
        instant(row["fixed_at"]),
        row["late_hours"],
    )
    state = _FIXED[fixed is not None, hours is not None]
    late = reader.span(timedelta(hours=hours)) if hours else None
    yield (
        row["name"], row["problem"], row["number"], as_told(row["found_at"]), sent, due, fixed, reader.say(state), late,
        row["incident"], row["declaration"],
    )  # fmt: skip


_FIXED = {
    (True, False): say("put right in time"),
    (True, True): say("put right late"),
    (False, False): say("being put right"),
    (False, True): say("not put right, overdue"),
}


def _sites(row: Row, reader: Reader) -> Iterator[tuple[Cell, ...]]:
    unwatched = [one["name"] for one in row["indicators"] if one["state"] == "unwatched"]
    counts = (row["counts"].get(name) for name in ("stale", "long_stale", "blank"))
    yield (
        row["name"], row["owner"], row["columns"], reader.word(labels.VERDICTS, row["verdict"]), tuple(row["why"]), *counts, tuple(unwatched),
    )  # fmt: skip


def _indicators(row: Row, reader: Reader) -> Iterator[tuple[Cell, ...]]:
    for one in row["indicators"]:
        if one["state"] != "met":
            yield (
                row["name"], one["name"], reader.word(labels.STATES, one["state"]), one["why"], instant(one["since"]),
                _named([each for each in one["targets"] if each != row["site"]], row["names"], reader),
            )  # fmt: skip


def _named(targets: Sequence[str], names: Mapping[str, str], reader: Reader) -> tuple[str, ...]:
    told = tuple(names.get(one, one) for one in targets[:NAMED])
    more = len(targets) - len(told)
    return (*told, reader.say(say("and {count} more", count=more))) if more > 0 else told


def _desk(row: Row, reader: Reader) -> Iterator[tuple[Cell, ...]]:
    yield (
        row["says"], f"{row['source']} {row['article']}", reader.word(labels.OWED, row["standing"]), instant(row["since"]), instant(row["due_from"]),
        day(row["last_day"]), row["why"],
    )  # fmt: skip


SHEETS: Mapping[str, Sheet] = {
    "outages": OUTAGES,
    "closings": CLOSINGS,
    "availability": Sheet(
        say("Availability sheet"),
        (
            Lines(
                say("last 7 days"),
                (
                    say("site"), say("owner"), say("watched since"), say("samples a week asked for at least"), say("samples a week planned here"),
                    say("samples taken"), say("samples good"), say("samples failed"), say("percent failed"), say("failures until 5 %"), say("minutes failed"),
                    say("filed, left out"), say("not told, left out"),
                ),
                _week,
                frozenset(range(3, 13)),
            ),
            Lines(
                say("by day"),
                (
                    say("site"), say("civil day"), say("asked for"), say("samples taken"), say("samples good"), say("samples failed"), say("filed, left out"),
                    say("not told, left out"), say("mark"), say("why left out"),
                ),
                _days,
                frozenset(range(2, 8)),
            ),
        ),
        (
            say("Asked for by 国办秘函〔2019〕19号: at least 20 visits a day for a week; 5 % of them failed, or open after 15 s only, is a veto."),
            say("The share is of what a full week has at the cadence here (or of what was taken, if that is more), over the last 168 hours."),
            say("Left out are failures inside filed closures, and looks that could not tell (walls, our own network); neither good nor bad."),
            say("A day with fewer than 20 samples is marked, a day on which nobody looked is not watched: neither proves anything."),
        ),
    ),
    "rectifications": Sheet(
        say("Rectification ledger"),
        (
            Lines(
                say("rectifications"),
                (
                    say("target"), say("problem"), say("document number"), say("found"), say("sent"), say("due"), say("put right"), say("state"),
                    say("late by"), say("incident no."), say("declaration no."),
                ),
                _orders,
                frozenset({9, 10}),
            ),
        ),
        (say("Serious problems are due 24 hours after they were sent; the time they were found stands beside it."),),
    ),
    "sites": Sheet(
        say("Verdicts on sites by the national vetoes"),
        (
            Lines(
                say("verdicts"),
                (
                    say("site"), say("owner"), say("columns"), say("verdict"), say("causes"), say("stale (5 are a veto)"),
                    say("long stale (10 are a veto)"), say("blank (5 are a veto)"), say("not watched"),
                ),
                _sites,
                frozenset({2, 5, 6, 7}),
            ),
            Lines(
                say("indicators not kept"),
                (say("site"), say("indicator"), say("state"), say("why"), say("since"), say("concerns")),
                _indicators,
            ),
        ),
        (
            say("Only what a program can see is in it. Leaks, wrong wording, harmful content and service guides are for people to check."),
            say("A site is undecided where what was not seen, or not for long enough, could make up a veto; what is only suspected is for people to verify."),
        ),
        is_of_time=False,
    ),
    "desk": Sheet(
        say("What the duty desk owes"),
        (
            Lines(
                say("duties"),
                (say("what is owed"), say("source"), say("state"), say("since"), say("due from"), say("last day that keeps it"), say("why")),
                _desk,
            ),
        ),
        is_of_time=False,
    ),
}  # fmt: skip
