"""Rows of registers as programs send them, taken apart: every cell that is not what it should be, with its place in the request.

Pure. Nothing of an import is written while anything is wrong with it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from monitor.clock import SHANGHAI, day_start
from monitor.model import MessageClass, Text, say
from monitor.store import canon, commands, registers

T = TypeVar("T")

AHEAD = timedelta(hours=1)
"""How far the clocks of two systems may differ: what is later than that lies in the future."""
TOLD = 100
"""Problems of an import told one by one."""
MESSAGE = ("target", "id", "class", "received", "answered", "explained", "title")
"""The last of them may be missing."""
POST = ("account", "id", "day", "title", "original")


class Wrong(Exception):
    """Something is not what it should be; `words` say what, `advice` what was expected."""

    def __init__(self, words: Text, advice: Text | None = None) -> None:
        super().__init__(str(words))
        self.words, self.advice = words, advice


@dataclass(slots=True)
class Reading:
    """An import while it is read. `bad`: place, words, advice of all that is wrong; `missing` counts what is not there at all."""

    now: datetime
    bad: list[commands.Trouble] = field(default_factory=list)
    missing: int = 0

    def wrong(self, place: str, words: Text, advice: Text | None = None) -> None:
        self.bad.append((place, words, advice))

    def take(self, place: str, read: Callable[[object], T], told: object) -> T | None:
        """What it reads out of what was told; None with the problem noted."""
        try:
            return read(told)
        except Wrong as error:
            self.wrong(place, error.words, error.advice)
            return None

    def instant(self, told: object) -> tuple[datetime, bool]:
        """As `instant`, by this hour."""
        return instant(told, self.now)

    def day(self, told: object) -> str:
        """A day that is not to come, YYYY-MM-DD. Raises Wrong."""
        try:
            civil = date.fromisoformat(str(told))
        except ValueError:
            raise Wrong(say("not a day: {text}", text=str(told)[:60]), say("write it as 2026-12-01")) from None
        _check_ahead(day_start(civil), civil.isoformat(), self.now)
        return civil.isoformat()

    def refuse(self) -> None:
        """Raises commands.Refused with everything, if anything is wrong."""
        if self.bad:
            left = len(self.bad) - TOLD
            more = [("body.rows", say("and {n} more problems", n=left), None)] if left > 0 else []
            only_missing = self.missing == len(self.bad)
            raise commands.Refused(self.bad[0][1], missing=only_missing, troubles=(*self.bad[:TOLD], *more))


def messages(rows: Sequence[Sequence[object]], reading: Reading) -> Iterator[registers.MessageRow]:
    """Rows of MESSAGE: answered null: not told, "": none; explained null: not told."""
    for place, row in _whole(rows, MESSAGE, reading):
        told = {"title": "", **dict(zip(MESSAGE, row, strict=False))}
        if (one := message(told, _cells(place, MESSAGE), reading)) is not None:
            yield one


def message(told: dict[str, object], places: dict[str, str], reading: Reading) -> registers.MessageRow | None:
    """One message; `places` say where each of MESSAGE stands."""
    before = len(reading.bad)
    target = reading.take(places["target"], word, told["target"])
    name = reading.take(places["id"], word, told["id"])
    kind = reading.take(places["class"], _class, told["class"])
    came = reading.take(places["received"], reading.instant, told["received"])
    answered = told["answered"]
    done = reading.take(places["answered"], reading.instant, answered) if answered else None
    explained = reading.take(places["explained"], _switch, told["explained"])
    if came is not None and done is not None and done[0] < (day_start_of(came) if done[1] else came[0]):
        reading.wrong(places["answered"], say("answered before it was received"), say("check both"))
    if len(reading.bad) > before or target is None or name is None or kind is None or came is None:
        return None
    return registers.MessageRow(
        target=target,
        id=name,
        cls=kind,
        received=came[0],
        received_day=came[1],
        tells_answer=answered is not None,
        answered=None if done is None else done[0],
        answered_day=done is not None and done[1],
        explained=explained,
        title=canon.clean(str(told["title"] or "").strip())[:500],
    )


def posts(rows: Sequence[Sequence[object]], reading: Reading) -> Iterator[registers.PostRow]:
    """Rows of POST: original null: not told."""
    for place, row in _whole(rows, POST, reading):
        target, name, day, title, original = row
        before = len(reading.bad)
        whose = reading.take(f"{place}[0]", word, target)
        called = reading.take(f"{place}[1]", word, name)
        civil = reading.take(f"{place}[2]", reading.day, day)
        own = reading.take(f"{place}[4]", _switch, original)
        if len(reading.bad) == before and whose and called and civil:
            yield registers.PostRow(whose, called, civil, canon.clean(str(title or ""))[:500], own)


def twice(rows: Sequence[registers.MessageRow] | Sequence[registers.PostRow], reading: Reading) -> None:
    """Rows that are there a second time."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if (row.target, row.id) in seen:
            reading.wrong("body.rows", say("a row is there twice: {id} of {target}", id=row.id, target=row.target))
        seen.add((row.target, row.id))


