"""What a walk over a site brings home (monitor/walk.py), and what it may cost.

Plain values; reads and writes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.model import ColumnKind, Text

PAGES = 300
"""Pages looked at, at most: a district portal has 238 columns (domain.md §6)."""
SECONDS = 900.0
"""How long the walk may take: 300 pages at a pace of 200 ms, each two seconds on its way."""

Progress = Callable[[int, int], None]


class NoHome(Exception):
    """The home page could not be looked at; `why` says how it ended."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.template)
        self.why = why


@dataclass(frozen=True, slots=True)
class Column:
    """One column as proposed; `newest` is YYYY-MM-DD, YYYY-MM or None. `parent` names the page that leads there."""

    kind: ColumnKind
    name: str
    url: str
    newest: str | None
    parent: str = ""
    on_home: bool = False


@dataclass(slots=True)
class Found:
    """What a walk brought home. `unread` are leads that could not be read, with the reason; `left` those not looked at."""

    url: str
    name: str
    columns: list[Column] = field(default_factory=list)
    unread: list[tuple[str, Text]] = field(default_factory=list)
    looked: int = 0
    left: int = 0
    gave_up: bool = False


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a walk may cost: pages, the home page among them, and seconds."""

    pages: int = PAGES
    seconds: float = SECONDS
