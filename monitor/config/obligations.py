"""The obligations a rule may name, and what each takes; `judge/obligations/` holds one function for each.

Only what is judged stands here: a rule that nothing would judge does not load. tests/config compares the two lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from monitor.model import TargetKind

_READ = frozenset({TargetKind.SITE, TargetKind.COLUMN, TargetKind.ACCOUNT, TargetKind.PAGE})
_PAGES = _READ - {TargetKind.ACCOUNT}


@dataclass(frozen=True, slots=True)
class Obligation:
    """`options` is the dataclass of its options; `limit` True: must be given, False: must not, None: may.

    `entries`: its rules must say of which declared entries of a home page they are.
    """

    kinds: frozenset[TargetKind]
    options: type
    limit: bool | None = None
    warn: bool = False
    entries: bool = False


@dataclass(frozen=True, slots=True)
class Plain:
    """`check` names another check than the usual one to go by."""

    check: str = ""


@dataclass(frozen=True, slots=True)
class Reachable:
    """Without a window: broken while a confirmed failure (of the causes in `only`) lasts. With one: by its share."""

    check: str = ""
    only: tuple[Literal["outage", "slow", "tamper"], ...] = ()
    window: Literal["168h"] = "168h"  # 国办秘函〔2019〕19号: one week; the store keeps samples of 168 hours
    share: int = 5  # percent of the visits of the window
    forecast: int = 3  # percent from which it is due


@dataclass(frozen=True, slots=True)
class UpdatedWithin:
    """`counts_toward` n: alone it only counts, the n-th is the veto; 0: stands for itself."""

    check: str = ""
    counts_toward: int = 0


@dataclass(frozen=True, slots=True)
class LinksWork:
    """Points a dead link costs, and how well that is known."""

    check: str = ""
    points: float = 0.0
    points_confidence: Literal["verbatim", "secondary", "unconfirmed"] = "unconfirmed"


OBLIGATIONS: Mapping[str, Obligation] = MappingProxyType(
    {
        "reachable": Obligation(_READ, Reachable, limit=False),
        "updated_within": Obligation(_READ, UpdatedWithin, limit=True, warn=True),
        "not_blank": Obligation(frozenset({TargetKind.COLUMN}), Plain, limit=False),
        "dates_honest": Obligation(frozenset({TargetKind.COLUMN}), Plain, limit=False),
        "marks_present": Obligation(frozenset({TargetKind.SITE}), Plain, limit=False),
        "entry_present": Obligation(frozenset({TargetKind.PAGE}), Plain, limit=False, entries=True),
        "links_work": Obligation(frozenset({TargetKind.LINK}), LinksWork, limit=False),
        "certificate_valid": Obligation(frozenset({TargetKind.SITE}), Plain, limit=True, warn=True),
        "not_tampered": Obligation(_PAGES | {TargetKind.LINK}, Plain, limit=False),
        "no_hidden_links": Obligation(_PAGES | {TargetKind.LINK}, Plain, limit=False),
        "offline_at_most": Obligation(frozenset({TargetKind.SITE}), Plain, limit=True, warn=True),
    }
)
