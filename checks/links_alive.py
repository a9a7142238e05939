"""Whether a link that pages carry leads anywhere (死链), and whether it still leads to what it did (外链变异).

Asks HEAD, then GET when HEAD does not settle it: when it says no, or when so little would come that it may be an error page
that comes with 200. What is to be read is asked with GET at once. Dead is only what its own server declares gone or what does not
answer at all; servers of other people that refuse programs or stumble (401, 403, 405, 412, 429, 5xx) cannot be judged.
A deep address that lands on the home page, and an attachment that turns out to be a web page, are dead too (domain.md §8).
A page of other people is read as well, at first and again when it changed or, where its server does not tell, a week has passed:
names run out and are bought. For sale, or titled with spam, it is suspected to have turned; another title alone says nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zlib import crc32

from monitor.api import (
    Cause,
    Context,
    Fetched,
    Finding,
    Outcome,
    Page,
    Reach,
    Seen,
    Sign,
    Target,
    TargetKind,
    Text,
    fail,
    host_of,
    how_it_ended,
    lands_home,
    lands_on_error,
    ok,
    say,
    unknown,
)

KINDS = frozenset({TargetKind.LINK})
OPENS = say("the link opens")
DAY = 86_400  # seconds
_TURNED = {
    ("link_spam", True): say("the link leads to gambling, pornography or the like now: {title} (before: {before})"),
    ("link_spam", False): say("the link leads to gambling, pornography or the like: {title}"),
    ("link_parked", True): say("the link leads to a name for sale or run out now: {title} (before: {before})"),
    ("link_parked", False): say("the link leads to a name for sale or run out: {title}"),
}
_LONGEST = 60  # letters of a title in a sentence

ATTACHMENTS = frozenset(
    [
        *("pdf", "doc", "docx", "xls", "xlsx", "csv", "ppt", "pptx", "wps", "et", "dps", "rtf", "rar", "zip"),
        *("7z", "gz", "tar", "ofd", "ceb", "cebx", "mp4", "mp3", "wmv", "flv"),
        *("avi", "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp"),
    ]
)
_MADE_BY_OFFICE = b"urn:schemas-microsoft-com:office"
"""In a document that Word or Excel saved as a web page: still the file that was meant."""


@dataclass(frozen=True, slots=True)
class Options:
    """The second look an hour later stands in the confirmation settings."""

    small: int = 1024  # bytes as sent; error pages with 200 are mostly smaller, pages of a site hardly ever
    read_again: int = 7  # days until a page of others is read though nothing tells of a change; ours


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    own = target.site is not None
    if own or not _is_to_be_read(target, ctx):
        answer = await ctx.fetch(target.url, method="HEAD")
        if _settles(answer, target.options.small) and (own or not _lands_elsewhere(answer, ctx.seen)):
            return [_finding(answer, answer.reach, own=own)]
    page = await ctx.look(target.url)
    return [_turned(page, ctx.seen) or _finding(page.fetched, page.reach, own=own)]


def _is_to_be_read(target: Target[Options], ctx: Context) -> bool:
    """Whether what stands behind it may be something else than when it was last read: never read, or long ago.

    A server that tells of changes is asked whether there was one, which costs no more than HEAD.
    """
    if _names_attachment(target.url):
        return False
    seen, last = ctx.seen, ctx.seen.last_of("links_alive")
    if last is None or last.outcome is not Outcome.OK:
        return True
    if seen.reading is not None and (seen.etag or seen.last_modified):
        return True
    return _turn(target, ctx.now) != _turn(target, last.at)


def _lands_elsewhere(answer: Fetched, seen: Seen) -> bool:
    """Whether it leads to another host than when it was read."""
    return _is_html(answer) and seen.reading is not None and seen.reading.lands != host_of(answer.final_url)


def _turn(target: Target[Options], at: datetime) -> int:
    """Which stretch of `read_again` days this is; each address begins its own at another time, so nothing has to be remembered."""
    period = target.options.read_again * DAY
    return (int(at.timestamp()) + crc32(target.url.encode()) % period) // period


def _turned(page: Page, seen: Seen) -> Finding | None:
    """That it shows a name for sale, or spam under its title, with what it was before where that is known."""
    reading = page.reading
    if reading is None or page.fetched.reach not in {Reach.OPEN, Reach.SLOW}:
        return None
    spam = next((one.excerpt for one in reading.tamper if one.why == Sign.TITLE), None)
    if spam is None and page.reach is not Reach.HIJACKED:
        return None
    reason, shown = ("link_parked", reading.title or "") if spam is None else ("link_spam", spam)
    before = seen.reading.title if seen.reading is not None else None
    words = _TURNED[reason, before is not None]
    told = Text(words.template, {"title": _plain(shown), **({} if before is None else {"before": _plain(before)})})
    return fail("links_alive", Cause.TAMPER, reason, told, **_evidence(page.fetched, page.reach), title=_plain(shown))


def _settles(answer: Fetched, small: int) -> bool:
    """HEAD is trusted when it says yes; many old servers answer it wrongly with no."""
    if answer.reach not in {Reach.OPEN, Reach.SLOW} or _is_page_for_attachment(answer):
        return False
    if lands_home(answer.url, answer.final_url):
        return True
    length = answer.header("content-length") or ""
    return not (_is_html(answer) and length.isdigit() and 0 < int(length) < small)


def _finding(answer: Fetched, reach: Reach, *, own: bool) -> Finding:
    """`reach` is the verdict of the wire and, where a body was read, of its reading."""
    evidence, status = _evidence(answer, reach), answer.status
    if "loop_stalled" in answer.notes:
        words = say("our own program was held up: nothing is said about the target")
        return unknown("links_alive", "stalled", words, **evidence)
    if "proxy_failed" in answer.notes:
        detail = answer.detail
        words = say("our own outgoing proxy is in the way ({detail}): nothing is said about the target", detail=detail)
        return unknown("links_alive", "proxy", words, **evidence)
    if reach in {Reach.OPEN, Reach.SLOW, Reach.TOO_LARGE}:
        if lands_home(answer.url, answer.final_url):
            return _dead("redirected_home", say("leads to the home page in place of the page"), evidence)
        if lands_on_error(answer.url, answer.final_url):
            return _dead("soft_error", how_it_ended(answer, Reach.SOFT_ERROR), evidence)
        if _is_page_for_attachment(answer):
            return _dead("not_a_file", say("a web page comes in place of the file"), evidence)
        return ok("links_alive", OPENS, **evidence)
    if reach is Reach.SOFT_ERROR and answer.reach in {Reach.OPEN, Reach.SLOW}:
        return _dead(reach.value, how_it_ended(answer, reach), evidence)
    if answer.reach is Reach.HTTP_ERROR and _declared_gone(status, reach, own=own):
        return _dead(f"http_{status}", how_it_ended(answer, Reach.HTTP_ERROR), evidence)
    if reach in {Reach.DNS, Reach.CONNECT, Reach.TLS, Reach.TIMEOUT, Reach.REDIRECT_LOOP, Reach.MALFORMED}:
        return _dead(reach.value, how_it_ended(answer, reach), evidence)
    return unknown("links_alive", reach.value, _undecided(answer, reach), **evidence)


def _undecided(answer: Fetched, reach: Reach) -> Text:
    """It answers, or we may not ask; neither says anything about the link."""
    if reach in {Reach.CHALLENGED, Reach.REFUSED_BY_GUARD, Reach.MAINTENANCE}:
        return how_it_ended(answer, reach)
    return say("alive, but refuses programs or stumbles (HTTP {status}): cannot be judged", status=answer.status or 0)


def _declared_gone(status: int | None, reach: Reach, *, own: bool) -> bool:
    """404 and 410 speak for themselves; a 5xx counts on a server of ours that does not say it is closed for a while."""
    if status in {404, 410}:
        return reach is not Reach.CHALLENGED
    return own and reach not in {Reach.CHALLENGED, Reach.MAINTENANCE}


def _dead(reason: str, words: Text, evidence: dict[str, object]) -> Finding:
    return fail("links_alive", Cause.DEAD_LINK, reason, words, **evidence)


def _is_page_for_attachment(answer: Fetched) -> bool:
    """By its type, or by what it begins with when it names none."""
    return _names_attachment(answer.url) and _is_html(answer) and _MADE_BY_OFFICE not in answer.body[:4096]


def _is_html(answer: Fetched) -> bool:
    kind = (answer.header("content-type") or "").lower()
    if kind.startswith(("text/html", "application/xhtml")):
        return not answer.body or answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    begin = answer.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return not kind.startswith("image/") and begin.startswith((b"<!doctype html", b"<html"))


@lru_cache(maxsize=256)  # asked twice of each answer
def _names_attachment(url: str) -> bool:
    name = url.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
    stem, _, suffix = name.rpartition(".")
    return bool(stem) and suffix.lower() in ATTACHMENTS


def _plain(text: str) -> str:
    """A title as it may stand in a sentence: one line, short."""
    return "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))[:_LONGEST]


def _evidence(answer: Fetched, reach: Reach) -> dict[str, object]:
    url = answer.hops[0].url if answer.hops else answer.final_url  # without a password that the address may carry
    evidence: dict[str, object] = {"reach": reach.value, "url": url}
    if answer.status is not None:
        evidence["status"] = answer.status
    if answer.detail:
        evidence["detail"] = answer.detail
    if answer.final_url != url:
        evidence["final_url"] = answer.final_url
    return evidence
