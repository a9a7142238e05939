"""The events of a year, drawn from how often things go wrong (domain.md §5 and §6): `python -m monitor.city.yearly` prints year.toml.

Pure but for printing; the same seed gives the same year. Stale columns and accounts are the everyday work, dead links come
in bursts with one cause, outages are rare, and our own side fails too. What befalls one target does not overlap itself.
"""

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60, 3600, 86_400
DAYS, SITES, COLUMNS, ACCOUNTS, LINKS = 365, 20, 20, 200, 12
APART = 2 * DAY
"""Seconds between two events of one target: what one leaves behind is over when the next begins."""


@dataclass(frozen=True, slots=True)
class Often:
    """How often a kind comes in a year, where, and for how long (seconds, least and most)."""

    kind: str
    times: int
    where: str  # site | dynamic | policy | account | link | column | channel | daemon
    least: int
    most: int
    options: tuple[str, ...] = ("",)


YEAR = (
    Often("silent", 130, "dynamic", 7 * DAY, 13 * DAY),  # remembered in time: most of what is warned of
    Often("silent", 70, "dynamic", 16 * DAY, 40 * DAY),
    Often("silent", 15, "policy", 190 * DAY, 250 * DAY),
    Often("silent", 90, "account", 7 * DAY, 12 * DAY),
    Often("silent", 60, "account", 16 * DAY, 60 * DAY),
    Often("silent", 3, "site", 16 * DAY, 25 * DAY),
    Often("dead_link", 40, "link", 16 * DAY, 60 * DAY),  # bursts: see BURST
    Often("blank", 60, "column", 3 * DAY, 20 * DAY),
    Often("down", 90, "site", 20, 110),  # a blip nobody needs to hear of
    Often("timeout", 60, "site", 20, 110),
    Often("down", 60, "site", 45 * MINUTE, 10 * HOUR),
    Often("http_500", 40, "site", 45 * MINUTE, 8 * HOUR),
    Often("timeout", 25, "site", 45 * MINUTE, 6 * HOUR),
    Often("down", 5, "site", 2 * DAY, 9 * DAY),
    Often("slow", 30, "site", 2 * HOUR, 8 * HOUR),
    Often("maintenance", 20, "site", 4 * HOUR, 3 * DAY),
    Often("soft_error", 15, "site", 1 * HOUR, 1 * DAY),
    Often("http_404", 10, "site", 1 * HOUR, 1 * DAY),
    Often("dns", 10, "site", 1 * HOUR, 12 * HOUR),
    Often("http_404", 15, "column", 3 * DAY, 9 * DAY),
    Often("tls_expired", 12, "site", 2 * DAY, 6 * DAY),
    Often("challenged", 25, "site", 1 * HOUR, 18 * HOUR, ('status = "412"', 'status = "200"', 'status = "521"')),
    Often("challenged", 8, "site", 2 * DAY, 5 * DAY, ('status = "412"',)),
    Often("shell", 20, "column", 5 * DAY, 20 * DAY),
    Often("hijacked", 4, "site", 8 * HOUR, 2 * DAY, ('how = "parked"',)),
    Often("bridge_down", 40, "account", 6 * HOUR, 40 * HOUR),
    Often("bridge_down", 20, "account", 6 * DAY, 15 * DAY),
    Often("uplink_down", 12, "daemon", 40 * MINUTE, 3 * HOUR),
    Often(
        "channel_down",
        20,
        "channel",
        5 * MINUTE,
        2 * HOUR,
        ('answer = "refused"', 'answer = "timeout"', 'answer = "errcode"'),
    ),
    Often("killed", 25, "daemon", 30, 5 * MINUTE),  # updates of the machine
    Often("disk_full", 2, "daemon", 45 * MINUTE, 2 * HOUR),
    Often("clock_jump", 3, "daemon", 0, 0, ('by = "-10m"', 'by = "8m"', 'by = "-1h"')),
    # What people bring. Most error reports are answered in a day or two; a few are forgotten, some for good.
    Often("message", 80, "site", 1 * HOUR, 2 * DAY, ('class = "jiucuo"',)),
    Often("message", 12, "site", 8 * DAY, 30 * DAY, ('class = "jiucuo"',)),
    Often("message", 60, "site", 1 * DAY, 40 * DAY, ('class = "consulting"', 'class = "handling"')),
    Often("message", 3, "site", 95 * DAY, 120 * DAY, ('class = "handling"',)),
    Often("declared", 6, "site", 3 * DAY, 20 * DAY, ('declare = "temporary_offline"',)),
    Often("declared", 4, "site", 1 * DAY, 9 * DAY, ('declare = "force_majeure"', 'declare = "ordered_closure"')),
    Often("declared", 4, "site", 30 * DAY, 40 * DAY, ('declare = "migration"',)),
    Often("declared", 3, "account", 21 * DAY, 30 * DAY, ('declare = "account_closing"',)),
)
ENDS = {"message": "answered", "declared": "to"}
"""What such an event says of its end; all others how long they last."""
BURST = 5
"""Links that die with one cause."""


