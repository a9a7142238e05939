"""One visit: a budgeted look at one target, through the eyes of the checks that are due.

Reads nothing but what the claim carries and what the wire answers; writes nothing. What a check cannot see is UNKNOWN,
what goes wrong inside a check is BROKEN (our fault), and neither is ever a verdict on the target.
"""

import asyncio
import traceback
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from monitor.api import Log
from monitor.model import (
    OVERDUE,
    Claim,
    Finding,
    Outcome,
    Reach,
    Target,
    Try,
    Unreachable,
    Visited,
    say,
    unknown,
)
from monitor.observe import proxy
from monitor.observe.holds import still_holds
from monitor.observe.look import Look
from monitor.observe.tools import Check, Tools

__all__ = ["Check", "Tools", "visit"]


async def visit(claim: Claim, tools: Tools, checks: Mapping[str, Check], cadences: Mapping[str, timedelta]) -> Visited:
    """Look at the target with every check that is due. Never raises but CancelledError, and that not when it is overdue."""
    started = tools.clock.now()
    look = Look(claim, tools, started, still_holds(claim.seen, started))
    findings: list[Finding] = []
    kind, running = claim.target.kind, ""
    try:
        for check in checks.values():
            if kind in check.kinds and _is_due(check, look, cadences):
                running = check.name
                findings += await _run(check, look)
    except asyncio.CancelledError as stopped:
        task = asyncio.current_task()
        if OVERDUE not in stopped.args or task is None or task.uncancel():
            raise
        findings.append(_broken(running, TimeoutError(), look.log))
    return _brought_home(look, findings)


def _is_due(check: Check, look: Look, cadences: Mapping[str, timedelta]) -> bool:
    """A check with a cadence of its own waits for it, unless this visit saw that its last answer no longer holds.

    Or unless its first failure is to be confirmed by a second look, or people filed since what it is to look at.
    """
    if check.cadence is None:
        return True
    last = look.seen.last_of(check.name)
    if last is None or look.now - last.at >= cadences[check.cadence]:
        return True
    filed_at = look.seen.filed_at if check.on_filing else None
    if filed_at is not None and last.at <= filed_at:
        return True
    if check.second_look:
        wait = cadences["second_look"]
        return look.now - last.at >= wait and _is_unconfirmed(check.name, look, wait)
    page = look.pages.get(look.claim.target.url)
    trusted = page.fetched.trusted if page else None
    return trusted is not None and trusted is not (last.outcome is Outcome.OK)


def _is_unconfirmed(check: str, look: Look, wait: timedelta) -> bool:
    """Whether its last look failed, at any of its subjects, and no look so long before had: two close together confirm nothing."""
    said = [last for (name, _), last in look.seen.said.items() if name == check]
    latest = max(last.at for last in said)
    return any(
        last.at == latest and last.outcome is Outcome.FAIL and last.at - (last.since or last.at) < wait for last in said
    )


async def _run(check: Check, look: Look) -> list[Finding]:
    target: Target[Any] = look.claim.target
    try:
        return await check.run(check.told_of(target), look)
    except Unreachable as error:
        words = say("could not look: {detail}", detail=error.detail or error.reach.value)
        reason = "proxy" if proxy.is_own(error.detail) else error.reach.value
        return [unknown(check.name, reason, words, reach=error.reach.value)]
    except Exception as error:  # noqa: BLE001, RUF100 - one page must never stop the watch: stored as BROKEN
        return [_broken(check.name, error, look.log)]


def _broken(check: str, error: Exception, log: Log) -> Finding:
    where = traceback.extract_tb(error.__traceback__)
    place = f"{where[-1].name}:{where[-1].lineno}" if where else ""
    log.warning("check.broke", check=check, error=type(error).__name__, place=place)
    words = say("the check {check} failed in the program itself", check=check)
    evidence = {"error": type(error).__name__, "place": place}
    return Finding(check, Outcome.BROKEN, words, reason=type(error).__name__, evidence=evidence)


def _brought_home(look: Look, findings: list[Finding]) -> Visited:
    url = look.claim.target.url
    page = look.pages.get(url)
    fetched = page.fetched if page else look.fetches.get(("GET", url)) or look.fetches.get(("HEAD", url))
    reach = page.reach if page else fetched.reach if fetched else Reach.TIMEOUT
    tries = (Try(fetched.started_at, reach, fetched.status, fetched.seconds),) if fetched else ()
    return Visited(
        claim=look.claim,
        started_at=look.now,
        ended_at=look.tools.clock.now(),
        reach=reach,
        tries=tries,
        findings=tuple(findings),
        page=page,
        body_hash=look.body_hash,
        normal_hash=look.normal_hash,
        read_before=None if look.remembered is None else look.remembered.read_at,
        letters=look.brought,
    )
