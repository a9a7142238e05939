"""What one row of a reply list was seen to print, and what the rows say of one another.

Reads texts under headings or behind labels; gives Letters. A day that stands under 时间 alone is the day of receipt where a row
that waits for its answer has one, too; an empty 回复时间 says "not answered" where other rows of the list show one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from monitor.model import Letter, class_of
from monitor.read.html import squeeze
from monitor.read.letterwords import LESS_SURE, is_nothing, moment_in, state_in

MOST_TITLE = 200  # characters
MOST_NUMBER = 60  # characters
LEAST_NUMBER = 4  # signs of the number of a letter; shorter ones count the rows of this page
_NUMBER = re.compile(rf"[\w\-－—/()（）〔〕\[\]号第.]{{1,{MOST_NUMBER}}}")
_LEADING = re.compile(r"^\s*[\[【(（〔<《「]\s*([\u4e00-\u9fff/]{2,6})\s*[\]】)）〕>》」]\s*(?=\S)")


@dataclass(slots=True)
class Row:
    """One row. `told` are texts by field, with the word that named it; `words` stand in it without any label."""

    title: str = ""
    url: str | None = None
    told: dict[str, tuple[str, str]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def tell(self, name: str, word: str, text: str) -> None:
        """A field's text; the first of a kind counts, but a surer word comes before a less sure one."""
        known = self.told.get(name)
        if known is None or is_nothing(known[1]) or (known[0] in LESS_SURE and word not in LESS_SURE and text):
            self.told[name] = word, text


def letters_of(rows: Sequence[Row], today: date) -> tuple[Letter, ...]:
    """The rows as letters, those without a title left out; what is printed twice counts once."""
    drafts = [_Draft(row, today) for row in rows if row.title]
    answers_shown = any(one.answered for one in drafts)
    of_receipt = any(one.when and one.is_answered is False for one in drafts)
    numbered = _are_numbers([one.number for one in drafts])
    found = []
    for one in drafts:
        received = one.received or (one.when if of_receipt else None)
        waits = one.is_answered
        if waits is None and answers_shown and one.left_empty:
            waits = False
        answered, waits = one.answered, True if one.answered else waits
        if answered and received and answered[:10] < received[:10]:
            answered = None  # one of them is wrong; that it was answered stands
        found.append(
            Letter(
                title=one.title,
                url=one.row.url,
                number=one.number if numbered else None,
                kind=one.kind,
                cls=class_of(one.kind) if one.kind else None,
                received=received,
                answered=answered,
                is_answered=waits,
            )
        )
    return tuple(dict.fromkeys(found))


class _Draft:
    """A row taken apart by itself."""

    __slots__ = ("answered", "is_answered", "kind", "left_empty", "number", "received", "row", "title", "when")

    def __init__(self, row: Row, today: date) -> None:
        self.row = row
        self.title, inside = _without_class(squeeze(row.title)[:MOST_TITLE])
        self.received = moment_in(self._text("received"), today)
        self.answered = moment_in(self._text("answered"), today)
        self.when = moment_in(self._text("when"), today)
        self.left_empty = "answered" in row.told and is_nothing(self._text("answered"))
        self.is_answered = self._state()
        self.number = _number_in(self._text("number"))
        self.kind = self._kind(inside)

    def _text(self, name: str) -> str:
        return self.row.told.get(name, ("", ""))[1]

    def _state(self) -> bool | None:
        """By its label, else by what stands where the answer's time would, else by a word of its own."""
        for name in ("state", "answered"):
            word, text = self.row.told.get(name, ("", ""))
            told = state_in(text, word)
            if told is not None:
                return told
        states = {told for word in self.row.words if (told := state_in(word)) is not None}
        return states.pop() if len(states) == 1 else None

    def _kind(self, inside: str) -> str:
        """The class as printed: under its heading, before the title, or as a word of its own that names one."""
        text = squeeze(self._text("class"))
        if text and not is_nothing(text):
            return text[:20]
        return inside or next((word for word in self.row.words if len(word) <= 8 and class_of(word)), "")


def _without_class(title: str) -> tuple[str, str]:
    """[咨询]关于…: the title, and the class that stands before it."""
    match = _LEADING.match(title)
    if match is None or class_of(match[1]) is None:
        return title, ""
    return title[match.end() :], match[1]


def _number_in(text: str) -> str | None:
    told = squeeze(text)
    return told if told and _NUMBER.fullmatch(told) and any(sign.isdigit() for sign in told) else None


def _are_numbers(told: Iterable[str | None]) -> bool:
    """Whether what is called a number tells letters apart, and does not only count the rows of the page."""
    found = [one for one in told if one]
    return bool(found) and len(set(found)) == len(found) and all(len(one) >= LEAST_NUMBER for one in found)
