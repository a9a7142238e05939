"""How a message speaks: its language, its desk, its moment and its room; and the fitting of lines into that room.

Pure. Whole lines go before anything is cut, what is left out is counted, and the last line (where to look further)
always stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.clock import civil_day, day_start
from monitor.model import Text, say
from monitor.render import called, day, duration, moment, translate

SHOWN = 20
"""Lines of a list a person reads on a telephone."""

NAMED = 3
"""Names in a row before "and n more"."""

Line = tuple[int, str | Sequence[str]]
"""A line of a message with its rank; or several wordings of it, the longest first."""


@dataclass(frozen=True, slots=True)
class Voice:
    """`limit` is the bytes of UTF-8 title and body may have together; `duty` whom to call about ourselves."""

    language: str
    desk: str
    now: datetime
    limit: int
    duty: str = ""

    def words(self, text: Text) -> str:
        """A sentence in our language."""
        return translate(text, self.language)

    def called(self, name: str) -> str:
        """A target's name; the duty desk in our language."""
        return called(name, self.language)

    def at(self, instant: datetime | None) -> str:
        """A time in Shanghai; a question mark when it is not known."""
        return "?" if instant is None else moment(instant, self.language, self.now)

    def so_far(self, since: datetime | None) -> str:
        """In brackets, nothing within the first minute: (for 12 min)."""
        if since is None or self.now - since < _MINUTE:
            return ""
        return self.words(say(" (for {length})", length=duration(self.now - since, self.language)))

    def overdue(self, since: datetime | None) -> str:
        """In brackets: (overdue for 5d). A limit that ends with its day makes the day after it the first one."""
        if since is None or since >= self.now:
            return ""
        length = self.now - since
        if since == day_start(civil_day(since)):
            length = timedelta(days=(civil_day(self.now) - civil_day(since)).days + 1)
        return self.words(say(" (overdue for {length})", length=duration(length, self.language)))

    def lasted(self, since: datetime | None, until: datetime | None) -> str:
        """How long something that is over lasted: lasted 12 min."""
        if since is None:
            return ""
        length = (until or self.now) - since
        if length < _MINUTE:
            return self.words(say("lasted less than a minute"))
        return self.words(say("lasted {length}", length=duration(length, self.language)))

    def span(self, since: datetime | None, until: datetime) -> str:
        """From when to when; within one minute on the wall when, and how long it lasted."""
        if since is not None and self.at(since) == self.at(until):
            return self.comma([self.at(since), self.lasted(since, until)])
        return self.words(say("From {since} to {until}", since=self.at(since), until=self.at(until)))

    def last_day(self, instant: datetime) -> str:
        """The last civil day before an instant, with the year when it is another than this."""
        last = civil_day(instant - timedelta(milliseconds=1))
        return day(last, self.language, with_year=last.year != civil_day(self.now).year)

    def comma(self, parts: Sequence[str]) -> str:
        """Parts of a sentence, empty ones left out."""
        return ("，" if self.language.startswith("zh") else ", ").join(part for part in parts if part)

    def listed(self, names: Sequence[str], count: int = 0, *, named: int = NAMED) -> str:
        """The first names, and how many more; `count` when there are more than the names given."""
        shown = ("、" if self.language.startswith("zh") else ", ").join(names[:named])
        more = max(count, len(names)) - min(len(names), named)
        return self.words(say("{words} and {n} more", words=shown, n=more)) if more > 0 else shown

    def colon(self, parts: Sequence[str]) -> str:
        """Parts of a sentence of which the later explain the earlier, empty ones left out."""
        return ("：" if self.language.startswith("zh") else ": ").join(part for part in parts if part)

    def semicolon(self, parts: Sequence[str]) -> str:
        """Things of a kind that have commas in them."""
        return ("；" if self.language.startswith("zh") else "; ").join(parts)

    def and_others(self, name: str, count: int) -> str:
        """One name for many."""
        return self.words(say("{name} and others, {n} in all", name=name, n=count)) if count > 1 else name

    def sign(self, incident: int | None = None, *, over: bool = False) -> str:
        """Where to look further, the incident's own card while it has one: the last line of every message."""
        if incident is None:
            return self.words(say("Desk: {address}", address=self.desk))
        card = self.desk if over else f"{self.desk.rstrip('/')}/#incident-{incident}"
        return self.words(say("Incident #{id}: {address}", id=incident, address=card))

    def fewer_and_fewer(self, names: Sequence[str]) -> list[str]:
        """All the names, then one less and how many more, down to the first."""
        return [self.listed(names, named=shown) for shown in range(len(names), 0, -1)]

    def fit(self, title: str, lines: Sequence[Line]) -> tuple[str, str]:
        """Lines with their rank, 0 is never left out; the higher the rank, the sooner it goes, in fewer and fewer words first."""
        title, kept, shorter = (
            cut(title, self.limit // 2),
            [_wordings(line)[0] for line in lines if line[1]],
            _shorter(lines),
        )
        while _size(title, kept) > self.limit and any(rank for rank, _ in kept):
            worst = max(rank for rank, _ in kept)
            last = max(i for i, (rank, _) in enumerate(kept) if rank == worst)
            if kept[last] in shorter:
                kept[last] = shorter[kept[last]]
            elif worst > 1:
                del kept[last]
            else:
                room = self.limit - _size(title, kept[:last] + kept[last + 1 :]) - 1
                kept[last] = (0, cut(kept[last][1], max(room, 0)))
        body = "\n".join(text for _, text in kept if text)
        return title, cut(body, self.limit - len(title.encode()) - 1)

    def fit_list(
        self,
        title: str,
        lines: Sequence[str],
        more: int,
        addresses: Sequence[str] = (),
        *,
        worth: Sequence[int] = (),
        last: str = "",
    ) -> tuple[str, str]:
        """As many numbered lines as fit, then "and n more", then the desk; `more` counts what is not in `lines`.

        `worth` is how many things each line tells of, else one. `last` stands before the desk and goes after every line.
        `addresses` of the lines come with them as far as there is room: an address is left out before a line is.
        """
        for shown in range(min(len(lines), SHOWN), -1, -1):
            left = (sum(worth[shown:]) if worth else len(lines) - shown) + more
            end = [self.words(say("and {n} more, see the desk", n=left))] if left else []
            end += [last] if last else []
            for with_address in range(min(shown, len(addresses)), -1, -1):
                told = [*addresses[:with_address], *[""] * shown]
                body = [f"{n}. {line} {told[n - 1]}".rstrip() for n, line in enumerate(lines[:shown], 1)]
                if _size(title, [(0, line) for line in (*body, *end, self.sign())]) <= self.limit:
                    return title, "\n".join([*body, *end, self.sign()])
        return self.fit(title, [(0, self.sign())])


def cut(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, with an ellipsis when something was cut off."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    return raw[: limit - 3].decode("utf-8", "ignore") + "…" if limit >= 3 else ""


def _wordings(line: Line) -> list[tuple[int, str]]:
    rank, told = line
    return [(rank, words) for words in ([told] if isinstance(told, str) else told)]


def _shorter(lines: Sequence[Line]) -> dict[tuple[int, str], tuple[int, str]]:
    """The next wording of each that has one."""
    return dict(pair for line in lines for pair in pairwise(_wordings(line)))


def _size(title: str, lines: Sequence[tuple[int, str]]) -> int:
    return len(title.encode()) + sum(len(line.encode()) + 1 for _, line in lines)


_MINUTE = timedelta(minutes=1)
