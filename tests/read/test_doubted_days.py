"""Days nobody can believe, impossible ones and those to come: their rows stay items of the list, without a date."""

import pytest

from tests.read.samples import frame, read, rows

DISBELIEVED = {
    "impossible": ["2026-13-45", "2026-02-30", "2026-00-10", "2026-06-31", "2026-05-05"],
    "to come": ["2027-02-20", "2027-06-21", "2027-05-05", "2026-05-05"],
    "to come, two believed": ["2027-02-20"] * 6 + ["2026-05-05", "2026-05-04"],
    "labelled": ["发布日期：2026年13月45日", "发布日期：2026年2月30日", "发布日期：2026年5月5日"],
}
ROW = {
    "items": ("<ul>{}</ul>", "<li><a href='{href}'>{title}</a><span>{date}</span></li>"),
    "blocks": ("<div>{}</div>", "<div class='row'><a href='{href}'>{title}</a><em>[{date}]</em></div>"),
    "table": ("<table>{}</table>", "<tr><td><a href='{href}'>{title}</a></td><td>{date}</td></tr>"),
}


@pytest.mark.parametrize("name", DISBELIEVED)
@pytest.mark.parametrize("row", ROW)
def test_rows_whose_day_cannot_be_believed_stay_without_one(name: str, row: str) -> None:
    dates = DISBELIEVED[name]
    wrapper, made = ROW[row]
    reading = read(frame(wrapper.format(rows(dates, made)), side=""))
    assert (reading.newest_date, len(reading.items)) == ("2026-05-05", len(dates))
    assert sum(1 for item in reading.items if item.date) == (2 if "two" in name else 1)


def test_undated_links_beside_a_lone_dated_one_stay_out() -> None:
    row = "<li><a href='{href}'>{title}</a>{date}</li>"
    page = f"<ul>{rows(['<span>2026-05-05</span>'] + ['<span>第三版</span>'] * 4, row)}</ul>"
    assert len(read(frame(page, side="")).items) == 1
