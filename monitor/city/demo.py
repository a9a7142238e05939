"""The demo's city and what goes wrong in it: as much as can be confirmed in so many seconds, and nothing else.

Pure. Waits are shortened (`watching.QUICK`), network limits are real: a timeout is 30 s, a slow answer 16.5 s. `NEEDS`
holds the arithmetic, fault by fault; what does not fit is not planted. The command itself is in monitor/cli.
"""

from dataclasses import dataclass
from datetime import timedelta

from monitor.city.faults import Event
from monitor.city.odd import SLOW_SECONDS
from monitor.city.plan import Plan, make_plan
from monitor.city.terms import Terms

_NETWORK_LIMIT = 30.0  # seconds a fetch waits for a site that never answers (DESIGN.md §1)
_SITE, _COLUMN, _ACCOUNT, _LINKS, _CERTIFICATE = 5.0, 10.0, 10.0, 40.0, 15.0  # cadences of watching.QUICK
_EVERY, _SECOND_LOOK, _BLIND, _GROUP = 6.0, 12.0, 20.0, 3.0
_REMEMBERED = 10.0  # the reference hosts' answer
_SETTLING = 8.0
"""Seconds for what has no setting: start-up, a tick, settling, delivery, a busy machine."""

NEEDS: dict[str, float] = {
    # three tries 6 s apart, the first within a cadence: 5 + 2 x 6
    **dict.fromkeys(("down", "dns", "http_500", "maintenance", "soft_error"), _SITE + 2 * _EVERY),
    # three tries that take 16.5 s and 30 s each, one after the other
    "slow": _SITE + 3 * SLOW_SECONDS,
    "timeout": _SITE + 3 * _NETWORK_LIMIT,
    "tls_expired": _SITE + _CERTIFICATE,
    # seen within a cadence, 20 s of blindness, told at the next look
    "challenged": _SITE + _BLIND + _SITE,
    "shell": _COLUMN + _BLIND + _COLUMN,
    "bridge_down": _ACCOUNT + _BLIND + _ACCOUNT,
    "blank": _COLUMN + _COLUMN,
    "silent": _COLUMN,
    # the home page must be read, the link have its turn, be looked at again, and its page's last link have had its turn
    "dead_link": _SITE + _LINKS + _SECOND_LOOK + _LINKS,
    "uplink_down": _SITE + _REMEMBERED,
}
"""Seconds from the fault (or the start, when it holds before) to its incident, without grouping and settling."""

UPLINK_SECONDS = 25.0
"""Longer than a site's cadence and the ten seconds an answer of the reference hosts is remembered, with room."""


@dataclass(frozen=True, slots=True)
class Plant:
    """A fault of the demo: when (seconds since the start, negative for before), what, where."""

    at: float
    kind: str
    target: str
    option: tuple[str, str] | None = None

    @property
    def told_by(self) -> float:
        """By when, in seconds since the start, its notice must have gone out."""
        return max(self.at, 0.0) + NEEDS[self.kind] + _GROUP + _SETTLING


_DAY = 86_400.0

PLANTS: tuple[Plant, ...] = (
    Plant(6, "down", "site-02"),
    Plant(8, "dns", "site-03"),
    Plant(-60, "timeout", "site-04"),
    Plant(-60, "slow", "site-05"),
    Plant(10, "http_500", "site-06"),
    Plant(-60, "tls_expired", "site-07"),
    Plant(7, "challenged", "site-08", ("status", "412")),
    Plant(9, "challenged", "site-09", ("status", "200")),
    Plant(12, "maintenance", "site-10"),
    Plant(11, "soft_error", "site-11"),
    Plant(5, "blank", "site-12/column-1"),
    Plant(-20 * _DAY, "silent", "site-13/column-2"),
    Plant(5, "shell", "site-14/column-3"),
    Plant(-60, "dead_link", "site-01/link-05"),
    Plant(-20 * _DAY, "silent", "account-05"),
    Plant(5, "bridge_down", "account-09"),
)

_FEW = {"site-04": 1, "site-05": 1, "site-08": 2, "site-09": 2}
"""Two visits at once is all one host gets: with more columns, those that hang would keep the home page's tries waiting."""


def demo_plan(seconds: float, seed: int = 7) -> tuple[Plan, tuple[Event, ...]]:
    """15 sites, 61 columns, 20 accounts, and the faults whose incidents can be told within `seconds` of the start."""
    plan = make_plan(
        seed,
        sites=15,
        columns_per_site=5,
        accounts=20,
        links_per_home=12,
        columns_of=_FEW,
        https=frozenset({"site-07"}),
        cross_links=False,  # a link to a site that hangs would take one of its two places
    )
    planted = [plant for plant in PLANTS if plant.told_by <= seconds]
    events = [_event(plant) for plant in planted]
    uplink = _uplink_at(planted, seconds)
    if uplink is not None:
        events.append(Event(timedelta(seconds=uplink), "uplink_down", "*", timedelta(seconds=UPLINK_SECONDS)))
    return plan, tuple(events)


def demo_terms() -> Terms:
    """The waits of the demo, for the truth."""
    return Terms(
        site=timedelta(seconds=_SITE),
        column=timedelta(seconds=_COLUMN),
        account=timedelta(seconds=_ACCOUNT),
        links=timedelta(seconds=_LINKS),
        certificate=timedelta(seconds=_CERTIFICATE),
        blind_site=timedelta(seconds=_BLIND),
        blind_column=timedelta(seconds=_BLIND),
        blind_account=timedelta(seconds=_BLIND),
        link_window=timedelta(seconds=_SECOND_LOOK),
        group=timedelta(seconds=_GROUP),
        allowance=timedelta(seconds=_SETTLING),
        windows={
            "slow": timedelta(seconds=3 * SLOW_SECONDS),
            "timeout": timedelta(seconds=3 * _NETWORK_LIMIT),
            "uplink_down": timedelta(seconds=_REMEMBERED),
        },
        window=timedelta(seconds=2 * _EVERY),
        tries=timedelta(seconds=2 * _EVERY),
        retry=timedelta(0),  # its console is always there, whatever becomes of the uplink
        told_by_uplink=False,
    )


def _event(plant: Plant) -> Event:
    return Event(
        timedelta(seconds=plant.at), plant.kind, plant.target, None, dict([plant.option] if plant.option else [])
    )


def _uplink_at(planted: list[Plant], seconds: float) -> float | None:
    """Once everything else is told (an unconfirmed run does not survive it), and over before the end; None: no room."""
    at = max((plant.told_by for plant in planted), default=0.0)
    return at if at + UPLINK_SECONDS + _SETTLING <= seconds else None
