"""`zhishou read`: the same reading as the daemon's, over saved bytes, without any network.

Reads files and a list of files; prints the JSON of DESIGN.md §4.4, or a few words for a person. Exit 0 for every state;
2 when a file could not be opened or a line of the list not understood.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import config_option, json_option, language_option
from monitor.cli.progress import tracked
from monitor.model import TargetKind

if TYPE_CHECKING:
    from monitor.model import Text

KINDS = [kind.value for kind in TargetKind if kind not in {TargetKind.LINK, TargetKind.DESK}]
FIRST_ITEMS = 5
LONGEST = 200  # characters of a title shown to a person


class BadJob(ValueError):
    """A line of the list, or an option, that says nothing readable."""


@click.command("read")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--url", help="The address the bytes came from; relative links need it.")
@click.option("--kind", type=click.Choice(KINDS), help="What the page is watched as.")
@click.option("--encoding", help="The charset the HTTP header claimed; one that no browser knows counts as none.")
@click.option("--status", type=int, help="The HTTP status it came with.")
@click.option("--date", "captured", help="The day of capture, YYYY-MM-DD; YYYY-MM means its last day. Default: today.")
@click.option("--batch", type=click.Path(path_type=Path), help="A file of JSON lines, one page each.")
@click.option("--explain", "explained", is_flag=True, help="Say why: regions, dates and where they came from.")
@config_option
@language_option
@json_option
def read_command(  # noqa: PLR0917 - click hands every option over by name
    file: Path | None,
    url: str | None,
    kind: str | None,
    encoding: str | None,
    status: int | None,
    captured: str | None,
    batch: Path | None,
    explained: bool,
    config: Path | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Read FILE as the daemon would: state, list, dates, links and marks of a page or a feed.

    Of the settings it takes the language alone. What --explain says names elements and rules of the program, in English.
    """
    from monitor.cli.language import language_in
    from monitor.cli.usage import Misused
    from monitor.config.load import find_settings
    from monitor.model import say

    language = language or language_in(find_settings(config))
    if (file is None) == (batch is None):
        raise Misused(say("name one FILE, or a list with --batch"))
    if batch is not None:
        sys.exit(_batch(batch, language, explained=explained, as_json=as_json))
    if kind is None:
        raise Misused(say("{param} is missing, one of: {words}", param="--kind", words=", ".join(KINDS)))
    _must_be_an_address(url, language)
    job = {"file": str(file), "url": url, "kind": kind, "encoding": encoding, "status": status, "date": captured}
    try:
        _show(_read(job, Path(), language), explained=explained, as_json=as_json, named=False)
    except (OSError, BadJob) as error:
        click.echo(_told(error, language), err=True)
        sys.exit(2)


def _must_be_an_address(url: str | None, language: str) -> None:
    """Of a list whatever the pages came from is taken, as the daemon takes it; what somebody types is looked at."""
    from monitor.config.urls import address_trouble
    from monitor.model import say
    from monitor.render import translate

    trouble = address_trouble(url) if url is not None else None
    if trouble is None:
        return
    message = translate(trouble.words, language)
    if trouble.advice is not None:
        hint = translate(trouble.advice, language)
        message = translate(say("{message} ({hint})", message=message, hint=hint), language)
    click.echo(f"--url: {message}", err=True)
    sys.exit(2)


