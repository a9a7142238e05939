"""What can still be read of a TOML file that is none: the tables without a mistake.

tomllib stops at the first mistake. Here the table in which it stands is taken out and the rest is read again, so that
every mistake is told at once, and what the sound tables say is judged. Pure; lines keep their numbers.
"""

import re
import tomllib
from dataclasses import dataclass, field

MOST_CUTS = 50  # tables taken out; with more mistakes than that, the first ones are enough to go by
LONGEST = 1 << 20  # characters; a longer text is read only once, because each cut means reading it again

_HEADER = re.compile(r"[ \t]*\[{1,2}[ \t]*([^\[\]\n]+?)[ \t]*\]{1,2}[ \t]*(?:#.*)?")
_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that is no TOML (None: nobody knows which) and what is wrong with it."""

    line: int | None
    said: str


@dataclass(slots=True)
class Saved:
    """What is left: the text with blank lines for what was taken out, its table, what was taken out, and why."""

    text: str
    table: dict[str, object]
    lost: str
    faults: list[Mistake] = field(default_factory=list)


def syntax(error: tomllib.TOMLDecodeError) -> Mistake:
    """The line out of tomllib's message, and the message without it."""
    match = _AT.search(str(error))
    if match is None:
        return Mistake(None, str(error))
    return Mistake(int(match[1]), f"{str(error)[: match.start()]}, column {match[2]}")


def rescue(text: str, error: tomllib.TOMLDecodeError) -> Saved:
    """The tables of the text without a mistake; an empty table when they cannot be told from the others."""
    lines, lost, faults = text.replace("\r\n", "\n").split("\n"), "", [syntax(error)]
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
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        return syntax(error)
    except RecursionError:
        return Mistake(None, "is nested too deeply to be read")


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
