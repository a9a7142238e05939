"""A table somebody brings, on the command line: its bytes, what is wrong with it cell by cell, and what is worth knowing of it.

Reads the file; prints problems on stderr, or as JSON on stdout. Nothing is changed here.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from monitor.config.problems import Problem
    from monitor.config.sheets.forms import Form
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


def refuse_whole(file: Path, sheet: str, error: "Unusable", language: str, *, as_json: bool) -> NoReturn:
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
    from monitor.cli.warned import told
    from monitor.model import say
    from monitor.render import translate

    if as_json:
        listed = [_row(file, sheet, one, language) for one in wrong] + [_plain(one, language) for one in problems]
        click.echo(json.dumps({"problems": listed}, ensure_ascii=False))
        sys.exit(2)
    lines = [*(shown(file, sheet, one, language) for one in wrong), *(told(one, language) for one in problems)]
    for line in lines[:SHOWN]:
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


def write_form(form: "Form", file: Path, config: Path | None, language: str | None) -> None:
    """A table to fill in, as a new file .xlsx or .csv; exit 2 when it cannot be written, or is there already."""
    from monitor.cli import planned
    from monitor.cli.desk import or_exit
    from monitor.cli.language import language_in
    from monitor.config.load import find_settings
    from monitor.config.sheets.forms import template_csv, template_xlsx

    language = language or language_in(find_settings(config))
    if file.suffix.lower() not in {".xlsx", ".csv"}:
        click.echo(planned.no_suffix(str(file), language), err=True)
        sys.exit(2)
    made = template_csv(form) if file.suffix.lower() == ".csv" else template_xlsx(form)

    def write() -> None:
        with file.open("xb") as opened:
            opened.write(made)

    or_exit(write, language, file)
    click.echo(planned.template_written(str(file), form.command, language))


def _with_hint(words: "Text", advice: "Text | None", language: str) -> str:
    from monitor.model import say
    from monitor.render import translate

    whole = words if advice is None else say("{message} ({hint})", message=words, hint=advice)
    return translate(whole, language, verbatim=True)


def _row(file: Path, sheet: str, wrong: "Wrong", language: str) -> Mapping[str, object]:
    from monitor.config.sheets.grid import letters
    from monitor.render import translate

    return {
        "file": str(file),
        "sheet": sheet,
        "row": wrong.row,
        "column": None if wrong.column is None else letters(wrong.column),
        "heading": wrong.heading,
        "message": translate(wrong.words, language, verbatim=True),
        "hint": translate(wrong.advice, language, verbatim=True) if wrong.advice else "",
    }


def _plain(problem: "Problem", language: str) -> Mapping[str, object]:
    from monitor.cli.warned import as_json

    told = as_json(problem, language)
    return {
        "file": told["file"],
        "sheet": "",
        "row": told["line"],
        "column": None,
        "heading": told["place"],
        "message": told["message"],
        "hint": told["hint"],
    }


def say_lines(lines: Iterable[str]) -> None:
    """On stderr: what is not the answer itself."""
    for line in lines:
        click.echo(line, err=True)
