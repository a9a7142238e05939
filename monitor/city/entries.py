"""The entries of a home page in the rehearsed city: pages that are declared, and that every home page owes a way to.

Pure: a site's name and a count make them. Names are those of a scenario: site-03/entry-2.
"""

from collections.abc import Iterable
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


def is_report(one: object) -> bool:
    """Whether it is the entry of the yearly reports."""
    return isinstance(one, DeclaredEntry) and one.kind is EntryKind.REPORT


def is_notice(one: object) -> bool:
    """Whether it is the entry of a notice: that stays when its site closed for good."""
    return isinstance(one, DeclaredEntry) and one.kind is EntryKind.NOTICE


_REPORT_DAY = (1, 10)
"""January 10: when every site publishes the report of the year before, three weeks before it must (国办函〔2018〕12号)."""


def heading(entry: DeclaredEntry, now: datetime, late: Iterable[tuple[datetime, datetime | None]] = ()) -> str:
    """What its page is called: a yearly report with its year. `late`: when nobody published any; None: nobody does yet."""
    if entry.kind is not EntryKind.REPORT:
        return entry.title
    year = civil_day(now).year
    while not _is_out(year, now, late):
        year -= 1
    return f"{year - 1}年{entry.title}"


def report_day(year: int) -> datetime:
    """When the report of the year before comes out, when all is well."""
    return day_start(date(year, *_REPORT_DAY))


def _is_out(year: int, now: datetime, late: Iterable[tuple[datetime, datetime | None]]) -> bool:
    out = report_day(year)
    held = [end for begin, end in late if begin <= out and (end is None or out < end)]
    return None not in held and max([out, *(end for end in held if end is not None)]) <= now


def next_report(now: datetime) -> datetime:
    """When the next report is published."""
    year = civil_day(now).year
    return report_day(year) if now < report_day(year) else report_day(year + 1)
