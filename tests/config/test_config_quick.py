"""The quick way and the long way through a CSV file give the same targets, and the same words for what is wrong."""

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from monitor.config import urls
from monitor.config.quick import quick_reader
from monitor.config.rows import COLUMNS, Sheet, row_of
from monitor.config.settings import RawTarget
from monitor.config.targets import MOST_KEPT, Memory, read_target, remember
from monitor.config.urls import PLAIN, address_trouble

CELLS = {
    "id": st.sampled_from(["a", "a/b.c", "站-1", "", "#a", " a", "a b", "x" * 121, '"a"', "中" * 120]),
    "kind": st.sampled_from(["site", "column", "account", "page", "colum", " site "]),
    "column": st.sampled_from(["", "dynamic", "other", "x", '"other"']),
    "name": st.sampled_from(["某市", "#某市", "", " 某市", "某市 ", "某\u3000市", "某\t市", "n" * 500, "n" * 501, '"某,市"', '"']),
    "url": st.sampled_from(
        ["http://a.cn/", "https://www.a.gov.cn/x?y=1#z", "HTTP://A.cn/", "http://a-.cn/", "ftp://a.cn/", "", "http://a.cn/" + "x" * 250, "http://10.0.0.1/", " http://a.cn/"]
        + [f"http://a.cn:{port}/x" for port in ("80", "08", "0", "8080", "65535", "65536", "x", "")]
    ),
    "site": st.sampled_from(["", "portal", "p q", " portal", "p\tq", "s" * 501]),
    "owner": st.sampled_from(["", "某局", "某局 ", "某\u3000局", "某局\t", "o" * 501]),
    "contact": st.sampled_from(["", "张三 0751-1234567", "张三;李四"]),
    "packs": st.sampled_from(["", "house", "house;national-2019"]),
    "entry": st.sampled_from(["", "", "service", "servic"]),
    "platform": st.sampled_from(["", "", "wechat", "wechatt"]),
    "on_home": st.sampled_from(["", "yes", "perhaps"]),
    "level": st.sampled_from(["", "", "1", "二级", "5"]),
    "site_code": st.sampled_from(["", "", "4402000001", "4402000002", "44 02", " 4402000001"]),
    "": st.sampled_from(["", "x", '"x']),
}  # fmt: skip
HEADERS = st.permutations([*COLUMNS, ""]).flatmap(
    lambda names: st.integers(4, len(names)).map(
        lambda count: [n for i, n in enumerate(names) if i < count or n in {"id", "kind", "name", "url"}]
    )
)


def long_way(names: list[str], text: str, memory: Memory) -> RawTarget | list[object] | None:
    sheet = Sheet("utf-8", names)
    row = row_of(sheet, 2, text)
    return None if row is None else list(row.faults) or read_target(row.cells, memory)  # type: ignore[return-value]


@settings(max_examples=300, deadline=None)
@given(HEADERS, st.data())
def test_what_is_read_quickly_is_what_the_long_way_gives(names: list[str], data: st.DataObject) -> None:
    quick, memory = quick_reader(names), Memory({})
    for _ in range(8):
        text = ",".join(data.draw(CELLS[name]) for name in names) + data.draw(
            st.sampled_from(["", "", ",", ",,x", "\r"])
        )
        wanted, found = long_way(names, text, memory), quick.read(text)
        assert found is None or found == wanted
        if wanted is not None and not isinstance(wanted, list):
            quick.learn(text, wanted)
            again = quick.read(text)
            assert again is None or again == wanted


ADDRESSES = st.from_regex(PLAIN, fullmatch=True) | st.from_regex(
    r"https?://([0-9]{1,3}\.){3}[0-9]{1,3}(:[0-9]{1,5})?/?|https?://[a-z0-9.-]{1,12}(:[0-9]{1,5})?/[ -~]{0,5}",
    fullmatch=True,
)


@given(ADDRESSES)
def test_an_ordinary_address_has_no_trouble_by_the_long_way_either(url: str) -> None:
    if address_trouble(url) is None:
        assert (urls._text_trouble(url) or urls._parts_trouble(url)) is None


@pytest.mark.parametrize(
    "url", ["http://10.1.2.3/", "https://10.1.2.3:64999/a", "http://a-b.gov.cn:59999/", "http://1.gov.cn"]
)
def test_what_is_ordinary(url: str) -> None:
    assert PLAIN.fullmatch(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://10.1.2.03/",
        "http://10.1.2.256/",
        "http://a.cn:65536/",
        "http://a.cn:080/",
        "http://a.1/",
        "http://A.cn/",
        "http://a.cn?x",
    ],
)
def test_what_is_not(url: str) -> None:
    assert not PLAIN.fullmatch(url)


@pytest.mark.parametrize("names", [list(COLUMNS), ["name", "url", "kind", "id"], ["kind", "id", "name", "url"]])
def test_an_ordinary_line_is_read_quickly_once_its_like_was_seen(names: list[str], tmp_path: Path) -> None:
    quick, memory = quick_reader(names), Memory({})
    cells = {"id": "a", "kind": "site", "name": "某市", "url": "http://a.gov.cn/"}
    first, second = (",".join((cells | {"id": key}).get(name, "") for name in names) for key in "ab")
    assert quick.read(first) is None
    wanted = long_way(names, first, memory)
    assert wanted is not None
    assert not isinstance(wanted, list)
    quick.learn(first, wanted)
    found = quick.read(second)
    assert found is not None
    assert (found.id, found.name, found.kind.value, found.packs) == ("b", "某市", "site", ("national-2019", "house"))
    assert hash(found.id) == hash("b")
    with pytest.raises(AttributeError):
        found.id = "c"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("line", "is_quick"),
    [
        ("c2,column,other,乙,http://b.gov.cn:8080/c/,b,乙局,", True),  # another site and owner: nothing new to judge
        ("c2,column,other,乙,http://b.gov.cn:80800/c/,b,乙局,", False),
        ("c2,column,other,乙,http://b.gov.cn/c/,b,乙局,张三", False),
        ("c2,column,dynamic,乙,http://b.gov.cn/c/,b,乙局,", False),
        ("s2,site,,乙,http://b.gov.cn/,,乙局,", True),
        ("s2,site,,乙,http://b.gov.cn/,b,乙局,", False),  # a site belongs to no other
    ],
)
def test_what_is_a_rows_own_is_read_quickly(line: str, is_quick: bool) -> None:
    names = ["id", "kind", "column", "name", "url", "site", "owner", "contact"]
    quick, memory = quick_reader(names), Memory({})
    for text in ("c1,column,other,甲,http://a.gov.cn/c/,a,,", "s1,site,,甲,http://a.gov.cn/,,甲局,"):
        wanted = long_way(names, text, memory)
        assert wanted is not None
        assert not isinstance(wanted, list)
        quick.learn(text, wanted)
    found = quick.read(line)
    assert (found is not None) is is_quick
    assert found is None or found == long_way(names, line, memory)


def test_what_is_remembered_is_bounded() -> None:
    known: dict[int, int] = {}
    for number in range(MOST_KEPT + 5):
        remember(known, number, number)
    assert len(known) == 5
