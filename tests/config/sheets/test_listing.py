"""Lists of the filing systems and in our own words, as rows of our inventory; and every problem with its cell."""

import io
import time
from collections.abc import Sequence

import pytest
from openpyxl import Workbook, load_workbook

from monitor.config.sheets.grid import Unusable
from monitor.config.sheets.headings import find_header
from monitor.config.sheets.listing import Listing, Site, read_listing
from monitor.config.sheets.reading import read_grid
from monitor.config.sheets.registers import MESSAGES
from monitor.model import TargetKind
from tests.config.sheets.tables import Rows, delimited, saved, told, workbook

CITY = Site("4402000001", "4402000001", "某市人民政府")
SITES = (CITY, Site("edu", "", "某市教育局"), Site("health", "", "某市卫健局"), Site("health2", "", "某市卫健局"))


def listing(rows: Rows, kind: TargetKind | None = None, others: Sequence[str] = ()) -> Listing:
    return read_listing(read_grid(workbook(rows)), SITES, (), others, kind)


def rows(found: Listing) -> list[dict[str, str]]:
    return [cells for _, cells in found.rows]


def test_a_list_of_sites_as_the_national_system_writes_it() -> None:
    found = listing(
        [
            ["某市政府网站基本信息表"],
            ["填报单位：某市府办", None, None, None, None, None, "2026年11月"],
            [
                "序号",
                "网站标识码",
                "网站名称 *",
                "首页网址（必填）",
                "主办单位",
                "承办单位",
                "联系人",
                "联系电话",
                "ICP备案号",
                "公安备案号",
            ],
            [
                1,
                "4402000001",
                "某市人民政府",
                "www.city.example",
                "某市府办",
                "某中心",
                "张三",
                13800138000,
                "粤ICP备1号",
                "44",
            ],
            [
                2,
                4402000002,
                "某市教育局",
                "https://edu.city.example/",
                "某市教育局",
                None,
                None,
                "0751-1234567",
                None,
                None,
            ],
        ]
    )
    assert found.wrong == []
    assert rows(found) == [
        {
            "kind": "site",
            "id": "4402000001",
            "site_code": "4402000001",
            "name": "某市人民政府",
            "url": "http://www.city.example",
            "owner": "某市府办",
            "contact": "张三 13800138000 某中心",
        },
        {
            "kind": "site",
            "id": "4402000002",
            "site_code": "4402000002",
            "name": "某市教育局",
            "url": "https://edu.city.example/",
            "owner": "某市教育局",
            "contact": "某市教育局 0751-1234567",
        },
    ]
    assert [row for row, _ in found.rows] == [4, 5]
    assert found.left_out == ("序号", "ICP备案号", "公安备案号")
    assert found.schemes == 1


def test_a_list_of_columns_names_its_sites_by_code_name_or_id_and_classes_in_words() -> None:
    found = listing(
        [
            ["网站名称", "栏目名称", "栏目类别", "栏目网址", "首页栏目"],
            ["某市人民政府", "要闻", "动态要闻类", "https://c.example/yw/", "是"],
            ["4402000001", "政策文件", "政策文件", "https://c.example/zc/", "否"],
            ["edu", "通知公告", "6个月", "https://e.example/tz/", None],
            ["edu", "法规", "半年", "https://e.example/fg/", None],
            ["edu", "人事", "1年", "https://e.example/rs/", None],
            ["edu", "动态", "两周", "https://e.example/dt/", None],
        ]
    )
    assert found.wrong == []
    assert [(one["site"], one["column"], one["id"]) for one in rows(found)] == [
        ("4402000001", "dynamic", "4402000001/要闻"),
        ("4402000001", "policy", "4402000001/政策文件"),
        ("edu", "notice", "edu/通知公告"),
        ("edu", "policy", "edu/法规"),
        ("edu", "other", "edu/人事"),
        ("edu", "dynamic", "edu/动态"),
    ]


def test_a_list_of_accounts() -> None:
    found = listing(
        [
            ["新媒体名称", "类型", "主办单位", "账号地址"],
            ["某市发布", "微信公众号", "某市府办", "https://feeds.example/wx.xml"],
            ["某市发布", "新浪微博", "某市府办", "https://feeds.example/wb.xml"],
            ["某市发布", None, "某市府办", "https://feeds.example/x.xml"],
        ]
    )
    assert found.wrong == []
    assert [one["id"] for one in rows(found)] == ["wechat-某市发布", "weibo-某市发布", "account-某市发布"]
    assert [one.get("platform") for one in rows(found)] == ["wechat", "weibo", None]


