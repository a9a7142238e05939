"""When a target is due again; pure.

Samples lie on a fixed grid per target (phase by hash), so that confirmation tries between them neither shift it nor
count; a look that is needed earlier comes earlier, and the grid stays.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from zlib import crc32


class Due(NamedTuple):
    """The next look, and the next place on the sampling grid."""

    next_due_at: datetime
    sample_due_at: datetime


def number_of(target_id: str) -> int:
    """What a target's places in time follow from: the same on every machine, spread evenly over many targets."""
    return crc32(target_id.encode())


def phase(target_id: str, period: timedelta) -> timedelta:
    """Where in its period a target has its turn."""
    milliseconds = max(1, period // timedelta(milliseconds=1))
    return timedelta(milliseconds=number_of(target_id) % milliseconds)


def first_turn(number: int, period: int, at: int) -> int:
    """The first place after `at` on the grid of the target with that number. In milliseconds: an inventory asks for 350,000."""
    turn = number % period
    return turn + max(0, (at - turn) // period + 1) * period


def next_sample(sample_due_at: datetime, period: timedelta, now: datetime) -> datetime:
    """The first place of the grid after `now`."""
    if sample_due_at > now:
        return sample_due_at
    following = sample_due_at + period
    return following if following > now else sample_due_at + ((now - sample_due_at) // period + 1) * period


def next_due(
    *,
    started_at: datetime,
    sample_due_at: datetime,
    period: timedelta,
    look_again: timedelta | None,
    now: datetime,
    taken: bool = False,
) -> Due:
    """After a look that began at `started_at`; `look_again` is the confirmation step, counted start to start.

    A look on the grid that falls before the confirmation step does its work as well. `taken`: the look was the one of
    `sample_due_at`, though that may be yet to come.
    """
    sample = next_sample(sample_due_at, period, max(now, sample_due_at) if taken else now)
    if look_again is None:
        return Due(sample, sample)
    return Due(min(sample, max(now, started_at + look_again)), sample)
