"""Lists that are not in the HTML, every dialect: read from the data in the page, or named to be asked; never blank by mistake."""

import json
from types import ModuleType

import pytest

from monitor.model import State
from monitor.read.adapters import ADAPTERS, _adapter
from tests.read.samples import MENU, TITLES, URL, frame, read, rows

LI = "<li><a href='{href}'>{title}</a><span>{date}</span></li>"
DAYS = ["2026-11-18", "2026-11-12", "2026-11-05", "2026-10-30", "2026-10-22", "2026-10-09"]
NOON = 1_794_970_800  # 2026-11-18 11:00 in Shanghai
DAY = 86_400
EMPTY_COLUMN = frame("<div class='list' id='list'></div>", side="")


def records(days: list[str], name: str = "art_1") -> list[str]:
    return [
        f"<li><a href='/art/2026/11/1/{name}_{at}.html' title='{TITLES[at % 6]}'>{TITLES[at % 6][:12]}…</a><b>{day}</b></li>"
        for at, day in enumerate(days)
    ]


def store(days: list[str], *, name: str = "art_1", proxy: str = "") -> str:
    """A script of 大汉 as its pages hold it."""
    inside = "".join(f"<record><![CDATA[\n{one}]]></record>\n" for one in records(days, name))
    group = f'<nextgroup><![CDATA[<a href="{proxy}"></a>]]></nextgroup>' if proxy else ""
    return f"<div id='382'><script type=\"text/xml\"><datastore>\n{group}<recordset>{inside}</recordset></datastore></script></div>"


PROXY = "/module/web/jpage/dataproxy.jsp?page=1&amp;appid=1&amp;webid=9&amp;path='/'&amp;columnid=7&amp;unitid=382&amp;webname=%25E6%259F%2590&amp;permissiontype=0"


