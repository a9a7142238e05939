"""What is wrong with a configuration, said so that it can be mended without reading our code.

A Problem names the file, the line where known, the place, what is wrong and what was expected. Problems are gathered,
never raised one by one; a ConfigError carries all of them. No secret value ever stands in one.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`file` as the person named it ("" for none), `line` from 1, `place` such as "target[3].url"."""

    file: str
    line: int | None
    place: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """One line: file:line: place: message (hint)."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        said = ": ".join(part for part in (where, self.place, self.message) if part)
        return f"{said} ({self.hint})" if self.hint else said


class ConfigError(Exception):
    """The configuration cannot be used; every problem of every file, in the order of the files."""

    def __init__(self, problems: tuple[Problem, ...], warnings: tuple[Problem, ...] = ()) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
        self.warnings = warnings


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known word, or all of them when they are few, or ""."""
    words = sorted(known)
    if meant := near(word, words):
        return f'did you mean "{meant}"?'
    if 0 < len(words) <= 12:
        return "known: " + ", ".join(words)
    return ""


def near(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or ""."""
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)), "")
