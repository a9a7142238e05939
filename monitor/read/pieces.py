"""The day of an article whose year, month and day stand in elements of their own: 2024 / 05 / 17 / 16:20:05.

Reads the dates that a page joined of neighbouring texts; gives one that stands right below the title or above it. Asked only when no
line of the page says when it was published.
"""

import re
from itertools import islice

from monitor.read.dates import SURE
from monitor.read.gathered import Gathered

NEAR = 30  # nodes from the title to the day
_ABOVE = 15  # nodes from a day above the title to it
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


def day_in_pieces(page: Gathered, title: str | None) -> str | None:
    """ISO with +08:00 when a time of day follows, else the day alone; None when there is no such day."""
    nodes = page.document.nodes
    heading = next((one.index for one in page.document.texts if title and one.text == title), None)
    if heading is None:
        return None
    for stamp in page.stamps:
        apart = stamp.source == "text" and nodes[stamp.index].text != stamp.raw and len(stamp.date) == 10
        if not apart or stamp.form not in SURE or not heading - _ABOVE <= stamp.index <= heading + NEAR:
            continue
        if any(up.tag in {"a", "li"} for up in islice(nodes[stamp.index].up(), 4)):
            continue
        behind = (one.text for one in nodes[stamp.index : stamp.index + NEAR // 2] if one.tag == "#text")
        clock = next((match for text in behind if (match := _CLOCK.fullmatch(text))), None)
        seconds = f":{clock[3]}" if clock is not None and clock[3] else ""
        return stamp.date + (f"T{int(clock[1]):02d}:{clock[2]}{seconds}+08:00" if clock is not None else "")
    return None
