"""What is wrong with the settings and what `validate` warns of, in the reader's language. Prints on stderr where it says so."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

import click

from monitor.config.problems import Problem
from monitor.model import say
from monitor.render import translate


def told(problem: Problem, language: str) -> str:
    """One line: file and line, place, what is wrong, and in brackets what to do."""
    return problem.at_its_place(translate(problem.words, language, verbatim=True))


def warned(warning: Problem, language: str) -> str:
    """The same of what keeps nobody from starting."""
    return translate(say("warning: {said}", said=told(warning, language)), language, verbatim=True)


def as_json(problem: Problem, language: str) -> Mapping[str, object]:
    """{"file", "line", "place", "message", "hint"}: `line` null where unknown, `hint` "" where there is none."""
    return {
        "file": problem.file,
        "line": problem.line,
        "place": problem.place,
        "message": translate(problem.message, language, verbatim=True),
        "hint": "" if problem.hint is None else translate(problem.hint, language, verbatim=True),
    }


def show(problems: Iterable[Problem], language: str) -> None:
    """Each on stderr."""
    for problem in problems:
        click.echo(told(problem, language), err=True)


def refuse(problems: Iterable[Problem], config: Path | None, language: str | None = None) -> NoReturn:
    """Every problem on stderr, and exit 2. Without `language` in that of the settings, as far as it can be told."""
    from monitor.cli.language import language_in
    from monitor.config.load import find_settings

    show(problems, language or language_in(find_settings(config)))
    sys.exit(2)
