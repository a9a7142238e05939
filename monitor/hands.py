"""The hands of the machine's clock beside the time that really went by, to tell whether somebody set them.

Pure but for the two readings of the Clock it is handed. A machine that was suspended looks the same: its monotonic clock
stood still while the hands went on.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.clock import Clock

NOTICED = timedelta(seconds=60)
"""What counts as set. NTP slews by half a millisecond a second and steps only beyond 128 ms (ntpd), leap smearing takes a day
for one second, and a busy machine keeps both clocks waiting alike: between two turns all of that stays far below. Far
above, retries, tries of a confirmation and grouping waits would come at the wrong time."""


class Hands(NamedTuple):
    """What both clocks showed at one moment."""

    shown: datetime
    seconds: float  # monotonic


def hands(clock: Clock) -> Hands:
    """Both clocks now."""
    return Hands(clock.now(), clock.monotonic())


def set_by(before: Hands, after: Hands) -> timedelta:
    """By how much the hands were set between the two, forward or (negative) back; zero when they just went on."""
    gone = after.seconds - before.seconds
    if abs((after.shown - before.shown).total_seconds() - gone) <= _NOTICED_SECONDS:
        return _NOT_AT_ALL
    return (after.shown - before.shown) - timedelta(seconds=gone)


_NOT_AT_ALL = timedelta()
_NOTICED_SECONDS = NOTICED.total_seconds()
