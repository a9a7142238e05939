"""The lines of a CSV inventory as rows, never the whole file in memory.

Reads UTF-8 with or without a byte order mark, and GB18030, which Excel saves in China. A row is one line: a line that
cannot be decoded, is too long or leaves a quote open is a problem of that line alone, not the end of the file; so is a
wrong name in the first line: what stands under the other names is judged.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from monitor.config.options import Fault
from monitor.config.problems import did_you_mean
from monitor.config.targets import KEYS
from monitor.model import Text, say

LONGEST_LINE = 64 << 10  # characters; a row has ten short cells
BLOCK = 1 << 20  # bytes read at a time
COLUMNS = (*(key for key in KEYS if key != "checks"), "site_code")  # tables do not fit into cells
REQUIRED = ("id", "kind", "name", "url")

_SAMPLE = 1000  # lines with other than ASCII characters looked at to tell UTF-8 from GB18030
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Row(NamedTuple):
    """One line, from 1: its cells by the names of the first line, or why it could not be read."""

    line: int
    cells: dict[str, object]
    faults: tuple[Fault, ...] = ()


class Lines(NamedTuple):
    """Some lines of a file, the first of them numbered `first`; as bytes where one cannot be decoded."""

    first: int
    texts: list[str | bytes]


class Unreadable(Exception):
    """The whole file cannot be read; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault.message))
        self.fault = fault


class _Torn(Exception):
    """A line cannot be taken apart."""

    def __init__(self, words: Text, advice: Text) -> None:
        super().__init__(str(words))
        self.fault = Fault((), words, advice)


@dataclass(slots=True)
class Sheet:
    """A CSV file on its way: its encoding, and what its first line names once that was seen ("": not to be judged).

    `absent` are the required columns that are not there; `hopeless` says that no row can be judged.
    """

    encoding: str = ""
    names: list[str] = field(default_factory=list)
    absent: tuple[str, ...] = ()
    hopeless: bool = False


def read_lines(path: Path, sheet: Sheet) -> Iterator[Lines]:
    """The lines in blocks, until there are no more or the sheet is hopeless; raises OSError and Unreadable."""
    with path.open("rb") as file:
        if file.read(2) in _UTF16_MARKS:
            raise Unreadable(Fault((), say("is UTF-16"), say("save the file as CSV UTF-8")))
        sheet.encoding, first = _encoding(file), 1
        for block in _blocks(file):
            texts = _texts(block, sheet.encoding)
            yield Lines(first, texts)
            first += len(texts)
            if sheet.hopeless:
                return


def row_of(sheet: Sheet, line: int, text: str | bytes) -> Row | None:
    """A line as a row; None for remarks, empty lines and the first line, unless that one has faults.

    Of a row with faults only the id is given, as far as it can be told: so that what refers to it is no second problem.
    """
    if sheet.hopeless:
        return None
    try:
        cells = _cells(text, sheet.encoding)
    except _Torn as error:
        cells = _torn(text)
        sheet.hopeless = not sheet.names and not cells[0].startswith("#")  # what the columns are is not known
        return Row(line, _id_alone(sheet, cells), (error.fault,))
    if not any(cells) or cells[0].startswith("#"):
        return None
    if not sheet.names:
        faults = _take_names(sheet, [cell.strip().lower() for cell in cells])
        return Row(line, {}, faults) if faults else None
    if len(cells) > len(sheet.names) and any(cells[len(sheet.names) :]):
        said = say("has {n} cells, but the first line names {named}", n=len(cells), named=len(sheet.names))
        hint = say("put double quotes around a cell with a comma in it")
        return Row(line, _id_alone(sheet, cells), (Fault((), said, hint),))
    told: dict[str, object] = dict(zip(sheet.names, map(str.strip, cells), strict=False))
    told.pop("", None)
    return Row(line, told)


def _texts(block: bytes, encoding: str) -> list[str | bytes]:
    """Lines without their ends, still as bytes where they cannot be decoded. One that is too long comes cut."""
    try:
        text = block.decode(encoding)
        return list((text.replace("\r\n", "\n") if b"\r" in block else text).split("\n"))
    except UnicodeDecodeError:
        return [raw.decode(encoding) if _decodes(raw, encoding) else raw for raw in block.split(b"\n")]


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


def _cells(found: str | bytes, encoding: str) -> list[str]:
    """The cells of a line; raises _Torn."""
    if isinstance(found, bytes):
        raise _Torn(say("is not {encoding}", encoding=encoding.upper()), say("save the file as CSV UTF-8"))
    if len(found) > LONGEST_LINE:
        raise _Torn(say("is longer than {n} KiB", n=LONGEST_LINE >> 10), say("is this a CSV file?"))
    found = found.removesuffix("\r")
    if '"' not in found:
        return found.split(",")
    try:
        return next(csv.reader([found], strict=True))
    except csv.Error:
        hint = say("a quoted cell ends on its line, and a quote in it is written twice")
        raise _Torn(say('has a " that is not closed or stands in the wrong place'), hint) from None


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


def _torn(text: str | bytes) -> list[str]:
    """Cells of a line that cannot be read as it ought to be."""
    found = text if isinstance(text, str) else text.decode("utf-8", "replace")
    return [cell.strip().strip('"') for cell in found[:LONGEST_LINE].split(",")]


def _id_alone(sheet: Sheet, cells: list[str]) -> dict[str, object]:
    return {name: cell.strip() for name, cell in zip(sheet.names, cells, strict=False) if name == "id"}


def _take_names(sheet: Sheet, names: list[str]) -> tuple[Fault, ...]:
    """Keep the names of the first line; gives what is wrong with them. A column named twice is judged in neither place."""
    twice = sorted({name for name in names if name and names.count(name) > 1})
    sheet.names = [name if name in COLUMNS and name not in twice else "" for name in names]
    sheet.absent = tuple(name for name in REQUIRED if name not in sheet.names)
    if len(names) == 1:
        sheet.hopeless = True  # every row would be wrong for the same reason
        return (Fault((), say("the first line names one column only"), say("separate the columns by commas")),)
    unknown = [name for name in names if name and name not in COLUMNS]
    faults = [
        Fault((name,), say('unknown column "{name}"', name=name), did_you_mean(name, COLUMNS)) for name in unknown
    ]
    faults += [
        Fault((name,), say('the column "{name}" is missing', name=name)) for name in REQUIRED if name not in names
    ]
    return tuple(faults + [Fault((name,), say('the column "{name}" is there twice', name=name)) for name in twice])
