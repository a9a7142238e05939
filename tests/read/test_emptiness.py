"""A place without a list, blank or filled by a program: 空白栏目 is an accusation, so every sign of a program makes it unknown."""

import pytest

from monitor.model import State
from tests.read.samples import frame, read

LIBRARIES = "<script src='/js/jquery.min.js'></script><script src='/js/common.js'></script>"


def page(main: str, *, side: bool = False) -> str:
    """A column page that takes its programs from outside, as nearly all do."""
    whole = frame(main) if side else frame(main, side="")
    return whole.replace("</body>", f"{LIBRARIES}</body>")


FILLED = {
    "a script by its address, in the list": "<div class='newslist'><ul><script src='/inc/news.asp?ClassID=12&num=20'></script></ul></div>",
    "a script by its address, in a box": "<div class='list'><script src='/module/getlist.js?col=3'></script></div>",
    "a script by its address, in a cell": "<table class='list'><tr><td><script language='javascript' src='/js/news_3.js'></script></td></tr></table>",
    "a script by its address, beside the list": "<div class='list'><ul></ul><script src='/inc/news.asp?ClassID=12'></script></div>",
    "a call in the list": "<div class='newslist'><ul><script>ShowNews(12,20);</script></ul></div>",
    "a call beside the list": "<h2>通知公告</h2><ul class='newslist'></ul><script>ShowNews(12,20);</script>",
    "a template of rows": "<ul class='newslist'><li v-for='x in list'><i v-text='x.title'></i></li></ul>",
    "the number of a channel": "<div class='list' data-channelid='3341'><ul></ul></div>",
    "an address of htmx": "<div class='list' hx-get='/list?c=3' hx-trigger='load'><ul></ul></div>",
    "an element of its own": "<div class='list'><news-list column='33'></news-list></div>",
    "a template of the browser": "<div class='list'><template><li></li></template></div>",
    "alpine": "<div class='list' x-data='news()'><ul></ul></div>",
    "a place within it that has a handle": "<div class='list'><div id='content'></div></div>",
    "the place of an app": "<div id='app'><div class='list'><ul class='newslist'></ul></div></div>",
    "a script named after lists": "<div class='list'><ul class='newslist'></ul></div><div class='foot'><p>底部</p><script src='/js/getNewsList.js'></script></div>",
    "words for browsers without scripts": "<div class='list'><ul></ul><noscript>请开启脚本</noscript></div>",
    "a template in a field": "<div class='list'><textarea><li><a href='#'>x</a></li></textarea></div>",
    "a call though a pager counts": "<ul class='list'><script>ShowNews(12)</script></ul><script>createPageHTML(1, 0, 'index', 'html');</script>",
}


@pytest.mark.parametrize("name", FILLED)
@pytest.mark.parametrize("aside", [True, False])
def test_an_empty_place_with_a_sign_of_a_program_is_unknown(name: str, aside: bool) -> None:
    reading = read(page(FILLED[name], side=aside))
    assert (reading.state, reading.newest_date) == (State.SHELL, None)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("a script by its address, in the list", "GET http://www.shi.gov.cn/inc/news.asp?ClassID=12&num=20"),
        ("a script by its address, beside the list", "GET http://www.shi.gov.cn/inc/news.asp?ClassID=12"),
        ("an address of htmx", "GET http://www.shi.gov.cn/list?c=3"),
    ],
)
def test_the_address_that_would_fill_it_is_told(name: str, call: str) -> None:
    assert read(page(FILLED[name])).asks == (call,)


CONDITIONAL = {
    "v-if": "<div class='list'><ul></ul><div v-if='list.length==0' class='nodata'>暂无数据</div></div>",
    "v-show": "<div class='list'><ul><li v-for='n in news'><span v-text='n.d'></span></li></ul><p v-show='!news.length'>暂无内容</p></div>",
    "beside v-for": "<div class='list'><ul><li v-for='n in news'><span v-text='n.d'></span></li></ul><p>暂无内容</p></div>",
    "ng-if": "<ul class='list'><li ng-repeat='n in news'></li></ul><p ng-if='!news.length'>暂无内容</p>",
    "hidden by a sheet beside the page": "<div class='list'><ul></ul><p class='nodata hide'>暂无数据</p></div>",
    "hidden by its style": "<div class='list'><ul></ul><p style='display:none'>暂无数据</p></div>",
    "hidden, and nothing else": "<div class='list'><p class='nodata is-hidden'>暂无数据</p></div>",
    "in an element of its own": "<div class='list'><ul></ul><el-empty><p>暂无数据</p></el-empty></div>",
    "beside a call": "<div class='list'><p>暂无内容</p><script>ShowNews(12)</script></div>",
    "beside a script by its address": "<div class='list'><ul><script src='/inc/news.asp?c=1'></script></ul><p>暂无内容</p></div>",
    "a count beside a script": "<div class='list'><ul><script src='/inc/news.asp?c=1'></script></ul><div class='page'>共0条</div></div>",
    "beside an element of its own": "<div class='list'><news-list></news-list><p>暂无内容</p></div>",
    "beside a frame without an address": "<div class='list'><iframe id='a' src=''></iframe><p>暂无内容</p></div>",
    "beside an empty place with a handle": "<div class='list'><ul id='view'></ul><p class='nodata'>暂无数据</p></div>",
}