def unknown(missing: Sequence[str], rows: Sequence[Sequence[object]], reading: Reading) -> None:
    """Targets that nobody knows, each at the first row that names it."""
    for name in missing:
        number = next((n for n, row in enumerate(rows) if row and str(row[0]).strip() == name), 0)
        reading.wrong(
            f"body.rows[{number}][0]",
            say("there is no target {target}", target=name),
            say("write the id of a target as the inventory has it"),
        )
        reading.missing += 1


def word(value: object) -> str:
    """An id: a text that is not empty. Raises Wrong."""
    if not isinstance(value, str) or not value.strip() or len(value) > 2048:
        raise Wrong(say("not an id: {text}", text=str(value)[:60]), say("a text of at most 2,048 characters"))
    return canon.clean(value.strip())


def instant(told: object, now: datetime) -> tuple[datetime, bool]:
    """An ISO instant with zone, or the beginning of a day in Shanghai; whether it is only a day. Raises Wrong."""
    try:
        if isinstance(told, str) and len(told) == len("2026-11-01"):
            at, is_day = day_start(date.fromisoformat(told)), True
        else:
            when = datetime.fromisoformat(str(told))
            at, is_day = (when if when.tzinfo else when.replace(tzinfo=SHANGHAI)).astimezone(UTC), False
    except (ValueError, OverflowError):
        words = say("not a time: {text}", text=str(told)[:60])
        raise Wrong(words, say("2026-11-23, 2026-11-23T08:00")) from None
    _check_ahead(at, str(told), now)
    return at, is_day


def day_start_of(came: tuple[datetime, bool]) -> datetime:
    """The beginning of the day something came in on: an answer of that day may be later that day."""
    return day_start(came[0].astimezone(SHANGHAI).date())


def _check_ahead(at: datetime, told: str, now: datetime) -> None:
    if at > now + AHEAD:
        words = say("{day} lies in the future", day=told[:16].replace("T", " "))
        raise Wrong(words, say("check the year"))


def _whole(
    rows: Sequence[Sequence[object]], names: Sequence[str], reading: Reading
) -> Iterator[tuple[str, Sequence[object]]]:
    """Rows of as many cells as there are names (or all but a message's title), each with its place."""
    for number, row in enumerate(rows):
        if len(row) == len(names) or (names is MESSAGE and len(row) == len(names) - 1):
            yield f"body.rows[{number}]", row
        else:
            kind = say("not a message: {row}") if names is MESSAGE else say("not a post: {row}")
            words = say(kind.template, row=canon.dumps(row)[:200])  # of the two above
            reading.wrong(f"body.rows[{number}]", words, say("a row is: {names}", names=", ".join(names)))


def _cells(place: str, names: Sequence[str]) -> dict[str, str]:
    return {name: f"{place}[{number}]" for number, name in enumerate(names)}


def _class(told: object) -> MessageClass:
    try:
        return _CLASSES[str(told)]
    except KeyError:
        known = say("one of: {words}", words=", ".join(_CLASSES))
        raise Wrong(say('"{value}" is no class of message', value=str(told)[:60]), known) from None


_CLASSES = {one.value: one for one in MessageClass if one is not MessageClass.UNKNOWN}
"""Who brings a message knows what it is."""


def _switch(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise Wrong(say("neither true nor false: {text}", text=str(value)[:60]), say("true, false or null"))
    return value
