"""Whether a post is the account's own or taken over from others, by the marks it carries; nothing is inferred.

Reads title, tags, text, stated source and the account's name; gives True (original), False (a repost) or None (no mark).
A government notice that passes another on (转发《…》的通知) is no repost.
"""

import re
from collections.abc import Iterable

EDGE = 300  # characters at each end of a text in which such marks stand

_TAG = re.compile(r"<[^>]{0,400}>|&nbsp;")
_BLANK = re.compile(r"[\s\u3000]+")
_OWN_TITLE = re.compile(r"^[\[【(（〔]\s*原创\s*[\]】)）〕]|^原创\s*[|｜丨:：·]")
_TAKEN_TITLE = re.compile(
    r"^[\[【(（〔]\s*(?:转载?|转发|转帖|转)\s*[\]】)）〕]|^(?:转载|转发|转)\s*[|｜丨:：·]|^转载自|^转自|^转发微博|^转发\s?@|[(（]转载?(?:自[^()（）]{1,20})?[)）]$"
)
_OWN_TEXT = re.compile(
    r"^[\[【(（]?原创[\]】)）]|本文(?:为|系)(?:本(?:账号|号|平台|公众号|单位))?原创|(?:^|[。\s])原创\s*[:：|｜丨]"
)
_TAKEN_TEXT = re.compile(r"(?:本文|内容|文章|图文|素材)?(?:转载自|转自|转载于|摘自|转载\s*[:：])|//@|^转发微博")
_SOURCE = re.compile(
    r"(?:^|[\s。|｜丨\[【(（])(?:本文|文章|稿件|内容|信息|图文)?(?:来源|来自)\s*(?:于|[:：|｜丨])\s*([^\s，。,;；|｜丨)）\]】<]{2,30})"
)
_HERE = re.compile(r"^本(?:站|网|局|账号|号|平台|公众号|单位|报|台|刊)|^原创$")
_TAGS = {"原创": True, "original": True, "转载": False, "转发": False, "repost": False}


def originality(*, title: str, tags: Iterable[str], text: str, source: str, account: str) -> bool | None:
    """What the marks of one post say; a mark of taking over beats one of being original. `source` is a feed's own element."""
    said = {_TAGS[tag] for one in tags if (tag := one.strip().strip("#").lower()) in _TAGS}
    edges = _edges(text)
    said |= {False for pattern, where in ((_TAKEN_TITLE, title), (_TAKEN_TEXT, edges)) if pattern.search(where)}
    said |= {True for pattern, where in ((_OWN_TITLE, title), (_OWN_TEXT, edges)) if pattern.search(where)}
    named = _SOURCE.search(edges)
    for name in filter(None, (source.strip(), named[1] if named is not None else "")):
        said.add(_is_own(name, account))
    return all(said) if said else None


def _is_own(name: str, account: str) -> bool:
    """True when a stated source is the account itself."""
    if _HERE.match(name):
        return True
    return bool(account) and (name in account or account in name)


def _edges(text: str) -> str:
    """Beginning and end of a text without its markup, on one line."""
    cut = text if len(text) <= 8 * EDGE else f"{text[: 4 * EDGE]} {text[-4 * EDGE :]}"
    plain = _BLANK.sub(" ", _TAG.sub(" ", cut)).strip()
    return plain if len(plain) <= 2 * EDGE else f"{plain[:EDGE]} {plain[-EDGE:]}"
