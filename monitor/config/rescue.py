"""What can still be read of a TOML file that is none: the tables without a mistake.

tomllib stops at the first mistake. Here the table in which it stands is taken out and the rest is read again, so that
every mistake is told at once, and what the sound tables say is judged. Pure; lines keep their numbers.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from monitor.model import Text, say

MOST_CUTS = 50  # tables taken out; with more mistakes than that, the first ones are enough to go by
LONGEST = 1 << 20  # characters; a longer text is read only once, because each cut means reading it again

_HEADER = re.compile(r"[ \t]*\[{1,2}[ \t]*([^\[\]\n]+?)[ \t]*\]{1,2}[ \t]*(?:#.*)?")
_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that is no TOML (None: nobody knows which) and what is wrong with it."""

    line: int | None
    said: Text


@dataclass(slots=True)
class Saved:
    """What is left: the text with blank lines for what was taken out, its table, what was taken out, and why."""

    text: str
    table: dict[str, object]
    lost: str
    faults: list[Mistake] = field(default_factory=list)


_DAY = re.compile(r"=[ \t]*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ \t]*(?:#.*)?$")


def syntax(error: tomllib.TOMLDecodeError, text: str) -> Mistake:
    """The line out of tomllib's message, and the message without it; a date that is none is said to be that."""
    match = _AT.search(str(error))
    if match is None:
        return Mistake(None, _said(str(error)))
    lines = text.replace("\r\n", "\n").split("\n")
    line = lines[int(match[1]) - 1] if int(match[1]) <= len(lines) else ""
    if (lone := _lone(lines, int(match[1]) - 1)) is not None:
        return lone
    day = _DAY.search(line)
    if day is not None:
        return Mistake(int(match[1]), no_day(*map(int, day.groups())))
    return Mistake(int(match[1]), say("{why}, column {n}", why=_said(str(error)[: match.start()]), n=match[2]))


def _lone(lines: list[str], at: int) -> Mistake | None:
    """The [rule] beside [[rule]]s where reading stops at that line: itself, or the next [[rule]], which is right."""
    head = _HEADER.fullmatch(lines[at]) if at < len(lines) else None
    if head is None:
        return None
    heads = [
        (n, found[0].lstrip()[:2] == "[[")
        for n, line in enumerate(lines)
        if (found := _HEADER.fullmatch(line)) and found[1] == head[1]
    ]
    single = [n for n, doubled in heads if not doubled and n <= at]
    if not single or not any(doubled for _, doubled in heads):
        return None
    return Mistake(single[-1] + 1, say("[{name}] beside [[{name}]]: write [[{name}]] here, too", name=head[1]))


def _said(words: str) -> Text:
    """What tomllib says, without the signs and names it quotes: column and line tell where they are."""
    return next((text for begin, text in _MISTAKES.items() if words.startswith(begin)), say("this is no TOML"))


def no_day(year: int, month: int, day: int) -> Text:
    """Why there is no such day, or how it is written."""
    told = f"{year:04}-{month:02}-{day:02}"
    if not 1 <= month <= 12:
        return say("{day}: there is no month {month}", day=told, month=str(month))
    try:
        date(year, month, day)
    except ValueError:
        return say("{day}: this month has no such day", day=told)
    return say("a day is written {day}", day=told)


_MISTAKES: Mapping[str, Text] = {
    "Cannot declare": say("a table of this name is there already"),
    "Cannot mutate immutable": say("a table between braces cannot be added to"),
    "Cannot redefine": say("a table of this name is there already"),
    "Cannot overwrite": say("this key is there already"),
    "Duplicate inline table key": say("this key is there already"),
    "Expected '=' after a key": say("expected = after the key"),
    "Expected ']' at the end of a table": say("expected ] at the end of the table's name"),
    "Expected ']]' at the end": say("expected ]] at the end of the table's name"),
    "Expected newline or end of document": say("something follows where the line should end"),
    "Found invalid character": say("a sign that cannot stand here"),
    "Illegal character '\\n'": say("the text is not closed by a quote on its line"),
    "Illegal character": say("a sign that cannot stand here"),
    "Invalid hex value": say("a \\u or \\x without its digits"),
    "Invalid date or datetime": say("no such day or time"),
    "Invalid initial character for a key part": say("a key cannot begin with this sign"),
    "Invalid statement": say("neither a key nor a table begins here"),
    "Invalid value": say("no value: a text stands between double quotes"),
    "Unclosed array": say("the list is not closed by ]"),
    "Unclosed inline table": say("the table is not closed by }}"),
    "Unescaped": say("a backslash that begins nothing: write \\\\, or put the text between single quotes"),
    "Unterminated string": say("the text is not closed by a quote"),
    "Expected": say("a quote or sign is missing here"),
    "Escaped character is not a Unicode": say("a \\u or \\x without its digits"),
    "Too many digits": say("a number with too many digits"),
}
"""By how the message of tomllib (3.11 to 3.14) begins; the longer beginnings stand before the shorter."""


def rescue(text: str, error: tomllib.TOMLDecodeError) -> Saved:
    """The tables of the text without a mistake; an empty table when they cannot be told from the others."""
    lines, lost, faults = text.replace("\r\n", "\n").split("\n"), "", [syntax(error, text)]
    while len(text) <= LONGEST and len(faults) <= MOST_CUTS and (at := faults[-1].line) is not None:
        tried = [(left, _parsed(left)) for left in (_without(lines, span) for span in _spans(lines, at - 1))]
        left, found = max(tried, key=lambda one: _sound_until(one[1]))
        if left == lines:
            break
        lost += "\n".join(old for old, new in zip(lines, left, strict=True) if old != new) + "\n"
        lines = left
        if not isinstance(found, Mistake):
            return Saved("\n".join(lines), found, lost, faults)
        faults.append(found)
    return Saved("", {}, text, faults[:1])


def _parsed(lines: list[str]) -> dict[str, object] | Mistake:
    text = "\n".join(lines)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return syntax(error, text)
    except RecursionError:
        return Mistake(None, say("is nested too deeply to be read"))


def _sound_until(found: dict[str, object] | Mistake) -> float:
    """The line of the first mistake."""
    return (found.line or 0) if isinstance(found, Mistake) else float("inf")


def _spans(lines: list[str], at: int) -> list[tuple[int, int]]:
    """The table around a line; when the line begins one, the table before it too, which may have been left open."""
    heads = [number for number, line in enumerate(lines) if number and _HEADER.fullmatch(line)]
    starts = [0, *heads, len(lines)]
    inside = max((n for n, start in enumerate(starts[:-1]) if start <= at), default=0)
    spans = [(starts[inside], starts[inside + 1])]
    if starts[inside] == at and inside:
        spans.append((starts[inside - 1], starts[inside]))
    return spans


def _without(lines: list[str], span: tuple[int, int]) -> list[str]:
    """The lines with that table blank, and the tables inside it that follow."""
    start, end = span
    head = _HEADER.fullmatch(lines[start]) if start < len(lines) else None
    left = [*lines[:start], *[""] * (end - start), *lines[end:]]
    while head is not None and end < len(left):
        inner = _HEADER.fullmatch(left[end])
        if inner is None or not inner[1].startswith(head[1] + "."):
            break
        start, end = end, _spans(left, end)[0][1]
        left[start:end] = [""] * (end - start)
    return left
