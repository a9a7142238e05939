"""The inventory: targets of [[target]] tables and of every file of [inventory], gathered and compared.

Reads the files. Keeps one place per id, so that a duplicate names both, and of every row with faults what others refer
to (references.py looks at that when all files are in).
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from monitor.config.document import Document, Report, open_document
from monitor.config.options import Fault
from monitor.config.places import Path as Place, written
from monitor.config.problems import of_system
from monitor.config.quick import NO_QUICK, Quick, quick_reader
from monitor.config.rows import Row, Sheet, Unreadable, read_lines, row_of
from monitor.config.settings import RawTarget
from monitor.config.tables import tables_of
from monitor.config.targets import KINDS, Memory, packs_of, read_target, unknown_keys
from monitor.model import TargetKind, say

Progress = Callable[[str, int], None]
"""Told the file and how many of its rows are done, every EVERY rows."""

EVERY = 10_000


class Draft(NamedTuple):
    """Of a row with faults, what is needed to judge what it refers to and what refers to it."""

    place: int
    id: str
    kind: TargetKind | None
    site: str
    packs: tuple[str, ...]


@dataclass(slots=True)
class Inventory:
    """Targets so far. `places` holds, per id, the number of its source and its number (or line) in there.

    `lost` are ids seen where nothing else could be read, `unread` the files of which not even all ids are known.
    """

    report: Report
    memory: Memory
    progress: Progress
    targets: list[RawTarget] = field(default_factory=list)
    sources: list[Document | str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)


def read_inventory(document: Document, files: list[tuple[Path, str]], inventory: Inventory) -> None:
    """All targets of the settings file, then of the files in order."""
    _read_tables(document, inventory)
    for path, name in files:
        if ".csv" in map(str.lower, path.suffixes[-3:]):  # also one that is staged beside it
            with _collector_paused():
                _read_csv(path, name, inventory)
        elif (found := open_document(path, name, inventory.report)) is None:
            inventory.unread.append(name)
        else:
            for key in found.table:
                if key != "target":
                    found.add(
                        (key,),
                        say('unknown table "{key}"', key=key),
                        say("an inventory file has [[target]] tables only"),
                    )
            _read_tables(found, inventory)


def note(inventory: Inventory, place: int, fault: Fault) -> None:
    """A fault of the row at that place."""
    file, line, prefix = where(inventory, place, fault.path)
    inventory.report.add(file, line, written((*prefix, *fault.path)), fault.message, fault.hint)


def where(inventory: Inventory, place: int, path: Place = ()) -> tuple[str, int | None, Place]:
    """File, line and place of a row, or of a key in it."""
    source, number = inventory.sources[place >> 40], place & ((1 << 40) - 1)
    if isinstance(source, str):
        return source, number, ()
    return source.file, source.line(("target", number, *path)), source.shown(("target", number))


def _read_tables(document: Document, inventory: Inventory) -> None:
    inventory.sources.append(document)
    inventory.lost.update(document.lost_ids())
    if document.lost and not document.table:
        inventory.unread.append(document.file)
    for number, table in tables_of(document, "target"):
        found = read_target(table, inventory.memory)
        faults = unknown_keys(table) + (found if isinstance(found, list) else [])
        if isinstance(found, list):
            _keep_draft(inventory, _place(inventory, number), table)
        else:
            _keep(inventory, _place(inventory, number), found)
        for fault in faults:
            document.add(("target", number, *fault.path), fault.message, fault.hint)


def _read_csv(path: Path, name: str, inventory: Inventory) -> None:
    inventory.sources.append(name)
    inventory.report.begin(name)
    sheet = Sheet()
    try:
        count = _read_sheet(path, name, sheet, inventory)
    except OSError as error:
        inventory.report.add(name, None, "", say("cannot be read: {why}", why=of_system(error)))
        inventory.unread.append(name)
    except Unreadable as error:
        inventory.report.add(name, 1, "", error.fault.message, error.fault.hint)
        inventory.unread.append(name)
    else:
        if sheet.hopeless or "id" in sheet.absent:
            inventory.unread.append(name)
        if count >= EVERY:
            inventory.progress(name, count)


def _read_sheet(path: Path, name: str, sheet: Sheet, inventory: Inventory) -> int:
    """Every row of the file; gives how many there were."""
    count, start, quick = 0, _place(inventory, 0), NO_QUICK
    places, append, progress = inventory.places, inventory.targets.append, inventory.progress
    for lines in read_lines(path, sheet):
        for line, text in enumerate(lines.texts, lines.first):
            target = quick.read(text) if isinstance(text, str) else None
            if target is not None and places.setdefault(target.id, start | line) == start | line:
                append(target)
            elif (row := row_of(sheet, line, text)) is None:
                continue
            else:
                quick = _read_row(row, text, sheet, quick, inventory)
            count += 1
            if count % EVERY == 0:
                progress(name, count)
    return count


def _read_row(row: Row, text: str | bytes, sheet: Sheet, quick: Quick, inventory: Inventory) -> Quick:
    """One row the long way; gives what reads the next ones like it."""
    found = list(row.faults) if row.faults else read_target(row.cells, inventory.memory)
    place = _place(inventory, row.line)
    if not isinstance(found, list):
        _keep(inventory, place, found)
        quick = quick_reader(sheet.names) if quick is NO_QUICK else quick
        quick.learn(str(text), found)
        return quick
    name, absent = str(inventory.sources[-1]), {(absent,) for absent in sheet.absent}
    for fault in found:
        if row.faults or fault.path[:1] not in absent:  # what is not there was told of the first line
            inventory.report.add(name, row.line, written(fault.path), fault.message, fault.hint)
    if row.faults:  # what stands where is not sure: its id is known, but it is no second of its name
        inventory.lost.update(str(key) for key in row.cells.values())
    else:
        _keep_draft(inventory, place, row.cells)
    sheet.hopeless = sheet.hopeless or inventory.report.hopeless(name)
    return quick


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Rows make no cycles; looking for some while a million targets grow takes a quarter of the time (measured)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _place(inventory: Inventory, number: int) -> int:
    return (len(inventory.sources) - 1) << 40 | number


def _keep(inventory: Inventory, place: int, target: RawTarget) -> None:
    if _claim(inventory, place, target.id):
        inventory.targets.append(target)
    else:
        inventory.drafts.append(Draft(place, target.id, target.kind, target.site or "", target.packs))


def _keep_draft(inventory: Inventory, place: int, row: Mapping[str, object]) -> None:
    key, kind, site = row.get("id"), row.get("kind"), row.get("site")
    known = KINDS.get(kind) if isinstance(kind, str) else None
    told = Draft(
        place, key if isinstance(key, str) else "", known, site if isinstance(site, str) else "", packs_of(row)
    )
    inventory.drafts.append(told)
    if told.id:
        _claim(inventory, place, told.id)


def _claim(inventory: Inventory, place: int, key: str) -> bool:
    """Whether the id is nobody else's; a fault is noted when it is."""
    earlier = inventory.places.setdefault(key, place)
    if earlier == place:
        return True
    file, line, _ = where(inventory, earlier)
    first = file if line is None else f"{file}:{line}"
    note(
        inventory,
        place,
        Fault(("id",), say('"{key}" is there twice', key=key), say("the first is at {place}", place=first)),
    )
    return False
