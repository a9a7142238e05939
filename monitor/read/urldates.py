"""The date inside an address (domain.md §8): address and capture day in, YYYY-MM-DD or YYYY-MM out.

Knows the dialects of the common systems: t20230803_1.html, /art/2023/8/3/, /2023-08/03/, /2023/0803/, /20230803/,
content_20230803_1, P020230803…, /202308/<hash>, ids that begin with a day. An address shows when a page was made, not always when it was published.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from monitor.read.dates import read_day, read_month

_Y = r"(?P<y>(?:19|20)\d\d)"
_M, _D = r"(?P<m>0[1-9]|1[0-2])", r"(?P<d>0[1-9]|[12]\d|3[01])"
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![a-z0-9])[tpc]{_Y}{_M}{_D}_\d+",  # TRS
        rf"/[PW]0{_Y}{_M}{_D}\d{{9,15}}(?!\d)",  # TRS, a file attached
        rf"/{_Y}[/_](?P<m>1[0-2]|0?[1-9])[/_](?P<d>3[01]|[12]\d|0?[1-9])(?=[/_])",  # /art/2023/8/3/art_1_2.html
        rf"/{_Y}-{_M}/{_D}(?!\d)",
        rf"/{_Y}-(?P<m>1[0-2]|[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])(?=/)",
        rf"/{_Y}/{_M}-?{_D}(?!\d)",
        rf"/{_Y}-(?P<m>1[0-2]|0?[1-9])-(?P<d>3[01]|[12]\d|0?[1-9])(?=[/_.\-])",
        rf"(?<!\d){_Y}{_M}/{_D}(?=/)",
        rf"[/_\-]{_Y}{_M}{_D}(?=[/_.\-]|$)",
        rf"[/_=]{_Y}{_M}{_D}\d{{4,12}}(?!\d)",  # ids that begin with a day
    )
)
_MONTHS = tuple(re.compile(pattern) for pattern in (rf"/{_Y}{_M}(?=/)", rf"/{_Y}-{_M}(?=/)", rf"/{_Y}/{_M}(?=/)"))
_YEAR = re.compile(r"(?:19|20)\d\d")
SAME_DAY = 5  # so many addresses with one and the same day tell of a migration, not of publishing


def url_date(url: str | None, today: date) -> str | None:
    """The day, or only the month, that an address shows; None when none or later than `today`."""
    if not url or _YEAR.search(url) is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = f"/{parts.path.lstrip('/')}?{parts.query}" if parts.query else f"/{parts.path.lstrip('/')}"
    for pattern in _DAYS:
        match = pattern.search(path)
        if match is not None:
            return read_day(int(match["y"]), int(match["m"]), int(match["d"]), today)
    for pattern in _MONTHS:
        match = pattern.search(path)
        if match is not None:
            return read_month(int(match["y"]), int(match["m"]), today)
    return None


def credible(dates: Sequence[str | None]) -> bool:
    """False when a handful of addresses all show the same day; a month may well have as many."""
    counts = Counter(value for value in dates if value)
    return bool(counts) and not (
        len(counts) == 1 and counts.total() >= SAME_DAY and all(len(one) > 7 for one in counts)
    )
