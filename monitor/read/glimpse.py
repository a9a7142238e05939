"""What an ordinary page is called, without reading the page: enough to say that nobody sold it and no error stands in its place.

Reads bytes; gives the title, or None when the page has to be read after all: when it shows little text (notices of sale, errors,
walls and jumps do), when it bears no title, or one with a word of spam. Looks at the beginning alone; linear in that.
"""

import re
from html import unescape

from monitor.read.charset import decode
from monitor.read.glance import FEW_WORDS
from monitor.read.html import squeeze
from monitor.read.words import coded, find_words

PART = 65_536  # bytes looked at: title and first text of any page stand there
ENOUGH = 2 * FEW_WORDS  # letters; with half of them out of sight it still is no small page
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,1000})</title", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style|title|noscript|textarea|template)\b|<!--")
_TAG = re.compile(r"<[^<>]*>")


def glimpse(body: bytes, charset: str | None) -> str | None:
    """The title of a page that need not be read; `charset` is what the HTTP header claims."""
    text = decode(body[: body.rfind(b">", 0, PART) + 1], charset).text  # behind a tag no letter is cut in two
    found = _TITLE.search(text)
    title = squeeze(unescape(found[1])) if found is not None else ""
    if not title or find_words(title.lower()) or find_words(coded(title).lower()):
        return None
    return title if _letters(text) > ENOUGH else None


def _letters(text: str) -> int:
    """About how many letters a visitor sees."""
    lower, parts, at = text.lower(), [], 0
    while (match := _UNSEEN.search(lower, at)) is not None:
        parts.append(text[at : match.start()])
        closing = f"</{match[1]}" if match[1] else "-->"
        at = lower.find(closing, match.end())
        if at < 0:
            break
        at += len(closing)
    else:
        parts.append(text[at:])
    return len("".join(_TAG.sub(" ", " ".join(parts)).split()))
