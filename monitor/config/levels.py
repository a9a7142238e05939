"""Which level of the site's navigation a column is on, as an inventory tells it: 1 is 一级栏目. Pure."""

from collections.abc import Mapping

from monitor.config.explain import shown
from monitor.config.options import Fault
from monitor.model import TargetKind, say

LEVELS: Mapping[object, int] = {"": 0} | {
    text: n for n, word in enumerate("一二三四", 1) for text in (n, str(n), f"{word}级", f"{word}级栏目")
}


def level_of(written: object, kind: TargetKind | None, faults: list[Fault]) -> int:
    """The level, 0 where nobody told it; of no other target than a column."""
    known = isinstance(written, int | str) and not isinstance(written, bool)
    level = LEVELS.get(written) if known else None
    if level is None:
        faults.append(
            Fault(
                ("level",),
                say("{value} is no level of a column", value=shown(written)),
                say("1 is 一级栏目, 2 to 4 are deeper"),
            )
        )
    elif level and kind is not None and kind is not TargetKind.COLUMN:
        faults.append(
            Fault(
                ("level",), say('a target of kind "{kind}" is no column', kind=kind), say("only a column has a level")
            )
        )
    return level or 0
