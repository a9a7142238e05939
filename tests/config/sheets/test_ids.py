"""Ids that are made stay the same at the next import, in whatever order the rows stand."""

import copy

from hypothesis import given, strategies as st

from monitor.config.sheets.ids import give_ids, made
from monitor.config.targets import ID

Cells = dict[str, str]


def given_to(rows: list[Cells], earlier: list[Cells] | None = None) -> list[str]:
    give_ids(rows, earlier or [])
    return [row["id"] for row in rows]


def site(**cells: str) -> Cells:
    return {"kind": "site", **cells}


def column(**cells: str) -> Cells:
    return {"kind": "column", "site": "city", **cells}


def test_a_site_is_named_after_its_code_else_its_host() -> None:
    assert made(site(site_code="4402000001", url="https://www.a.example/")) == "4402000001"
    assert made(site(url="https://www.a.example/")) == "a.example"
    assert made(site(url="http://a.example/sub/index.html")) == "a.example/sub/index.html"
    assert made(site(url="", name="…")).startswith("site-")


def test_an_earlier_id_is_kept_by_code_address_or_name() -> None:
    earlier = [
        site(id="old-1", site_code="1", name="a", url="https://a.example/"),
        site(id="old-2", name="b", url="https://b.example/"),
        site(id="old-3", name="c", url="https://c.example/"),
        site(id="old-4", name="d", url="https://d.example/"),
    ]
    rows = [
        site(site_code="1", name="other", url="https://other.example/"),
        site(site_code="2", name="renamed", url="http://www.b.example"),
        site(name="c", url="https://moved.example/"),
        site(id="mine", name="d", url="https://d.example/"),
    ]
    assert given_to(rows, earlier) == ["old-1", "old-2", "old-3", "mine"]


def test_columns_of_one_name_are_told_apart_and_stay_so() -> None:
    first = [column(name="公告", url="https://c.example/1/")]
    assert given_to(first) == ["city/公告"]
    both = [column(name="公告", url="https://c.example/2/"), column(name="公告", url="https://c.example/1/")]
    ids = given_to(both, first)
    assert ids[1] == "city/公告"
    assert ids[0].startswith("city/公告-")
    again = [column(name="公告", url="https://c.example/1/"), column(name="公告", url="https://c.example/2/")]
    assert given_to(again, both) == [ids[1], ids[0]]


WORDS = st.text(st.sampled_from("公告通知ab c/1.（）"), min_size=1, max_size=6)
ROWS = st.lists(
    st.builds(
        lambda kind, site, name, number: {
            "kind": kind,
            "site": site,
            "name": name,
            "url": f"https://h.example/{number}/",
        },
        st.sampled_from(["column", "account", "page"]),
        st.sampled_from(["city", "county"]),
        WORDS,
        st.integers(0, 10**6),
    ),
    max_size=12,
    unique_by=lambda row: row["url"],
)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_same_list_in_another_order_has_the_same_ids(rows: list[Cells], random: st.DataObject) -> None:
    again = copy.deepcopy(rows)
    first = dict(zip([row["url"] for row in rows], given_to(rows), strict=True))
    assert len(set(first.values())) == len(first)
    assert all(ID.fullmatch(name) for name in first.values())
    random.shuffle(again)  # type: ignore[attr-defined]
    assert dict(zip([row["url"] for row in again], given_to(copy.deepcopy(again)), strict=True)) == first
    assert dict(zip([row["url"] for row in again], given_to(again, rows), strict=True)) == first
