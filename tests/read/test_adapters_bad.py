"""What must not crash, hang or fool the adapters: garbage, huge and deep data, scripts without an end, in pages and as answers."""

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings, strategies as st

from monitor.model import State
from monitor.read.adapters import ADAPTERS
from monitor.read.literal import arrays_in, string_at, value_at
from monitor.read.page import read_page
from tests.read.samples import TODAY, URL, frame, read, rows

KINDS = ["site", "column", "page", "account"]
MARKS = [mark for adapter in ADAPTERS for mark in adapter.marks]
BITS = [
    *MARKS, "<script>", "</script>", "<datastore>", "<record>", "<![CDATA[", "]]>", "</datastore>", "window._CONFIG = {", "SID: '1'", "TREE: [", "gkmlpt",
    "queryData=\"{'webId':'1','pageId':'2'}\"", "$.ajax({url:'/list.json'", "data:{", "JSON.parse('", "[{", "}]", "{", "}", '"title":', "'", '"', "`", "\\",
    "\\u12", "url:", "/a.html", "2026-11-02", "publishTime:", "1794970800", "document.write('<a href=x>", "<noscript>", "</noscript>", "<iframe src=/x>",
    "/*", "//", "\n", ",", "暂无内容", "\x00", "\ud800", "9" * 30,
]  # fmt: skip


def body_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(BITS), max_size=60).map("".join), st.sampled_from(KINDS), st.booleans())
def test_pieces_of_every_dialect_in_any_order_get_a_reading(text: str, kind: str, alone: bool) -> None:
    reading = read(
        body_of(text if alone else f"<html><body><div id='list'></div><script>{text}</script></body></html>"), kind
    )
    assert reading.state in State


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["2026-11-02", "/a.html", "通知公告通知公告"]),
    lambda inner: st.lists(inner, max_size=5)
    | st.dictionaries(st.text(max_size=5) | st.sampled_from(["title", "url", "date", "articles", "total", "html", "time"]), inner, max_size=6),
    max_leaves=40,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(plain, st.sampled_from(KINDS))
@example({"articles": [1, None, {"title": []}], "total": [0]}, "column")
@example({"articles": [], "total": {}}, "column")
def test_any_json_as_an_answer_gets_a_reading(data: object, kind: str) -> None:
    reading = read(body_of(json.dumps(data)), kind)
    assert reading.newest_date is None or reading.newest_date <= TODAY.isoformat()
    if kind == "column" and reading.state is State.BLANK:
        assert isinstance(data, dict)


@settings(max_examples=200, deadline=None)
@given(plain)
def test_json_in_a_script_is_what_it_was(data: object) -> None:
    """As strict JSON and, its keys bare, as a literal of JavaScript."""
    told = [{"k": data}]
    assert list(arrays_in(f"var x = {json.dumps(told)};"))[:1] == [json.loads(json.dumps(told))] or "NaN" in repr(data)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_a_string_comes_back_however_it_is_quoted(text: str) -> None:
    single = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    assert string_at(single, 0) == (text, len(single))
    assert value_at(f"{{a:{single}}}", 0) == ({"a": text}, len(single) + 4)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([None, "gbk", "utf-16le", "nonsense"]))
def test_any_bytes_behind_a_bracket_get_a_reading(raw: bytes, charset: str | None) -> None:
    for start in (b"[", b"{", b"cb({", b'{"data":{"html":"'):
        read_page(start + raw, url=None, kind=read("", "column").kind, charset=charset, status=None, captured=TODAY)


OBJECT = '{"title":"关于开展检查的通知","url":"/a.html","date":"2026-11-02"},'
HOSTILE: dict[str, Callable[[int], str]] = {
    "deep array": lambda n: "[" * n,
    "deep objects": lambda n: '{"a":' * n,
    "deep and closed": lambda n: '{"a":' * n + "1" + "}" * n,
    "many starts": lambda n: "[{" * n,
    "many starts, apart": lambda n: "[{a:f()}] " * n,
    "many open arrays": lambda n: '[{"a":1,' * n,
    "no end of a string": lambda n: 'var a = [{"title":"' + "x" * 10 * n,
    "no end of a comment": lambda n: "var a = [{/*" + "*" * 10 * n,
    "backslashes": lambda n: "var a = [{title:'" + "\\" * 10 * n,
    "quotes": lambda n: "document.write('" * n,
    "calls": lambda n: "$.ajax({url:'/list.json',data:{" * n,
    "records": lambda n: "<record><![CDATA[" * n,
    "datastores": lambda n: "<datastore>" * n + "</datastore>" * n,
    "pagers": lambda n: "'x dataproxy.jsp" * n,
    "trees": lambda n: "gkmlpt _CONFIG SID:1,TREE:[" + '{"children":[' * n,
    "large list": lambda n: "var a = [" + OBJECT * n + "{}]",
    "large loose list": lambda n: "var a = [" + OBJECT.replace('"', "'") * n + "{}]",
    "long number": lambda n: "var a = [{x:" + "9" * 10 * n + "}]",
    "noscripts": lambda n: "</script><noscript><a href=x>" * n,
}  # fmt: skip


@pytest.mark.parametrize("shape", ["answer", "script"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_data_costs_no_more_than_its_size(name: str, shape: str) -> None:
    """Four times the size may cost about four times as much; the ordinary page is what small amounts are measured in."""
    around = ("", "") if shape == "answer" else ("<html><body><ul id='list'></ul><script>", "")
    ordinary = frame(
        "<ul>" + rows(["2026-11-02"] * 400, "<li><a href='{href}'>{title}</a><span>{date}</span></li>") + "</ul>"
    )
    pages = {
        size: around[0] + HOSTILE[name](count) + around[1] for size, count in (("small", 2_500), ("large", 10_000))
    }
    least = dict.fromkeys([*pages, "ordinary"], float("inf"))
    for _ in range(6):
        for which, text in {**pages, "ordinary": ordinary}.items():
            began = time.process_time()
            reading = read(text)
            least[which] = min(least[which], time.process_time() - began)
            assert which == "ordinary" or reading.state is not State.BLANK
        if least["large"] < 8 * least["small"] + 3 * least["ordinary"]:
            return
    pytest.fail(f"{least}")


def test_ten_thousand_levels_are_no_list() -> None:
    inside = json.dumps({"title": "关于开展检查的通知", "url": "/a.html", "date": "2026-11-02"})
    deep = '{"a":[' * 10_000 + inside + "]}" * 10_000
    assert read(deep).state is not State.BLANK
    page = f"<html><body><ul id='list'></ul><script>var x = {deep}; var y = [{inside}]</script></body></html>"
    assert read(page).state in {State.SHELL, State.LISTED}


def test_a_megabyte_of_rows_is_cut() -> None:
    reading = read("[" + OBJECT * 20_000 + "null]")
    assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, "2026-11-02", 2_000)


@pytest.mark.parametrize("address", ["http://[", "javascript:alert(1)//a.b", "http://a b/", "/" * 5_000, "\x00/", "//"])
def test_addresses_that_are_none(address: str) -> None:
    rows = [{"id": at, "title": "关于开展检查的通知", "url": address, "publishTime": "2026-11-02"} for at in range(3)]
    reading = read(json.dumps(rows))
    assert reading.newest_date == "2026-11-02"
    config = f"<script>window._CONFIG = {{SID:'1', TREE:[{json.dumps({'id': 5, 'jump_url': address})}]}}</script>"
    assert read(config, url=f"{URL}/gkmlpt/index#5").state is State.SHELL
