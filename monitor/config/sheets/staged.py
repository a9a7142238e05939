"""The imported part of the inventory as text: a CSV file of the inventory with a few remarks that say where it comes from.

Pure. One file holds what all imports brought; an import replaces the rows of the kinds it lists. While it is only staged it stands
beside (`.new`) and nobody reads it; `targets apply` adds who put it in force, and gives it its name.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.config.imported import REMARKS, remarks
from monitor.config.rows import COLUMNS
from monitor.config.sheets.fields import OURS
from monitor.config.sheets.headings import find_header, records
from monitor.config.sheets.ids import Cells
from monitor.config.sheets.reading import read_grid

ORDER = ("site", "column", "page", "account")


class Source(NamedTuple):
    """Whence the rows of a kind come: the file's name and hash, and when it was read."""

    file: str
    sha256: str
    at: str


@dataclass(frozen=True, slots=True)
class Staged:
    """Rows by our keys, and where those of each kind come from."""

    rows: tuple[Mapping[str, str], ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)


def parse_staged(data: bytes) -> Staged:
    """An imported file as it was written; of one somebody laid there by hand, its rows. Raises Unusable."""
    sources: dict[str, Source] = {}
    for name, words in remarks(data[:REMARKS]):
        if name in ORDER and words.count(" | ") >= 2:
            file, seal, at = words.rsplit(" | ", 2)
            sources[name] = Source(file, seal, at)
    grid = read_grid(data)
    found, _, _ = records(grid, find_header(grid, OURS))
    return Staged(tuple(one.cells for one in found), sources)


def with_import(before: Staged, rows: Sequence[Cells], kinds: Iterable[str], source: Source) -> Staged:
    """The rows of these kinds replaced; nobody has put that in force."""
    replaced = frozenset(kinds)
    kept = [one for one in before.rows if one.get("kind") not in replaced]
    whence = {kind: one for kind, one in before.sources.items() if kind not in replaced}
    return Staged(in_order([*kept, *rows]), {**whence, **dict.fromkeys(replaced, source)})


def in_order(rows: Iterable[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    """Sites first."""
    return tuple(sorted(rows, key=lambda one: _place(one.get("kind", ""))))


def without_sites(
    rows: Iterable[Mapping[str, str]], gone: Mapping[str, Mapping[str, str]]
) -> tuple[list[Mapping[str, str]], Counter[str]]:
    """Columns and pages of these sites (rows by id) go with them; an account stays, with what it had from its site. Counted by kind."""
    left: list[Mapping[str, str]] = []
    count: Counter[str] = Counter()
    for row in rows:
        site = gone.get(row.get("site", "")) if row.get("kind") != "site" else None
        if site is None:
            left.append(row)
            continue
        count[row.get("kind", "")] += 1
        if row.get("kind") == "account":
            inherited = {key: row.get(key) or site.get(key, "") for key in ("owner", "contact")}
            left.append({**row, "site": "", **inherited})
    return left, count


def in_force(data: bytes, by: str, at: str) -> bytes:
    """The file with who put it in force, and when, in its first lines."""
    told = f"# by: {_one_line(by)}\n# at: {at}\n".encode()
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    kept = [line for line in lines[:50] if not line.startswith((b"# by: ", b"# at: "))]
    return told + b"\n".join([*kept, *lines[50:]])


def written(staged: Staged) -> tuple[str, int]:
    """The text of the file, and the line its first row stands on (one row a line)."""
    out = io.StringIO()
    remarks = ["# Written by `zhishou targets import`; edit the list it came from, and import that again."]
    remarks += [
        f"# {kind}: {_one_line(one.file)} | {one.sha256} | {one.at}"
        for kind in ORDER
        if (one := staged.sources.get(kind)) is not None
    ]
    out.write("".join(f"{line}\n" for line in remarks))
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows([row.get(key, "") for key in COLUMNS] for row in staged.rows)
    return out.getvalue(), len(remarks) + 2


def _one_line(text: str) -> str:
    return " ".join(text.replace("|", "/").split())[:200]


def _place(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)
