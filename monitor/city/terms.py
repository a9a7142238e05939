"""The words of the truth: the waits it allows (`Terms`), what it expects (`Unit`), and how long a thing takes to be told.

Pure. The numbers are those of the settings' defaults, of DESIGN.md §4.6 and of the two rule packs, written here a second
time on purpose: what the packs or the settings get wrong must not be wrong here too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.city.friends import is_friend
from monitor.city.scenario import Scenario
from monitor.model import Cause

OUTAGES = frozenset({"down", "dns", "timeout", "http_500", "http_404", "maintenance", "soft_error"})
OURS = frozenset({"uplink_down", "clock_jump", "disk_full"})
HIDDEN_WHILE = frozenset({"uplink_down", "disk_full", "killed"})
"""While one of these holds, we see nothing."""

BY_THE_CLOCK = frozenset({"declared", "message"})
"""What these lead to needs no look: records decide, the clock breaks it (DESIGN.md §4.2)."""

AFTERGLOW = timedelta(seconds=60)
"""How long after a fault's end an incident of it may still open: a look may have been under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The waits of the daemon that is rehearsed; the defaults are those of its settings and of DESIGN.md §4.6."""

    site: timedelta = timedelta(minutes=5)
    column: timedelta = timedelta(hours=1)
    account: timedelta = timedelta(hours=1)
    links: timedelta = timedelta(days=1)
    certificate: timedelta = timedelta(days=1)
    page: timedelta = timedelta(days=1)
    blind_site: timedelta = timedelta(hours=24)
    blind_column: timedelta = timedelta(days=3)
    blind_account: timedelta = timedelta(days=3)
    blind_page: timedelta = timedelta(days=3)
    link_window: timedelta = timedelta(hours=1)
    window: timedelta = timedelta(minutes=2, seconds=30)  # confirmation of reach kinds
    windows: Mapping[str, timedelta] = field(default_factory=dict)  # kinds whose window differs
    tries: timedelta = timedelta(
        minutes=2
    )  # from the first of three tries to the last: what is shorter cannot fail all
    group: timedelta = timedelta(seconds=30)
    allowance: timedelta = timedelta(seconds=60)
    retry: timedelta = timedelta(minutes=10)  # a message may wait so long after its channel is back
    told_by_uplink: bool = True  # the channel goes by the same uplink; the demo's console does not
    rules: frozenset[str] = frozenset({"national-2019", "house"})


@dataclass(frozen=True, slots=True)
class Unit:
    """One expected incident membership. `end` None: to the end. `due` is when its notice must have been confirmed.

    `due` None: optional, finding it is neither missed nor false. `since` is what its delay counts from, `glow` how long
    after `end` an incident of it may still open, `rule` what it breaks as "pack/id".
    """

    target: str
    cause: Cause
    kind: str
    start: datetime
    end: datetime | None
    due: datetime | None
    rule: str | None = None
    since: datetime | None = None
    glow: timedelta = AFTERGLOW


def terms_of(scenario: Scenario, defaults: Terms | None = None) -> Terms:
    """The terms of a scenario: its own cadences and packs, for all else the defaults."""
    known, told = defaults or Terms(), scenario.cadence
    return replace(
        known,
        rules=frozenset(scenario.rules),
        site=told.get("site", known.site),
        column=told.get("column", known.column),
        account=told.get("account", known.account),
        links=told.get("links", known.links),
        certificate=told.get("certificate", known.certificate),
        page=told.get("page", known.page),
    )


def cadence(terms: Terms, kind: str, target: str) -> timedelta:
    """How often that is looked at."""
    if kind in BY_THE_CLOCK:
        return timedelta(0)
    if kind in {"tls_expired", "hosted_abroad"}:
        return terms.certificate
    if kind == "notice_gone":
        return terms.page
    if "/link-" in target or is_friend(target):
        return terms.site + terms.links  # a link has its turn once the page that carries it was read
    if "/column-" in target:
        return terms.column
    if "/entry-" in target:
        return terms.page
    return terms.account if target.startswith("account-") else terms.site


def window(terms: Terms, kind: str) -> timedelta:
    """How long confirming takes after the first look (DESIGN.md §4.6)."""
    if kind in terms.windows:
        return terms.windows[kind]
    if kind in OUTAGES or kind == "slow":
        return terms.window
    second_look = dict.fromkeys(("dead_link", "entry_missing", "notice_gone", "hosted_abroad"), terms.link_window)
    seconds = {**second_look, "blank": terms.column}
    return seconds.get(kind, timedelta(0))


def grouping(terms: Terms, kind: str) -> timedelta:
    """How long a notice may wait for others (DESIGN.md §5.9): links until the last link of their page had its turn."""
    return terms.group + (terms.links if kind == "dead_link" else timedelta(0))


def allowed(terms: Terms, kind: str, target: str) -> timedelta:
    """From the fault's first instant to the confirmed notice, at most."""
    looked = cadence(terms, kind, target) + window(terms, kind)
    return looked + grouping(terms, kind) + terms.allowance
