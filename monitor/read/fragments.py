"""Parts of a date that stand in separate texts: 21 / 2020-12, 03/10 / 2025, 12月 / 24.

Text in, which part it is out; parts in, the day they make together. Knows nothing of nodes or lists; never a guess.
"""

import re
from datetime import date

from monitor.read.dates import find_dates, roll_back, widen

SIGNS = " \t\r\n[]()【】（）〔〕<>《》|｜/\\-—–_·•.,，。:：;；~*#»>\"'“”‘’′`°▪◆■●★☆\u200b\ufeff"
_FRAGMENT = re.compile(
    r"(?P<ym>(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?月?)|(?P<y>(?:19|20)\d\d)\s?年?|(?P<md>\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?)|"
    r"(?P<m>\d{1,2}\s?月|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?)|(?P<d>\d{1,2})\s?日?"
)

Fragment = tuple[str, str]
"""Which part of a date a text is, and the text."""


def fragment_kind(text: str) -> Fragment | None:
    """The part of a date a short text is, None for anything else."""
    if not (text[0].isdigit() or text[-1].isdigit() or text[-1] in "日月年])）】"):
        return None
    plain = widen(text).strip(SIGNS).lower()
    match = _FRAGMENT.fullmatch(plain)
    return (str(match.lastgroup), plain) if match is not None else None


def join(parts: list[Fragment], today: date) -> tuple[str, str] | None:
    """The date the parts make together, and its form; None when a part is missing or double."""
    kinds = dict(parts)
    names = set(kinds)
    if len(names) != len(parts):
        return None
    if names == {"ym", "d"}:
        text, form = f"{_dashed(kinds['ym'])}-{_dashed(kinds['d'])}", "full"
    elif names == {"y", "md"}:
        text, form = f"{_dashed(kinds['y'])}-{_dashed(kinds['md'])}", "full"
    elif names == {"y", "m", "d"} and kinds["m"][0].isdigit():
        text, form = f"{_dashed(kinds['y'])}-{_dashed(kinds['m'])}-{_dashed(kinds['d'])}", "full"
    elif names == {"m", "d"} and kinds["m"][0].isdigit():
        rolled = roll_back(int(_dashed(kinds["m"])), int(_dashed(kinds["d"])), today)
        return (rolled, "hanless") if rolled else None
    elif names == {"y", "m", "d"}:
        text, form = f"{kinds['m']} {_dashed(kinds['d'])}, {_dashed(kinds['y'])}", "monthday"
    else:
        return None
    found = find_dates(text, today)
    return (found[0].date, form) if len(found) == 1 and found[0].precise else None


def _dashed(text: str) -> str:
    return re.sub(r"\D+", "-", text).strip("-")
