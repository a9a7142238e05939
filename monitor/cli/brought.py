"""A table somebody brings, on the command line: its bytes, what is wrong with it cell by cell, and what is worth knowing of it.

Reads the file; prints problems on stderr, or as JSON on stdout. Nothing is changed here.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from monitor.config.problems import Problem
    from monitor.config.sheets.grid import Unusable, Wrong
    from monitor.config.sheets.listing import Listing
    from monitor.model import Text

SHOWN = 200
"""Problems printed one by one; the rest is counted, as `validate` does. --json has them all."""


def bytes_or_exit(file: Path, language: str) -> bytes:
    """What is in the file; exit 2 in words when it cannot be read, or is far too large to be read at all."""
    from monitor.cli.desk import or_exit
    from monitor.config.sheets.grid import LARGEST

    def read() -> bytes:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)

    return or_exit(read, language, file)


def unusable(file: Path, error: "Unusable", language: str) -> str:
    """Why nothing of it can be read."""
    from monitor.model import say
    from monitor.render import translate

    what = _with_hint(error.words, error.advice, language)
    return translate(say("{place}: {what}", place=str(file), what=what), language)


def refuse_whole(file: Path, sheet: str, error: "Unusable", language: str, *, as_json: bool) -> None:
    """Nothing of it can be read: say why, and end with 2."""
    if as_json:
        from monitor.config.sheets.grid import Wrong

        listed = [_row(file, sheet, Wrong(None, None, "", error.words, error.advice), language)]
        click.echo(json.dumps({"problems": listed}, ensure_ascii=False))
    else:
        click.echo(unusable(file, error, language), err=True)
    sys.exit(2)


def refuse(
    file: Path, sheet: str, wrong: Sequence["Wrong"], problems: Sequence["Problem"], language: str, *, as_json: bool
) -> None:
    """Tell all of it and end with 2; nothing was taken over."""
    from monitor.model import say
    from monitor.render import translate

    if as_json:
        listed = [_row(file, sheet, one, language) for one in wrong] + [_plain(one) for one in problems]
        click.echo(json.dumps({"problems": listed}, ensure_ascii=False))
        sys.exit(2)
    for line in [*(shown(file, sheet, one, language) for one in wrong), *map(str, problems)][:SHOWN]:
        click.echo(line, err=True)
    count = len(wrong) + len(problems)
    said = translate(say("1 problem") if count == 1 else say("{n} problems", n=count), language)
    click.echo(translate(say("{problems}; nothing was taken over", problems=said), language), err=True)
    sys.exit(2)


def shown(file: Path, sheet: str, wrong: "Wrong", language: str) -> str:
    """One problem in a line: list.xlsx [Sheet1] C12 首页网址: … (what to write)."""
    place = " ".join(part for part in (str(file), f"[{sheet}]" if sheet else "", wrong.cell, wrong.heading) if part)
    return f"{place}: {_with_hint(wrong.words, wrong.advice, language)}"


def remarks(listing: "Listing", language: str) -> Iterator[str]:
    """What was left out of a list, or put to it."""
    from monitor.model import say
    from monitor.render import translate

    said = [
        (listing.hidden, say("hidden rows left out: {n}", n=listing.hidden)),
        (listing.examples, say("examples of the template left out: {n}", n=listing.examples)),
        (listing.schemes, say("addresses without http:// or https://, read as http://: {n}", n=listing.schemes)),
        (len(listing.left_out), say("columns not imported: {titles}", titles=", ".join(listing.left_out)[:300])),
    ]
    return (translate(text, language) for text in (*(one for count, one in said if count), *listing.remarks))


def _with_hint(words: "Text", advice: "Text | None", language: str) -> str:
    from monitor.model import say
    from monitor.render import translate

    message = translate(words, language)
    if advice is None:
        return message
    return translate(say("{message} ({hint})", message=message, hint=translate(advice, language)), language)


def _row(file: Path, sheet: str, wrong: "Wrong", language: str) -> Mapping[str, object]:
    from monitor.config.sheets.grid import letters
    from monitor.render import translate

    return {
        "file": str(file),
        "sheet": sheet,
        "row": wrong.row,
        "column": None if wrong.column is None else letters(wrong.column),
        "heading": wrong.heading,
        "message": translate(wrong.words, language),
        "hint": translate(wrong.advice, language) if wrong.advice else "",
    }


def _plain(problem: "Problem") -> Mapping[str, object]:
    return {
        "file": problem.file,
        "sheet": "",
        "row": problem.line,
        "column": None,
        "heading": problem.place,
        "message": problem.message,
        "hint": problem.hint,
    }


def say_lines(lines: Iterable[str]) -> None:
    """On stderr: what is not the answer itself."""
    for line in lines:
        click.echo(line, err=True)
