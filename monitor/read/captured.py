"""The day of capture, as reading asks for it: it remembers whether what was read would read the same on any later day.

Pure. Whoever reads dates is handed one of these in the place of a plain date, and need not know.
"""

from datetime import date, timedelta
from typing import Any


class CaptureDay(date):
    """The day of capture, which remembers whether a later day could have read otherwise.

    What is not after this day is after no later one; whatever else is asked of it (its year, the day before) may be
    answered differently tomorrow. `timeless` tells that nothing of that kind was asked.
    """

    timeless = True

    @classmethod
    def of(cls, day: date) -> "CaptureDay":
        """That day, with nothing asked yet."""
        return cls(day.year, day.month, day.day)

    def told(self, *, timeless: bool) -> None:
        """Something was asked of another such day, for this one."""
        self.timeless = self.timeless and timeless

    def __ge__(self, other: object) -> bool:
        return date.__ge__(self, other) or self._holds(for_ever=False)  # type: ignore[operator]

    def __gt__(self, other: object) -> bool:
        return self._holds(date.__gt__(self, other))  # type: ignore[operator]

    def __lt__(self, other: object) -> bool:
        return not self._holds(not date.__lt__(self, other))  # type: ignore[operator]

    def __le__(self, other: object) -> bool:
        return not self._holds(not date.__le__(self, other))  # type: ignore[operator]

    def __sub__(self, other: object) -> Any:
        self.timeless = False
        return date.__sub__(self, other)  # type: ignore[operator]

    def __rsub__(self, other: date) -> timedelta:
        self.timeless = False
        return other - date(*self.timetuple()[:3])

    @property
    def year(self) -> int:
        """Asked for, it makes what is read true of this day alone."""
        self.timeless = False
        return super().year

    def isoformat(self) -> str:
        """Likewise."""
        self.timeless = False
        return date.isoformat(self)

    def _holds(self, for_ever: bool) -> bool:
        self.timeless = self.timeless and for_ever
        return for_ever

    __hash__ = date.__hash__
