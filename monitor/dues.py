"""What falls due, put together: what was warned of, what is still kept, forecasts, and how far each count has come.

Reads the store in one view and judges by the rules in force; writes nothing. Words go through the catalogue.
"""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime

from monitor.clock import SHANGHAI
from monitor.control import Refusal
from monitor.model import Text, say
from monitor.render import translate
from monitor.settle.ahead import Ahead, Coming, Count, look_ahead
from monitor.settle.forecast import count_of, forecasts
from monitor.settle.policy import Policy
from monitor.settle.unseen import look_back
from monitor.store import views

EVER = datetime(9999, 1, 1, tzinfo=UTC)
"""As far ahead as anything is forecast where nobody said how far."""


def due(
    tx: sqlite3.Connection,
    until: datetime | None,
    language: str,
    policy: Policy | None = None,
    now: datetime | None = None,
    *,
    kept: bool = True,
) -> list[dict[str, object]]:
    """What falls due, earliest first (DESIGN.md §4.4): what was warned of, forecasts, and by these rules what is `kept`.

    What was of these, and nobody can see now, is unknown and keeps its day (settle/unseen.py).
    `until` None: all that was warned of. Where no day tells when it breaks (`no_day`), `due` is since when it is due. Counts and shares have numbers beside the
    words: `have` so many, `more` so many break it, `broken_at` so many it is broken; a share `of` so many visits. When there was too
    much to judge, each row says under `complete_to` till when nothing is missing.
    """
    warned = views.due_next(tx, views.ALL, until)
    known = {(one.target, one.rule) for one in warned}
    ahead = Ahead()
    if kept and until is not None and policy is not None and now is not None:
        ahead = look_ahead(tx, policy, now, until)
    dated = [Coming(one.target, one.rule, one.standing, one.due, one.why) for one in warned if one.due is not None]
    dated += [one for one in ahead.coming if (one.target, one.rule) not in known]
    if policy is not None and now is not None:
        known |= {(one.target, one.rule) for one in ahead.coming}
        dated += [one for one in look_back(tx, policy, now, until) if (one.target, one.rule) not in known]
        dated += forecasts(tx, policy, now, EVER if until is None else until, dated)
    has_day = {(one.target, one.rule) for one in dated}
    left = [one for one in warned if one.due is None and (one.target, one.rule) not in has_day]
    if ahead.complete_to is not None and not dated and not left:
        raise Refusal(translate(cut_at(ahead.complete_to), language))
    cut: dict[str, object] = {} if ahead.complete_to is None else {"complete_to": ahead.complete_to.isoformat()}
    rows = [(one.due, one.target, one.rule, _row(one, one.due, one.count, language)) for one in dated]
    for bare in left:
        since = bare.turned_at
        assert since is not None  # whatever is due was decided at some time
        row = _row(bare, since, count_of(bare.inputs, bare.why), language) | {"no_day": True}
        rows.append((since, bare.target, bare.rule, row))
    return [row | cut for *_, row in sorted(rows, key=lambda told: told[:3])]


def _row(one: Coming | views.Due, day: datetime, count: Count | None, language: str) -> dict[str, object]:
    told = {"target": one.target, "rule": one.rule, "standing": one.standing.value}
    counted: Mapping[str, int | None] = {} if count is None else count._asdict()
    numbers = {name: number for name, number in counted.items() if number is not None}
    said = {"due": day.isoformat(), "why": _why(one, language)}
    return {**told, **said, **numbers}


def _why(one: Coming | views.Due, language: str) -> str:
    why = translate(one.why, language)
    if not isinstance(one, Coming) or one.unseen is None:
        return why
    seen, reason = (translate(words, language) for words in one.unseen)
    return translate(say("{why} ({seen}); cannot be seen since: {reason}", why=why, seen=seen, reason=reason), language)


def cut_at(complete_to: datetime) -> Text:
    """There was too much to judge it all: till when nothing is missing."""
    return say(
        "too much changes by then to judge it all: beyond {moment}, Beijing time, only what was warned of",
        moment=f"{complete_to.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
    )
