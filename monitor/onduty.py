"""A roster against today: has it ended, is there an hour of the next two weeks with nobody on duty. Said by `validate`.

Pure. The daemon judges the same by its rules (`duty_covered`); here whoever writes a roster learns of it before it is in force.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.clock import SHANGHAI
from monitor.config.settings import Settings
from monitor.judge.shifts import covered_until, next_start, shifts_between
from monitor.model import Text, say

AHEAD = timedelta(days=14)
"""How far ahead every hour is looked at."""
_FAR = timedelta(days=400)  # a shift of its own may be planned a year ahead


class Remark(NamedTuple):
    """What is to be known, and what to do."""

    words: Text
    advice: Text


def gap_of(settings: Settings, now: datetime) -> Remark | None:
    """The first hour from now on with nobody on duty, None when there is none within AHEAD, or no roster is kept."""
    if settings.shifts is None:
        return None
    shifts = shifts_between(settings.shifts, now - timedelta(days=1), now + _FAR)
    gap = covered_until(shifts, now)
    if gap > now + AHEAD:
        return None
    back = next_start(shifts, gap)
    if back is None:
        words = say("the roster ends on {since}: nobody is on duty after it", since=_at(gap))
        if gap <= now:
            words = say("the roster is over: no shift of it is running or to come")
        return Remark(words, say("write the shifts to come as [[shift]]"))
    words = say("nobody is on duty from {since} to {to}", since=_at(gap), to=_at(back))
    return Remark(words, say("write a [[shift]] for it, or see who is missing from people"))


def _at(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
