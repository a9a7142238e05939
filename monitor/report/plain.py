"""A report for a terminal: narrow tables in columns, wide ones a block a row; aligned where Chinese signs take two cells."""

from collections.abc import Iterator

from monitor.report.table import Report, Table, widest, width, words_of

WIDE = 110
"""Cells of a terminal a table may take before its last column."""
GAP = "  "


def text(report: Report) -> bytes:
    """As UTF-8."""
    lines = [report.title, *report.about]
    for table in report.tables:
        lines += ["", *_shown(table, is_alone=len(report.tables) == 1)]
    lines += ["", *report.notes] if report.notes else []
    return ("\n".join(line.rstrip() for line in lines) + "\n").encode()


def _shown(table: Table, *, is_alone: bool) -> Iterator[str]:
    if not is_alone:
        yield f"【{table.name}】"
    rows = [tuple(map(words_of, row)) for row in table.rows]
    widths = [max([width(one.heading), *(widest(row[n]) for row in rows)]) for n, one in enumerate(table.columns)][:-1]
    if not rows:
        yield words_of(None)
    elif sum(widths) + len(GAP) * len(widths) <= WIDE and not any("\n" in cell for row in rows for cell in row[:-1]):
        yield from _columns(table, rows, widths)
    else:
        yield from _blocks(table, rows)


def _columns(table: Table, rows: list[tuple[str, ...]], widths: list[int]) -> Iterator[str]:
    """The last column is as wide as it wants to be, and as high."""
    for line in ([one.heading for one in table.columns], *rows):
        cells = [
            _padded(cell, wide, to_the_right=column.is_number)
            for cell, wide, column in zip(line, widths, table.columns, strict=False)
        ]
        last, *more = line[-1].split("\n")
        yield GAP.join([*cells, last])
        yield from (" " * (sum(widths) + len(GAP) * len(widths)) + one for one in more)


def _blocks(table: Table, rows: list[tuple[str, ...]]) -> Iterator[str]:
    label = max(width(one.heading) for one in table.columns)
    for n, row in enumerate(rows):
        if n:
            yield ""
        for column, cell in zip(table.columns, row, strict=True):
            first, *more = cell.split("\n")
            yield f"{_padded(column.heading, label)}{GAP}{first}"
            yield from (f"{' ' * label}{GAP}{line}" for line in more)


def _padded(cell: str, wide: int, *, to_the_right: bool = False) -> str:
    room = " " * (wide - width(cell))
    return room + cell if to_the_right else cell + room
