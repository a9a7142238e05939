"""Whether a home page shows the marks that a government site owes its visitors (网站标识).

Eight are asked for: the 党政机关 mark, the 找错 entry, 网站标识码, ICP备案, 公安备案, sponsor, contact and site map. A code printed
that is not the declared one is another site's, and as bad as none. Source: domain.md §1.5, N-ID. Looks with every visit.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

from monitor.api import (
    BLIND_STATES,
    Cause,
    Context,
    Finding,
    Measure,
    Reading,
    State,
    Target,
    TargetKind,
    Text,
    fail,
    ok,
    say,
    unread,
)

KINDS = frozenset({TargetKind.SITE})

Mark = Literal["conac", "jiucuo", "site_code", "icp", "police", "sponsor", "contact", "sitemap"]
MARKS: tuple[Mark, ...] = ("conac", "jiucuo", "site_code", "icp", "police", "sponsor", "contact", "sitemap")


@dataclass(frozen=True, slots=True)
class Options:
    """What a site owes, and the code it was given."""

    required: tuple[Mark, ...] = MARKS  # of these eight; a site of a people's congress owes no conac mark, say
    site_code: str = ""  # the 网站标识码 it was given (ten digits, or bm and eight): "" compares nothing


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    reading = await ctx.page(target.url)
    if reading.state in BLIND_STATES or reading.state is State.BLANK:
        return [unread("marks_present", reading)]
    return [_finding(reading, target.options)]


def _finding(reading: Reading, options: Options) -> Finding:
    shown, declared = reading.marks, options.site_code
    missing = [name for name in MARKS if name in options.required and not getattr(shown, name)]
    evidence = {name: value for name in MARKS if (value := getattr(shown, name))}
    count = Measure("missing", len(missing), "count")
    if declared and shown.site_code and _plain(shown.site_code) != _plain(declared):
        words = _other_code(shown.site_code[:_LONGEST], declared[:_LONGEST], _named(missing))
        return fail("marks_present", Cause.MARKS, "other_code", words, count, **evidence, missing=missing)
    if missing:
        words = say("not on the home page: {marks}", marks=_named(missing))
        return fail("marks_present", Cause.MARKS, "missing", words, count, **evidence, missing=missing)
    return ok("marks_present", _ALL_THERE, count, **evidence)


def _other_code(printed: str, declared: str, missing: str) -> Text:
    if not missing:
        return say(
            "the site code printed is {printed}, the declared one is {declared}", printed=printed, declared=declared
        )
    return say(
        "the site code printed is {printed}, the declared one is {declared}; not on the home page: {marks}",
        printed=printed,
        declared=declared,
        marks=missing,
    )


def _named(missing: list[Mark]) -> str:
    """By the names people call them, which are Chinese in every language."""
    return "、".join(_NAMES[name] for name in missing)


def _plain(code: str) -> str:
    return unicodedata.normalize("NFKC", code).lower().strip()


_ALL_THERE = say("the footer marks are there")
_LONGEST = 40  # characters of a code in a sentence
_NAMES: dict[Mark, str] = {
    "conac": "党政机关标识",
    "jiucuo": "网站找错入口",
    "site_code": "网站标识码",
    "icp": "ICP备案号",
    "police": "公安备案号",
    "sponsor": "主办单位",
    "contact": "联系方式",
    "sitemap": "网站地图",
}