def main() -> None:
    """Print the scenario."""
    sys.stdout.write(scenario(2026))


def scenario(seed: int) -> str:
    """year.toml of that seed."""
    return _HEAD.format(days=DAYS, events="\n".join(f"  {line}," for line in events(seed))) + _TAIL


def events(seed: int) -> list[str]:
    """Inline tables, earliest first."""
    dice = random.Random(seed)  # noqa: S311 - a rehearsal's dice
    busy: dict[str, list[tuple[int, int]]] = {}
    drawn = [one for often in YEAR for _ in range(often.times) for one in _drawn(often, dice, busy)]
    return [line for _, line in sorted(drawn)]


def _drawn(often: Often, dice: random.Random, busy: dict[str, list[tuple[int, int]]]) -> Iterator[tuple[int, str]]:
    for _ in range(1000):
        lasts = dice.randint(often.least, often.most)
        at, target = dice.randrange(2 * DAY, DAYS * DAY - lasts - 20 * DAY, 60), _WHERE[often.where](dice)
        near = busy.setdefault(f"{target} {often.kind}" if often.kind in ENDS else _shared(target), [])
        if all(end + APART < at or at + lasts + APART < begin for begin, end in near):
            near.append((at, at + lasts))
            break
    else:
        return
    more = dice.choice(often.options)
    for number in range(BURST if often.where == "link" else 1):
        yield at, _line(often.kind, _next_link(target, number) if number else target, at, lasts, more)


def _next_link(target: str, number: int) -> str:
    return f"{target[:-2]}{(int(target[-2:]) + number - 1) % LINKS + 1:02}"


def _shared(target: str) -> str:
    """What must not overlap: everything of the daemon and its channel, a site with its own links."""
    return "*" if target.startswith(("*", "channel")) else target.partition("/link")[0]


def _line(kind: str, target: str, at: int, lasts: int, more: str) -> str:
    parts = [f'at = "{_moment(at)}"']
    if kind in ENDS:
        more += f', {ENDS[kind]} = "{_moment(at + lasts)}"'
    elif lasts:
        parts.append(f'for = "{_length(lasts)}"')
    parts += [f'kind = "{kind}"', f'target = "{target}"', *filter(None, [more])]
    return "{ " + ", ".join(parts) + " }"


def _moment(seconds: int) -> str:
    days, rest = divmod(seconds, DAY)
    return f"{days}d {rest // HOUR:02}:{rest % HOUR // 60:02}"


def _length(seconds: int) -> str:
    return f"{seconds // 60}m" if seconds >= 2 * HOUR else f"{seconds}s"


_WHERE: dict[str, Callable[[random.Random], str]] = {
    "site": lambda dice: f"site-{dice.randint(1, SITES):02}",
    "dynamic": lambda dice: f"site-{dice.randint(1, SITES):02}/column-{dice.randint(1, 12):02}",
    "policy": lambda dice: f"site-{dice.randint(1, SITES):02}/column-{dice.randint(13, 17):02}",
    "column": lambda dice: f"site-{dice.randint(1, SITES):02}/column-{dice.randint(1, COLUMNS):02}",
    "account": lambda dice: f"account-{dice.randint(1, ACCOUNTS):03}",
    "link": lambda dice: f"site-{dice.randint(1, SITES):02}/link-{dice.randint(1, LINKS):02}",
    "channel": lambda _dice: "channel-duty",
    "daemon": lambda _dice: "*",
}

_HEAD = """# A year of duty: 20 sites every 30 minutes, 400 columns and 200 accounts daily, links weekly; events as often as they happen.
# Written by `python -m monitor.city.yearly`. It leads into 2027, for which no working-day calendar is published yet.
start = "2026-07-01T00:00:00+08:00"
days = {days}
seed = 7
event = [
{events}
]
"""
_TAIL = f"""
[cadence]
site = "30m"
column = "1d"
account = "1d"
links = "7d"

[city]
sites = {SITES}
columns_per_site = {COLUMNS}
accounts = {ACCOUNTS}
links_per_home = {LINKS}
"""

if __name__ == "__main__":
    main()
