"""The package around an XLSX file, looked at before anybody opens it: what it is, whether it is a bomb, what openpyxl does not tell.

Pure over bytes. Refuses old and protected files in plain words, and packages that would unpack to more than UNPACKED: Python
reads no more of a part than it declares. Of a sheet it tells hidden rows, merged cells and formulas nobody has calculated.
"""

import io
import re
import zipfile
from typing import NamedTuple

from monitor.config.sheets.grid import Unusable
from monitor.model import say

UNPACKED = 400 << 20
"""Bytes of all parts together. 100,000 rows with twelve filled columns are about 80 MB of XML."""
MOST_PARTS = 5_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_DTD = re.compile(rb"<\s*!\s*(?:DOCTYPE|ENTITY)|<\0!\0D\0O\0C", re.IGNORECASE)
_HIDDEN = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*\br=\"(\d{1,7})\"")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")
_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?c\b[^>]*\br=\"([A-Z]{1,3})(\d{1,7})\"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


class Merged(NamedTuple):
    """Cells made one: a column (from 0), its first and its last row."""

    column: int
    first: int
    last: int


class Layout(NamedTuple):
    """Of a sheet: its hidden rows, merges over several rows, and cells (row, column from 0) with a formula without a value."""

    hidden: frozenset[int]
    merged: tuple[Merged, ...]
    uncalculated: frozenset[tuple[int, int]]


def is_workbook(data: bytes) -> bool:
    """Whether it is a package to be opened; raises Unusable when it is a table of another kind."""
    if data.startswith(_OLE):
        if _PROTECTED in data:
            raise Unusable(say("is protected with a password"), say("take the password off and save it again"))
        raise Unusable(say("is a file of old Excel or WPS (.xls, .et)"), say("open it and save it as .xlsx"))
    if data.lstrip()[:200].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Unusable(say("is a web page that bears the name of a table"), say("open it and save it as .xlsx"))
    return data.startswith(b"PK")


def check_package(data: bytes) -> None:
    """Raises Unusable unless it is a workbook that can be opened safely."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_parts(package)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise damaged() from error


def damaged() -> Unusable:
    """No workbook, whatever its name says."""
    return Unusable(
        say("is damaged, or no workbook of Excel"), say("open it in Excel or WPS and save it again as .xlsx")
    )


def layout_of(part: bytes) -> Layout:
    """What the XML of a sheet says besides its cells."""
    hidden = frozenset(int(row) for row in _HIDDEN.findall(part))
    ranges = ((_number(a), int(first), int(last)) for a, first, _, last in _MERGED.findall(part))
    merged = tuple(sorted(Merged(*one) for one in ranges if one[1] < one[2]))
    return Layout(hidden, merged, frozenset((int(row), _number(a)) for a, row in _UNCALCULATED.findall(part)))


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Unusable(say("is protected with a password"), say("take the password off and save it again"))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
        said = say("would unpack to more than {n} MB: it is not opened", n=UNPACKED >> 20)
        raise Unusable(said, say("copy the table into a new workbook"))
    if any(name.endswith("workbook.bin") for name in names):
        raise Unusable(say("is a binary workbook (.xlsb)"), say("open it and save it as .xlsx"))
    if "[Content_Types].xml" not in names:
        raise damaged()
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with package.open(part) as file:
                if _DTD.search(file.read(4096)):  # stands before the first element; no workbook has one
                    raise damaged()


def _number(name: bytes) -> int:
    """0 for A, 26 for AA."""
    number = 0
    for sign in name:
        number = number * 26 + sign - 64
    return number - 1