class TestDatastore:
    def test_page_0_holds_the_list(self) -> None:
        reading = read(frame(store(DAYS, proxy=PROXY)))
        assert (reading.state, reading.newest_date, len(reading.items), reading.needs) == (
            State.LISTED,
            "2026-11-18",
            6,
            (),
        )

    def test_two_stores_are_two_lists(self) -> None:
        page = f"<div class='a'>{store(DAYS[2:])}</div><div class='b'>{store(DAYS, name='art_2')}</div>"
        reading = read(frame(page))
        assert reading.newest_date == "2026-11-18"
        home = read(frame(page), "site")
        assert len(home.items) == 10

    def test_several_recordsets_in_one_store(self) -> None:
        one = "".join(f"<record><![CDATA[{one}]]></record>" for one in records(DAYS[3:]))
        two = "".join(f"<record> <![CDATA[{one}]]> </record>" for one in records(DAYS[:3], "art_2"))
        xml = f"<script type='text/xml'><?xml version='1.0'?><DATASTORE><recordset>{one}</recordset><recordset>{two}</recordset></DATASTORE></script>"
        reading = read(frame(xml))
        assert (reading.newest_date, len(reading.items)) == ("2026-11-18", 6)

    def test_records_as_table_rows_and_escaped(self) -> None:
        cells = "".join(
            f"<record>&lt;tr&gt;&lt;td&gt;&lt;a href='/art/{at}.html'&gt;{TITLES[at]}&lt;/a&gt;&lt;/td&gt;&lt;td&gt;[{day}]&lt;/td&gt;&lt;/tr&gt;</record>"
            for at, day in enumerate(DAYS)
        )
        reading = read(frame(f"<script type='text/xml'><datastore>{cells}</datastore></script>"))
        assert (reading.newest_date, len(reading.items)) == ("2026-11-18", 6)

    def test_without_records_the_first_group_is_asked(self) -> None:
        reading = read(frame(store([], proxy=PROXY), side=""))
        assert reading.state is State.SHELL
        assert reading.needs == (
            (
                "http://www.shi.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=45&perpage=15&appid=1&webid=9&path='/'"
                "&columnid=7&unitid=382&webname=%25E6%259F%2590&permissiontype=0"
            ),
        )

    def test_parameters_of_the_pager_are_put_into_the_address(self) -> None:
        script = (
            "<div id='5'></div><script>$(function(){$('#5').jpage({ajaxParam:{col:'1',webid:'96',columnid:'12',unitid:'5',permissiontype:0},"
            "proxyUrl:'/module/jpage/dataproxy.jsp',totalRecord:90,perPage:15})})</script>"
        )
        (need,) = read(frame(script, side="")).needs
        assert need.endswith("perpage=15&col=1&webid=96&columnid=12&unitid=5&permissiontype=0")

    def test_encrypted_ids_are_unknown(self) -> None:
        script = "<div id='5'></div><script>$('#5').jpage({ajaxParam:encrypt(p),proxyUrl:'/module/jpage/dataproxy.jsp'})</script>"
        reading = read(frame(script, side=""))
        assert (reading.state, reading.needs) == (State.SHELL, ())
        assert reading.asks == ("http://www.shi.gov.cn/module/jpage/dataproxy.jsp",)

    @pytest.mark.parametrize(
        "body",
        [
            "<?xml version='1.0' encoding='utf-8'?><datastore></datastore>",
            "<datastore><recordset></recordset></datastore>",
            "\r\n\r\n\r\n<datastore>\r\n<recordset>\r\n</recordset></datastore>",
            "\r\n" * 27,
        ],
    )
    def test_an_empty_answer_of_the_proxy_is_not_blank(self, body: str) -> None:
        assert read(body).state in {State.UNREADABLE, State.SHELL}

    @pytest.mark.parametrize(
        "record", ["", "<record>U2FsdGVkX1+abc/def==</record>", "<record><![CDATA[U2Fs]]></record>"]
    )
    def test_a_datastore_that_is_empty_or_locked_is_unknown(self, record: str) -> None:
        inside = f"<datastore><nextgroup></nextgroup><recordset>{2 * record}</recordset></datastore>"
        reading = read(frame(f"<div id='26'><script type='text/xml'>{inside}</script></div>", side=""))
        assert (reading.state, reading.newest_date) == (State.SHELL, None)

    def test_a_pager_of_its_own_that_counts_nothing_is_proof(self) -> None:
        script = "<script type='text/xml'><datastore><recordset></recordset></datastore></script>"
        pager = "<script>$('#5').jpage({perpage:15,totalRecord:0,proxyUrl:'/module/web/jpage/dataproxy.jsp'})</script>"
        assert (
            read(frame(f"<div class='list_con'><div id='5'></div>{script}{pager}</div>", side="")).state is State.BLANK
        )

    def test_the_answer_of_the_proxy_is_the_list(self) -> None:
        inside = "".join(f"<record><![CDATA[{one}]]></record>" for one in records(DAYS))
        reading = read(f"<datastore><nextgroup></nextgroup><recordset>{inside}</recordset></datastore>")
        assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, "2026-11-18", 6)


def config(tree: object = None, sid: str = "'751001'") -> str:
    nodes = tree or [{"id": at, "name": f"栏目{at}", "jump_url": "", "children": []} for at in (11, 12, 13)]
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>政府信息公开</title></head><body><div id='app'></div><script>"
        f"window._CONFIG = {{\n SITE_ID: '1', SID: {sid},\n DETAIL: {{}},\n TREE: {json.dumps(nodes)},\n SERVICE_AREA_ID: 1\n}}</script>"
        "<script src='/gkmlpt/js/index.js'></script></body></html>"
    )


def articles(*days: object, **more: object) -> str:
    """The JSON list of gkmlpt; a day is what stands in display_publish_time."""
    listed = [
        {
            "id": at,
            "title": TITLES[at % 6],
            "identifier": f"11440000/2026-{at:05d}",
            "date": "2020-01-02",
            "created_at": "2026-11-19 08:00:00",
            "display_publish_time": day,
            "url": f"http://www.shi.gov.cn/gkmlpt/content/1/2/post_{at}.html",
        }
        for at, day in enumerate(days)
    ]
    return json.dumps({"classify": {"id": 12, "name": "通知公告"}, "total": len(days), "articles": listed, **more})


