"""Days and instants as people write them into tables, by the clock of Beijing. Pure."""

import re
from datetime import datetime

from monitor.config.when import FIRST, LAST

_MOMENT = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))"
    r"(?:[ T]*(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})?)?秒?(?:\.\d+)?(?:\+08:?00)?)?"
)


def moment(text: str) -> str:
    """A day as 2026-11-01, with a time 2026-11-01T09:30:00+08:00; raises ValueError."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    year, *days = found.group(1, *range(2, 12))
    month, day = (int(part) for part in days if part is not None)
    hour, minute, second = found.group(12, 13, 14)
    told = datetime(int(year), month, day, int(hour or 0), int(minute or 0), int(second or 0))
    if not FIRST <= told.year <= LAST:
        raise ValueError(text)
    return f"{told:%Y-%m-%d}" if hour is None else f"{told:%Y-%m-%dT%H:%M:%S}+08:00"


def day(text: str) -> str:
    """The day of a day or an instant, as 2026-11-01; raises ValueError."""
    return moment(text)[:10]
