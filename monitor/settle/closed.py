"""A site that closed for good, as was filed: what hangs on it goes with it, but for the page with the notice of it.

Reads declarations; `touch_with_site` has columns and pages judged again when that begins or ends.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from monitor.config.settings import RawTarget
from monitor.judge.exemption import exempt_by
from monitor.judge.incidents import HIDDEN_BY_OUTAGE
from monitor.model import Cause, Compliance, Declaration, DeclarationKind, EntryKind, Facts, Standing, TargetKind
from monitor.settle.records import in_effect
from monitor.store import brought

GONE_WITH_SITE = HIDDEN_BY_OUTAGE | {Cause.STALE, Cause.ENTRY_PRESENT}
"""What befalls the columns and pages of a site that closed for good: nobody keeps them any more, as was filed."""


def closed_with_site(tx: sqlite3.Connection, target: RawTarget, now: datetime) -> Declaration | None:
    """The permanent closure of its site that is in force. The page with the notice of it is to stay all the same."""
    if target.kind not in {TargetKind.COLUMN, TargetKind.PAGE} or target.site is None:
        return None
    if target.entry is EntryKind.NOTICE:
        return None
    return next((one for one in _for_good(in_effect(tx, target.site, now)) if one.covers(now)), None)


def gone_with_site(
    tx: sqlite3.Connection, target: RawTarget, judged: tuple[Standing, ...], now: datetime
) -> tuple[Standing, ...]:
    """The same standings; exempt what is near or broken of a target that closed with its site. Asks the store for such alone."""
    if not any(_goes(one) for one in judged):
        return judged
    filed = closed_with_site(tx, target, now)
    return judged if filed is None else tuple(exempt_by(filed, one) if _goes(one) else one for one in judged)


def touch_with_site(
    tx: sqlite3.Connection, site: RawTarget, facts: Facts, since: datetime | None, now: datetime
) -> None:
    """Judge again what hangs on a site whose closure for good began or ended between `since`, when that was foreseen, and now."""
    turns = [at for one in _for_good(facts.declarations) for at in (one.start, one.end) if at is not None]
    if site.kind is TargetKind.SITE and since is not None and any(since <= at <= now for at in turns):
        brought.touch_on_site(tx, site.id, now)


def touch_when_filed(
    tx: sqlite3.Connection, site: str, before: Iterable[Declaration], after: Iterable[Declaration], now: datetime
) -> None:
    """The same when what is filed of a closure for good is not what stood."""
    if set(_ends(before)) != set(_ends(after)):
        brought.touch_on_site(tx, site, now)


def _goes(standing: Standing) -> bool:
    return standing.value in {Compliance.DUE, Compliance.BREACHED} and standing.cause in GONE_WITH_SITE


def _for_good(filed: Iterable[Declaration]) -> list[Declaration]:
    return [one for one in filed if one.kind is DeclarationKind.PERMANENT_OFFLINE]


def _ends(filed: Iterable[Declaration]) -> list[tuple[datetime, datetime | None]]:
    return [(one.start, one.end) for one in _for_good(filed)]