class TestGkmlpt:
    @pytest.mark.parametrize(
        ("url", "path"),
        [
            ("http://www.shi.gov.cn/gkmlpt/index#12", "/gkmlpt/api/all/12?page=1&sid=751001"),
            ("http://www.shi.gov.cn/rsj/gkmlpt/index#12", "/rsj/gkmlpt/api/all/12?page=1&sid=751001"),
            ("http://www.shi.gov.cn/rsj/gkmlpt/mindex/#12", "/rsj/gkmlpt/api/all/12?page=1&sid=751001"),
            ("http://www.shi.gov.cn/gkmlpt/index", "/gkmlpt/api/all/0?page=1&sid=751001"),
            ("http://www.shi.gov.cn/gkmlpt/", "/gkmlpt/api/all/0?page=1&sid=751001"),
        ],
    )
    def test_the_call_of_the_column(self, url: str, path: str) -> None:
        reading = read(config(), url=url)
        assert (reading.state, reading.needs) == (State.SHELL, (f"http://www.shi.gov.cn{path}",))

    def test_a_list_of_something_else_in_the_page_does_not_count_for_a_column(self) -> None:
        page = config().replace("<div id='app'>", f"<div id='app'><ul>{rows(DAYS, LI)}</ul>")
        assert read(page, url="http://www.shi.gov.cn/gkmlpt/index#12").state is State.SHELL
        assert read(page, url="http://www.shi.gov.cn/gkmlpt/index").newest_date == "2026-11-18"

    def test_a_column_kept_elsewhere_leads_there(self) -> None:
        tree = [{"id": 1, "name": "公开", "children": [{"id": 12, "name": "公告", "jump_url": "/zwgk/tzgg/"}]}]
        reading = read(config(tree), url="http://www.shi.gov.cn/gkmlpt/index#12")
        assert reading.needs == ("http://www.shi.gov.cn/zwgk/tzgg/",)

    def test_a_tree_of_one_column_is_asked_for_it_too(self) -> None:
        needs = read(config([{"id": 34, "name": "公告"}]), url="http://www.shi.gov.cn/gkmlpt/index").needs
        assert [need.partition("?")[0][-6:] for need in needs] == ["/all/0", "all/34"]

    def test_another_program_called_config_is_none(self) -> None:
        page = "<div id='app'></div><script>window._CONFIG = {year: 2026, SID: 5}</script>"
        assert read(page).needs == ()

    def test_days_are_those_of_shanghai(self) -> None:
        late = 1_795_017_600 - 3600  # 2026-11-18 23:00 in Shanghai
        reading = read(articles(NOON - DAY, late + 2 * 3600, NOON - 9 * DAY))
        assert (reading.state, reading.newest_date) == (State.LISTED, "2026-11-19")
        assert [item.date for item in reading.items] == ["2026-11-17", "2026-11-19", "2026-11-09"]
        assert {item.date_from for item in reading.items} == {"script"}
        assert [link.url for link in reading.links] == [item.url for item in reading.items]

    @pytest.mark.parametrize("day", [NOON, str(NOON), NOON * 1000, "2026-11-18 11:00:00", "2026-11-18T03:00:00.000Z"])
    def test_times_in_every_spelling(self, day: object) -> None:
        assert read(articles(day)).newest_date == "2026-11-18"

    def test_a_display_time_to_come_is_no_date(self) -> None:
        reading = read(articles(NOON + 30 * DAY, NOON - DAY))
        assert [item.date for item in reading.items] == [None, "2026-11-17"]

    def test_without_a_display_time_the_older_date_is_taken(self) -> None:
        assert read(articles(None)).newest_date == "2020-01-02"

    def test_only_a_stated_nothing_is_blank(self) -> None:
        assert read(articles()).state is State.BLANK
        assert read(articles(total=7)).state is State.SHELL
        assert read(articles(total=None)).state is State.SHELL
        assert read(articles(), status=502).state is State.SOFT_ERROR


UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"


def unit_script(tag: str, page: str = "1229") -> str:
    query = f"{{'parseType':'bulidstatic','webId':'3185','tplSetId':'o0Y','pageType':'column','tagId':'{tag}','editType':'null','pageId':'{page}'}}"
    return f'<script src="/AuthorizedRead/unitbuild.js" url="{UNIT}" queryData="{query}"></script>'


def unit_answer(inside: str) -> str:
    return json.dumps({"success": True, "code": 200, "data": {"html": inside, "script": ""}}, ensure_ascii=False)


