"""Whether a page shows signs that strangers wrote into it (疑似篡改、暗链), with the excerpt that shows the gravest.

Beside what the page itself shows counts what is strange on one that is known: the title of somebody else, a script or frame from
where none ever came. A suspicion, never a proof: people verify. What could not be read is UNKNOWN; a page that is another's altogether is
`reachable`'s to tell. With `as_search` the page is looked at once more the way visitors of a search engine come to it.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.api import (
    BLIND_STATES,
    Cause,
    Context,
    Familiar,
    Finding,
    Measure,
    Reach,
    Reading,
    Sign,
    Suspicion,
    Target,
    TargetKind,
    Text,
    civil_day,
    fail,
    ok,
    say,
    unfamiliar,
    unread,
)

KINDS = frozenset({TargetKind.SITE, TargetKind.COLUMN, TargetKind.PAGE})
SEARCH = "https://www.baidu.com/link"
"""Where a visitor of the search engine comes from that most cloaked pages ask for."""


@dataclass(frozen=True, slots=True)
class Options:
    """`as_search`: look a second time with a search engine's Referer. `sheets` 0: never ask for style sheets."""

    as_search: bool = False  # yes or no; no: it doubles the requests to the target
    sheets: int = 4  # style sheets of the site's own asked of a page with new links to strangers; most sites have fewer


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    reading = await ctx.page(target.url)
    before = ctx.seen.reading.familiar if ctx.seen.reading is not None else None
    if reading.sheets and not reading.tamper and (before is None or before.cleared != reading.doubts):
        reading = await _with_sheets(target, reading, ctx)
    strange = unfamiliar(target, reading, before, civil_day(ctx.now))
    if signs := tuple(dict.fromkeys((*reading.tamper, *strange))):
        return [_suspected(signs, target.name, before)]
    if target.options.as_search and (cloaked := await _seen_from_search(target.url, reading, ctx)) is not None:
        return [cloaked]
    if reading.state in BLIND_STATES:
        return [unread("tampered", reading)]
    return [_CLEAN]


async def _with_sheets(target: Target[Options], reading: Reading, ctx: Context) -> Reading:
    """The page with what its site's own style sheets hide on it; those that are gone hide nothing."""
    asked = [await ctx.fetch(url) for url in reading.sheets[: target.options.sheets]]
    came = [one for one in asked if one.reach in _CAME]
    gone = [one for one in asked if one.reach is Reach.HTTP_ERROR]
    return await ctx.beside(target.url, came, all_of_them=len(came) + len(gone) == len(asked)) if asked else reading


def _suspected(signs: tuple[Suspicion, ...], name: str = "", before: Familiar | None = None) -> Finding:
    """The gravest sign leads; what links are concerned decides which rule is broken.

    `name` is what the page is called here, `before` what it was known by.
    """
    first = min(signs, key=lambda one: _GRAVEST.index(Sign(one.why)))
    sign = Sign(first.why)
    told = [{"why": one.why, "excerpt": _plain(one.excerpt)} for one in signs]
    values = {"excerpt": _plain(first.excerpt)}
    if sign is Sign.OTHER_TITLE:
        values |= {"before": _plain(before.title or "") if before is not None else "", "name": _plain(name)}
    words = Text(_SAYS[sign].template, values)
    return fail("tampered", Cause.TAMPER, sign.name.lower(), words, Measure("signs", len(signs), "count"), signs=told)


async def _seen_from_search(url: str, reading: Reading, ctx: Context) -> Finding | None:
    """What visitors of a search engine get, where it is worse; None when it is the same or did not come."""
    page = await ctx.look(url, referer=SEARCH)
    if page.reading is None or page.reach not in {Reach.OPEN, Reach.SLOW, Reach.HIJACKED}:
        return None
    if page.reading.tamper:
        return _suspected(page.reading.tamper)
    if page.reach is Reach.HIJACKED:
        shown = _plain(page.reading.title or "")
        words = say("visitors of search engines are shown another page: {excerpt}", excerpt=shown)
        return fail("tampered", Cause.TAMPER, "cloaked", words, title=shown)
    first = await ctx.look(url)
    here, there = (urlsplit(one.fetched.final_url).hostname for one in (first, page))
    if here == there or reading.title == page.reading.title:
        return None
    words = say("visitors of search engines are sent to {host}", host=there or "")
    return fail("tampered", Cause.TAMPER, "cloaked", words, host=there)


def _plain(text: str) -> str:
    """An excerpt as it may stand in a sentence: one line, short."""
    return "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))[:_LONGEST]


_CAME = frozenset({Reach.OPEN, Reach.SLOW})
_LONGEST = 100  # letters of an excerpt
_CLEAN = ok("tampered", say("no signs of tampering"))
_SAYS = {
    Sign.HIDDEN_LINKS: say("links to strangers that visitors cannot see: {excerpt}"),
    Sign.LINKS: say("links that advertise gambling, pornography or the like: {excerpt}"),
    Sign.HIDDEN_WORDS: say("hidden words of gambling, pornography or the like: {excerpt}"),
    Sign.TITLE: say("words of gambling, pornography or the like in the title: {excerpt}"),
    Sign.TAGS: say("words of gambling, pornography or the like in keywords or description: {excerpt}"),
    Sign.TEXT: say("words of gambling, pornography or the like in the text: {excerpt}"),
    Sign.CLOAK: say("a script that shows search engines another page: {excerpt}"),
    Sign.SCRIPT: say("a script of strangers: {excerpt}"),
    Sign.FRAME: say("a frame of strangers that nobody is to see: {excerpt}"),
    Sign.OTHER_TITLE: say(
        "the title seems to be that of another site: {excerpt} (before: {before}); it shares nothing with {name}"
    ),
    Sign.NEW_SCRIPT: say(
        "a script from a host never seen on this page before, which was otherwise as it was: {excerpt}"
    ),
    Sign.NEW_FRAME: say("a frame from a host never seen on this page before, which was otherwise as it was: {excerpt}"),
}
_GRAVEST = list(_SAYS)
