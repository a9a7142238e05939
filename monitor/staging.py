"""The imported inventory on its way: a list that people bring is staged beside the file in force, and put in its place by a person.

Reads and writes `[inventory] imported` and the staged file beside it (`.new`), each whole or not at all; nothing else. What it stages was
validated as the whole inventory it would make. Whoever runs it may write into the folder of the settings; the daemon need not.
"""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from monitor.clock import SHANGHAI
from monitor.config.problems import ConfigError, Problem
from monitor.config.settings import Settings
from monitor.config.sheets.grid import Progress, Unusable, Wrong
from monitor.config.sheets.headings import Header
from monitor.config.sheets.listing import Listing, Site, read_listing
from monitor.config.sheets.reading import read_grid
from monitor.config.sheets.staged import (
    Source,
    Staged,
    in_force,
    in_order,
    parse_staged,
    with_import,
    without_sites,
    written,
)
from monitor.model import TargetKind, Text, say
from monitor.model.finding import Value

Load = Callable[[Path], Settings]
"""The settings as they would be with that file for the imported one; raises ConfigError."""


@dataclass(slots=True)
class Outcome:
    """What came of an import: the list as read; `wrong` in it, `problems` elsewhere that it would make. Staged when there are neither.

    `still`: what earlier imports brought that nobody has put in force and that is staged with it, the rows of each kind counted.
    """

    sheet: str
    listing: Listing
    wrong: list[Wrong] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    still: Mapping[Source, Mapping[str, int]] = field(default_factory=dict)

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
    present = _earlier(imported) or Staged()
    before = _whole(_earlier(target) or present, present)
    ours = {row.get("id", "") for row in [*before.rows, *present.rows]}
    others = {one.id for one in settings.targets if one.id not in ours}
    listing = read_listing(grid, _sites(settings, before), before.rows, others, brought.kind)
    source = Source(brought.name, sha256(brought.data).hexdigest(), _instant(now))
    merged = with_import(before, [cells for _, cells in listing.rows], listing.kinds, source)
    made = _left(merged, [*present.rows, *before.rows], others, listing)
    outcome = Outcome(grid.sheet, listing, list(listing.wrong), still=_still(made, present, source))
    text, first = written(made)
    trial = target.with_name(f".{target.name}.trial")
    imported.parent.mkdir(exist_ok=True)
    write_whole(trial, text.encode(), imported)
    try:
        load(trial)
    except ConfigError as error:
        known = _Lines(str(trial), str(target if target.exists() else imported), first, made.rows)
        _sort_out(outcome, error, known)
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


def _whole(staged: Staged, present: Staged) -> Staged:
    """With what went along with a site the import before this had left out: of kinds not listed since, the rows in force."""
    same = {kind for kind, one in staged.sources.items() if kind != "site" and present.sources.get(kind) == one}
    kept = [row for row in staged.rows if row.get("kind") not in same]
    return Staged((*kept, *(row for row in present.rows if row.get("kind") in same)), staged.sources)


def _left(made: Staged, earlier: Iterable[Mapping[str, str]], others: Collection[str], listing: Listing) -> Staged:
    """Without what hangs on sites that earlier imports brought and this one leaves out, and says; what other files list is not gone."""
    there = {row.get("id") for row in made.rows if row.get("kind") == "site"}.union(others)
    gone = {row["id"]: row for row in earlier if row.get("kind") == "site" and row.get("id") and row["id"] not in there}
    own = {id(cells) for _, cells in listing.rows}  # what these name wrongly is theirs to mend
    rest, count = without_sites([row for row in made.rows if id(row) not in own], gone)
    if count["column"] or count["page"]:
        said = {"n": len(gone), "columns": count["column"], "pages": count["page"]}
        listing.remarks.append(
            say("sites no longer listed: {n}; with them go {columns} columns and {pages} pages, history kept", **said)
        )
    if count["account"]:
        listing.remarks.append(
            say("accounts of sites no longer listed stay, and belong to none: {n}", n=count["account"])
        )
    return Staged(in_order([*rest, *(row for row in made.rows if id(row) in own)]), made.sources)


def _still(made: Staged, present: Staged, source: Source) -> dict[Source, Counter[str]]:
    """What is in it beside what `source` brings and what is in force."""
    count = Counter(row.get("kind", "") for row in made.rows)
    found: dict[Source, Counter[str]] = {}
    for kind, one in made.sources.items():
        if one not in {source, present.sources.get(kind)}:
            found.setdefault(one, Counter())[kind] = count[kind]
    return found


class _Lines(NamedTuple):
    """The rows of the file on trial, and where its first one stands; `shown` is the file people know."""

    trial: str
    shown: str
    first: int
    rows: Sequence[Mapping[str, str]]

    def row(self, problem: Problem) -> Mapping[str, str] | None:
        """The one it is about."""
        place = (problem.line or 0) - self.first
        return self.rows[place] if problem.file == self.trial and 0 <= place < len(self.rows) else None


def _sort_out(outcome: Outcome, error: ConfigError, known: _Lines) -> None:
    """What is wrong with rows of the list is said of the list, once; the rest is said as of any file."""
    said = {(one.row, one.column) for one in outcome.wrong}
    numbers = {id(cells): row for row, cells in outcome.listing.rows}
    for problem in error.problems:
        number = numbers.get(id(known.row(problem)))
        if number is None:
            outcome.problems.append(_renamed(problem, known))
            continue
        one = _wrong(outcome.listing.header, number, problem)
        if (one.row, one.column) not in said:
            outcome.wrong.append(one)
    outcome.wrong.sort(key=lambda one: (one.row or 0, one.column if one.column is not None else -1))


def _wrong(header: Header, row: int, problem: Problem) -> Wrong:
    key = problem.place.split(".", maxsplit=1)[0]
    named = key if key in header.columns else ""
    message = problem.message if named or not key else say("{place}: {what}", place=key, what=problem.message)
    return header.wrong(row, named, message, problem.hint)


def _renamed(problem: Problem, known: _Lines) -> Problem:
    """Of a row that an earlier import brought: its id, in the file people know; its line there is another."""
    hint = problem.hint and _with(problem.hint, known.trial, known.shown)
    if problem.file != known.trial:
        return replace(problem, hint=hint)
    row = known.row(problem)
    place = ": ".join(part for part in (row.get("id", "") if row else "", problem.place) if part)
    return replace(problem, file=known.shown, line=None, place=place, hint=hint)


def _with(text: Text, old: str, new: str) -> Text:
    """The same with other words in the place of these, in the values at any depth."""

    def other(value: Value | Text) -> Value | Text:
        if isinstance(value, Text):
            return _with(value, old, new)
        return value.replace(old, new) if isinstance(value, str) else value

    return Text(text.template, {name: other(value) for name, value in text.values.items()})
