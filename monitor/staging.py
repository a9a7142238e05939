"""The imported inventory on its way: a list that people bring is staged beside the file in force, and put in its place by a person.

Reads and writes `[inventory] imported` and the staged file beside it (`.new`), each whole or not at all; nothing else. What it stages was
validated as the whole inventory it would make. Whoever runs it may write into the folder of the settings; the daemon need not.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from monitor.clock import SHANGHAI
from monitor.config.problems import ConfigError, Problem
from monitor.config.settings import Settings
from monitor.config.sheets.grid import Progress, Unusable, Wrong
from monitor.config.sheets.headings import Header
from monitor.config.sheets.listing import Listing, Site, read_listing
from monitor.config.sheets.reading import read_grid
from monitor.config.sheets.staged import Source, Staged, in_force, parse_staged, with_import, written
from monitor.model import TargetKind, Text, say
from monitor.model.finding import Value

Load = Callable[[Path], Settings]
"""The settings as they would be with that file for the imported one; raises ConfigError."""


@dataclass(slots=True)
class Outcome:
    """What came of an import: the list as read; `wrong` in it, `problems` elsewhere that it would make. Staged when there are neither."""

    sheet: str
    listing: Listing
    wrong: list[Wrong] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_staged(self) -> bool:
        return not (self.wrong or self.problems)


def staged_path(imported: Path) -> Path:
    """Where an import waits until somebody puts it in force."""
    return imported.with_name(f"{imported.name}.new")


@dataclass(frozen=True, slots=True)
class Brought:
    """A file somebody brings."""

    name: str
    data: bytes
    sheet: str | None = None
    kind: TargetKind | None = None


def stage(brought: Brought, settings: Settings, load: Load, now: datetime, progress: Progress) -> Outcome:
    """Read the list, judge the inventory it would make, and stage it when nothing is wrong. Raises Unusable, OSError."""
    assert settings.imported is not None
    imported = settings.imported.path
    target = staged_path(imported)
    grid = read_grid(brought.data, brought.sheet, progress)
    before = _earlier(target) or _earlier(imported) or Staged()
    ours = {row.get("id", "") for row in [*before.rows, *(_earlier(imported) or Staged()).rows]}
    others = {one.id for one in settings.targets if one.id not in ours}
    listing = read_listing(grid, _sites(settings, before), before.rows, others, brought.kind)
    source = Source(brought.name, sha256(brought.data).hexdigest(), _instant(now))
    made = with_import(before, [cells for _, cells in listing.rows], listing.kinds, source)
    outcome = Outcome(grid.sheet, listing, list(listing.wrong))
    text, first = written(made)
    trial = target.with_name(f".{target.name}.trial")
    imported.parent.mkdir(exist_ok=True)
    write_whole(trial, text.encode(), imported)
    try:
        load(trial)
    except ConfigError as error:
        _sort_out(outcome, error, str(trial), _rows_by_line(made, listing, first))
    finally:
        if outcome.is_staged:
            trial.replace(target)
        else:
            trial.unlink()
    return outcome


def put_in_force(imported: Path, by: str, now: datetime) -> Callable[[], None]:
    """The staged file takes the place of the imported one, naming who did it. Returns what takes that back. Raises OSError."""
    target = staged_path(imported)
    staged = target.read_bytes()
    before = imported.read_bytes() if imported.exists() else None
    write_whole(imported, in_force(staged, by, _instant(now)), imported)
    target.unlink()

    def take_back() -> None:
        write_whole(target, staged, imported)
        if before is None:
            imported.unlink()
        else:
            write_whole(imported, before, imported)

    return take_back


def _instant(now: datetime) -> str:
    """Fine enough to tell one doing from the next."""
    return now.astimezone(SHANGHAI).isoformat(timespec="milliseconds")


def write_whole(path: Path, data: bytes, like: Path) -> None:
    """The file is as it was or as it shall be, also after a power cut; whoever may read `like`, or its folder, may read it."""
    fresh = path.with_name(f".{path.name}.writing")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    known = like.stat() if like.exists() else None
    fresh.chmod(known.st_mode & 0o777 if known else like.parent.stat().st_mode & 0o664)
    with suppress(PermissionError):
        os.chown(fresh, -1, (known or like.parent.stat()).st_gid)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _earlier(path: Path) -> Staged | None:
    """What an earlier import brought; None where there is none. Raises Unusable, naming the file."""
    if not path.exists():
        return None
    try:
        return parse_staged(path.read_bytes())
    except Unusable as error:
        raise Unusable(say("{place}: {what}", place=str(path), what=error.words), error.advice) from error


def _sites(settings: Settings, before: Staged) -> list[Site]:
    """The sites of the inventory in force, and those staged, which may have taken their place."""
    staged = [one for one in before.rows if one.get("kind") == "site"]
    mine = {one.get("id") for one in staged}
    codes = {one.id: str(one.options.get("marks_present", {}).get("site_code", "")) for one in settings.targets}
    return [
        *(Site(one.get("id", ""), one.get("site_code", ""), one.get("name", ""), one.get("url", "")) for one in staged),
        *(
            Site(one.id, codes[one.id], one.name, one.url)
            for one in settings.targets
            if one.kind is TargetKind.SITE and one.id not in mine
        ),
    ]


def _rows_by_line(made: Staged, listing: Listing, first: int) -> dict[int, int]:
    """The row of the list by the line of the staged file."""
    rows = {id(cells): row for row, cells in listing.rows}
    return {first + n: rows[id(cells)] for n, cells in enumerate(made.rows) if id(cells) in rows}


def _sort_out(outcome: Outcome, error: ConfigError, trial: str, rows: dict[int, int]) -> None:
    """What is wrong with rows of the list is said of the list, once; the rest is said as of any file."""
    said = {(one.row, one.column) for one in outcome.wrong}
    for problem in error.problems:
        row = rows.get(problem.line or 0) if problem.file == trial else None
        if row is None:
            outcome.problems.append(_renamed(problem, trial))
            continue
        one = _wrong(outcome.listing.header, row, problem)
        if (one.row, one.column) not in said:
            outcome.wrong.append(one)
    outcome.wrong.sort(key=lambda one: (one.row or 0, one.column if one.column is not None else -1))


def _wrong(header: Header, row: int, problem: Problem) -> Wrong:
    key = problem.place.split(".", maxsplit=1)[0]
    named = key if key in header.columns else ""
    message = problem.message if named or not key else say("{place}: {what}", place=key, what=problem.message)
    return header.wrong(row, named, message, problem.hint)


def _renamed(problem: Problem, trial: str) -> Problem:
    """Of a row that an earlier import brought: the file people know."""
    shown = trial.replace("/.", "/").removesuffix(".trial")
    file = shown if problem.file == trial else problem.file
    return replace(problem, file=file, hint=problem.hint and _with(problem.hint, trial, shown))


def _with(text: Text, old: str, new: str) -> Text:
    """The same with other words in the place of these, in the values at any depth."""

    def other(value: Value | Text) -> Value | Text:
        if isinstance(value, Text):
            return _with(value, old, new)
        return value.replace(old, new) if isinstance(value, str) else value

    return Text(text.template, {name: other(value) for name, value in text.values.items()})
