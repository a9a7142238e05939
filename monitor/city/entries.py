"""The entries of a home page in the rehearsed city: pages that are declared, and that every home page owes a way to.

Pure: a site's name and a count make them. Names are those of a scenario: site-03/entry-2.
"""

from dataclasses import dataclass

from monitor.model import EntryKind

KINDS: tuple[tuple[EntryKind, str, str], ...] = (
    (EntryKind.SERVICE, "办事服务", "bsdt"),
    (EntryKind.INTERACTION, "互动交流", "hdjl"),
    (EntryKind.REPORT, "政府网站年度工作报表", "ndbb"),
    (EntryKind.NOTICE, "网站迁移公告", "qygg"),
)
"""By number: what the first is, the second …"""

RULES = {
    EntryKind.SERVICE: "N-SERVICE",
    EntryKind.INTERACTION: "N-CHANNEL",
    EntryKind.REPORT: "N-REPORT-HOME",
    EntryKind.NOTICE: "N-NOTICE-HOME",
}
"""The national rule that a lost entry breaks; that of a page that is gone has -PAGE behind."""


@dataclass(frozen=True, slots=True)
class DeclaredEntry:
    """One declared entry of a site."""

    name: str
    number: int
    title: str
    path: str
    kind: EntryKind


def entries_of(site: str, count: int) -> tuple[DeclaredEntry, ...]:
    """The first `count` of them, four at most."""
    return tuple(
        DeclaredEntry(f"{site}/entry-{number}", number, title, f"/{slug}/", kind)
        for number, (kind, title, slug) in enumerate(KINDS[:count], 1)
    )
