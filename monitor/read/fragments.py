"""Parts of a date that stand in separate texts: 21 / 2020-12, 03/10 / 2025, 08 / 05/2026, 12月 / 24, 2025 / 03 / 10, 24 / Dec / 2025.

Text in, which part it is out; parts in, the day they make together. Knows nothing of nodes or lists; never a guess.
"""

import re
from datetime import date

from monitor.read.dates import find_dates, read_day, roll_back, widen

SIGNS = " \t\r\n[]()【】（）〔〕「」『』〖〗〈〉{}<>《》|｜/\\-—–_·•.…,，。:：;；~*#»>\"'“”‘’′`°▪◆■●★☆\u200b\ufeff"
_EN = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_Y4 = r"(?:19|20)\d\d"
_FRAGMENT = re.compile(
    rf"(?P<my>\d{{1,2}}\s?[-/.]\s?{_Y4})|(?P<ym>{_Y4}\s?[-/.年]\s?\d{{1,2}}\s?月?)|(?P<y>{_Y4})\s?年?|(?P<md>\d{{1,2}}\s?[-/.月]\s?\d{{1,2}}\s?[日号]?)|"
    rf"(?P<m>\d{{1,2}}\s?月)|(?P<em>{_EN})|(?P<emy>{_EN}[\s.,\-/]{{1,2}}{_Y4})|(?P<emd>{_EN}[\s.]{{1,2}}\d{{1,2}}|\d{{1,2}}\s?{_EN})|"
    r"(?P<d>\d{1,2})\s?[日号]|(?P<n>\d{1,2})"
)
_ENDS = "日号月年])）】」』〕"
_MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"})

Fragment = tuple[str, str]
"""Which part of a date a text is, and the text."""


def fragment_kind(text: str) -> Fragment | None:
    """The part of a date a short text is, None for anything else."""
    if not (text[0].isdigit() or text[-1].isdigit() or text[-1] in _ENDS or names_month(text)):
        return None
    plain = widen(text).strip(SIGNS).lower()
    match = _FRAGMENT.fullmatch(plain)
    return (str(match.lastgroup), plain) if match is not None else None


def names_month(text: str) -> bool:
    """True for Nov, November, NOV 2026 and other texts that begin so."""
    return text[:3].lower() in _MONTHS


def join(parts: list[Fragment], today: date, *, day_first: bool | None = None) -> tuple[str, str] | None:
    """The date the parts make together, and its form; None when a part is missing, double, or could be another one.

    Two bare numbers are month and day behind a year; before one, only if the page shows their order (`day_first`).
    """
    kinds = tuple(kind for kind, _ in parts)
    if kinds.count("n") == 2:
        return _by_order(kinds, [text for _, text in parts], today, day_first)
    found = dict(parts)
    if len(found) != len(parts):
        return None
    if "n" in found:
        found["d"] = found.pop("n")
    if "my" in found:  # 05/2026 below a day
        month, year = _dashed(found.pop("my")).split("-")
        found["ym"] = f"{year}-{month}"
    return _together(found, today)


def _by_order(kinds: tuple[str, ...], texts: list[str], today: date, day_first: bool | None) -> tuple[str, str] | None:
    """Bare numbers, told apart by where the year stands; each must be written with two digits."""
    numbers = [int(text) for kind, text in zip(kinds, texts, strict=True) if kind == "n" and len(text) == 2]
    if len(numbers) < 2:
        return None
    if kinds == ("y", "n", "n"):
        month, day = numbers
    elif kinds == ("n", "n", "y") and day_first is not None:
        month, day = reversed(numbers) if day_first else numbers
    else:
        return None
    value = read_day(int(_dashed(texts[kinds.index("y")])), month, day, today)
    return (value, "full") if value else None


def _together(found: dict[str, str], today: date) -> tuple[str, str] | None:
    """The day of parts that each tell which one they are."""
    names = frozenset(found)
    if names == {"m", "d"}:
        rolled = roll_back(int(_dashed(found["m"])), int(_dashed(found["d"])), today)
        return (rolled, "hanless") if rolled else None
    pieces = _ORDERS.get(names)
    if pieces is None:
        return None
    text = " ".join(found[name] for name in pieces)
    if names <= {"y", "m", "d", "ym", "md"}:
        text = _dashed(text)
    dates = find_dates(text, today)
    return (dates[0].date, dates[0].form) if len(dates) == 1 and dates[0].precise else None


_ORDERS = {
    frozenset(names): names
    for names in (
        ("ym", "d"), ("y", "md"), ("y", "m", "d"), ("em", "d", "y"), ("d", "emy"), ("emd", "y"), ("em", "d"),
    )
}  # fmt: skip
"""Which parts make a day, and the order in which they are read."""


def _dashed(text: str) -> str:
    return re.sub(r"\D+", "-", text).strip("-")
