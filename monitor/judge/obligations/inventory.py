"""What the inventory itself must say of a target. Option `what` is one of the words of _WHAT.

Goes by the inventory alone (`Facts.kin`): no look is needed, and no clock. It is judged again when the inventory changes
(settle/intake.py). It is broken since a judging first came to that: since when the inventory says so nobody knows.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime

from monitor.judge.looks import met, since_when
from monitor.model import PROGRAMS, VIDEO, Cause, Compliance, Facts, Kin, Platform, Rule, Standing, Text, say

CAUSE = Cause.INVENTORY
MOST_NAMED = 5
"""Others that are named in a sentence."""

GOV = ("gov.cn", "xn--zfr164b", "xn--55qw42g")
"""What the host of a government site ends with: .gov.cn, .政务, .公益 (国办函〔2018〕55号; 佛山 第十四条)."""

PLATFORM_WORDS = re.compile(
    r"微信公众号|微信订阅号|微信服务号|微信视频号|公众号|订阅号|服务号|视频号|小程序|微信|新浪微博|腾讯微博|微博|抖音号?"
    r"|快手号?|今日头条号?|头条号?|哔哩哔哩|bilibili|b站|小红书|(?:移动|手机)?客户端|app|官方账?号?"
)
"""What is written behind or before a name only to tell accounts of several platforms apart."""

UNTOLD = say("its owner is not told: nothing can be compared")


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Broken by what the inventory says, kept otherwise; undecided where it does not say enough to compare."""
    if facts.kin is None:
        return Standing(rule.key, Compliance.UNKNOWN, say("not in the inventory"), CAUSE)
    value, why = _WHAT[str(rule.options["what"])](facts.kin)
    if value is Compliance.MET:
        return met(rule, CAUSE, why)
    since = since_when(rule, facts, value, now) if value is Compliance.BREACHED else None
    return Standing(rule.key, value, why, CAUSE, since=since)


Found = tuple[Compliance, Text]
_MET, _BREACHED, _UNKNOWN = Compliance.MET, Compliance.BREACHED, Compliance.UNKNOWN


def is_gov(host: str) -> bool:
    """Whether a host is under one of the government's endings; Unicode or as it is asked for."""
    try:
        plain = host.rstrip(".").lower().encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return any(plain == end or plain.endswith(f".{end}") for end in GOV)


def bare(name: str) -> str:
    """A name without what tells platforms apart, without blanks and signs: what must be the same everywhere."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    letters = "".join(letter for letter in plain if letter.isalnum())
    return PLATFORM_WORDS.sub("", letters) or letters


def _one_per_owner(kin: Kin) -> Found:
    if not kin.owner:
        return _UNKNOWN, UNTOLD
    if not kin.same_owner:
        return _MET, say("its owner has no other")
    others = _named(kin.same_owner)
    return _BREACHED, say("its owner has {n} more: {others}", n=len(kin.same_owner), others=others)


def _one_per_platform(kin: Kin) -> Found:
    if not kin.owner:
        return _UNKNOWN, UNTOLD
    if kin.platform in {None, Platform.OTHER}:
        return _UNKNOWN, say("its platform is not told: nothing can be compared")
    if not kin.same_platform:
        return _MET, say("its owner has no other on this platform")
    others, n = _named(kin.same_platform), len(kin.same_platform)
    return _BREACHED, say("its owner has {n} more on this platform: {others}", n=n, others=others)


def _one_and_video(kin: Kin) -> Found:
    """One account and one video account (韶关 第十四条). An app or a mini program is no account on a platform, and not counted."""
    if kin.platform in PROGRAMS:
        return _MET, say("a program of its own, no account on a platform")
    if not kin.owner:
        return _UNKNOWN, UNTOLD
    if kin.platform in {None, Platform.OTHER}:
        return _UNKNOWN, say("its platform is not told: nothing can be compared")
    others, n, is_video = _named(kin.same_sort), len(kin.same_sort), kin.platform in VIDEO
    if not n:
        return _MET, say("its owner has no other video account") if is_video else say("its owner has no other account")
    if is_video:
        return _BREACHED, say("its owner has {n} more video accounts: {others}", n=n, others=others)
    return _BREACHED, say("its owner has {n} more accounts beside those of video: {others}", n=n, others=others)


def _gov_cn(kin: Kin) -> Found:
    if is_gov(kin.host):
        return _MET, say("its host is one of the government")
    return _BREACHED, say("its host {host} does not end in .gov.cn", host=kin.host)


def _owner(kin: Kin) -> Found:
    return (_MET, say("its owner is told")) if kin.owner.strip() else (_BREACHED, say("no owner is told"))


def _contacts(kin: Kin) -> Found:
    return (_MET, say("there is somebody to call")) if kin.contacts else (_BREACHED, say("there is nobody to call"))


def _names(kin: Kin) -> Found:
    if not kin.owner:
        return _UNKNOWN, UNTOLD
    if len({bare(name) for name in kin.names}) <= 1:
        return _MET, say("its owner's accounts bear one name")
    return _BREACHED, say("its owner's accounts bear different names: {names}", names=_named(kin.names))


def _named(names: tuple[str, ...]) -> str:
    more = "…" if len(names) > MOST_NAMED else ""
    return "、".join(names[:MOST_NAMED]) + more


_WHAT: Mapping[str, Callable[[Kin], Found]] = {
    "one_per_owner": _one_per_owner,
    "one_per_platform": _one_per_platform,
    "one_and_video": _one_and_video,
    "gov_cn": _gov_cn,
    "owner": _owner,
    "contacts": _contacts,
    "names": _names,
}
