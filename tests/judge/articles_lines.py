"""A line of a table of articles: all that a text says of one rule, as expected values, and the facts it is tried with.

The values are those of the documents as domain.md §10 has them, never read from config/rules: whom a rule asks, how grave it is,
its limit, its warnings, what it yields to, its numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.model import ColumnKind, DeclarationKind, EntryKind, Platform, Severity, Target
from tests.judge.articles import Case, about

VETO, SERIOUS, BREACH, REMIND = Severity.VETO, Severity.SERIOUS, Severity.BREACH, Severity.REMIND
VERIFIED, UNVERIFIED = "", "有效期未核实"

CLOSED = "temporary_offline permanent_offline force_majeure ordered_closure"
"""What is filed of a site that is off: it may be."""
UNCOUNTED = "permanent_offline force_majeure ordered_closure"
"""A 临时下线 has its thirty days; the others have none."""
FOR_GOOD = "permanent_offline"
"""A site that is no more owes no news and no marks."""
CLOSING = "account_closing"
"""An account that is gone owes no posts."""


@dataclass(frozen=True)
class Line:
    """`rule` as pack/id; `whom`: the ids of those of EVERY_SORT it asks. `more` are the numbers its words say beside those it is
    judged by, `less` those of these that they leave to another rule (articles_words.py)."""

    rule: str
    source: str
    status: str
    articles: tuple[str, ...]
    whom: frozenset[str]
    obligation: str
    grade: Severity
    cases: tuple[Case, ...]
    limit: str
    warn: tuple[str, ...]
    exempt: frozenset[DeclarationKind]
    sure: str
    options: Mapping[str, Any]
    more: frozenset[str] = frozenset()
    less: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Document:
    """Its lines: `line("offline-30", "第九条", SITES, "offline_at_most", SERIOUS, too_long(), limit="30d", …)`."""

    pack: str
    source: str
    status: str = UNVERIFIED

    def __call__(
        self,
        rule: str,
        articles: str,
        whom: frozenset[str],
        obligation: str,
        grade: Severity,
        *cases: Case,
        limit: str = "",
        warn: str = "",
        exempt: str = "",
        sure: str = "verbatim",
        more: str = "",
        less: str = "",
        **options: Any,
    ) -> Line:
        """Several articles, warnings and kinds of declarations are parted by blanks; what is left over are its options."""
        kinds = frozenset(DeclarationKind(one) for one in exempt.split())
        return Line(
            f"{self.pack}/{rule}",
            self.source,
            self.status,
            tuple(articles.split()),
            whom,
            obligation,
            grade,
            cases,
            limit,
            tuple(warn.split()),
            kinds,
            sure,
            options,
            frozenset(more.split()),
            frozenset(less.split()),
        )


def _columns() -> list[Target[object]]:
    return [
        about("column", f"{kind} on level {level}{' at home' * home}", column=kind, level=level, on_home=home)
        for kind in ColumnKind
        for level in (0, 1, 2)
        for home in (False, True)
    ]


EVERY_SORT: tuple[Target[object], ...] = (
    *(about("site", "site"), about("desk", "desk")),
    *_columns(),
    *(about("page", f"entry {entry}", entry=entry) for entry in (None, *EntryKind)),
    *(about("account", f"account on {platform}", platform=platform) for platform in (None, *Platform)),
    *(about("link", f"link{' at home' * home}", on_home=home) for home in (False, True)),
)
"""One target of every sort that a rule can tell from the others."""


def those(kind: str, **only: object) -> frozenset[str]:
    """The ids of those of a kind whose field is one of the values told (of words parted by blanks one)."""
    sorts = {name: values.split() if isinstance(values, str) else values for name, values in only.items()}
    return frozenset(
        one.id
        for one in EVERY_SORT
        if one.kind == kind and all(getattr(one, name) in sorts[name] for name in sorts)  # type: ignore[operator]
    )


SITES, DESKS, COLUMNS, PAGES, ACCOUNTS, LINKS = (
    those(kind) for kind in ("site", "desk", "column", "page", "account", "link")
)
DYNAMIC_COLUMNS, POLICY_COLUMNS = those("column", column="dynamic"), those("column", column="policy")
SERVICES, INTERACTIONS, REPORTS = (those("page", entry=one) for one in ("service", "interaction", "report"))
VIDEOS = those("account", platform="douyin kuaishou shipinhao bilibili")
