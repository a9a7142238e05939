"""Templates: what is filled in comes back as it was written, from XLSX and CSV alike; the example is left out."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from openpyxl import load_workbook

from monitor.config.sheets.forms import FORMS, template_csv, template_xlsx
from monitor.config.sheets.grid import Unusable
from monitor.config.sheets.listing import Listing, Site, read_listing
from monitor.config.sheets.reading import read_grid
from monitor.model import TargetKind

SITES = (Site("city", "4400000000", "某市人民政府"),)
KINDS = sorted(FORMS)


def imported(data: bytes) -> Listing:
    return read_listing(read_grid(data), SITES, ())


def filled_xlsx(kind: TargetKind, rows: list[list[str]]) -> bytes:
    book = load_workbook(io.BytesIO(template_xlsx(FORMS[kind])))
    for number, row in enumerate(rows, 3):
        for column, text in enumerate(row, 1):
            cell = book.worksheets[0].cell(number, column, text or None)
            cell.number_format = "@"
            if cell.data_type in {"f", "e"}:
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled_csv(kind: TargetKind, rows: list[list[str]], encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    text = template_csv(FORMS[kind]).decode("utf-8-sig") + out.getvalue()
    return text.encode(encoding, "replace")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [template_csv, template_xlsx])
def test_an_empty_template_has_no_rows(kind: TargetKind, make: Any) -> None:
    with pytest.raises(Unusable, match="has no rows below its headings"):
        imported(make(FORMS[kind]))


TEXT = st.text(st.sampled_from("某市人民政府办公室ABC 019-（）.,;\"'=#"), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)
NAME = TEXT.filter(lambda text: text and not text.startswith(("#", "示例：")) and any(sign.isalnum() for sign in text))
URL = st.integers(1, 10**9).map(lambda number: f"https://h{number}.example/a/")


def row(kind: TargetKind) -> st.SearchStrategy[dict[str, str]]:
    fields: dict[str, st.SearchStrategy[str]] = {"name": NAME, "url": URL, "owner": st.one_of(st.just(""), NAME)}
    if kind is TargetKind.SITE:
        fields["site_code"] = st.integers(10**9, 10**10 - 1).map(str)
    if kind is TargetKind.COLUMN:
        fields |= {"site": st.sampled_from(["city", "4400000000", "某市人民政府"])}
        fields |= {
            "column": st.sampled_from(["动态要闻类", "2周", "通知公告类"]),
            "on_home": st.sampled_from(["是", "否"]),
            "level": st.sampled_from(["一级", "2", "三级栏目"]),
        }
    if kind is TargetKind.ACCOUNT:
        fields["platform"] = st.sampled_from(["微信公众号", "抖音", "其他"])
    return st.fixed_dictionaries(fields)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_what_is_filled_in_comes_back(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    wanted = data.draw(
        st.lists(
            row(kind),
            min_size=1,
            max_size=5,
            unique_by=(lambda one: one["url"], lambda one: one["name"], lambda one: one.get("site_code", one["url"])),
        )
    )
    keys = [field.key for field in FORMS[kind].fields]
    table = [[one.get(key, "") for key in keys] for one in wanted]
    for written in (filled_xlsx(kind, table), *(filled_csv(kind, table, one) for one in ("utf-8-sig", "gb18030"))):
        found = imported(written)
        assert found.wrong == []
        assert found.examples == 1
        for cells, one in zip((cells for _, cells in found.rows), wanted, strict=True):
            assert cells["kind"] == kind.value
            assert (cells["name"], cells["url"]) == (one["name"], one["url"])
            assert cells.get("owner", "") == one["owner"]
            assert cells.get("site_code") == one.get("site_code")
            assert cells.get("on_home") == one.get("on_home")
            if kind is TargetKind.COLUMN:
                assert cells["site"] == "city"
                assert cells["level"] == {"一级": "1", "2": "2", "三级栏目": "3"}[one["level"]]
                assert cells["column"] == ("notice" if one["column"] == "通知公告类" else "dynamic")
