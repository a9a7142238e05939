"""The reader against real pages and feeds with hand labels: the figures to reach, as `make accuracy` scores them.

What is asked and how it is scored stands in tests/accuracy/. The table, with a few misses of each group, is shown at the end
of the run.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.accuracy.figures import ALLOWED, Row, Score, score
from tests.accuracy.labels import read_index, wrong_labels
from tests.accuracy.scoring import MARKS, Page, asked, newest_label, read_record
from tests.accuracy.table import table

pytestmark = pytest.mark.corpus

UNLABELLED = {f"{kind} mark {name}" for kind in ("home", "list") for name in MARKS} - {
    f"{kind} mark {name}" for kind in ("home", "list") for name in ("site_code", "icp", "police_record", "jiucuo")
}
"""Marks that the shared corpus says nothing of; another folder may."""
SHOWN = 5  # misses of a group at the end of the run
GROUPS = [group for group in ALLOWED if group not in UNLABELLED]


@pytest.fixture(scope="module")
def pages(corpus: Path) -> list[Page]:
    return [read_record(corpus, record) for record in read_index(corpus)]


@pytest.fixture(scope="module")
def result(pages: list[Page]) -> Score:
    return score((point for page in pages for point in asked(page)), wrong_labels())


@pytest.fixture(scope="module")
def rows(result: Score) -> dict[str, Row]:
    return {row.group: row for row in result.rows}


def test_every_figure_is_asked(
    rows: dict[str, Row], result: Score, record_property: Callable[[str, object], None]
) -> None:
    record_property("show", table(result, misses=SHOWN))
    assert set(rows) == set(ALLOWED) - UNLABELLED


@pytest.mark.parametrize("group", GROUPS)
def test_the_figure_is_reached(rows: dict[str, Row], group: str) -> None:
    assert rows[group].reached, "\n".join(map(str, rows[group].missed))


def test_no_date_is_newer_than_the_label(pages: list[Page]) -> None:
    """What looks fresher than it is hides a column that stands still: worse than a date that was not found."""
    wrong = wrong_labels()
    too_new = [
        (page.record.file, page.reading.newest_date, newest_label(page))
        for page in pages
        if page.record.kind in {"list", "home"}
        and (page.record.file, "newest") not in wrong
        and (page.reading.newest_date or "") > (newest_label(page) or "")
    ]
    assert not too_new


def test_labels_called_wrong_exist_and_still_differ(result: Score) -> None:
    assert {(point.file, point.asked) for point, _ in result.disputed} == set(wrong_labels())
    assert not result.outlived
