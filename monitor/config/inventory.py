"""The inventory: targets of [[target]] tables and of every file of [inventory], gathered and compared.

Reads the files. Keeps one place per id, so that a duplicate names both. References (site, packs) are checked when all
files are in, because they may point across files.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from monitor.config.document import Document, Report, open_document
from monitor.config.options import Fault
from monitor.config.places import Path as Place, written
from monitor.config.problems import did_you_mean
from monitor.config.rows import read_rows
from monitor.config.sections import tables_of
from monitor.config.settings import RawTarget
from monitor.config.targets import Memory, read_target, unknown_keys
from monitor.model import TargetKind

Progress = Callable[[str, int], None]
"""Told the file and how many of its rows are done, every EVERY rows."""

EVERY = 10_000
GUESSES = 20  # unknown sites for which the nearest is looked up: that takes 0.1 s among 20,000


@dataclass(slots=True)
class Inventory:
    """Targets so far. `places` holds, per id, the number of its source and its number (or line) in there."""

    report: Report
    memory: Memory
    progress: Progress
    targets: list[RawTarget] = field(default_factory=list)
    sources: list[Document | str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


def read_inventory(document: Document | None, files: list[tuple[Path, str]], inventory: Inventory) -> None:
    """All targets of the settings file, then of the files in order."""
    if document is not None:
        _read_tables(document, inventory)
    for path, name in files:
        if path.suffix.lower() == ".csv":
            with _collector_paused():
                _read_csv(path, name, inventory)
        elif (found := open_document(path, name, inventory.report)) is not None:
            for key in found.table:
                if key != "target":
                    found.add((key,), f'unknown table "{key}"', "an inventory file has [[target]] tables only")
            _read_tables(found, inventory)


def check_references(inventory: Inventory, packs: set[str]) -> None:
    """Every site named must be a target of kind site, every pack one that is loaded."""
    sites = {target.id for target in inventory.targets if target.kind is TargetKind.SITE}
    known = sites | inventory.broken
    good: set[tuple[str, ...]] = set()
    guesses = GUESSES if len(sites) <= 20_000 else 0
    for target in inventory.targets:
        if target.site is not None and target.site not in known:
            is_other = target.site in inventory.places
            said = f'"{target.site}" is not of kind site' if is_other else f'there is no site "{target.site}"'
            near = did_you_mean(target.site, sites) if guesses > 0 and not is_other else ""
            guesses -= 1
            _note(inventory, target.id, Fault(("site",), said, "" if near.startswith("known") else near))
        if target.packs not in good:
            bad = [name for name in target.packs if name not in packs]
            for name in bad:
                _note(
                    inventory,
                    target.id,
                    Fault(("packs",), f'there is no rule pack "{name}"', did_you_mean(name, packs)),
                )
            if not bad:
                good.add(target.packs)


def _read_tables(document: Document, inventory: Inventory) -> None:
    inventory.sources.append(document)
    for number, table in tables_of(document, "target"):
        found = read_target(table, inventory.memory)
        faults = unknown_keys(table) + (found if isinstance(found, list) else [])
        if isinstance(found, list):
            _keep_broken(inventory, table)
        else:
            _keep(inventory, found, number)
        for fault in faults:
            document.add(("target", number, *fault.path), fault.message, fault.hint)


def _read_csv(path: Path, name: str, inventory: Inventory) -> None:
    inventory.sources.append(name)
    memory, progress = inventory.memory, inventory.progress
    count = 0
    try:
        for count, row in enumerate(read_rows(path), start=1):
            found = list(row.faults) if row.faults else read_target(row.cells, memory)
            if isinstance(found, list):
                _keep_broken(inventory, row.cells)
                for fault in found:
                    inventory.report.add(name, row.line, written(fault.path), fault.message, fault.hint)
            else:
                _keep(inventory, found, row.line)
            if count % EVERY == 0:
                progress(name, count)
            if inventory.report.hopeless(name):
                break
    except OSError as error:
        inventory.report.add(name, None, "", f"cannot be read: {error.strerror}")
    if count >= EVERY:
        progress(name, count)


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


def _keep(inventory: Inventory, target: RawTarget, number: int) -> None:
    place = (len(inventory.sources) - 1) << 40 | number
    earlier = inventory.places.setdefault(target.id, place)
    if earlier == place:
        inventory.targets.append(target)
        return
    file, line, _ = _where(inventory, earlier)
    first = file if line is None else f"{file}:{line}"
    fault = Fault(("id",), f'"{target.id}" is there twice', f"the first is at {first}")
    _note_at(inventory, place, fault)


def _keep_broken(inventory: Inventory, row: Mapping[str, object]) -> None:
    """Remember the id of a target with problems, so that what refers to it is not a second problem."""
    if len(inventory.broken) < 100_000 and isinstance(row.get("id"), str):
        inventory.broken.add(str(row["id"]))


def _note(inventory: Inventory, target_id: str, fault: Fault) -> None:
    _note_at(inventory, inventory.places[target_id], fault)


def _note_at(inventory: Inventory, place: int, fault: Fault) -> None:
    file, line, prefix = _where(inventory, place, fault.path)
    inventory.report.add(file, line, written((*prefix, *fault.path)), fault.message, fault.hint)


def _where(inventory: Inventory, place: int, path: Place = ()) -> tuple[str, int | None, Place]:
    source, number = inventory.sources[place >> 40], place & ((1 << 40) - 1)
    if isinstance(source, str):
        return source, number, ()
    return source.file, source.line(("target", number, *path)), ("target", number)
