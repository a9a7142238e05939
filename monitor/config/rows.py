"""The rows of a CSV inventory, line by line, never the whole file in memory.

Reads UTF-8 with or without a byte order mark, and GB18030, which Excel saves in China. A row is one line: a line that
cannot be decoded, is too long or leaves a quote open is a problem of that line alone, not the end of the file.
"""

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from monitor.config.options import Fault
from monitor.config.problems import did_you_mean
from monitor.config.targets import KEYS

LONGEST_LINE = 64 << 10  # characters; a row has ten short cells
BLOCK = 1 << 20  # bytes read at a time
COLUMNS = tuple(key for key in KEYS if key != "checks")  # tables do not fit into cells
REQUIRED = ("id", "kind", "name", "url")

_SAMPLE = 1000  # lines with other than ASCII characters looked at to tell UTF-8 from GB18030
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Row(NamedTuple):
    """One line, from 1: its cells by the names of the first line, or why it could not be read."""

    line: int
    cells: dict[str, object]
    faults: tuple[Fault, ...] = ()


def read_rows(path: Path) -> Iterator[Row]:
    """Every line but the first that is not empty and does not begin with #; raises OSError."""
    with path.open("rb") as file:
        if file.read(2) in _UTF16_MARKS:
            yield Row(1, {}, (Fault((), "is UTF-16", "save the file as CSV UTF-8"),))
            return
        encoding = _encoding(file)
        names: list[str] = []
        for line, found in enumerate(_texts(file, encoding), start=1):
            try:
                cells = _cells(found, encoding)
            except ValueError as error:
                yield Row(line, {}, (Fault((), *error.args),))
                continue
            if not any(cells) or cells[0].startswith("#"):
                continue
            if not names:
                names = [cell.strip().lower() for cell in cells]
                faults = _header_faults(names)
                if faults:  # every row would be wrong for the same reason
                    yield Row(line, {}, faults)
                    return
            elif len(cells) > len(names) and any(cells[len(names) :]):
                said = f"has {len(cells)} cells, but the first line names {len(names)}"
                yield Row(line, {}, (Fault((), said, "put double quotes around a cell with a comma in it"),))
            else:
                yield Row(line, dict(zip(names, map(str.strip, cells), strict=False)))


def _texts(file: BinaryIO, encoding: str) -> Iterator[str | None]:
    """Lines without their ends; None for one that cannot be decoded. One that is too long comes cut."""
    for block in _blocks(file):
        try:
            yield from block.decode(encoding).split("\n")
        except UnicodeDecodeError:
            for raw in block.split(b"\n"):
                yield raw.decode(encoding) if _decodes(raw, encoding) else None


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Whole lines, about BLOCK bytes of them at a time, without the last line's end."""
    rest = b""
    while read := file.read(BLOCK):
        whole, end, rest = (rest + read).rpartition(b"\n")
        if end:
            yield whole
        rest = rest[: LONGEST_LINE + 1]  # a line longer than that is refused, however long it is
    if rest:
        yield rest


def _cells(found: str | None, encoding: str) -> list[str]:
    """The cells of a line; raises ValueError(message, hint)."""
    if found is None:
        raise ValueError(f"is not {encoding.upper()}", "save the file as CSV UTF-8")
    if len(found) > LONGEST_LINE:
        raise ValueError(f"is longer than {LONGEST_LINE >> 10} KiB", "is this a CSV file?")
    if '"' not in found:
        return found.split(",")
    try:
        return next(csv.reader([found.removesuffix("\r")], strict=True))
    except csv.Error:
        hint = "a quoted cell ends on its line, and a quote in it is written twice"
        raise ValueError('has a " that is not closed or stands in the wrong place', hint) from None


def _encoding(file: BinaryIO) -> str:
    """utf-8 or gb18030, by the mark or by how the lines decode; leaves the file at its first line."""
    file.seek(0)
    first = len(_UTF8_MARK) if file.read(len(_UTF8_MARK)) == _UTF8_MARK else 0
    file.seek(first)
    good, bad = 0, 0
    for raw in iter(partial(file.readline, LONGEST_LINE), b"") if not first else ():
        if not raw.isascii():
            if _decodes(raw, "utf-8"):
                good += 1
            else:
                bad += 1
            if good + bad >= _SAMPLE:
                break
    file.seek(first)
    return "gb18030" if bad > good else "utf-8"


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _header_faults(names: list[str]) -> tuple[Fault, ...]:
    if len(names) == 1:
        return (Fault((), "the first line names one column only", "separate the columns by commas"),)
    unknown = [name for name in names if name and name not in COLUMNS]
    faults = [Fault((name,), f'unknown column "{name}"', did_you_mean(name, COLUMNS)) for name in unknown]
    faults += [Fault((name,), f'the column "{name}" is missing') for name in REQUIRED if name not in names]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    return tuple(faults + [Fault((name,), f'the column "{name}" is there twice') for name in twice])
