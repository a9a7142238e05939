"""The years whose working days nobody knows and that counts reach soon: said by `validate`, at the start, in the digest, at /healthz.

Pure. Counts that reach such a year are undecided and say so (judge/workdays.py); nothing is guessed.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from monitor.config.settings import Settings
from monitor.judge.workdays import unknown_years
from monitor.model import Rule, Text, say

AHEAD = timedelta(days=120)
"""How far ahead a year is asked for where somebody looks: the longest shipped count in working days is 15, and people need months."""


def counts_workdays(rules: Iterable[Rule]) -> bool:
    """Whether any of them has a limit or a warning in working days."""
    return any(one is not None and one.unit == "wd" for rule in rules for one in (rule.limit, *rule.warn))


def years_wanted(settings: Settings, today: date) -> tuple[int, ...]:
    """The years without a calendar that begin within AHEAD, or run; none where no rule in use counts working days."""
    packs = {name for target in settings.targets for name in target.packs}
    if not counts_workdays(rule for pack in settings.packs if pack.id in packs for rule in pack.rules):
        return ()
    return tuple(year for year in unknown_years(today, settings.workdays) if date(year, 1, 1) <= today + AHEAD)


def told(year: int) -> Text:
    """That it is missing, and what it does."""
    return say(
        "working days of {year} are not known: limits in working days that reach into it cannot be told", year=year
    )


def advice(year: int) -> Text:
    """What to do about it."""
    return say(
        'the State Council publishes them in November or so: update the program, or write ["{year}"] into [calendar] file',
        year=year,
    )