def test_a_list_in_our_own_words_may_hold_every_kind() -> None:
    found = listing(
        [
            ["kind", "id", "name", "url", "site", "column", "entry"],
            ["网站", "town", "某镇", "https://town.example/", None, None, None],
            ["column", None, "公告", "https://town.example/gg/", "某镇", "notice", None],
            ["page", None, "咨询", "https://town.example/zx/", "town", None, "interaction"],
        ]
    )
    assert found.wrong == []
    assert [(one["kind"], one["id"], one.get("site")) for one in rows(found)] == [
        ("site", "town", None),
        ("column", "town/公告", "town"),
        ("page", "town/咨询", "town"),
    ]


def test_every_problem_is_told_with_its_cell() -> None:
    found = listing(
        [
            ["所属网站", "栏目名称", "栏目类别", "栏目网址"],
            ["某县政府", None, "图片类", "htp://c.example/"],
            ["某市卫健局", "动态", "动态", "https://h.example/ a"],
            ["edu", "动态", "动态", "https://e.example/dt/"],
            ["edu", "动态", "动态", "http://www.e.example/dt"],
        ]
    )
    assert told(found.wrong) == [
        'A2 所属网站: there is no site "某县政府" (import the sites first, or write its id, 网站标识码 or name)',
        "B2 栏目名称: is empty (it has to be filled in)",
        'C2 栏目类别: "图片类" is no class of column (expected is 动态要闻类, 政策文件类, 通知公告类 or 其他, or how often it is updated: 2周, 6个月, 1年)',
        "D2 栏目网址: htp:// cannot be watched (write http:// or https://)",
        'A3 所属网站: 2 sites are called "某市卫健局" (write the 网站标识码 or the id of the one that is meant)',
        "D3 栏目网址: the address has a blank or an invisible character in it (write %20 where a blank is meant)",
        "B5 栏目名称: the same target stands in row 4 already (take one of the two out)",
    ]


def test_ids_of_others_and_ids_twice() -> None:
    found = listing(
        [
            ["kind", "id", "name", "url"],
            ["site", "mine", "a", "https://a.example/"],
            ["site", "b", "b", "https://b.example/"],
            ["site", "b", "c", "https://c.example/"],
        ],
        others={"mine": 1},  # type: ignore[arg-type]
    )
    assert told(found.wrong) == [
        'B2 id: "mine" stands in another file of the inventory (take it out there, or write another id here)',
        'B4 id: the id "b" stands in row 3 already',
    ]


def test_columns_that_are_missing_and_an_unknown_platform() -> None:
    found = listing([["账号名称", "平台", "主办单位"], ["某市发布", "飞信", "某市府办"]])
    assert told(found.wrong) == [
        '1: the column "订阅地址" is missing',
        'B2 平台: "飞信" is no platform we know (expected is one of 微信、微博、抖音、快手、视频号、哔哩哔哩、小红书、头条、客户端、小程序、其他)',
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([["单位", "网址"], ["a", "https://a.example/"]], "has no line that names the columns"),
        ([["网站名称"], ["a"]], "has no line that names the columns"),
        ([["网站名称", "首页网址"]], "has no rows below its headings"),
        ([["网站名称", "首页网址", "首页网址"], ["a", "b", "c"]], 'the column "首页网址" is there twice'),
    ],
)
def test_what_is_no_list_at_all(table: Rows, said: str) -> None:
    with pytest.raises(Unusable) as refused:
        listing(table)
    assert str(refused.value) == said


def test_where_the_headings_are_not_the_other_sheets_are_named() -> None:
    book = Workbook()
    book.worksheets[0].title = "封面"
    book.worksheets[0].append(["某市政府网站", "2026年"])
    for name in ("一季度", "二季度"):
        book.create_sheet(name).append(["网站名称", "首页网址"])
    for read in (lambda grid: read_listing(grid, (), ()), lambda grid: find_header(grid, MESSAGES)):
        with pytest.raises(Unusable) as refused:
            read(read_grid(saved(book)))
        assert str(refused.value) == (
            "has no line that names the columns in its sheet “封面”;"
            " it has other sheets too, one of them is read with --sheet: 一季度, 二季度"
        )
        assert refused.value.advice is not None


