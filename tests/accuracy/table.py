"""The figures as text: a row for each group, then every miss with its reason and file.

Reads a Score; gives lines for a terminal. Writes nothing itself.
"""

from collections.abc import Iterator

from tests.accuracy.figures import Row, Score

HEAD = f"{'':<30}{'right':>6}{'asked':>6}{'missed':>7}   {'asked for':<15}"
PATTERN = "a plain regular expression for full dates over the visible text"


def table(score: Score, *, misses: int | None = None) -> str:
    """The whole table; `misses` is how many of each group are told at most (default: all)."""
    return "\n".join(_lines(score, misses))


def _lines(score: Score, misses: int | None) -> Iterator[str]:
    yield HEAD
    for row in score.rows:
        yield _row(row)
    yield f"{PATTERN}:"
    yield from (
        f"{'  ' + row.group:<30}{row.baseline:>6}{len(row.points):>6}{len(row.points) - row.baseline:>7}"
        for row in score.rows
        if row.baseline is not None
    )
    for row in score.rows:
        yield from (f"missed, {row.group}: {point}" for point in row.missed[:misses])
        if misses is not None and len(row.missed) > misses:
            yield f"missed, {row.group}: {len(row.missed) - misses} more, told by make accuracy"
    yield from (f"not counted, {_plain(point.excused)}: {point.file}" for point in score.excused())
    for point, evidence in score.disputed:
        yield f"not counted, the label is wrong: {point.file} {point.asked} {point.wanted!r}, read {point.got!r}; {evidence}"
    for point, evidence in score.outlived:
        yield f"read as labelled though the label is called wrong: {point.file} {point.asked} {point.wanted!r}; {evidence}"


def _row(row: Row) -> str:
    verdict = "reached" if row.reached else "NOT REACHED"
    return f"{row.group:<30}{row.right:>6}{len(row.points):>6}{len(row.missed):>7}   {row.figure:<15}{verdict}"


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
