"""The roster (值班表): [[shift]] tables, those that repeat every week and those that stand for themselves.

Takes a parsed document; gives the roster, or None where nobody keeps one. Reads nothing else.
"""

from collections.abc import Mapping
from datetime import date, datetime, time

from monitor.config.document import Document
from monitor.config.explain import shown
from monitor.config.places import Path as Place
from monitor.config.problems import did_you_mean
from monitor.config.rota import warn_roster
from monitor.config.tables import tables_of
from monitor.model import Repeating, Roster, Shift, Text, say

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKLY = ("days", "from", "to", "people", "since", "until")
ONCE = ("start", "end", "people")
_ONLY_ONCE, _ONLY_WEEKLY = frozenset(ONCE) - frozenset(WEEKLY), frozenset(WEEKLY) - frozenset(ONCE)
_INSTANT = say('write 2026-02-16T08:00:00+08:00, or "2026-02-16 08:00+08:00"')


class _Table:
    """One [[shift]]: reads its keys, notes what is wrong with them."""

    def __init__(self, document: Document, number: int, table: Mapping[str, object]) -> None:
        self.document = document
        self.place: Place = ("shift", number)
        self.table = table

    def wrong(self, key: str, message: Text, hint: Text | None = None) -> None:
        self.document.add((*self.place, key) if key else self.place, message, hint)

    def clock_time(self, key: str) -> time | None:
        """A time of day; 24:00 is that of the next day's beginning."""
        written = self.table.get(key)
        if written is None:
            self.wrong("", say('"{key}" is missing', key=key), say('write it like "08:00"'))
            return None
        try:
            if isinstance(written, str) and len(written) == len("08:00"):
                return time() if written == "24:00" else time.fromisoformat(written)
        except ValueError:
            pass
        self.wrong(key, say("{value} is not a time of day", value=shown(written)), say('write it like "08:00"'))
        return None

    def day(self, key: str) -> date | None:
        written = self.table.get(key)
        try:
            found = date.fromisoformat(written) if isinstance(written, str) else written
        except ValueError:
            found = None
        if isinstance(found, date) and not isinstance(found, datetime):
            return found
        if key in self.table:
            self.wrong(key, say("{value} is not a date", value=shown(written)), say("write 2026-02-16"))
        return None

    def instant(self, key: str) -> datetime | None:
        written = self.table.get(key)
        if written is None:
            self.wrong("", say('"{key}" is missing', key=key), _INSTANT)
            return None
        try:
            found = datetime.fromisoformat(written) if isinstance(written, str) else written
        except ValueError:
            found = None
        if not isinstance(found, datetime):
            self.wrong(key, say("{value} is not an instant", value=shown(written)), _INSTANT)
        elif found.tzinfo is None:
            self.wrong(key, say("{value} does not tell its zone", value=shown(written)), _INSTANT)
        else:
            return found
        return None

    def days(self) -> frozenset[int]:
        """Days of the week, Monday is 0; every day when nothing is said."""
        written = self.table.get("days", "mon-sun")
        named = [written] if isinstance(written, str) else written
        if not isinstance(named, list) or not named:
            self.wrong(
                "days", say("{value} names no days", value=shown(written)), say('write "mon-fri", or ["sat", "sun"]')
            )
            return frozenset()
        return frozenset(day for one in named for day in self._span(one))

    def _span(self, written: object) -> list[int]:
        first, dash, last = str(written).lower().partition("-")
        ends = (first, last) if dash else (first,)
        wrong = next((one for one in ends if one not in DAYS), None)
        if wrong is not None or not isinstance(written, str):
            hint = did_you_mean(wrong or "", DAYS)
            self.wrong(
                "days",
                say("{value} names no day of the week, nor days from one to another", value=shown(written)),
                hint,
            )
            return []
        begin, end = DAYS.index(ends[0]), DAYS.index(ends[-1])
        return [(begin + n) % 7 for n in range((end - begin) % 7 + 1)]

    def people(self, known: frozenset[str] | None) -> tuple[str, ...]:
        """Who is on duty; a shift of nobody is allowed, for it is what a roster may say, and covers nothing."""
        written = self.table.get("people", [])
        if not isinstance(written, list) or not all(isinstance(one, str) for one in written):
            self.wrong(
                "people",
                say("{value} is not a list of persons", value=shown(written)),
                say('write ["zhang"], the id of a [[person]]'),
            )
            return ()
        for name in written if known is not None else ():
            if known is not None and name not in known:
                hint = did_you_mean(name, known) or say(
                    "there is no [[person]] of that id: who left is taken off the shifts, too"
                )
                self.wrong("people", say('there is no person "{name}"', name=name), hint)
        if not written:
            self.document.warn(self.place, say("nobody is on this shift: it covers nothing"))
        return tuple(dict.fromkeys(written))


def read_roster(document: Document) -> Roster | None:
    """All shifts in order; None when there is none. A shift with a problem is left out."""
    tables = tables_of(document, "shift")
    if not tables:
        return None
    known = _persons(document)
    read = [(number, _shift(_Table(document, number, table), known)) for number, table in tables]
    whole = [(number, one) for number, one in read if one is not None]
    warn_roster(document, whole)
    return tuple(one for _, one in whole)


def _shift(table: _Table, known: frozenset[str] | None) -> Repeating | Shift | None:
    keys = set(table.table)
    once = bool(keys & _ONLY_ONCE)
    if once and keys & _ONLY_WEEKLY:
        table.wrong(
            "", say("is both a shift of every week and one of its own"), say("from and to repeat, start and end do not")
        )
    for key in keys.difference(WEEKLY, ONCE):
        table.wrong(key, say('unknown key "{key}"', key=key), did_you_mean(key, {*WEEKLY, *ONCE}))
    return _once(table, known) if once else _weekly(table, known)


def _once(table: _Table, known: frozenset[str] | None) -> Shift | None:
    start, end, people = table.instant("start"), table.instant("end"), table.people(known)
    if start is None or end is None:
        return None
    if start >= end:
        table.wrong("end", say("ends before it begins"))
    return Shift(start, end, people)


def _weekly(table: _Table, known: frozenset[str] | None) -> Repeating | None:
    days, start, end, people = table.days(), table.clock_time("from"), table.clock_time("to"), table.people(known)
    since, until = table.day("since"), table.day("until")
    if since is not None and until is not None and until < since:
        table.wrong("until", say("ends before it begins"), say("until is the last day on which it begins"))
    if start is None or end is None:
        return None
    return Repeating(days, start, end, people, since, until)


def _persons(document: Document) -> frozenset[str] | None:
    """Ids of all persons, those with problems too, so that one mistake is told once; None when they are not known."""
    written = document.table.get("person", [])
    if not isinstance(written, list):
        return None
    return frozenset(str(one.get("id")) for one in written if isinstance(one, dict)) | document.lost_ids()