def test_the_kind_can_be_said_where_the_headings_do_not_tell() -> None:
    table = [["name", "url", "owner"], ["a", "https://a.example/", "b"]]
    with pytest.raises(Unusable):
        read_listing(read_grid(delimited(table).encode()), (), ())
    with pytest.raises(Unusable, match="has no line"):
        listing([["单位", "地点"], ["a", "b"]], TargetKind.SITE)


SITE_HEAD = ["网站标识码", "网站名称", "首页网址", "主办单位"]
AWAY = Site("hand", "4402000009", "某区政府", "https://www.hand.example/")


def away(rows: Rows) -> Listing:
    """With one site in another file of the inventory."""
    return read_listing(read_grid(workbook(rows)), [*SITES, AWAY], (), {"hand"})


def test_one_code_and_one_address_are_one_site_s_however_they_are_spelt() -> None:
    found = away(
        [
            SITE_HEAD,
            ["4402000002", "甲局", "https://www.a.example/index.html", "甲"],
            ["４４０２００ ０００２", "乙局", "https://b.example", "乙"],
            ["4402000003", "丙局", "HTTP://A.example", "丙"],
            ["4402000009", "丁局", "https://d.example/", "丁"],
            ["4402000005", "戊局", "http://hand.example", "戊"],
        ]
    )
    assert told(found.wrong) == [
        "A3 网站标识码: the 网站标识码 4402000002 stands in row 2 already (a code is one site's: look it up in the filing system)",
        "C4 首页网址: the same address stands in row 2 already, spelt alike or not (write the address of each, or take one of the two out)",
        'A5 网站标识码: the 网站标识码 4402000009 is that of "hand" in another file of the inventory (take it out there, or write the code that is right)',
        'C6 首页网址: the address is that of "hand" in another file of the inventory (take it out there, or write the address that is right)',
    ]


@pytest.mark.parametrize(
    "code", ["440200000", "44020000012", "bm1800000", "44020000O1", "2026-01-01", "粤4402000001", 440200000.5, "0"]
)
def test_a_code_of_another_form_is_refused_at_its_cell(code: object) -> None:
    found = listing([SITE_HEAD, [code, "甲局", "https://a.example/", "甲"]])
    assert told(found.wrong) == [f'A2 网站标识码: "{code}" is not a 网站标识码 (ten digits, or bm and eight digits)']


@pytest.mark.parametrize(
    ("code", "read"),
    [("bm18000001", "bm18000001"), ("\u200b4402000001 ", "4402000001"), (4402000001, "4402000001"), ("４４０２０００００１", "4402000001")],
)  # fmt: skip
def test_a_code_is_read_through_what_tables_do_to_it(code: object, read: str) -> None:
    found = listing([SITE_HEAD, [code, "甲局", "https://a.example/", "甲"]])
    assert (found.wrong, rows(found)[0]["site_code"]) == ([], read)
    column = ["所属网站", "栏目名称", "栏目类别", "栏目网址"]
    hung = listing([column, ["４４０２０００００１", "公告", "通知公告类", "https://c.example/gg/"]])
    assert (hung.wrong, rows(hung)[0]["site"]) == ([], "4402000001")


def test_two_accounts_have_no_feed_in_common_and_columns_may() -> None:
    found = listing(
        [
            ["新媒体名称", "平台", "主办单位", "账号地址"],
            ["某市发布", "微信公众号", "甲", "https://feeds.example/a.xml"],
            ["某市发布", "微博", "甲", "http://feeds.example/a.xml"],
        ]
    )
    assert [one.cell for one in found.wrong] == ["D3"]
    columns = listing(
        [
            ["所属网站", "栏目名称", "栏目类别", "栏目网址"],
            ["edu", "公告", "通知公告类", "https://e.example/gg/"],
            ["edu", "公示", "通知公告类", "http://www.e.example/gg"],
        ]
    )
    assert columns.wrong == []
    assert [str(one) for one in columns.remarks] == ["columns of one site at one address: rows 2/3"]


def test_what_may_be_so_is_remarked_on_with_its_rows() -> None:
    found = listing(
        [
            SITE_HEAD,
            ["4402000002", "教育局", "https://a.example/", "某局"],
            ["4402000003", "教育局", "https://b.example/", "某局"],
            [None, "体育局", "https://c.example/", "另一局"],
        ]
    )
    assert found.wrong == []
    assert [str(one) for one in found.remarks] == [
        "several sites of one name, which no column can tell apart by it: 教育局 (2, 3)",
        "owners of more than one site: 某局 (2, 3)",
        "sites without 网站标识码, whose footers cannot be compared: rows 4",
    ]
    assert listing([["网站名称", "首页网址"], ["甲", "https://a.example/"]]).remarks == [], "no column of codes at all"