class TestJpaas:
    @pytest.mark.parametrize("name", ["queryData", "querydata", "data-querydata", "query-data"])
    @pytest.mark.parametrize("number", ["'pageId':'12'", "'tplSetId':'ab'"])
    def test_any_spelling_of_the_parameters(self, name: str, number: str) -> None:
        unit = f"<script parseType='bulidstatic' {name}=\"{{'webId':'3204',{number},'tagId':'当前栏目list'}}\" url='{UNIT}' src='/jpaas/page.js'></script>"
        reading = read(frame(f"<div class='list'>{unit}</div>", side=""))
        assert reading.state is State.SHELL
        assert len(reading.needs) == 1
        assert reading.needs[0].startswith(f"http://www.shi.gov.cn{UNIT}?webId=3204&")

    @pytest.mark.parametrize("data", ["queryData='{}'", "queryData=\"{'tplSetId':'ab'}\"", "queryData='params()'", ""])
    def test_parameters_that_a_program_has_to_find_are_told(self, data: str) -> None:
        unit = f"<script src='/script/0/pageparse.js' {data} url='{UNIT}'></script>"
        reading = read(frame(f"<div class='list'><ul></ul></div>{unit}", side=""))
        assert (reading.state, reading.needs) == (State.SHELL, ())
        assert f"GET http://www.shi.gov.cn{UNIT}…" in reading.asks

    def test_the_units_that_may_be_lists_are_named_likeliest_first(self) -> None:
        page = frame(unit_script("栏目导航") + unit_script("右侧") + unit_script("信息列表"), side="")
        reading = read(page)
        assert reading.state is State.SHELL
        assert [need.split("tagId=")[1].split("&")[0] for need in reading.needs] == [
            "%E4%BF%A1%E6%81%AF%E5%88%97%E8%A1%A8",
            "%E5%8F%B3%E4%BE%A7",
        ]
        assert reading.needs[0].startswith(f"http://www.shi.gov.cn{UNIT}?parseType=bulidstatic&webId=3185&tplSetId=o0Y")

    def test_a_call_written_in_a_script(self) -> None:
        call = f"$.ajax({{url: '{UNIT}', type: 'get', data: {{webId: '9', pageId: '7', tagId: '列表', tplSetId: 'a', parseType: 'bulidstatic'}}}})"
        (need,) = read(frame(f"<div class='list'></div><script>{call}</script>", side="")).needs
        assert "webId=9&pageId=7&tagId=%E5%88%97%E8%A1%A8" in need

    def test_a_list_in_the_page_needs_no_call(self) -> None:
        reading = read(frame(f"<ul class='list'>{rows(DAYS, LI)}</ul>" + unit_script("分页")))
        assert (reading.newest_date, reading.needs) == ("2026-11-18", ())

    def test_the_markup_in_the_answer_is_the_list(self) -> None:
        markup = f"<div id='信息列表'><ul class='page-content'>{rows(DAYS, LI)}</ul><div class='pagination' count='90'></div></div>"
        reading = read(unit_answer(markup), url=f"http://www.shi.gov.cn{UNIT}?pageId=1229")
        assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, "2026-11-18", 6)

    @pytest.mark.parametrize(
        ("inside", "state"),
        [
            ("", State.SHELL),
            ("   ", State.SHELL),
            ("<ul class='page-content'></ul>", State.SHELL),
            ("<div class='nav'><a href='/'>首页</a></div>", State.SHELL),
            ("<ul class='page-content'><li>暂无内容</li></ul>", State.BLANK),
        ],
    )
    def test_only_a_stated_nothing_is_blank(self, inside: str, state: State) -> None:
        assert read(unit_answer(inside)).state is state


LABEL = "labelName=publicInfoList&siteId=6781961&pageSize=18&pageIndex=1&action=list&organId=1681&type=4&file=%2Fxxgk%2Flist"

