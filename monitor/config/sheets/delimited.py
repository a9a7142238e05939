"""CSV as Excel, WPS and filing systems save it: UTF-8 with or without mark, UTF-16 with one, GB18030; comma, semicolon or tab.

Pure. Lines beginning with # are remarks. A cell may hold line breaks between quotes; a row is named by its first line.
"""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from monitor.config.sheets.grid import EVERY, MOST_COLUMNS, MOST_ROWS, Grid, Line, Progress, Unusable, plain, too_many
from monitor.model import say

SEPARATORS = (",", ";", "\t")
_LOOKED_AT = 40  # lines from which the separator is told
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_delimited(data: bytes, progress: Progress) -> Grid:
    """The lines; raises Unusable."""
    text = _text(data)
    grid = Grid()
    for number, cells in _rows(text, _separator(text)):
        if number % EVERY == 0:
            progress(len(grid.lines))
        told = [plain(cell) for cell in cells[:MOST_COLUMNS]]
        if not any(told) or told[0].startswith("#"):
            continue
        if len(grid.lines) >= MOST_ROWS:
            raise too_many()
        grid.lines.append(Line(number, told))
    return grid


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line it begins on."""
    rows, first = csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1
    try:
        for cells in rows:
            yield first, cells
            first = rows.line_num + 1
    except csv.Error as error:
        words = say("line {n} cannot be read as CSV: {why}", n=first, why=str(error))
        raise Unusable(words, say("open it in Excel or WPS and save it again")) from None


def _separator(text: str) -> str:
    """The sign that takes the first lines apart into most cells."""
    head = [line for line in islice(io.StringIO(text), _LOOKED_AT) if line.strip() and not line.startswith("#")]
    return max(SEPARATORS, key=lambda sign: sum(_outside_quotes(line, sign) for line in head))


def _outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])


def _text(data: bytes) -> str:
    """Decoded; a file with some lines of another encoding is refused rather than read as nonsense."""
    if data[:2] in _UTF16:
        return _decoded(data, "utf-16")
    if b"\0" in data:
        raise Unusable(say("is neither a table of Excel (.xlsx) nor CSV"), say("save it as .xlsx or as CSV"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    odd = [line for line in data.split(b"\n") if not line.isascii()]
    bad = [number for number, line in enumerate(odd) if not _is_utf8(line)]
    return _decoded(data, "gb18030" if len(bad) * 2 > len(odd) else "utf-8-sig")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        name = "UTF-8" if encoding == "utf-8-sig" else encoding.upper()
        raise Unusable(say("line {n} is not {encoding}", n=line, encoding=name), say("save it as CSV UTF-8")) from None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
