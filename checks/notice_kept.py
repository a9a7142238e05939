"""Whether the notices that declarations name (公告) open, and are about this site or account.

Each is looked at once a day, from a month before its declaration begins; a failure counts after a second look an hour later. Of a site
that is off, as was filed for a while, the own notice cannot be read: then it counts that it was read before, or stands on the
placeholder page (韶关 第十一条). How long a notice is owed, the rules say. Source: domain.md §10.1 art. 10, 11; §10.2 art. 8, 9, 15.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from monitor.api import (
    BLIND_STATES,
    CLOSURES,
    OUTAGE_REACHES,
    Cause,
    Context,
    Declaration,
    DeclarationKind,
    Finding,
    Measure,
    Outcome,
    Page,
    Reach,
    Reading,
    State,
    Target,
    TargetKind,
    Text,
    civil_day,
    fail,
    host_of,
    lands_home,
    lands_on_error,
    ok,
    say,
    unknown,
)

KINDS = frozenset({TargetKind.SITE, TargetKind.ACCOUNT})
CADENCE = "page"
SECOND_LOOK = True
ON_FILING = True
NAME = "notice_kept"

FIELDS = ("own_notice", "portal_notice", "notice")
"""The addresses of notices that a declaration may tell (monitor/config/declared.py)."""

NEW = "new_url"
"""The field with the address to which the content went."""

MOST_READ = 1 << 20  # bytes of a page in which its names are looked for
FEWEST = 20  # Chinese characters that a page must show to be called another's: the rest may be a picture
SHORTEST = 4  # characters of a name without the words for a site: 某局 stands on every page
_SHOWN = Reach.OPEN, Reach.SLOW, Reach.MAINTENANCE  # a notice of closing reads like a page that is closed


@dataclass(frozen=True, slots=True)
class Options:
    """For how long a notice is looked at where its declaration has no end."""

    days: int = 100  # from the start: 15 working days are 33 days at the longest, the floor of 30 days ends before
    early: int = 30  # before the start: a site that is off cannot show its own


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    declared = await ctx.declared()
    codes = frozenset(code for one in declared if (code := _letters(one.text("site_code"))))
    watched = [one for one in declared if _is_watched(one, target.options, ctx)]
    found = [await _look(target, ctx, told, field, codes) for field in FIELDS for told in _alike(watched, field)]
    moved = _alike((one for one in watched if one.text("own_notice")), NEW)
    return [*found, *[await _names_new(target, ctx, told) for told in moved]]


def _alike(watched: Iterable[Declaration], field: str) -> list[list[Declaration]]:
    """Those that tell an address there, by address: one notice is looked at once, whoever names it."""
    found: dict[str, list[Declaration]] = {}
    for one in watched:
        if one.text(field):
            found.setdefault(one.notice(field), []).append(one)
    return list(found.values())


def _is_watched(one: Declaration, options: Options, ctx: Context) -> bool:
    last = one.start + timedelta(days=options.days)
    begins = one.start - timedelta(days=options.early)
    return begins <= ctx.now < max(last, one.end or last)


async def _look(
    target: Target[Options], ctx: Context, told: list[Declaration], field: str, codes: frozenset[str]
) -> Finding:
    """What one address says, under the name of its field. `told`: all that name it."""
    subject, first = told[0].notice(field), min(told, key=lambda one: one.start)
    page = await ctx.look(_whole(told[0].text(field), target.url))
    found = _said(target, page, field, codes)
    if found.outcome is Outcome.FAIL and field == "own_notice" and await _is_off_as_filed(target, ctx, told):
        found = _off(ctx, subject)
    if found.outcome is Outcome.FAIL and ctx.now < first.start:
        found = unknown(NAME, "early", say("the notice is not shown yet: it is owed from {day} on", day=_day(first)))
    if found.outcome is Outcome.UNKNOWN and field == "own_notice":
        found = found._replace(measures=_read(ctx, subject))
    return found._replace(subject=subject)


async def _names_new(target: Target[Options], ctx: Context, told: list[Declaration]) -> Finding:
    """Whether the own notice names the host where the content went; what cannot be read is told of the notice itself."""
    one, starts = told[0], min(one.start for one in told)
    page, subject = await ctx.look(_whole(one.text("own_notice"), target.url)), one.notice(NEW)
    written, shown = _texts(page)
    host = host_of(one.text(NEW)).removeprefix("www.")
    if host and re.search(rf"(?<![\w.-])(?:www\.)?{re.escape(host)}(?![\w-]|\.\w)", written):
        return ok(NAME, say("the notice names the new address"))._replace(subject=subject)
    if page.reach not in _SHOWN or len(_HAN.findall(shown)) < FEWEST or ctx.now < starts:
        return unknown(NAME, "unreadable", say("the notice cannot be read: a person must look"))._replace(
            subject=subject
        )
    words = say("the notice does not name the new address {host}: a person must look", host=host)
    return fail(NAME, Cause.NOTICE_KEPT, "no_new_address", words)._replace(subject=subject)


def _texts(page: Page) -> tuple[str, str]:
    """All that is written on a page in lower case, and the letters it shows."""
    reading = page.reading
    if reading is None:
        return "", ""
    written = html.unescape(_decoded(page.fetched.body[:MOST_READ], reading.encoding))
    return written.lower(), _letters(_TAG.sub("", written)) + _letters(reading.title or "")


def _whole(address: str, own: str) -> str:
    """The target's own page is asked anew, under another spelling: it may not have changed, or is read as a feed."""
    return f"{address.partition('#')[0]}#notice" if address == own else address