CALLS = {
    "label in an address": (f"<script>$('#x').load('/site/label/8888?{LABEL}')</script>", f"/site/label/8888?{LABEL}"),
    "label with literal data": (
        "<script>Ls.ajax({url: \"/site/label/8888\", dataType: 'html', data: {labelName: 'publicInfoList', siteId: 678, isDate: true}})</script>",
        "/site/label/8888?labelName=publicInfoList&siteId=678&isDate=true",
    ),
    "easyui by attribute": (
        "<table id='dg' class='easyui-datagrid' url='/xxgk/getList.do?cid=9' pagination='true'><thead><tr><th field='t'>标题</th><th field='d'>日期</th></tr></thead></table>",
        "/xxgk/getList.do?cid=9",
    ),
    "bootstrap-table": (
        "<table data-toggle='table' data-url='/gk/list.json?id=9'><thead><tr><th>标题</th></tr></thead></table>",
        "/gk/list.json?id=9",
    ),
    "layui": (
        "<table class='layui-table' lay-data=\"{url:'/gk/list.json?id=9', page:true}\"><thead><tr><th>标题</th></tr></thead></table>",
        "/gk/list.json?id=9",
    ),
    "easyui": (
        "<table class='easyui-datagrid' data-options=\"url:'/xxgk/getList.do?cid=9',method:'post'\"></table>",
        "/xxgk/getList.do?cid=9",
    ),
    "datagrid": (
        "<table id='dg'></table><script>$('#dg').datagrid({url:'/gk/queryPage.json', queryParams: {cid: 9}})</script>",
        "/gk/queryPage.json?cid=9",
    ),
    "ajax": (
        "<ul id='list'></ul><script>$.ajax({type:'get', url:'/api/news/list.json', success: function(d){$('#list').html(d)}})</script>",
        "/api/news/list.json",
    ),
    "getJSON": (
        "<ul id='list'></ul><script>$.getJSON('data_list.json', function(d){})</script>",
        "/zwgk/tzgg/data_list.json",
    ),
    "fetch": (
        "<ul id='list'></ul><script>fetch('/api/articles?channel=3').then(f)</script>",
        "/api/articles?channel=3",
    ),
    "axios": ("<ul id='list'></ul><script>axios.get('/api/news/page').then(f)</script>", "/api/news/page"),
    "bare": (
        "<ul id='list'></ul><script>var x=new XMLHttpRequest();x.open('GET', '/api/newslist.jsp?id=3', true)</script>",
        "/api/newslist.jsp?id=3",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_is_written_out_is_named(name: str) -> None:
    inside, path = CALLS[name]
    reading = read(frame(inside, side=""))
    assert (reading.state, reading.needs) == (State.SHELL, (f"http://www.shi.gov.cn{path}",))


@pytest.mark.parametrize(
    "call",
    [
        "$.ajax({url:'/api/list?id='+id})",
        "$.ajax({url:'/api/list', data:{id: column, page: n}})",
        "$.getJSON('/count/hits.do?id=3&type=list')",
        "$.post('/vote/addVote.do', {list: 1})",
        "$.getJSON('http://other.example.com/news/list.json')",
        "$.get('/js/list.js')",
    ],
)
def test_what_is_put_together_or_no_list_is_not_asked(call: str) -> None:
    reading = read(frame(f"<ul id='list' class='list'></ul><script>{call};$('#list').append(x)</script>", side=""))
    assert (reading.state, reading.needs) == (State.SHELL, ())


DATA = [
    {
        "id": at,
        "docTitle": TITLES[at],
        "docPubUrl": f"./t2026_{at}.html",
        "docRelTime": f"{day} 09:00:00",
        "endTime": "2026-12-30",
    }
    for at, day in enumerate(DAYS)
]
LOOSE = ",".join(
    f"{{title:'{TITLES[at]}', url:\"/a/{at}.html\", pubDate:'{day}', hot:!0,}}" for at, day in enumerate(DAYS)
)
PACKED = json.dumps(json.dumps({"list": DATA}))

EMBEDDED = {
    "initial state": f"<script>window.__INITIAL_STATE__ = {json.dumps({'nav': [{'title': '首页', 'url': '/'}], 'page': {'list': DATA}})};</script>",
    "variable": f"<script>var pageSize = 20; var list = {json.dumps(DATA, ensure_ascii=False)};\nrender(list);</script>",
    "application/json": f"<script type='application/json' id='__NEXT_DATA__'>{json.dumps({'props': {'rows': DATA}})}</script>",
    "loose": f"<script>/* rows */ var list = [ {LOOSE} ]; // end\n</script>",
    "parsed": f"<script>window.data = JSON.parse({PACKED});</script>",
    "argument": f"<script>$(function(){{ new List('#x', {json.dumps(DATA)}).show() }})</script>",
    "behind a program": f"<script>var t = [{{name: f(x), run: function(){{ return 1 }} }}]; var rows = {json.dumps(DATA)}</script>",
}


@pytest.mark.parametrize("name", EMBEDDED)
def test_json_in_a_script_is_the_list_of_a_page_without_one(name: str) -> None:
    reading = read(frame(f"<div id='list' class='list'></div>{EMBEDDED[name]}", side=""))
    assert (reading.state, reading.newest_date, reading.newest_precision) == (State.LISTED, "2026-11-18", "day")
    assert [item.title for item in reading.items] == list(TITLES)
    assert all(item.url and item.url.startswith("http://www.shi.gov.cn/") for item in reading.items)
    assert {item.date_from for item in reading.items} == {"script"}


def test_json_in_a_script_beside_a_list_changes_nothing() -> None:
    old = rows(["2026-10-01"] * 8, LI)
    assert read(frame(f"<ul class='list'>{old}</ul>{EMBEDDED['variable']}")).newest_date == "2026-10-01"


@pytest.mark.parametrize(
    "data",
    [
        [{"title": "首页", "url": "/"}, {"title": "政务公开", "url": "/zwgk/"}],
        [{"name": "图一", "src": "/a.jpg", "width": 10}],
        [{"title": "关于开展检查的通知", "endTime": "2026-11-02", "url": "/a.html"}],
        [{"date": "2026-11-02", "count": 3}],
        [{"a": {"b": [1, 2, 3]}}],
        [],
    ],
)
def test_other_data_is_no_list(data: object) -> None:
    page = frame(f"<div id='list' class='list'></div><script>var x = {json.dumps(data)};</script>", side="")
    assert read(page).items == ()
    assert read(json.dumps({"code": 0, "rows": data, "total": 0})).state is State.SHELL


ANSWERS = {
    "an array": json.dumps(DATA),
    "in layers": json.dumps({"code": 200, "msg": "ok", "data": {"total": 6, "records": DATA}}),
    "of a callback": f"jQuery1113_5({json.dumps({'rows': DATA})});",
    "with a mark of order": "\ufeff" + json.dumps({"rows": DATA}),
    "with a side list": json.dumps(
        {"hotList": DATA * 3, "list": [{**one, "docRelTime": "2026-10-01"} for one in DATA]}
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_of_a_call_is_the_list(name: str) -> None:
    reading = read(ANSWERS[name])
    newest = "2026-10-01" if name == "with a side list" else "2026-11-18"
    assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, newest, 6)
    assert reading.items[0].url == "http://www.shi.gov.cn/zwgk/tzgg/t2026_0.html"


@pytest.mark.parametrize(
    "value",
    [NOON, NOON * 1000, float(NOON), str(NOON), "2026-11-18", "2026/11/18 9:30", "2026年11月18日", "20261118", "20261118093000",
     "2026-11-17T16:00:00.000+0000", "Wed Nov 18 09:30:00 CST 2026", "/Date(1794970800000)/", {"time": NOON * 1000, "year": 126}, "11-18"],
)  # fmt: skip
def test_days_in_every_spelling(value: object) -> None:
    rows = [{"title": title, "link": f"/a/{at}.html", "publishTime": value} for at, title in enumerate(TITLES)]
    assert read(json.dumps(rows)).newest_date == "2026-11-18"


def test_gbk_data_declared_otherwise() -> None:
    body = json.dumps({"rows": DATA}, ensure_ascii=False).encode("gb18030")
    reading = read(body, charset="utf-8")
    assert [item.title for item in reading.items] == list(TITLES)
    assert reading.encoding == "gb18030"


@pytest.mark.parametrize(
    "script",
    [
        "".join(f"document.write(\"<li><a href='/a/{at}.html'>{TITLES[at]}</a><span>{day}</span></li>\");" for at, day in enumerate(DAYS)),
        "document.writeln('<ul>'" + "".join(f"\n + '<li><a href=\"/a/{at}.html\">{TITLES[at]}</a> <i>{day}<\\/i></li>'" for at, day in enumerate(DAYS)) + ");",
    ],
)  # fmt: skip
def test_rows_that_a_script_writes(script: str) -> None:
    reading = read(
        frame(
            f"<div class='list' id='list'></div><script>{script}createPageHTML(12, 0, 'index', 'html');</script>",
            side="",
        )
    )
    assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, "2026-11-18", 6)


def test_a_pager_of_trs_needs_nothing() -> None:
    reading = read(
        frame(f'<ul class=\'list\'>{rows(DAYS, LI)}</ul><script>createPageHTML(120, 0, "index", "html");</script>')
    )
    assert (reading.newest_date, reading.needs) == ("2026-11-18", ())


def test_what_stands_in_noscript_is_read_when_nothing_else_does() -> None:
    page = f"<div id='app'></div><noscript><ul class='list'>{rows(DAYS, LI)}</ul></noscript><script src='/app.js'></script>"
    assert read(page).newest_date == "2026-11-18"
    led = "<div id='app'></div><noscript><meta http-equiv='refresh' content='0;url=/plain/'></noscript><script src='/app.js'></script>"
    assert read(led).needs == ("http://www.shi.gov.cn/plain/",)
    counter = "<div id='app'></div><noscript><img src='/count.gif'></noscript><script src='/app.js'></script>"
    assert (read(counter).state, read(counter).needs) == (State.SHELL, ())


def test_frames_that_nobody_sees_hold_no_list() -> None:
    seen = "<iframe src='/list.html' width='100%' height='600'></iframe>"
    unseen = (
        "<iframe src='/track.html' width='0' height='0'></iframe><iframe src='/b.html' style='display: none'></iframe>"
    )
    foreign = "<iframe src='http://weather.example.com/' height='900'></iframe>"
    assert read(f"<html><body>{foreign}{unseen}{seen}</body></html>").needs == (
        "http://www.shi.gov.cn/list.html",
        "http://weather.example.com/",
    )


def test_a_menu_beside_a_frame_is_not_all() -> None:
    menu = "".join(f"<li><a href='/zt/{at}/'>{title}</a></li>" for at, title in enumerate(TITLES))
    page = frame(f"<ul class='list'>{menu}</ul><iframe src='list.html' height='800'></iframe>", side="")
    reading = read(page)
    assert (reading.state, reading.newest_date, reading.needs) == (State.LISTED, None, (URL.replace("index", "list"),))


class TestNeverBlank:
    @pytest.mark.parametrize(
        "inside",
        [
            "<div v-if='!rows.length'>暂无数据</div><div id='x'></div>",
            "<ul id='news'><li>暂无数据</li></ul><script>$.ajax({url: api, success(d){ $('#news').html(row(d)) }})</script>",
            "<p>暂无内容</p>" + unit_script("信息列表"),
            "<p>暂无内容</p>" + EMBEDDED["variable"],
        ],
    )
    def test_what_a_script_fills(self, inside: str) -> None:
        assert read(frame(inside, side="")).state is not State.BLANK

    def test_what_is_said_in_the_open_is(self) -> None:
        script = "<script>$.ajax({url:'/count/hits.do?id=3'});$('#top').append(x)</script>"
        assert read(frame(f"<ul class='list'><li>暂无内容</li></ul>{script}", side="")).state is State.BLANK


def test_an_ordinary_page_is_left_alone() -> None:
    text = "<p>" + "本局负责全市的综合管理工作，贯彻执行国家有关法律法规。" * 20 + "</p>"
    reading = read(frame(f"{text}<script>$.getJSON('/api/news/list.json', f)</script>", side=""))
    assert (reading.state, reading.needs) == (State.READABLE, ())
    home = f"<html><body><ul>{MENU}</ul><script>$.getJSON('/api/news/list.json', f)</script></body></html>"
    assert read(home, "site").needs == ()


def test_every_adapter_keeps_the_contract() -> None:
    assert [one.name for one in ADAPTERS] == sorted(one.name for one in ADAPTERS)
    for broken in ({}, {"MARKS": ("x",)}, {"MARKS": (), "SURE": True}, {"MARKS": ("x",), "SURE": True}):
        module = ModuleType("broken")
        vars(module).update(broken)
        with pytest.raises(TypeError, match=r"adapters/broken\.py"):
            _adapter("broken", module)
