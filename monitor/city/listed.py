"""What a rehearsal's settings say beside the plan's: the inventory with what is wrong in it, a table of networks, a roster with its gaps.

Pure. `mislisted` holds from the beginning to the end: an inventory is read once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_network

from monitor.city import lexicon
from monitor.city.carrier import ABROAD
from monitor.city.faults import Event
from monitor.city.plan import Plan
from monitor.city.watching import Watched, inventory
from monitor.model import Roster, Shift
from monitor.model.addresses import address_table

AHEAD = timedelta(days=30)
"""How long beyond the end the roster goes on: a gap is told days ahead."""
TABLE = address_table("drill", [(ip_network(f"{ABROAD}/32"), "US")])


def inventory_of(plan: Plan, events: Sequence[Event], packs: tuple[str, ...]) -> tuple[Watched, ...]:
    """The targets of a rehearsal, all under these packs; `events` with every pattern turned into names."""
    told = {one.id: one for one in inventory(plan)}
    for event in events:
        if event.kind == "mislisted":
            told[event.target] = mislisted(plan, told, event)
    return tuple(replace(one, packs=packs) for one in told.values())


def mislisted(plan: Plan, told: Mapping[str, Watched], event: Event) -> Watched:
    """How it stands in the inventory. What it shares with another, it shares with the one after it."""
    one, beside = told[event.target], told[next_to(plan, event.target)]
    match event.option("how", ""):
        case "no_owner":
            return replace(one, owner="")
        case "no_contact":
            return replace(one, contacts=())
        case "second":
            return replace(one, owner=beside.owner, platform=beside.platform)
        case _:
            return replace(one, owner=beside.owner, name=f"{lexicon.CITY}发布")


def next_to(plan: Plan, target: str) -> str:
    """The site or account after it; the first after the last."""
    names = [one.name for one in (plan.accounts if target.startswith("account") else plan.sites)]
    return names[(names.index(target) + 1) % len(names)]


def roster(start: datetime, days: int, events: Iterable[Event]) -> Roster | None:
    """Somebody at every hour but while it is `unmanned`; None where no scenario speaks of it: no roster is kept then."""
    gaps = sorted((start + one.at, start + one.until) for one in events if one.kind == "unmanned")
    return tuple(_shifts(start, start + timedelta(days=days) + AHEAD, gaps)) if gaps else None


def _shifts(start: datetime, end: datetime, gaps: Sequence[tuple[datetime, datetime]]) -> Iterator[Shift]:
    at = start - timedelta(days=1)
    while at < end:
        until = at + timedelta(hours=12)
        begin = at
        for gone, back in gaps:
            if begin < gone < until:
                yield Shift(begin, gone, ("duty",))
            if gone < until and back > begin:
                begin = min(back, until)
        if begin < until:
            yield Shift(begin, until, ("duty",))
        at = until


def check_options(events: Iterable[Event]) -> Mapping[str, Mapping[str, object]]:
    """The table of networks, where a scenario speaks of where hosts are."""
    asked = any(event.kind == "hosted_abroad" for event in events)
    return {"hosted_in": {"tables": (TABLE,)}} if asked else {}
