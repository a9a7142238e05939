"""One obligation of one document, with its article."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from monitor.model.words import ColumnKind, Confidence, DeclarationKind, EntryKind, Severity, TargetKind


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time. Units: s, m, h; d calendar days in Shanghai; wd working days; mo calendar months; y years."""

    number: int
    unit: str

    def __str__(self) -> str:
        """As written in a pack: 14d, 6mo."""
        return f"{self.number}{self.unit}"


@dataclass(frozen=True, slots=True)
class Applies:
    """Which targets a rule is about. `column` narrows columns by kind, `on_home` to declared home-page columns.

    `entry` narrows pages to declared entries of a home page, of these kinds; `video` accounts to video accounts or the others;
    `level` columns: 1 those on the first level (一级栏目) or of which nobody said, 2 those that are told to be deeper.
    """

    kind: TargetKind
    column: tuple[ColumnKind, ...] = ()
    on_home: bool | None = None
    entry: tuple[EntryKind, ...] = ()
    video: bool | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """规则. `key` ("pack/id") names it everywhere; `version` changes with its text, limit or anything else."""

    pack: str
    id: str
    source: str
    article: str
    says: str
    applies: Applies
    obligation: str
    severity: Severity
    confidence: Confidence
    also: tuple[str, ...] = ()
    limit: Limit | None = None
    warn: tuple[Limit, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)  # what this obligation alone takes
    exempt_by: tuple[DeclarationKind, ...] = ()  # while one of these is in force it is neither due nor broken
    status: str = ""  # the pack's: shown with every citation not verified to be in force
    version: str = ""
    key: str = field(init=False, repr=False, compare=False)  # made once: every standing of every judging bears it

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.pack}/{self.id}")


@dataclass(frozen=True, slots=True)
class Pack:
    """规则包: one document as a TOML file."""

    id: str
    title: str
    issued: date | None
    status: str
    rules: tuple[Rule, ...]
