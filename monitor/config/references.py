"""What targets say of each other: the site a target belongs to, the packs it falls under; and what it takes from its site.

Works on the whole inventory, because references point across files. Rows with faults are looked at too: what is wrong
with one cell says nothing about another.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from monitor.config.codes import is_code
from monitor.config.inventory import Inventory, note, where
from monitor.config.options import Fault
from monitor.config.problems import did_you_mean, meant_by
from monitor.model import Contact, TargetKind, Text, say

GUESSES = 20  # unknown sites for which the nearest is looked up: that takes 0.1 s among 20,000
DOUBTFUL = 10  # unknown sites listed per file when one that may hold them could not be read; the rest is counted


class Reference(NamedTuple):
    """A row that refers to something."""

    place: int
    site: str
    packs: tuple[str, ...]


def check_references(inventory: Inventory, packs: set[str] | None) -> None:
    """Every site named must be a target of kind site, every pack one of these; None: they are not all known, and any may be right."""
    drafts = inventory.drafts
    packs = _named(inventory) if packs is None else packs
    sites = {target.id for target in inventory.targets if target.kind is TargetKind.SITE}
    maybe = {draft.id for draft in drafts if draft.kind in {None, TargetKind.SITE}} | inventory.lost
    wrong = list(_unlike(inventory, sites | maybe, packs))
    _check_sites(inventory, [one for one in wrong if one.site and one.site not in sites | maybe], sites)
    for one in wrong:
        for name in one.packs:
            if name not in packs:
                said = say('there is no rule pack "{name}"', name=name)
                note(inventory, one.place, Fault(("packs",), said, did_you_mean(name, packs)))


def inherit(inventory: Inventory) -> None:
    """A target without an owner, or without anybody to call, has those of its site; an entry learns its home page."""
    needy = [
        one for one in inventory.targets if one.site is not None and (one.entry or not (one.owner and one.contacts))
    ]
    wanted = {one.site for one in needy}
    sites = {one.id: (one.owner, one.contacts, one.url) for one in inventory.targets if one.id in wanted}
    nobody: tuple[str, tuple[Contact, ...], str] = ("", (), "")
    for target in needy:
        owner, contacts, url = sites.get(target.site or "", nobody)
        # Frozen once the settings are handed out; until then nobody else has it, and a copy of a million takes seconds.
        object.__setattr__(target, "owner", target.owner or owner)
        object.__setattr__(target, "contacts", target.contacts or contacts)
        if target.entry is not None:
            object.__setattr__(target, "home", url)


def _named(inventory: Inventory) -> set[str]:
    """All packs that targets name."""
    told = {one.packs for one in inventory.targets} | {one.packs for one in inventory.drafts}
    return {name for packs in told for name in packs}


def _unlike(inventory: Inventory, sites: set[str], packs: set[str]) -> Iterator[Reference]:
    """The rows that name a site or a pack not among these, in the order they stand."""
    good: set[tuple[str, ...]] = set()
    for target in inventory.targets:
        if target.packs not in good and packs.issuperset(target.packs):
            good.add(target.packs)
        if (target.site is not None and target.site not in sites) or target.packs not in good:
            yield Reference(inventory.places[target.id], target.site or "", target.packs)
    for draft in inventory.drafts:
        yield Reference(draft.place, draft.site if draft.kind is not TargetKind.SITE else "", draft.packs)


def _check_sites(inventory: Inventory, wrong: Iterable[Reference], sites: set[str]) -> None:
    guesses = GUESSES if len(sites) <= 20_000 else 0
    doubtful: Counter[int] = Counter()  # by source
    for one in wrong:
        if inventory.report.hopeless(where(inventory, one.place)[0]):
            continue
        is_other = one.site in inventory.places
        doubtful[one.place >> 40] += not is_other
        if inventory.unread and not is_other and doubtful[one.place >> 40] > DOUBTFUL:
            continue
        said = (
            say('"{site}" is not of kind site', site=one.site)
            if is_other
            else say('there is no site "{site}"', site=one.site)
        )
        # of 网站标识码 every one is near every other: a guess would be none
        near = meant_by(one.site, sites) if guesses > 0 and not is_other and not is_code(one.site) else None
        guesses -= 1
        elsewhere = None if is_other else _elsewhere(inventory)
        hint = say("{one}; {other}", one=near, other=elsewhere) if near and elsewhere else near or elsewhere
        note(inventory, one.place, Fault(("site",), said, hint))
    for source, count in doubtful.items():
        if inventory.unread and count > DOUBTFUL:
            file, _, _ = where(inventory, source << 40)
            said = say("and {n} more rows name sites that are not there", n=f"{count - DOUBTFUL:,}")
            inventory.report.add(file, None, "site", said, _elsewhere(inventory))


def _elsewhere(inventory: Inventory) -> Text | None:
    if not inventory.unread:
        return None
    return say("unless it stands in {file}, which could not be read", file=inventory.unread[0])
