"""Who may ask: the bearer token, compared in constant time, and a brake on those who guess.

Kept in memory alone and bounded. What counts are different wrong tokens from one address: a program that holds on to an old token is
told so each time, and locks nobody out who sits behind the same address.
"""

import hmac
import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from monitor.clock import Clock

GUESSES = 10
"""Different wrong tokens from one address in WINDOW, after which it must wait."""
WINDOW = 60.0
"""Seconds."""
ADDRESSES = 1024
"""Addresses that are remembered; the one that guessed longest ago is forgotten first."""

Verdict = Literal["open", "not_switched_on", "missing", "wrong", "too_many"]


@dataclass(slots=True)
class _Guesses:
    since: float
    told: set[bytes] = field(default_factory=set)  # at most GUESSES


class Gate:
    """Lets in who has the token."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._guesses: OrderedDict[str, _Guesses] = OrderedDict()

    def verdict(self, token: str | None, authorization: str | None, address: str) -> Verdict:
        """What becomes of a request with that header from that address; `token` is the one that opens, None when none does."""
        if token is None:
            return "not_switched_on"
        scheme, _, told = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not told.strip():
            return "missing"
        network = _network(address)
        if self.waits(network) > 0:
            return "too_many"
        said, wanted = _digest(told.strip()), _digest(token)
        if hmac.compare_digest(said, wanted):
            return "open"
        self._note(network, said)
        return "wrong"

    def waits(self, address: str) -> float:
        """Seconds until that address may try again."""
        guesses = self._guesses.get(_network(address))
        if guesses is None or len(guesses.told) < GUESSES:
            return 0.0
        return max(0.0, guesses.since + WINDOW - self._clock.monotonic())

    def _note(self, network: str, said: bytes) -> None:
        now = self._clock.monotonic()
        guesses = self._guesses.pop(network, None)
        if guesses is None or now - guesses.since >= WINDOW:
            guesses = _Guesses(now)
        guesses.told.add(said)
        self._guesses[network] = guesses
        if len(self._guesses) > ADDRESSES:
            self._guesses.popitem(last=False)


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def _network(address: str) -> str:
    """One guest: an IPv4 address, or the /64 that one guest has of IPv6."""
    try:
        told = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if told.version == 4 else str(ipaddress.ip_network((told, 64), strict=False))