async def _is_off_as_filed(target: Target[Options], ctx: Context, told: list[Declaration]) -> bool:
    """A closure for a while, now; a site that moves or closes for good owes its notice for all of its days."""
    begun = [one for one in told if one.start <= ctx.now and (one.kind not in CLOSURES or one.covers(ctx.now))]
    if not begun or any(one.kind not in _FOR_A_WHILE for one in begun):
        return False
    return (await ctx.look(target.url)).reach in OUTAGE_REACHES


_FOR_A_WHILE = CLOSURES - {DeclarationKind.PERMANENT_OFFLINE}


def _off(ctx: Context, subject: str) -> Finding:
    """Nothing can be read; when it was told, that is told."""
    known = next((one.value for one in _read(ctx, subject)), None)
    if known is None:
        return unknown(NAME, "closed", say("the site is off as was filed: its own notice was never read"))
    return unknown(NAME, "closed", say("the site is off as was filed: its own notice was read on {day}", day=known))


def _read(ctx: Context, subject: str) -> tuple[Measure, ...]:
    """The day on which it was last read: every look that cannot tell hands it on, so that it is known when the site is off."""
    last = ctx.seen.said.get((NAME, subject))
    day = (
        None
        if last is None
        else str(civil_day(last.at))
        if last.outcome is Outcome.OK
        else dict(last.dates).get("read")
    )
    return () if day is None else (Measure("read", day, "date"),)


def _said(target: Target[Options], page: Page, field: str, codes: frozenset[str]) -> Finding:
    fetched, reading = page.fetched, page.reading
    evidence: dict[str, object] = {"reach": page.reach.value}
    if fetched.status is not None:
        evidence["status"] = fetched.status
    if "loop_stalled" in fetched.notes or "proxy_failed" in fetched.notes:
        return unknown(NAME, "proxy" if "proxy_failed" in fetched.notes else "stalled", _OURS, **evidence)
    if page.reach not in OUTAGE_REACHES and page.reach not in {Reach.OPEN, Reach.SLOW, Reach.HIJACKED}:
        return unknown(NAME, page.reach.value, _unseen(fetched.detail or page.reach.value), **evidence)
    if page.reach not in _SHOWN or _is_elsewhere(page):
        detail = fetched.detail or page.reach.value
        return fail(NAME, Cause.NOTICE_KEPT, "gone", Text(_GONE[field].template, {"detail": detail}), **evidence)
    if reading is None or (reading.state in BLIND_STATES and reading.state is not State.MAINTENANCE):
        state = reading.state.value if reading is not None else State.UNREADABLE.value
        return unknown(NAME, state, _unseen(state), **evidence)
    return _named(target, page, reading, field, codes, evidence)


