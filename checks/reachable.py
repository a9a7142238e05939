"""Whether a home page, column or page opens, and how it ended when it does not.

Follows the table of DESIGN.md §1: an outage, a slow answer and a hijacked page are failures of their own kind;
whoever is alive but refuses programs could not be looked at.
"""

from dataclasses import dataclass

from monitor.api import (
    OUTAGE_REACHES,
    Cause,
    Context,
    Finding,
    Measure,
    Page,
    Reach,
    Target,
    TargetKind,
    Text,
    fail,
    how_it_ended,
    ok,
    say,
    unknown,
)

KINDS = frozenset({TargetKind.SITE, TargetKind.COLUMN, TargetKind.PAGE})


@dataclass(frozen=True, slots=True)
class Options:
    """Nothing to set: 15 s and 30 s are the limits of the regulation and stand in the fetch settings."""


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    page = await ctx.look(target.url)
    return [_finding(page, target.kind)]


def _finding(page: Page, kind: TargetKind) -> Finding:
    reach = page.reach
    took = Measure("seconds", round(page.fetched.seconds, 3), "seconds")
    if reach is Reach.OPEN:
        return ok("reachable", say("opens in {seconds} s", seconds=_tenths(page)), took, **_evidence(page))
    if "loop_stalled" in page.fetched.notes:
        return unknown(
            "reachable", "stalled", say("our own program was held up: nothing is said about the target"), took
        )
    if "proxy_failed" in page.fetched.notes:
        detail = page.fetched.detail
        words = say("our own outgoing proxy is in the way ({detail}): nothing is said about the target", detail=detail)
        return unknown("reachable", "proxy", words, took, **_evidence(page))
    if reach is Reach.SLOW:
        words = say("complete only after {seconds} s, limit 15 s", seconds=_tenths(page))
        return fail("reachable", Cause.SLOW, "slow", words, took, **_evidence(page))
    if reach is Reach.HIJACKED:
        return fail("reachable", Cause.TAMPER, "hijacked", _words(page), took, **_evidence(page))
    if reach in OUTAGE_REACHES and not (reach is Reach.MAINTENANCE and kind is not TargetKind.SITE):
        return fail("reachable", Cause.OUTAGE, reach.value, _words(page), took, **_evidence(page))
    return unknown("reachable", reach.value, _words(page), took, **_evidence(page))


def _words(page: Page) -> Text:
    """What happened, and when a page that is closed for maintenance says it will be back."""
    returns_on = page.reading.returns_on if page.reading is not None else None
    if page.reach is Reach.MAINTENANCE and returns_on is not None:
        return say("the page says it is closed for maintenance and back on {day}", day=returns_on)
    return how_it_ended(page.fetched, page.reach)


def _tenths(page: Page) -> str:
    seconds = page.fetched.seconds
    return f"{seconds:.1f}" if seconds >= 0.1 else "less than 0.1"


def _evidence(page: Page) -> dict[str, object]:
    """What decided it, small enough to keep with every incident; what says nothing is left out."""
    fetched, reading = page.fetched, page.reading
    url = fetched.hops[0].url if fetched.hops else fetched.final_url  # without a password that the address may carry
    evidence: dict[str, object] = {"reach": page.reach.value, "url": url, "seconds": round(fetched.seconds, 3)}
    if fetched.status is not None:
        evidence["status"] = fetched.status
    if fetched.detail:
        evidence["detail"] = fetched.detail
    if fetched.address is not None:
        evidence["address"] = fetched.address
    if fetched.final_url != url:
        evidence["final_url"] = fetched.final_url
    if fetched.notes:
        evidence["notes"] = list(fetched.notes)
    if len(fetched.hops) > 1:
        evidence["hops"] = [[hop.url, hop.status] for hop in fetched.hops]
    if reading is not None and reading.title is not None:
        evidence["title"] = reading.title
    if reading is not None and reading.returns_on is not None:
        evidence["returns_on"] = reading.returns_on
    return evidence
