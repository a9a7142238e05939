"""What a plain regular expression for full dates makes of a page: the measure that reading has to beat.

Reads bytes, the encoding and the day of capture; gives the newest date the visible text prints. Knows nothing of lists.
"""

import re
from datetime import date
from html import unescape

_UNSEEN = re.compile(r"<!--.*?-->|<(script|style|title|noscript|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_FULL = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")


def visible_text(body: bytes, encoding: str | None) -> str:
    """What stands between the tags, scripts, styles and the title left out."""
    return unescape(_TAG.sub(" ", _UNSEEN.sub(" ", body.decode(encoding or "utf-8", "replace"))))


def newest_by_pattern(body: bytes, encoding: str | None, captured: date) -> str | None:
    """The newest full date in the text that is no later than the day of capture."""
    text = visible_text(body, encoding)
    days = [day for parts in _FULL.findall(text) if (day := _day(*map(int, parts))) is not None and day <= captured]
    return max(days).isoformat() if days else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
