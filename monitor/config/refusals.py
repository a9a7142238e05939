"""What the address guard will refuse: targets whose addresses are private, loopback or otherwise closed to visits.

Literal addresses are told without asking anybody; names only when answers are handed in. Pure.
"""

from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address

from monitor.config.problems import Problem
from monitor.config.settings import Settings
from monitor.config.urls import host_of
from monitor.model import Text, say

Refuses = Callable[[str], str | None]
"""Why the guard refuses an address, None when it lets it pass."""

HINT = say('open the network with [guard] allow = ["…"], if the visit is meant')


def refusals(
    settings: Settings, refuses: Refuses, resolved: Mapping[str, Iterable[str]] | None = None
) -> tuple[Problem, ...]:
    """One warning per host that would be refused, with its first target; `resolved` gives the addresses of names."""
    answers = resolved or {}
    under: dict[str, list[str]] = {}
    for target in settings.targets:
        under.setdefault(host_of(target.url), []).append(target.id)
    found: list[Problem] = []
    for host, ids in under.items():
        if (why := _why(host, refuses, answers.get(host, ()))) is not None:
            found.append(Problem("", None, ids[0], _refused(host, why, len(ids)), HINT))
    return tuple(found)


def names(settings: Settings) -> tuple[str, ...]:
    """The host names of all targets, each once, literal addresses left out."""
    hosts = dict.fromkeys(host_of(target.url) for target in settings.targets)
    return tuple(host for host in hosts if not _literal(host))


def _refused(host: str, why: Text, targets: int) -> Text:
    if targets == 1:
        return say("the guard refuses {host}: {why}", host=host, why=why)
    return say("the guard refuses {host}, {n} targets: {why}", host=host, why=why, n=f"{targets:,}")


def _why(host: str, refuses: Refuses, addresses: Iterable[str]) -> Text | None:
    if _literal(host):
        why = refuses(host)
        return None if why is None else Text(why)
    found = ((address, refuses(address)) for address in addresses)
    return next((say("{address}: {why}", address=one, why=Text(why)) for one, why in found if why is not None), None)


def _literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
