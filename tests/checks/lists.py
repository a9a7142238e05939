"""Lists that are looked at again and again, with the real memory of the store between the looks; civil days of Shanghai."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from checks.dates_honest import Options, Suspected, suspicions
from monitor.model import Item, Reading, State, TargetKind
from monitor.store import seen

START = date(2026, 3, 2)
_WHERE = (
    "东河镇",
    "西山乡",
    "南湖街道",
    "北塘镇",
    "中心城区",
    "高新园区",
    "青石乡",
    "白水镇",
    "龙潭街道",
    "凤凰镇",
    "云台乡",
)
_WHAT = (
    "举行春耕备耕现场观摩",
    "老旧小区加装电梯完成验收",
    "灌溉渠道清淤工程全线贯通",
    "返乡创业者座谈交流",
    "图书馆新馆迎来首批读者",
)


def day(number: int) -> str:
    """So many days after the first look."""
    return (START + timedelta(days=number)).isoformat()


def title(number: int) -> str:
    """A headline that no other number has."""
    return f"{_WHERE[number % 11]}{_WHAT[number % 5]}引来{'甲乙丙丁戊己庚辛壬癸'[number // 55 % 10]}组村民"


def item(number: int, on: int | str, *, name: str = "", at: str = "", **more: bool) -> Item:
    """An item; `on` is its day after the first look, or as it is printed."""
    printed = day(on) if isinstance(on, int) else on
    return Item(name or title(number), at or f"http://www.a.example/gzdt/{number}.html", printed, "text", **more)


def noon(number: int) -> datetime:
    """12:00 in Shanghai of that day."""
    return datetime.combine(START + timedelta(days=number), time(4), UTC)


@dataclass
class Watched:
    """A list between two looks. `read_at` is when it was last read."""

    tx: sqlite3.Connection
    read_at: datetime | None = None
    options: Options = field(default_factory=Options)
    dynamic: bool = True
    timeless: bool = True

    def look(self, on: int, items: Iterable[Item]) -> list[Suspected]:
        """What is suspected at the look of that day; the list is remembered as settle does it."""
        shown, now = tuple(items), noon(on)
        reading = Reading(kind=TargetKind.COLUMN, state=State.LISTED, items=shown, timeless=self.timeless)
        earlier = seen.earlier(self.tx, "c", shown)._replace(read_at=self.read_at)
        found = suspicions(reading, earlier, now, self.options, dynamic=self.dynamic)
        seen.note_items(self.tx, "c", shown, now, self.read_at)
        self.read_at = now
        return found

    def last(self, *looks: tuple[int, Sequence[Item]]) -> list[str]:
        """Why the last of these looks finds something suspicious, in the order it is told."""
        return [one.why for one in [self.look(on, items) for on, items in looks][-1]]
