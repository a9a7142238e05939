"""A TOML file as a table, with the lines of what stands in it, and the list its problems go to.

Reads one file, bounded in size. Refuses nothing by raising: what is wrong becomes a Problem in the report.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from monitor.config.places import Path as Place, line_of, scan, written
from monitor.config.problems import Problem, of_system
from monitor.config.rescue import rescue, syntax
from monitor.model import Text, say

LARGEST = 64 << 20  # bytes; tomllib reads 5,000 sites in 0.3 s, and a larger inventory belongs into a CSV file
MOST = 200  # problems listed per file; the rest is counted
HOPELESS = 10_000  # problems after which a file is not read on: something is wrong with all of it

_LOST_ID = re.compile(r"""^\s*id\s*=\s*["']([^"'\n]+)""", re.MULTILINE)

Table = dict[str, object]


@dataclass(slots=True)
class Report:
    """Problems and warnings of all files, in order; more than MOST of one file are counted, not kept."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def begin(self, file: str) -> None:
        """A file is read now: its problems stand behind those of files before it, whenever they are found."""
        self.counts.setdefault(file, 0)

    def add(self, file: str, line: int | None, place: str, message: Text, hint: Text | None = None) -> None:
        """Note a problem."""
        self.counts[file] = self.counts.get(file, 0) + 1
        if self.counts[file] <= MOST:
            self.problems.append(Problem(file, line, place, message, hint))

    def warn(self, file: str, line: int | None, place: str, message: Text, hint: Text | None = None) -> None:
        """Note something that does not keep the daemon from running."""
        if len(self.warnings) < MOST:
            self.warnings.append(Problem(file, line, place, message, hint))

    def hopeless(self, file: str) -> bool:
        """Whether reading on would tell nothing new."""
        return self.counts.get(file, 0) >= HOPELESS

    def everything(self) -> tuple[Problem, ...]:
        """All problems kept, file by file and line by line, and one more for each file that has more than are listed."""
        told: list[Problem] = []
        for file, count in self.counts.items():
            told += sorted((one for one in self.problems if one.file == file), key=lambda one: one.line or 0)
            if count > MOST:
                said = say("and {n} more problems in this file", n=f"{count - MOST:,}")
                told.append(Problem(file, None, "", said, self._unread(file)))
        return tuple(told)

    def _unread(self, file: str) -> Text | None:
        return say("it was not read to its end") if self.hopeless(file) else None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where relative names stand, what systemd tells by environment variables, and what is read for the imported inventory file."""

    folder: Path
    environ: Mapping[str, str]
    staged: Path | None = None


@dataclass(slots=True)
class Document:
    """One TOML file. `lost` is what could not be read of it: nothing is known of that but how it was written."""

    file: str
    text: str
    table: Table
    report: Report
    lost: str = ""
    _lines: dict[Place, int] | None = None

    def line(self, path: Place) -> int | None:
        """The line of the nearest thing known at that path."""
        if self._lines is None:
            self._lines = scan(self.text)
        return line_of(self._lines, path)

    def add(self, path: Place, message: Text, hint: Text | None = None) -> None:
        """Note a problem at that path."""
        self.report.add(self.file, self.line(path), written(self.shown(path)), message, hint)

    def lost_ids(self) -> set[str]:
        """Ids that stand in what could not be read: who refers to them is right, as far as anybody can tell."""
        return set(_LOST_ID.findall(self.lost))

    def shown(self, path: Place) -> Place:
        """The path as told to people: tables are not counted where some were lost."""
        return tuple(part for part in path if isinstance(part, str)) if self.lost else path

    def warn(self, path: Place, message: Text, hint: Text | None = None) -> None:
        """Note a warning at that path."""
        self.report.warn(self.file, self.line(path), written(path), message, hint)


def open_document(path: Path, name: str, report: Report) -> Document | None:
    """The file as a table; None, with a problem noted, when it cannot be had."""
    report.begin(name)
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        report.add(name, None, "", say("cannot be read: {why}", why=of_system(error)))
        return None
    if data is None:
        report.add(
            name, None, "", say("is larger than {n} MiB", n=LARGEST >> 20), say("put large inventories into a CSV file")
        )
        return None
    return parse_document(data, name, report)


def parse_document(data: bytes, name: str, report: Report) -> Document:
    """Bytes as a table; what is no TOML is noted as a problem, and left out."""
    text = _decoded(data, name, report)
    try:
        return Document(name, text, tomllib.loads(text), report)
    except tomllib.TOMLDecodeError as error:
        saved = rescue(text, error)
        for fault in saved.faults or [syntax(error, text)]:
            report.add(name, fault.line, "", say("is not TOML: {said}", said=fault.said))
        return Document(name, saved.text, saved.table, report, saved.lost)
    except RecursionError:
        report.add(name, None, "", say("is nested too deeply to be read"))
    return Document(name, "", {}, report, text)


def _decoded(data: bytes, name: str, report: Report) -> str:
    """The text; what is not UTF-8 is most probably what Chinese editors write, and is judged as that."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report.add(name, line, "", say("is not UTF-8"), say("TOML files are saved as UTF-8; this one may be GBK"))
    return data.decode("gb18030", "replace")