def _is_elsewhere(page: Page) -> bool:
    asked, landed = page.fetched.url, page.fetched.final_url
    return lands_home(asked, landed) or lands_on_error(asked, landed)


def _named(  # noqa: PLR0917  one page, and all by which it may be known
    target: Target[Options],
    page: Page,
    reading: Reading,
    field: str,
    codes: frozenset[str],
    evidence: dict[str, object],
) -> Finding:
    written, shown = _texts(page)
    if _is_about(target, page, field, codes, written, shown):
        return ok(NAME, _KEPT[field], **evidence)
    if len(_HAN.findall(shown)) < FEWEST:
        return unknown(NAME, "unreadable", say("the notice shows hardly any text: a person must look"), **evidence)
    title = " ".join((reading.title or "").split())[:LONGEST]
    return fail(NAME, Cause.NOTICE_KEPT, "names_another", _ANOTHER[field], **evidence, title=title)


LONGEST = 100  # characters of a title that are kept


def _is_about(  # noqa: PLR0917
    target: Target[Options], page: Page, field: str, codes: frozenset[str], written: str, shown: str
) -> bool:
    """It bears the name, the host or the code of the site; a notice on the own site may say 本网站."""
    if any(name in shown for name in _names(target.name)) or any(code in shown for code in codes):
        return True
    if target.kind is not TargetKind.SITE:
        return False
    host = host_of(target.url).removeprefix("www.")
    if host and re.search(rf"(?<![\w.-])(?:www\.)?{re.escape(host)}(?![\w-]|\.\w)", written):
        return True
    at_home = host_of(page.fetched.final_url).removeprefix("www.") == host
    return field == "own_notice" and at_home and _OWN.search(shown) is not None


def _names(name: str) -> set[str]:
    """The declared name, and without the words for a site, where enough is left of it."""
    whole = _letters(name)
    short = _SITE_WORDS.sub("", whole)
    return {one for one in (whole, short) if one == whole or len(one) >= SHORTEST} - {""}


def _letters(text: str) -> str:
    return _SIGNS.sub("", text).casefold()


def _decoded(body: bytes, encoding: str | None) -> str:
    try:
        return body.decode(encoding or "utf-8", "replace")
    except LookupError:  # a name of the web that Python does not know
        return body.decode("utf-8", "replace")


def _day(one: Declaration) -> str:
    return str(civil_day(one.start))


def _unseen(detail: str) -> Text:
    return say("could not look: {detail}", detail=detail)


_TAG = re.compile(r"<[^<>]*>")
_SIGNS = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OWN = re.compile(r"[本我][局委办厅市县区镇]?(?:政府)?(?:门户|官方)?(?:网站|网|站)")
_SITE_WORDS = re.compile(r"(?:政府)?(?:门户网站|官方网站|信息网站?|政务网站?|网站|官网|网)$")
_OURS = say("our own network was in the way: nothing is said about the notice")

_GONE = {
    "own_notice": say("the notice on the own site does not open: {detail}"),
    "portal_notice": say("the notice on the portal does not open: {detail}"),
    "notice": say("the public notice does not open: {detail}"),
}
_ANOTHER = {
    "own_notice": say("the notice on the own site opens, but is not about the site"),
    "portal_notice": say("the notice on the portal opens, but does not name the site"),
    "notice": say("the public notice opens, but does not name the account"),
}
_KEPT = {
    "own_notice": say("the notice on the own site is shown"),
    "portal_notice": say("the notice on the portal is shown, and names the site"),
    "notice": say("the public notice is shown, and names the account"),
}