def test_sheets_that_were_not_read_are_named() -> None:
    book = load_workbook(io.BytesIO(workbook([SITE_HEAD, ["4402000002", "甲", "https://a.example/", "甲"]])))
    for title in ("县区", "说明", "旧表"):
        book.create_sheet(title).append(["x"])
    book["旧表"].sheet_state = "hidden"
    grid = read_grid(saved(book))
    assert (grid.sheet, grid.others, grid.veiled) == ("清单", ("县区",), ("旧表",))
    assert [str(one) for one in read_listing(grid, SITES, ()).remarks] == [
        "only one sheet is read; not this: 县区",
        "hidden sheets left out: 旧表",
    ]
    assert read_grid(saved(book), "清单").others == (), "whoever names one knows of the others"


def test_ten_thousand_rows_are_read_in_the_time_of_ten_times_as_many_thousands() -> None:
    """Cost is a ratio: nothing in it compares every row with every other."""

    def seconds(count: int) -> float:
        table = [SITE_HEAD, *([f"44{n:08}", f"站{n}", f"https://s{n}.example/", f"局{n}"] for n in range(count))]
        grid = read_grid(delimited(table).encode())
        begun = time.process_time()
        assert read_listing(grid, (), ()).wrong == []
        return time.process_time() - begun

    seconds(100)
    assert seconds(10_000) < 40 * seconds(1_000)


STATES: Rows = [
    ["网站标识码", "网站名称", "首页网址", "运行状态"],
    ["4402000001", "某市人民政府", "https://city.example/", "永久下线"],  # watched already
    ["4402000005", "某市旅游局", None, " 已永久下线 "],
    ["4402000006", "某市粮食局", "https://city.example/", "永久下线"],
    ["4402000007", "某市民政局", "https://mz.example/", "临时下线申请"],
    ["4402000008", "某市交通局", "https://jt.example/", "恢复报备"],
    ["4402000009", "某市审计局", "https://sj.example/", "正常运行"],
    ["4402000010", "某市统计局", "https://tj.example/", None],
    ["4402000011", "某市林业局", "https://ly.example/", "整改中"],
]


def test_the_state_of_the_filing_system_is_never_passed_over_in_silence() -> None:
    """Over and never watched: left out, with what is wrong there. Watched, or not over: stays, and is told with what to do."""
    found = listing(STATES)
    assert found.wrong == []
    assert (found.over, found.left_out) == (2, ())
    assert [one["id"][-2:] for one in rows(found)] == ["01", "07", "08", "09", "10", "11"]
    assert not any("status" in one for one in rows(found))
    watched = 'watched though the list says "{}" of them: 1 ({})'
    filed = "; file it with `zhishou declare {}`, or take them out of the list"
    assert list(map(str, found.remarks)) == [
        "left out, for they are over by the list and were never watched: 2 (某市旅游局、某市粮食局)",
        watched.format("永久下线", "某市人民政府") + filed.format("permanent_offline"),
        watched.format("临时下线申请", "某市民政局") + filed.format("temporary_offline"),
        watched.format("恢复报备", "某市交通局") + filed.format("return"),
        watched.format("整改中", "某市林业局"),
    ]


def test_states_of_accounts_and_a_list_where_all_is_over() -> None:
    head = ["新媒体名称", "平台", "订阅地址", "账号状态"]
    found = listing(
        [
            head,
            *([f"发布{n}", "微博", f"https://f.example/{n}", "已注销"] for n in range(7)),
            ["在", "微博", "https://f.example/x", "正常"],
        ]
    )
    assert len(found.rows) == 1
    assert str(found.remarks[0]).endswith("7 (发布0、发布1、发布2、发布3、发布4…)")
    known = {"id": "weibo-发布0", "kind": "account", "name": "发布0", "platform": "weibo", "url": "https://f.example/0"}
    again = read_listing(read_grid(workbook([head, ["发布0", "微博", "https://f.example/0", "已注销"]])), (), [known])
    assert "`zhishou declare account_closing`" in str(again.remarks[0])
    with pytest.raises(Unusable, match="every row is over by its state"):
        listing([head, ["发布0", "微博", "https://f.example/0", "已注销"]])
