"""The entries of a home page in the rehearsed city: pages that are declared, and that every home page owes a way to.

Pure: a site's name and a count make them. Names are those of a scenario: site-03/entry-2.
"""

from dataclasses import dataclass
from datetime import date, datetime

from monitor.clock import civil_day, day_start
from monitor.model import EntryKind

KINDS: tuple[tuple[EntryKind, str, str], ...] = (
    (EntryKind.SERVICE, "办事服务", "bsdt"),
    (EntryKind.INTERACTION, "互动交流", "hdjl"),
    (EntryKind.REPORT, "政府网站年度工作报表", "ndbb"),
    (EntryKind.NOTICE, "网站迁移公告", "qygg"),
    (EntryKind.REPLIES, "留言答复", "lyhf"),
)
"""By number: what the first is, the second …"""

RULES = {
    EntryKind.SERVICE: "N-SERVICE",
    EntryKind.INTERACTION: "N-CHANNEL",
    EntryKind.REPORT: "N-REPORT-HOME",
    EntryKind.NOTICE: "N-NOTICE-HOME",
}
"""The national rule that a lost entry breaks; that of a page that is gone has -PAGE behind. No home page owes a way to its reply list."""


@dataclass(frozen=True, slots=True)
class DeclaredEntry:
    """One declared entry of a site."""

    name: str
    number: int
    title: str
    path: str
    kind: EntryKind


def entries_of(site: str, count: int) -> tuple[DeclaredEntry, ...]:
    """The first `count` of them, five at most."""
    return tuple(
        DeclaredEntry(f"{site}/entry-{number}", number, title, f"/{slug}/", kind)
        for number, (kind, title, slug) in enumerate(KINDS[:count], 1)
    )


_REPORT_DAY = (1, 10)
"""January 10: when every site publishes the report of the year before, three weeks before it must (国办函〔2018〕12号)."""


def heading(entry: DeclaredEntry, now: datetime) -> str:
    """What its page is called: a yearly report with its year."""
    if entry.kind is not EntryKind.REPORT:
        return entry.title
    today = civil_day(now)
    newest = today.year - (1 if (today.month, today.day) >= _REPORT_DAY else 2)
    return f"{newest}年{entry.title}"


def next_report(now: datetime) -> datetime:
    """When the next report is published."""
    year = civil_day(now).year
    this = day_start(date(year, *_REPORT_DAY))
    return this if now < this else day_start(date(year + 1, *_REPORT_DAY))
