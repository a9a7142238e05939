"""The figures that reading has to reach, and how it stands to them: rows of the table that `make accuracy` prints.

Reads Points; gives Rows. The figures are those of the issue "read a page as an inspector would": at most one miss in each group,
counts within 5 % on 95 % of lists, states, encodings and tampering all right.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.accuracy.scoring import MARKS, Point

ONE = 1  # miss at most
NONE = 0
COUNTS = 0.95  # of the lists

ALLOWED: Mapping[str, float] = {
    "list newest": ONE,
    "list count": COUNTS,
    "list found": ONE,
    "home newest": ONE,
    **{f"{kind} mark {name}": ONE for kind in ("home", "list") for name in MARKS},
    "article published": ONE,
    "article title": ONE,
    "article source": ONE,
    "feed newest": ONE,
    "feed count": ONE,
    "blank": NONE,
    "shell": NONE,
    "third states": NONE,
    "ordinary pages are called so": NONE,
    "not of a day to come": NONE,
    "encoding": NONE,
    "tampered pages suspected": NONE,
    "clean pages not suspected": NONE,
}
"""Group → misses allowed, or below 1 the share that has to be right; the order of the table."""


@dataclass(slots=True)
class Row:
    """One group: what was asked, and what came of it."""

    group: str
    allowed: float
    points: list[Point] = field(default_factory=list)

    @property
    def missed(self) -> list[Point]:
        return [point for point in self.points if not point.right]

    @property
    def right(self) -> int:
        return len(self.points) - len(self.missed)

    @property
    def is_share(self) -> bool:
        """True when `allowed` is a share that has to be right, False when it is a number of misses."""
        return 0 < self.allowed < 1

    @property
    def reached(self) -> bool:
        """What nobody asked is not missed."""
        if self.is_share:
            return self.right >= self.allowed * len(self.points)
        return len(self.missed) <= self.allowed

    @property
    def figure(self) -> str:
        """The figure in words."""
        if self.is_share:
            return f"at least {self.allowed:.0%}"
        return "all" if self.allowed == 0 else f"at most {self.allowed:.0f} miss"

    @property
    def baseline(self) -> int | None:
        """How many the plain pattern gets right; None where it is not asked."""
        told = [point.baseline for point in self.points if point.baseline is not None]
        return sum(told) if told else None


@dataclass(frozen=True, slots=True)
class Score:
    """All rows; `outlived` are labels called wrong that were read as labelled, `disputed` the others of them."""

    rows: tuple[Row, ...]
    disputed: tuple[tuple[Point, str], ...]
    outlived: tuple[tuple[Point, str], ...]

    @property
    def reached(self) -> bool:
        return all(row.reached for row in self.rows) and not self.outlived

    def excused(self) -> Iterator[Point]:
        """What was read besides and does not count."""
        return (point for row in self.rows for point in row.points if point.excused)


def score(points: Iterable[Point], wrong: Mapping[tuple[str, str], str]) -> Score:
    """The points by group; those of labels shown to be wrong apart."""
    rows = {group: Row(group, allowed) for group, allowed in ALLOWED.items()}
    disputed = []
    for point in points:
        evidence = wrong.get((point.file, point.asked))
        if evidence is None:
            rows[point.group].points.append(point)
        else:
            disputed.append((point, evidence))
    kept = tuple(row for row in rows.values() if row.points)
    differing = tuple(pair for pair in disputed if not pair[0].right)
    return Score(kept, differing, tuple(pair for pair in disputed if pair[0].right))
