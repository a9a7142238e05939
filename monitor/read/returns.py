"""When a notice of closing says the site will be back: the last day it names as an end that is not past, or none.

Pure text and a day of capture. Ranges end with their second day; a beginning (…日起暂停) is no end; 另行通知 is none; a day
without a year is taken in the year that brings it nearest, since closings lie just behind and returns just ahead.
"""

import re
from calendar import monthrange
from datetime import date

from monitor.read.dates import SURE, find_dates

BEFORE, AFTER = 14, 18  # characters beside a day that may say what it is
HALF_A_YEAR = 184  # days
_SENTENCE = re.compile(r"[。！!？?；;\n]")
_END = re.compile(
    r"恢复|重新(?:开放|上线|开通|启用)|开放|上线|开通|启用|回归|完成|截[至止]|直至|为止|[至到]|结束|预计|until|till|back|return|through|\bby\b|\bto\b|[—–~～-]\s*$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"^.{0,10}?(?:恢复|重新|正式|开放|上线|开通|启用|回归|完成|结束|为?止|前|之前)", re.IGNORECASE)
_TIME = r"(?:\s*[（(][^）)]{1,6}[）)])?\s*(?:(?:凌晨|上午|下午|晚上?|零|\d{1,2})\s*(?:[:：时点]\s*\d{0,2}\s*分?)?)?\s*"
_BEGINS = re.compile(
    rf"^{_TIME}(?:起|开始|始)(?!\s*[，,]?\s*(?:恢复|重新|正式|全面|对外|开放|启用|上线|试运行|可|将恢复))|^{_TIME}(?:[至到]|[—–~～-]+)"
)
_DAY_ONLY = re.compile(rf"^{_TIME}(?:[至到]|[—–~～-]+)\s*(\d{{1,2}})\s*[日号]")
_SAID = re.compile(r"(?:发布|公布|印发|发文|更新|公告|通知)(?:时间|日期|日|于)\s*[:：]?\s*$")
_FAR = date(2199, 12, 31)
_FORMS = SURE | {"hanless"}


def return_date(text: str, today: date) -> str | None:
    """YYYY-MM-DD, not before `today`."""
    coming = [day for sentence in _SENTENCE.split(text) for day in _ends(sentence, today) if day >= today.isoformat()]
    return max(coming, default=None)


def _ends(sentence: str, today: date) -> list[str]:
    """The days at which something ends or begins again, in one sentence."""
    found = [one for one in find_dates(sentence, _FAR) if one.precise and one.form in _FORMS]
    days: list[str] = []
    for number, one in enumerate(found):
        value = _nearest(one.date, today) if one.form == "hanless" else one.date
        floor = found[number - 1].end if number else 0
        before, after = sentence[max(floor, one.start - BEFORE) : one.start], sentence[one.end : one.end + AFTER]
        last = _DAY_ONLY.match(after)
        if last is not None and value:
            days += _same_month(value, int(last[1]))
        elif (
            value
            and not _SAID.search(before)
            and not _BEGINS.match(after)
            and (_END.search(before) or _ENDS.match(_upto(after)))
        ):
            days.append(value)
    return days


def _upto(after: str) -> str:
    """What follows a day, as far as its own clause reaches."""
    return re.split(r"[，,。]", after, maxsplit=1)[0] if not after.startswith(("，", ",")) else after[1:]


def _same_month(value: str, day: int) -> list[str]:
    year, month = int(value[:4]), int(value[5:7])
    return [f"{value[:8]}{day:02d}"] if 1 <= day <= monthrange(year, month)[1] else []


def _nearest(value: str, today: date) -> str:
    """The year-less day in the year that brings it nearest; "" for a 29th of February of another year."""
    month, day = int(value[5:7]), int(value[8:])
    years = [year for year in (today.year - 1, today.year, today.year + 1) if day <= monthrange(year, month)[1]]
    days = [date(year, month, day) for year in years] or [today]
    nearest = min(days, key=lambda one: abs(one - today))
    return nearest.isoformat() if abs((nearest - today).days) <= HALF_A_YEAR else ""
