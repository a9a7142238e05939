"""What was measured, side by side, as lines of text: medians, spread, ratios of the same repetition, targets met or missed."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

WIDE = 38


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of both sides, repetition by repetition."""

    name: str
    peer: Sequence[float]
    ours: Sequence[float]
    form: str = "{:,.2f}"


def head(peer: str) -> str:
    return f"{'':{WIDE}}{peer:>28}{'zhishou':>28}   ours/theirs"


def row(line: Line) -> str:
    """Medians with least and most, and the median of the ratios."""
    ratio = statistics.median(ratios(line))
    return f"{line.name:{WIDE}}{_spread(line.peer, line.form):>28}{_spread(line.ours, line.form):>28}   {ratio:.2f}"


def ratios(line: Line) -> list[float]:
    """Ours to theirs, of each repetition."""
    return [mine / its for mine, its in zip(line.ours, line.peer, strict=True)]


def target(words: str, met: bool, seen: str) -> str:
    return f"{'pass' if met else 'FALLS SHORT'}: {words}: {seen}"


def _spread(values: Sequence[float], form: str) -> str:
    middle, least, most = (form.format(of) for of in (statistics.median(values), min(values), max(values)))
    return middle if least == most else f"{middle} ({least} … {most})"
