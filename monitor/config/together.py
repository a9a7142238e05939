"""What limit and options of a rule need of each other, per obligation: what nothing could be judged by does not load.

Pure; asked only of rules whose options each are right.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from monitor.config.options import Fault
from monitor.model import Text, say

IN_DAYS = frozenset({
    "updated_within", "answered_within", "filed_within", "offline_at_most", "done_every", "original_share",
    "posts_at_least", "notice_kept",
})  # fmt: skip
"""What is judged by civil days: a limit in hours, minutes or seconds would be passed over."""


_EXACT = re.compile(r"[0-9]+[hms]")
_CALENDAR = re.compile(r"[0-9]+(?:wd|mo|y)")


class Asked(NamedTuple):
    """Of a rule: its limit, its warnings, and its options as written."""

    limit: str | None
    options: Mapping[str, Any]
    warn: tuple[str, ...] = ()


def together_faults(obligation: str, asked: Asked) -> list[Fault]:
    """What is missing, or one too many; where none could be judged without."""
    wants = _WANTS.get(obligation)
    return [*_of_days(obligation, asked), *([] if wants is None else wants(asked))]


def _of_days(obligation: str, asked: Asked) -> list[Fault]:
    """What is judged by civil days has no limit in hours."""
    if obligation not in IN_DAYS or asked.limit is None or not _EXACT.fullmatch(asked.limit):
        return []
    return [
        Fault(
            ("limit",),
            say("{obligation} counts days", obligation=obligation),
            say("write it like {examples}", examples="14d, 3wd, 2mo, 1y"),
        )
    ]


def _exact(asked: Asked) -> list[Fault]:
    """What runs out at an instant has no working days, months or years before it."""
    told = [("limit", asked.limit or "1d"), *(("warn", one) for one in asked.warn)]
    hint = say("calendar days or hours: 30d, 72h")
    return [
        Fault((key,), say("{limit}: what is left of a certificate is told in days", limit=one), hint)
        for key, one in told
        if _CALENDAR.fullmatch(one)
    ]


def _columns(asked: Asked) -> list[Fault]:
    count, forecast = asked.options.get("count", 5), asked.options.get("forecast", 3)
    faults = [
        Fault(("options", name), say("{number} is no number of columns", number=number), say("1 or more"))
        for name, number in (("count", count), ("forecast", forecast))
        if number < 1
    ]
    return faults or _ahead(asked, "count", 5)


def _ahead(asked: Asked, name: str, usual: int) -> list[Fault]:
    """What is told ahead comes before it is broken; a number nobody wrote is said to be the usual one."""
    at, forecast = asked.options.get(name, usual), asked.options.get("forecast", 3)
    if forecast <= at:
        return []
    told = {"forecast": str(forecast), "name": name, "at": str(at)}
    hint = say("what is told ahead comes before it is broken")
    if "forecast" not in asked.options:
        said = say("forecast, 3 where it is not written, is more than {name} = {at}", **told)
        hint = say("write forecast as well: {at} or less", at=str(at))
    elif name not in asked.options:
        said = say("forecast = {forecast} is more than {name}, {at} where it is not written", **told)
    else:
        said = say("forecast = {forecast} is more than {name} = {at}", **told)
    return [Fault(("options",), said, hint)]


def _percent(asked: Asked) -> list[Fault]:
    faults = [
        Fault(("options", name), say("{number} is no share", number=number), say("percent, from 1 to 100"))
        for name, number in (("share", asked.options.get("share", 5)), ("forecast", asked.options.get("forecast", 3)))
        if not 1 <= number <= 100
    ]
    return faults or (_ahead(asked, "share", 5) if "window" in asked.options else [])


def _posts(asked: Asked) -> list[Fault]:
    faults = []
    if asked.limit is None and asked.options.get("every", "limit") == "limit":
        hint = say('so many posts in how long? Or: options = {{ every = "week" }}')
        faults.append(Fault((), say('"limit" is missing'), hint))
    if asked.options.get("count", 1) < 1:
        faults.append(Fault(("options", "count"), say("at least one post has to be asked for")))
    return faults


def _one_of(name: str, means: Text) -> Callable[[Asked], list[Fault]]:
    def faults(asked: Asked) -> list[Fault]:
        if asked.limit is None and asked.options.get(name, 0) < 1:
            return [Fault((), say('one of "limit" and the option "{name}" is needed', name=name), means)]
        if asked.limit is not None and asked.options.get(name, 0) >= 1:
            said = say('"limit" and the option "{name}" are two rules, of which one can stand here', name=name)
            return [Fault((), said, say("write a [[rule]] for each: {means}", means=means))]
        return []

    return faults


def _done(asked: Asked) -> list[Fault]:
    ways = (asked.limit is not None) + (asked.options.get("per_year", 0) >= 1) + bool(asked.options.get("every"))
    faults = []
    means = say("at least once in every such stretch, so many times in a calendar year, or once in every quarter")
    if not ways:
        faults.append(Fault((), say('one of "limit" and the options "per_year" and "every" is needed'), means))
    elif ways > 1:
        said = say('of "limit" and the options "per_year" and "every" only one can stand in a rule')
        faults.append(Fault((), said, say("write a [[rule]] for each: {means}", means=means)))
    if not str(asked.options.get("activity", "")).strip():
        hint = say("its name as records tell it: 应急演练, 自查 …")
        faults.append(Fault(("options", "activity"), say("which activity is to be done is missing"), hint))
    return faults


def _share(asked: Asked) -> list[Fault]:
    share = asked.options.get("share", 0)
    if asked.options.get("count", 0) < 1 and share < 1:
        return [
            Fault(
                ("options",), say('one of the options "count" and "share" is needed'), say("original posts, or percent")
            )
        ]
    return (
        [Fault(("options", "share"), say("{share} is no share", share=share), say("percent, at most 100"))]
        if share > 100
        else []
    )


def _filed(asked: Asked) -> list[Fault]:
    what, faults = asked.options.get("what", "record"), []
    if asked.options.get("names", 1) < 1:
        faults.append(Fault(("options", "names"), say("a list that names nobody says nothing"), say("1 or more")))
    if what == "record" and not asked.options.get("of"):
        said = say("which kinds of declarations are to be filed is missing")
        faults.append(Fault(("options", "of"), said, say('of = ["launch"]')))
    if what != "record" and asked.limit is not None:
        faults.append(Fault(("limit",), say('filed_within has no limit where what = "{what}"', what=what)))
    return faults


def _published(asked: Asked) -> list[Fault]:
    by = str(asked.options.get("by", "01-31"))
    try:
        day = date.fromisoformat(f"2024-{by}")  # a leap year
    except ValueError:
        day = None
    if day is None or day.strftime("%m-%d") != by:
        return [Fault(("options", "by"), say('"{by}" is not a day of the year', by=by), say("MM-DD: 01-31"))]
    return []


_WANTS: Mapping[str, Callable[[Asked], list[Fault]]] = {
    "at_most_in_breach": _columns,
    "reachable": _percent,
    "posts_at_least": _posts,
    "original_share": _share,
    "offline_at_most": _one_of("per_year", say("days of one outage, or closures in a calendar year")),
    "done_every": _done,
    "filed_within": _filed,
    "published_by": _published,
    "certificate_valid": _exact,
}
