"""What one input of the fuzzer goes through, and what must hold of it whatever it is.

Two bytes choose the reader and what HTTP claims, the rest is the body. No exception, no day to come, every reading the same
after a way through JSON, and processor time no more than 50 times what its size may cost: read twice, once repeated to
some 100 KB, so that what grows faster than its input shows.
"""

import json
import time
from collections.abc import Callable
from datetime import date

from monitor.model import Reading, State, TargetKind
from monitor.read.bounds import TooMuch
from monitor.read.captured import CaptureDay
from monitor.read.charset import decode, whatwg_name
from monitor.read.columns import find_leads
from monitor.read.dates import find_dates
from monitor.read.feed import looks_like_feed, read_feed
from monitor.read.feeddates import read_feed_date
from monitor.read.gathered import Gathered
from monitor.read.html import parse
from monitor.read.links import Addresses
from monitor.read.normal import normal_hash
from monitor.read.page import Source, read_source
from monitor.read.slim import from_json, to_json
from monitor.read.unfold import unfold
from monitor.read.urldates import url_date

TODAY = date(2026, 11, 20)
URL = "http://www.shi.gov.cn/zwgk/tzgg/index.html"
CLAIMS = (None, "utf-8", "gbk", "gb2312", "big5", "iso-8859-1", "utf-16", "x-unknown")
STATUS = (None, 200, 404, 412, 503)
LARGE = 100_000
"""Bytes an input is repeated to, now and then."""
PER_BYTE = 1e-6
"""Seconds of processor a byte may cost: 20 times what a dense list page costs (tests/bench/bench_read.py), for the counting of branches."""
SLACK = 50
AT_LEAST = 2.0
"""Seconds allowed to any input, however small: imports and caches are filled by the first ones."""


class TooSlow(AssertionError):
    """An input cost far more than its size explains."""


def examine(data: bytes) -> None:
    """One input; raises what the reader raises, AssertionError for what must not be, TooSlow."""
    if len(data) < 2:
        return
    reader, claim = READERS[data[0] % len(READERS)], data[1]
    body = data[2:]
    if data[0] >= 0xF0 and body:
        body *= max(1, LARGE // len(body))
    began = time.process_time()
    reader(body, claim)
    check_cost(time.process_time() - began, len(body))


def check_cost(seconds: float, size: int) -> None:
    """Raises TooSlow when `size` bytes do not explain that much processor time."""
    allowed = AT_LEAST + SLACK * PER_BYTE * size
    if seconds > allowed:
        raise TooSlow(f"{seconds:.1f} s of processor for {size} bytes, at most {allowed:.1f}")


def _page(kind: TargetKind) -> Callable[[bytes, int], None]:
    def read(body: bytes, claim: int) -> None:
        charset, status = CLAIMS[claim % len(CLAIMS)], STATUS[claim // 8 % len(STATUS)]
        source = Source(url=URL, kind=kind, charset=charset, status=status, captured=CaptureDay.of(TODAY))
        _holds(read_source(body, source)[0])
        assert normal_hash(body)

    return read


def _feed(body: bytes, claim: int) -> None:
    looks_like_feed(body)
    _holds(read_feed(body, url=URL, charset=CLAIMS[claim % len(CLAIMS)], captured=TODAY, zone=claim % 2 * 8))


def _dates(body: bytes, _claim: int) -> None:
    text = body.decode("utf-8", "replace")
    assert all(one.date <= TODAY.isoformat() for one in find_dates(text, TODAY))
    for line in text.splitlines()[:50]:
        dated = read_feed_date(line, TODAY)
        assert dated is None or dated.day <= TODAY
        day = url_date("http://a.cn/" + line, TODAY)
        assert day is None or day <= TODAY.isoformat()


def _charset(body: bytes, claim: int) -> None:
    found = decode(body, CLAIMS[claim % len(CLAIMS)])
    assert found.encoding == "utf-32" or whatwg_name(found.encoding) == found.encoding
    found.text.encode("utf-8", "surrogatepass")


def _leads(body: bytes, claim: int) -> None:
    decoded = decode(body, CLAIMS[claim % len(CLAIMS)])
    try:
        page = Gathered(parse(unfold(decoded.text)), TODAY, Addresses(URL, decoded.encoding))
        leads = find_leads(page, home="www.shi.gov.cn")
    except TooMuch:
        return
    assert all(lead.url.startswith("http") for lead in leads)


def _holds(reading: Reading) -> None:
    today = TODAY.isoformat()
    assert reading.state in State
    assert reading.newest_date is None or reading.newest_date <= today
    assert all(item.date is None or item.date <= today for item in reading.items)
    assert from_json(json.loads(json.dumps(to_json(reading)))) == reading


READERS: tuple[Callable[[bytes, int], None], ...] = (
    _page(TargetKind.COLUMN),
    _page(TargetKind.SITE),
    _page(TargetKind.PAGE),
    _page(TargetKind.ACCOUNT),
    _feed,
    _dates,
    _charset,
    _leads,
)
