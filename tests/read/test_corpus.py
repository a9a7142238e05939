"""The reader against real pages and feeds with hand labels; floors that hold, and every miss printed with its reason.

The clock is each page's `captured` day. A label of a page whose list prints no date but whose addresses show one is that
one (DESIGN.md §4.4: `date_from` url). Labels shown to be wrong are listed in WRONG_LABELS with the evidence.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.clock import SHANGHAI
from monitor.model import Reading, State, TargetKind
from monitor.read.charset import whatwg_name
from monitor.read.dates import last_day
from monitor.read.page import Source, Trace, read_source

pytestmark = pytest.mark.corpus

KINDS = {"list": "column", "home": "site", "article": "page", "odd": "page", "feed": "account"}
STATES = {
    **dict.fromkeys(("waf", "challenge", "rate_limit"), State.CHALLENGED),
    **dict.fromkeys(("maintenance", "closed_notice"), State.MAINTENANCE),
    **dict.fromkeys(("soft404", "error404", "error502", "error504", "forbidden"), State.SOFT_ERROR),
    **dict.fromkeys(("redirect", "js_required", "flash"), State.SHELL),
    **dict.fromkeys(("login", "portal", "stub_portal", "campaign_home"), State.READABLE),
    "blank": State.BLANK,
}
WRONG_LABELS = {
    (
        "feeds/cd-big5-coolloud-org-tw.xml",
        "newest",
    ): "2005-12-31T04:10:06 is the channel's dc:date (21 dc:date for 20 items); the newest item's is 2005-12-30T23:26:28",
    (
        "pages/list/sz1z-ghzj.html",
        "newest",
    ): "a column in sections of one template (as cicpa-exam, labelled over all): the first prints 2023-02-13 three times",
    ("pages/list/sz1z-ghzj.html", "count"): "likewise: eight items in the sections, not five",
    ("pages/article/nyjds-zqyj.html", "source"): "prints 来源： 农业农村部农药检定所",
}
FLOORS = {
    ("list", "newest"): 0.95,
    ("list", "state"): 0.97,
    ("list", "count"): 0.95,
    ("home", "newest"): 0.95,
    ("home", "marks"): 0.95,
    ("list", "marks"): 0.95,
    ("article", "state"): 0.97,
    ("article", "published"): 0.95,
    ("article", "title"): 0.90,
    ("article", "source"): 0.90,
    ("odd", "state"): 0.90,
    ("odd", "tamper"): 0.80,
    ("feed", "newest"): 0.95,
    ("feed", "count"): 0.95,
}
CHARSET_FLOOR = 0.98


@dataclass(frozen=True)
class Page:
    record: dict[str, Any]
    reading: Reading
    trace: Trace

    @property
    def file(self) -> str:
        return str(self.record["file"])

    @property
    def kind(self) -> str:
        return str(self.record["kind"])

    @property
    def labels(self) -> dict[str, Any]:
        return dict(self.record["labels"])


@dataclass(frozen=True)
class Point:
    """One thing asked of one page."""

    page: Page
    what: str
    wanted: object
    got: object

    @property
    def right(self) -> bool:
        return self.wanted == self.got

    def __str__(self) -> str:
        return (
            f"{self.page.file:<46} {self.what:<9} wanted {self.wanted!r:<14} got {self.got!r}  ({self.page.trace.why})"
        )


@pytest.fixture(scope="module")
def pages(corpus: Path) -> list[Page]:
    return [_page(corpus, json.loads(line)) for line in (corpus / "INDEX.jsonl").read_text("utf-8").splitlines()]


def _page(corpus: Path, record: dict[str, Any]) -> Page:
    captured = last_day(record["captured"])
    assert captured is not None
    source = Source(
        url=record["url"], kind=TargetKind(KINDS[record["kind"]]), charset=None, status=None, captured=captured
    )
    return Page(record, *read_source((corpus / record["file"]).read_bytes(), source))


@pytest.fixture(scope="module")
def points(pages: list[Page]) -> list[Point]:
    asked = [point for page in pages for point in (*_encoding(page), *_asked(page))]
    return [point for point in asked if (point.page.file, point.what) not in WRONG_LABELS]


def _asked(page: Page) -> Iterator[Point]:
    match page.kind:
        case "list":
            yield from _list(page)
        case "home":
            yield Point(page, "newest", _newest_label(page), page.reading.newest_date)
            yield from _marks(page, page.labels)
        case "article":
            yield from _article(page)
        case "odd":
            yield from _odd(page)
        case "feed":
            yield Point(page, "count", page.labels["entries"], len(page.reading.entries))
            yield Point(page, "newest", _feed_day(page.labels["newest"]), page.reading.newest_date)
        case other:
            raise AssertionError(f"{page.file} is of an unknown kind {other}")


def _encoding(page: Page) -> Iterator[Point]:
    wanted = whatwg_name(page.record["encoding"])
    if page.record["encoding"] == "utf-16":
        wide = page.reading.encoding in {"utf-16le", "utf-16be"}
        yield Point(page, "encoding", "utf-16", "utf-16" if wide else page.reading.encoding)
    elif wanted is not None:
        yield Point(page, "encoding", wanted, page.reading.encoding)


def _newest_label(page: Page) -> object:
    return page.labels["newest_date"] or page.labels.get("url_newest_date")


def _list(page: Page) -> Iterator[Point]:
    labels = page.labels
    wanted = State.BLANK if labels["blank"] else State.SHELL if labels["js_rendered"] else State.LISTED
    yield Point(page, "state", wanted, page.reading.state)
    yield Point(page, "newest", _newest_label(page), page.reading.newest_date)
    if wanted is State.LISTED:
        near = abs(len(page.reading.items) - labels["items"]) <= 0.05 * labels["items"]
        yield Point(page, "count", labels["items"], labels["items"] if near else len(page.reading.items))
    yield from _marks(page, labels["footer"] or {})


def _marks(page: Page, labels: dict[str, Any]) -> Iterator[Point]:
    marks = page.reading.marks
    for name, got in (
        ("site_code", marks.site_code),
        ("icp", marks.icp),
        ("police_record", marks.police),
        ("jiucuo", marks.jiucuo),
    ):
        if name in labels:
            wanted = labels[name]
            yield Point(page, "marks", "".join(wanted.split()) if isinstance(wanted, str) else wanted, got)


def _article(page: Page) -> Iterator[Point]:
    article, labels = page.reading.article, page.labels
    yield Point(page, "state", State.READABLE, page.reading.state)
    yield Point(page, "published", (labels["published"] or "")[:16], ((article and article.published) or "")[:16])
    yield Point(page, "title", _bare(labels["title"]), _bare(article.title if article else None))
    yield Point(page, "source", labels["source"], article.source if article else None)


def _odd(page: Page) -> Iterator[Point]:
    why = page.labels["why"]
    if why == "hidden_spam_links":
        ordinary = page.reading.state in {State.LISTED, State.READABLE}
        yield Point(page, "state", "ordinary", "ordinary" if ordinary else page.reading.state)
        yield Point(page, "tamper", "suspected", "suspected" if page.reading.tamper else "clean")
    else:
        nothing = "Empty body" in page.record["notes"]
        yield Point(page, "state", State.UNREADABLE if nothing else STATES[why], page.reading.state)


def _bare(text: str | None) -> str:
    return "".join((text or "").split())


def _feed_day(label: str | None) -> str | None:
    """The day in Shanghai of an instant as labelled; without a zone it is Shanghai's own."""
    if label is None or len(label) == 10:
        return label
    instant = datetime.fromisoformat(label)
    return (instant.astimezone(SHANGHAI) if instant.tzinfo else instant).date().isoformat()