def _batch(path: Path, language: str, *, explained: bool, as_json: bool) -> int:
    """Reads every line of a list, in order; 2 when any could not be read."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        click.echo(_told(error, language), err=True)
        return 2
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    failed = False
    for number, line in tracked(lines, "reading"):
        name: object = None
        try:
            job = _job(line)
            name = job["file"]
            _show(_read(job, path.parent, language), explained=explained, as_json=as_json, named=True)
        except (OSError, BadJob) as error:
            failed = True
            name = name if name is not None else _file_of(line)
            said = f"line {number}: {_reason(error)}"
            _print(json.dumps({"file": name, "error": said}, ensure_ascii=False))
    return 2 if failed else 0


def _job(line: str) -> dict[str, Any]:
    """One line of a list as an object with a file and a kind."""
    try:
        job = json.loads(line)
    except ValueError as error:
        raise BadJob(f"not JSON: {error}") from error
    if not isinstance(job, dict) or not isinstance(job.get("file"), str):
        raise BadJob('not an object with "file"')
    return job


def _file_of(line: str) -> object:
    """The file a broken line names, as far as it can be told."""
    try:
        job = json.loads(line)
    except ValueError:
        return None
    return job.get("file") if isinstance(job, dict) else None


def _read(job: dict[str, Any], folder: Path, language: str) -> tuple[dict[str, Any], str, str]:
    """File name with the reading's JSON, a summary and the explanation of one page."""
    from monitor.read.explain import explain
    from monitor.read.page import Source, read_source
    from monitor.read.slim import shown

    source = Source(
        url=_text(job, "url"),
        kind=_kind(job),
        charset=_text(job, "encoding"),
        status=_status(job),
        captured=_day(_text(job, "date")),
    )
    try:
        body = (folder / job["file"]).read_bytes()
    except ValueError as error:  # a NUL in the name
        raise BadJob(str(error)) from error
    reading, trace = read_source(body, source)
    plain = shown(reading)
    return {"file": job["file"], **plain}, _words(plain, language), explain(reading, trace)


def _kind(job: dict[str, Any]) -> TargetKind:
    kind = job.get("kind")
    if kind not in KINDS:
        raise BadJob(f"kind is {kind!r}, not one of {', '.join(KINDS)}")
    return TargetKind(kind)


def _status(job: dict[str, Any]) -> int | None:
    status = job.get("status")
    if status is not None and not (isinstance(status, int) and 100 <= status <= 999):
        raise BadJob(f"status is {status!r}, not an HTTP status")
    return status


def _text(job: dict[str, Any], key: str) -> str | None:
    value = job.get(key)
    if value is not None and not isinstance(value, str):
        raise BadJob(f"{key} is {value!r}, not a text")
    return value or None


def _day(text: str | None) -> date:
    """The day of capture; today in Shanghai when none is named."""
    from monitor.clock import SystemClock, civil_day
    from monitor.read.dates import last_day

    if text is None:
        return civil_day(SystemClock().now())
    day = last_day(text)
    if day is None:
        raise BadJob(f"date is {text!r}, not YYYY-MM-DD or YYYY-MM")
    return day


def _show(done: tuple[dict[str, Any], str, str], *, explained: bool, as_json: bool, named: bool) -> None:
    plain, words, why = done
    if not named:
        plain = {key: value for key, value in plain.items() if key != "file"}
    if as_json:
        _print(json.dumps(plain, ensure_ascii=False))
        if explained:
            click.echo(why, err=True)
    else:
        _print(f"{plain['file']}\n{words}" if named else words)
        if explained:
            _print(why)


def states() -> "tuple[Text, ...]":
    """The states that no sentence of the watch names, for the catalogue: here each is a value of one."""
    from monitor.model import say

    return say("listed"), say("readable"), say("blank")


def _words(plain: dict[str, Any], language: str) -> str:
    """A reading for a person, without what would steer the terminal."""
    from monitor.model import say
    from monitor.read.explain import clean
    from monitor.render import translate

    text = say(
        "{state}  newest {newest}  {items} items, {entries} entries, {links} links",
        state=plain["state"],  # said as a phrase of the catalogue, where it is one
        newest=plain["newest_date"] or "-",
        **{name: len(plain[name]) for name in ("items", "entries", "links")},
    )
    lines = [f"{translate(text, language)}  {clean(plain['title'], LONGEST)}"]
    lines += [f"  {item['date'] or '-':<10}  {clean(item['title'], LONGEST)}" for item in plain["items"][:FIRST_ITEMS]]
    lines += [
        f"  {entry['published'] or '-'}  {clean(entry['title'], LONGEST)}" for entry in plain["entries"][:FIRST_ITEMS]
    ]
    return "\n".join(lines)


def _print(text: str) -> None:
    """UTF-8 on stdout whatever the terminal is set to; half characters become question marks."""
    click.echo(text.encode("utf-8", "replace"))


def _told(error: Exception, language: str) -> str:
    """The same for a person: what the system says in their language."""
    from monitor.cli.troubles import told

    return told(error, language) if isinstance(error, OSError) else str(error)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.strerror else str(error)
    return str(error)