@pytest.mark.parametrize("name", CONDITIONAL)
def test_words_that_a_program_shows_state_nothing(name: str) -> None:
    reading = read(page(CONDITIONAL[name]))
    assert (reading.state, reading.newest_date) == (State.SHELL, None)


EMPTY = {
    "counters": "<div class='list'><ul class='news'></ul></div><script src='/js/tongji.js'></script>",
    "a function that waits for a click": "<div class='list'><script>function more(id){ $.show(id); }</script></div>",
    "a pager beside it": "<ul class='list'></ul><div class='page'><script>var countPage = 1;\ncreatePageHTML(countPage, 0, 'index', 'html');</script></div>",
    "a pager in it": "<ul class='list'><script src='/js/page.js'></script><script>window.onload=function(){createPageHTML('p',1,1,'list','shtml',0);}</script></ul>",
    "a counter beside it": "<ul class='list'></ul><script>_showDynClickBatch(['dynclicks_u8_1'],[1],'wbnews', 19)</script>",
    "decoration": "<div class='list' data-aos='fade-up'><ul></ul></div>",
    "stated": "<div class='list'><ul></ul><p class='nodata'>暂无数据</p></div>",
    "stated in a block with a style of lists": "<ul class='list list-none'><li>暂无信息</li></ul>",
    "stated, a program elsewhere": "<form><input v-model='words'></form><div class='list'><p>暂无内容</p></div>",
}


@pytest.mark.parametrize("name", EMPTY)
def test_emptiness_without_a_program_stays_blank(name: str) -> None:
    reading = read(page(EMPTY[name]))
    assert (reading.state, reading.items, reading.newest_date) == (State.BLANK, (), None)


LEFT_OVER = {
    "rows of vue": "<div class='list'><ul><li v-for='item in list'><a :href='item.url'>{{item.title}}</a><span>{{item.date}}</span></li></ul></div>",
    "rows of vue with addresses": "<ul class='list'><li v-for='x in list'><a href='{{x.url}}'>{{x.title}}</a></li></ul>",
    "rows without words": "<ul class='newslist'><li v-for='x in list'><a :href='x.url'></a></li></ul>",
    "mustache": "<ul class='list'>{{#list}}<li><a href='{{url}}'>{{title}}</a></li>{{/list}}{{^list}}<li>暂无数据</li>{{/list}}</ul>",
    "loading": "<div class='list'><ul id='ls'><li>正在加载...</li></ul></div>",
    "data are being read": "<div class='list'>数据读取中，请稍候……</div>",
    "loading in English": "<div class='newslist'><p>Loading...</p></div>",
    "a picture of waiting": "<div class='list'><ul></ul><img src='/images/loading.gif'></div>",
    "loading before it is stated": "<div class='list'><p>加载中…</p><p class='nodata'>暂无数据</p></div>",
}


@pytest.mark.parametrize("name", LEFT_OVER)
@pytest.mark.parametrize("aside", [True, False])
def test_what_a_program_left_over_is_unknown(name: str, aside: bool) -> None:
    reading = read(page(LEFT_OVER[name], side=aside))
    assert (reading.state, reading.items, reading.newest_date) == (State.SHELL, (), None)


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='footer'><li>访问量：{{count}}</li></div>",
        "<div class='search'><ul><li v-for='w in words'>{{w}}</li></ul></div>",
        "<div class='weather'><span>加载中…</span></div>",
    ],
)
def test_what_is_left_over_elsewhere_is_not_the_list(beside: str) -> None:
    assert read(page(f"<div class='list'><p>暂无内容</p></div>{beside}")).state is State.BLANK


FRAMED = {
    "a frame that a script sets": "<div class='list'><iframe id='ifr' src='about:blank'></iframe></div><script>document.getElementById('ifr').src=url</script>",
    "a frame without an address": "<div class='list'><iframe name='main' width='100%' height='900'></iframe></div>",
    "flash": "<div class='list'><embed src='/list.swf' width='800' height='600'></div>",
    "a plug-in": "<div class='list'><object classid='clsid:x' width='800' height='600'></object></div>",
}


@pytest.mark.parametrize("name", FRAMED)
def test_a_list_in_a_frame_or_a_plug_in_is_unknown(name: str) -> None:
    reading = read(page(FRAMED[name]))
    assert (reading.state, reading.items, reading.newest_date) == (State.SHELL, (), None)


def test_a_frame_whose_address_is_written_in_a_script_is_named() -> None:
    main = "<div class='list'><iframe id='ifr' src='about:blank'></iframe></div>"
    for code in ("document.getElementById('ifr').src = '/list/3.html'", "$('#ifr').attr('src', '/list/3.html')"):
        reading = read(page(f"{main}<script>{code}</script>"))
        assert (reading.state, reading.needs) == (State.SHELL, ("http://www.shi.gov.cn/list/3.html",))


@pytest.mark.parametrize("banner", ["<embed src='/banner.swf' height='200'>", "<iframe name='tq' height='0'></iframe>"])
def test_a_banner_or_an_unseen_frame_is_not_the_list(banner: str) -> None:
    text = (
        "<div class='con'><p>某市位于省境北部，总面积2000平方公里，辖10个镇，总人口40万人，素有鱼米之乡之称。</p></div>"
    )
    whole = page(text).replace("<div class='nav'>", f"<div class='banner'>{banner}</div><div class='nav'>")
    assert read(whole).state is State.READABLE
