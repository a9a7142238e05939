"""Original or taken over: only by what a post states, in feeds of every format; and never in what `read --json` prints."""

import json
from html import escape

import pytest
from hypothesis import given, strategies as st

from monitor.model import Reading
from monitor.read.feed import read_feed
from monitor.read.reposts import EDGE, originality
from monitor.read.slim import from_json, shown, to_json
from tests.read.samples import TODAY


def said(title: str = "市民中心新增三个服务窗口", text: str = "", *tags: str, source: str = "") -> bool | None:
    return originality(title=title, tags=tags, text=text, source=source, account="云川发布")


TAKEN = [
    "【转载】某某大桥通车", "[转]某某大桥通车", "（转发）某某大桥通车", "转载｜某某大桥通车", "转：某某大桥通车", "转自某某日报：大桥通车", "转发微博", "转发 @某某日报: 大桥通车", "某某大桥通车（转）", "某某大桥通车（转载自某某日报）",
]  # fmt: skip


@pytest.mark.parametrize("title", TAKEN)
def test_a_title_that_says_it_is_taken_over(title: str) -> None:
    assert said(title) is False


@pytest.mark.parametrize(
    "title",
    ["转发省政府办公厅关于做好防汛工作的通知", "市教育局转发《某某办法》的通知", "转变作风提升效能", "关于转载新闻的规定", "原创音乐剧首演", "转型升级见实效", "运转情况通报", "鼓励原创"],
)  # fmt: skip
def test_ordinary_titles_say_nothing(title: str) -> None:
    assert said(title) is None


@pytest.mark.parametrize("title", ["【原创】某某大桥通车", "原创｜某某大桥通车", "原创：某某大桥通车"])
def test_a_title_that_says_it_is_original(title: str) -> None:
    assert said(title) is True


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("<p>大桥今日通车。</p><p>来源：某某日报</p>", False),
        ("<p>大桥今日通车。</p><p>文章来源: 某某网 编辑：张三</p>", False),
        ("<p>（来源：新闻网）</p>", False),
        ("<p>来源：云川发布</p>", True),
        ("<p>来源｜本站</p>", True),
        ("<p>转自：某某日报</p><p>大桥今日通车。</p>", False),
        ("<p>本文转载自某某公众号</p>", False),
        ("赞//@某某日报:大桥今日通车", False),
        ("<p>原创：某某</p>", True),
        ("<p>本文为本单位原创，转载请注明出处</p>", True),
        ("<p>原创：某某</p><p>来源：某某日报</p>", False),
        ("<p>资金来源：财政拨款</p>", None),
        ("<p>经费来源于财政。</p>", None),
        ("<p>水的来源：水库</p>", None),
        ("<p>转载请注明出处</p>", None),
        ("<p>大桥今日通车。</p>", None),
        ("", None),
    ],
)
def test_marks_in_the_text(text: str, own: bool | None) -> None:
    assert said(text=text) is own
    middle = "<p>" + "某" * 9 * EDGE + "</p>"
    assert said(text=text + middle) is own
    assert said(text=middle + text) is own


def test_tags_and_the_source_element() -> None:
    assert said("大桥通车", "", "原创", "交通") is True
    assert said("大桥通车", "", "#转载#") is False
    assert said("大桥通车", "", "交通") is None
    assert said(source="某某日报") is False
    assert said(source="云川发布") is True


def whole(text: str) -> Reading:
    return read_feed(text.encode(), url=None, charset=None, captured=TODAY)


RSS = "<rss version='2.0'><channel><title>云川发布</title><item><title>一</title>{}</item></channel></rss>"


@pytest.mark.parametrize(
    ("feed", "own"),
    [
        (RSS.format("<category>原创</category>"), True),
        (RSS.format("<source url='http://b.cn/rss'>某某日报</source>"), False),
        (RSS.format(f"<description>{escape('<p>大桥通车。</p><p>来源：某某日报</p>')}</description>"), False),
        (RSS.format("<description>大桥通车。</description>"), None),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><title>云川发布</title><entry><title>一</title><id>1</id><category term='转载'/></entry></feed>", False),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><title>云川发布</title><entry><title>一</title><id>1</id><content type='html'>原创：某某</content></entry></feed>", True),
        (json.dumps({"version": "https://jsonfeed.org/version/1", "title": "云川发布", "items": [{"id": "1", "title": "一", "tags": ["转载", 3]}]}), False),
        (json.dumps({"version": "https://jsonfeed.org/version/1", "title": "云川发布", "items": [{"id": "1", "title": "一", "content_html": "<p>来源：云川发布</p>"}]}), True),
        (json.dumps({"version": "https://jsonfeed.org/version/1", "title": "云川发布", "items": [{"id": "1", "title": "一", "tags": "转载"}]}), None),
    ],
)  # fmt: skip
def test_every_format_carries_its_marks(feed: str, own: bool | None) -> None:
    reading = whole(feed)
    assert [entry.original for entry in reading.entries] == [own]
    assert from_json(json.loads(json.dumps(to_json(reading)))) == reading
    told = json.loads(json.dumps(shown(reading)))
    assert [list(entry) for entry in told["entries"]] == [["id", "title", "url", "published"]]


@given(st.text(max_size=80), st.text(max_size=200), st.lists(st.text(max_size=8), max_size=3), st.text(max_size=20))
def test_any_text_is_borne(title: str, text: str, tags: list[str], source: str) -> None:
    assert originality(title=title, tags=tags, text=text, source=source, account=title) in {True, False, None}
