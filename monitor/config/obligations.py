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
_SITE, _ACCOUNT, _DESK = frozenset({TargetKind.SITE}), frozenset({TargetKind.ACCOUNT}), frozenset({TargetKind.DESK})

Declared = Literal[
    "temporary_offline",
    "permanent_offline",
    "force_majeure",
    "ordered_closure",
    "migration",
    "account_closing",
    "launch",
    "sponsor_change",
    "change",
    "return",
    "activity",
    "order",
]
"""The kinds of declarations, as options name them."""


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
class HostedIn:
    """`area`: not whether the host lies inside the country, but in the city or district itself."""

    check: str = ""
    area: bool = False


@dataclass(frozen=True, slots=True)
class Reachable:
    """Without a window: broken while a confirmed failure (of the causes in `only`) lasts. With one: by its share."""

    check: str = ""
    only: tuple[Literal["outage", "slow", "tamper"], ...] = ()
    window: Literal["168h"] = "168h"  # 国办秘函〔2019〕19号: one week; the store keeps samples of 168 hours
    share: int = 5  # percent of the visits of the window
    forecast: int = 3  # percent from which it is due


@dataclass(frozen=True, slots=True)
class Marks:
    """`marks`: the footer marks this document asks for (none: all that the check was told the site owes)."""

    check: str = ""
    marks: tuple[Literal["conac", "jiucuo", "site_code", "icp", "police", "sponsor", "contact", "sitemap"], ...] = ()


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


@dataclass(frozen=True, slots=True)
class AtMostInBreach:
    """So many columns of a site in breach are a veto: of `count` on it is broken, from `forecast` on due."""

    of: Literal["stale", "blank"] = "stale"
    column: tuple[Literal["dynamic", "policy", "notice", "other"], ...] = ()  # none: columns of every kind
    deeper: tuple[Literal["dynamic", "policy", "notice", "other"], ...] = ()  # those deeper than 一级; none: likewise
    count: int = 5
    forecast: int = 3


@dataclass(frozen=True, slots=True)
class OfflineAtMost:
    """With a limit: days of one outage. `per_year`: how many filed 临时下线 may begin in a calendar year."""

    check: str = ""
    per_year: int = 0


@dataclass(frozen=True, slots=True)
class NoticeKept:
    """A notice that a declaration of these kinds names stays up. `field`: which of its addresses.

    With a limit it is owed for so long from the declared start, without one until the declaration ends.
    """

    of: tuple[Declared, ...] = ()
    field: Literal["own_notice", "portal_notice", "notice", "new_url"] = (
        "own_notice"  # new_url: the own notice tells it
    )
    owed: bool = False  # true: a declaration without the address breaks it, too


@dataclass(frozen=True, slots=True)
class PublishedBy:
    """Every year by that day (MM-DD), the page shows what carries the year before and one of these words."""

    by: str = "01-31"
    title: tuple[str, ...] = ("年度工作报表", "工作年度报表", "年度报表", "网站年报")


@dataclass(frozen=True, slots=True)
class AnsweredWithin:
    """Messages of these classes (none: all). `within_months`: those received longer ago do not count any more (calendar months, 0: all count)."""

    classes: tuple[Literal["jiucuo", "consulting", "handling"], ...] = ()
    within_months: int = 0


@dataclass(frozen=True, slots=True)
class PostsAtLeast:
    """So many posts in every natural week (Monday to Sunday), or in any stretch as long as the limit."""

    count: int = 1
    every: Literal["week", "limit"] = "limit"


@dataclass(frozen=True, slots=True)
class OriginalShare:
    """In any stretch as long as the limit: so many original posts, or so many percent of all."""

    count: int = 0
    share: int = 0


@dataclass(frozen=True, slots=True)
class FixedWithin:
    """`serious`: of orders only those that are not marked as minor, for a text that gives no days to the others."""

    serious: bool = False


@dataclass(frozen=True, slots=True)
class FiledWithin:
    """A closure filed for every outage, at once; or records of the kinds in `of` that tell `field` within the limit.

    `activity` narrows records of what was done to that one: a self-check owes its report, a drill does not.
    """

    what: Literal["outage", "record", "return"] = "record"
    of: tuple[Declared, ...] = ()
    activity: str = ""
    field: str = "filed_on"
    names: int = 1  # of a field that is a list (who approved, who agreed): at least so many


@dataclass(frozen=True, slots=True)
class DoneEvery:
    """Recorded as done at least once in every stretch as long as the limit, in every natural quarter, or `per_year` times in a calendar year."""

    activity: str = ""
    per_year: int = 0
    every: Literal["", "quarter"] = ""


@dataclass(frozen=True, slots=True)
class DutyCovered:
    """Somebody is on duty at every hour of the days that lie `ahead`."""

    ahead: int = 7  # days


@dataclass(frozen=True, slots=True)
class InventoryRule:
    """What the inventory itself must say."""

    what: Literal["one_per_owner", "one_per_platform", "one_and_video", "gov_cn", "owner", "contacts", "names"]


OBLIGATIONS: Mapping[str, Obligation] = MappingProxyType(
    {
        "reachable": Obligation(_PAGES, Reachable, limit=False),
        "updated_within": Obligation(_READ, UpdatedWithin, limit=True, warn=True),
        "not_blank": Obligation(frozenset({TargetKind.COLUMN}), Plain, limit=False),
        "dates_honest": Obligation(frozenset({TargetKind.COLUMN}), Plain, limit=False),
        "marks_present": Obligation(frozenset({TargetKind.SITE}), Marks, limit=False),
        "entry_present": Obligation(frozenset({TargetKind.PAGE}), Plain, limit=False, entries=True),
        "links_work": Obligation(frozenset({TargetKind.LINK}), LinksWork, limit=False),
        "certificate_valid": Obligation(frozenset({TargetKind.SITE}), Plain, limit=True, warn=True),
        "not_tampered": Obligation(_PAGES | {TargetKind.LINK}, Plain, limit=False),
        "no_hidden_links": Obligation(_PAGES | {TargetKind.LINK}, Plain, limit=False),
        "offline_at_most": Obligation(_SITE, OfflineAtMost, warn=True),
        "at_most_in_breach": Obligation(_SITE, AtMostInBreach, limit=False),
        "notice_kept": Obligation(_SITE | _ACCOUNT, NoticeKept),
        "published_by": Obligation(frozenset({TargetKind.PAGE}), PublishedBy, limit=False, warn=True, entries=True),
        "answered_within": Obligation(_SITE | _ACCOUNT, AnsweredWithin, limit=True, warn=True),
        "posts_at_least": Obligation(_ACCOUNT, PostsAtLeast, warn=True),
        "original_share": Obligation(_ACCOUNT, OriginalShare, limit=True, warn=True),
        "fixed_within": Obligation(_READ | _DESK, FixedWithin, limit=True, warn=True),
        "filed_within": Obligation(_SITE | _ACCOUNT | _DESK | {TargetKind.COLUMN}, FiledWithin, warn=True),
        "done_every": Obligation(_DESK, DoneEvery, warn=True),
        "duty_covered": Obligation(_DESK, DutyCovered, limit=False, warn=True),
        "hosted_in": Obligation(_SITE, HostedIn, limit=False),
        "inventory": Obligation(_SITE | _ACCOUNT | {TargetKind.COLUMN}, InventoryRule, limit=False),
    }
)