def test_floors(points: list[Point], record_property: Callable[[str, object], None]) -> None:
    asked: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        if point.what != "encoding":
            asked.setdefault((point.page.kind, point.what), []).append(point)
    shares = {key: sum(point.right for point in found) / len(found) for key, found in asked.items()}
    record_property("show", _table(asked, [point for point in points if not point.right]))
    below = {key: shares[key] for key, floor in FLOORS.items() if shares[key] < floor}
    assert set(FLOORS) == set(shares)
    assert not below


def _table(asked: dict[tuple[str, str], list[Point]], missed: list[Point]) -> str:
    """The figures and every miss, for the end of the run (tests/conftest.py)."""
    lines = [
        f"  {kind:<8} {what:<10} {sum(point.right for point in found):>4} of {len(found)}"
        for (kind, what), found in sorted(asked.items())
    ]
    return "\n".join([*lines, *(f"  missed: {point}" for point in missed)])


def test_charsets(points: list[Point]) -> None:
    found = [point for point in points if point.what == "encoding"]
    assert sum(point.right for point in found) >= CHARSET_FLOOR * len(found)


def test_no_date_is_newer_than_the_label_or_the_day_of_capture(pages: list[Page]) -> None:
    too_new = []
    for page in pages:
        newest = page.reading.newest_date
        captured = last_day(page.record["captured"])
        assert captured is not None
        if page.kind in {"list", "home"} and newest and (page.file, "newest") not in WRONG_LABELS:
            label = _newest_label(page)
            if newest > captured.isoformat() or label is None or newest > str(label):
                too_new.append((page.file, newest, label))
    assert not too_new


def test_blank_is_only_what_is_blank(pages: list[Page]) -> None:
    """A page that could not be read, or has a list, is never called blank; neither is an ordinary page."""
    wrong = [page.file for page in pages if page.reading.state is State.BLANK and not _may_be_blank(page)]
    assert not wrong


def _may_be_blank(page: Page) -> bool:
    labels = page.labels
    return bool(labels.get("blank")) or labels.get("why") == "blank" or (page.kind == "feed" and labels["entries"] == 0)


def test_ordinary_pages_are_no_third_state(pages: list[Page]) -> None:
    fine = {State.LISTED, State.READABLE, State.BLANK, State.SHELL}
    wrong = [
        (page.file, page.trace.why)
        for page in pages
        if page.kind in {"list", "home", "article"} and page.reading.state not in fine
    ]
    assert not wrong


def test_no_clean_page_is_suspected_of_hidden_links(pages: list[Page]) -> None:
    wrong = [page.file for page in pages if page.reading.tamper and page.labels.get("why") != "hidden_spam_links"]
    assert not wrong


def test_labels_called_wrong_exist_and_still_differ(pages: list[Page]) -> None:
    asked = {(point.page.file, point.what): point for page in pages for point in _asked(page)}
    assert all(not asked[key].right for key in WRONG_LABELS)
