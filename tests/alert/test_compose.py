"""What people read: every message is filled from facts, says what it must, and fits."""

from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from monitor.alert.compose import compose
from monitor.alert.digest import digest_facts
from monitor.alert.phrases import DO, WHAT
from monitor.alert.voice import cut
from monitor.clock import to_ms
from monitor.model import Cause, Message, Notice, NoticeKind, Severity, TargetKind
from tests.clock import START

DESK = "http://127.0.0.1:8787"
INDICATOR = {
    "source": "《政府网站与政务新媒体检查指标》",
    "article": "单项否决·站点无法访问",
    "says": "一周内首页打不开的次数占比不得超过5%",
    "status": "",
    "confidence": "secondary",
}
LOCAL = {
    "source": "自治州政府网站管理办法 (2020)",
    "article": "第九条",
    "says": "动态类栏目至少每2周更新一次",
    "status": "有效期未核实",
    "confidence": "verbatim",
}
HOUSE = {"source": "内部要求", "article": "内部要求", "says": "首页应当能打开", "status": "", "confidence": "house"}
GUESS = {
    "source": "《某办法》",
    "article": "第三条",
    "says": "每季度检查一次",
    "status": "",
    "confidence": "unconfirmed",
}
SITE = {
    "id": "site-1",
    "kind": "site",
    "name": "某某局网站",
    "url": "http://www.site-1.example/",
    "owner": "某某局",
    "contacts": [{"name": "张三", "phone": "0751-1234567"}],
}


def made(kind: NoticeKind = NoticeKind.OPENED, incident: int = 12, minutes: int = 12, **facts: Any) -> Notice:
    severity = facts.pop("severity", Severity.SERIOUS)
    told: dict[str, Any] = {
        "cause": "outage",
        "targets": [SITE],
        "since": to_ms(START - timedelta(minutes=minutes)),
        "why": {
            "template": "the server answers HTTP {status}: {meaning}",
            "values": {"status": 502, "meaning": "bad gateway, the server behind it does not answer"},
        },
        "evidence": {"reach": "http_error", "status": 502},
        "looks": 3,
        "citations": [INDICATOR, HOUSE],
    }
    return Notice(
        id=None,
        kind=kind,
        incident=incident,
        severity=severity,
        created_at=START,
        release_at=START,
        dedupe_key="x",
        facts=told | facts,
    )


def said(*notices: Notice, language: str = "zh-CN", now: datetime = START, **more: Any) -> Message:
    return compose(notices, language, DESK, now, **more)


def digest(due: list[dict[str, Any]], still_open: list[dict[str, Any]]) -> Notice:
    facts: dict[str, Any] = digest_facts(due, still_open, START)
    return made(NoticeKind.DIGEST, **facts)


def test_an_outage_in_full() -> None:
    message = said(made())
    assert message.title == "【值守】网站打不开：某某局网站（已12分钟）"
    assert message.body.splitlines() == [
        "11月20日 08:48起，连续3次打开失败：服务器返回 HTTP 502（网关错误，后端服务无应答）",
        "网址：http://www.site-1.example/",
        "依据：《政府网站与政务新媒体检查指标》单项否决·站点无法访问：一周内首页打不开的次数占比不得超过5%",
        "处置：核查网站程序和后端服务；计划停机的请及时报备",
        "联系：某某局 张三 0751-1234567",
        "事件#12：http://127.0.0.1:8787/#incident-12",
    ]
    assert len(message.title + message.body) <= 250


def test_the_same_in_english() -> None:
    message = said(made(), language="en")
    assert message.title == "【Zhishou】website cannot be opened: 某某局网站 (for 12 min)"
    assert "since Nov 20 08:48, 3 tries in a row failed: the server answers HTTP 502: bad gateway" in message.body
    assert "Address: http://www.site-1.example/" in message.body.splitlines()


def test_recovery_tells_how_long_it_lasted() -> None:
    over = made(NoticeKind.RECOVERED, minutes=60 * 51 + 7, ended_at=to_ms(START - timedelta(minutes=2)))
    message = said(over)
    assert message.title == "【值守】已恢复：某某局网站（网站打不开，持续2天3小时）"
    assert message.body.splitlines() == [
        "11月18日 05:53至11月20日 08:58，现已恢复，请做好值班记录",
        "网址：http://www.site-1.example/",
        "事件#12：http://127.0.0.1:8787",
    ]


def test_what_was_taken_off_the_list_has_not_recovered() -> None:
    message = said(made(NoticeKind.RECOVERED, minutes=90, removed=True))
    assert message.title == "【值守】已停止监测：某某局网站（目标已移除，此前网站打不开，持续1小时30分钟）"
    assert message.body.splitlines()[0] == "11月20日 07:30起异常，11月20日 09:00移出监测清单，是否修复不详"
    assert "恢复" not in message.title + message.body
    link = {"id": "link:1", "kind": "link", "name": "http://a/1", "url": "http://a/1"}
    gone = said(made(NoticeKind.RECOVERED, cause="dead_link", targets=[link], removed=True))
    assert gone.title.startswith("【值守】链接已撤下：http://a/1（链接失效，持续")


def test_many_that_ended_are_counted_by_how() -> None:
    over = [
        made(NoticeKind.RECOVERED, incident=1),
        made(NoticeKind.RECOVERED, incident=2, removed=True),
        made(NoticeKind.RECOVERED, incident=3, removed=True),
    ]
    assert said(*over).title == "【值守】恢复1起，不再监测2起（最重：严重问题）"
    assert said(*over[1:]).title == "【值守】不再监测2起（最重：严重问题）"
    more = compose(over, "zh-CN", DESK, START, total=9, recovered=7)
    assert more.title == "【值守】事件2起，结束7起（最重：严重问题）"


@pytest.mark.parametrize(("language", "first"), [
    ("zh-CN", "11月20日 09:00，持续不到1分钟，现已恢复，请做好值班记录"),
    ("en", "Nov 20 09:00, lasted less than a minute; nothing more to do, please log it"),
])  # fmt: skip
def test_what_was_over_within_a_minute_is_told_once(language: str, first: str) -> None:
    message = said(made(NoticeKind.RECOVERED, minutes=0, ended_at=to_ms(START)), language=language)
    assert message.body.splitlines()[0] == first
    assert "持续 不到" not in message.title


def test_an_open_incident_leads_to_its_card_wherever_the_desk_is() -> None:
    message = compose([made()], "zh-CN", "https://desk.example/duty/", START)
    assert message.body.splitlines()[-1] == "事件#12：https://desk.example/duty/#incident-12"


def test_down_and_up_in_one_delivery_is_one_sentence() -> None:
    assert said(made(), made(NoticeKind.RECOVERED)).title == "【值守】已恢复：某某局网站（网站打不开，持续12分钟）"


def test_outage_days_are_measured_by_the_thirty_days_of_a_closure() -> None:
    message = said(made(NoticeKind.DAY, day=7, of_days=30))
    assert message.title == "【值守】网站打不开第7天（上限30天）：某某局网站"
    assert "第7天（参照临时下线30天上限）" in message.body
    assert "第0天" not in said(made(day=0, of_days=30)).body


def test_an_outage_that_is_filed_says_so_and_is_measured_by_nothing() -> None:
    closed = {"kind": {"template": "closure by order", "values": {}}, "number": "公3号"}
    until = {"until": to_ms(START + timedelta(days=3))}
    for more, line in ((until, "已报备：责令关停 公3号，至"), ({}, "已报备：责令关停 公3号，未定恢复时间")):
        told = said(made(NoticeKind.DAY, day=2, of_days=30, severity=Severity.REMIND, filed=closed | more))
        assert told.title == "【值守】网站打不开（已报备）第2天：某某局网站"
        assert line in told.body
        for wrong in ("30天", "参照", "计划停机", "请及时报备"):
            assert wrong not in told.title + told.body
    assert said(made(severity=Severity.REMIND, filed=closed)).title.startswith(
        "【值守】网站打不开（已报备）：某某局网站"
    )
    bare = said(made(NoticeKind.OPENED, filed=closed), made(NoticeKind.DAY, day=2, of_days=30))
    assert "已报备" not in bare.title, "what is filed no longer is told by the last notice"


def test_the_desk_is_called_so_and_a_reminder_is_no_escalation() -> None:
    desk = {"id": "*", "kind": "desk", "name": "值班台"}
    told: dict[str, Any] = {"cause": "done_every", "targets": [desk], "severity": Severity.REMIND, "looks": 0}
    assert said(made(**told)).title.startswith("【值守】定期工作未按期开展：值班台")
    worse = said(made(NoticeKind.WORSENED, **told)).title
    assert worse.startswith("【值守】定期工作未按期开展：值班台"), worse


def test_a_column_that_only_counts_toward_a_veto_says_so() -> None:
    column = SITE | {"id": "c", "kind": "column", "name": "通知公告"}
    why = {
        "template": "nothing new since {newest}, past the limit {limit}",
        "values": {"newest": "2026-11-01", "limit": "14d"},
    }
    message = said(made(cause="stale", targets=[column], why=why, looks=1, counts={"have": 3, "limit": 5}))
    assert message.title == "【值守】栏目超期未更新：通知公告（已超期12分钟）"
    assert message.body.splitlines()[0] == "自 2026-11-01 起未更新，已超过14天时限", (
        "what it is, not since when we know"
    )
    assert "计入单项否决（已3个，满5个否决）" in message.body


def test_what_is_only_near_says_its_last_day() -> None:
    why = {"template": "nothing new since {newest}, limit {limit}", "values": {"newest": "2026-11-08", "limit": "14d"}}
    until = to_ms(START + timedelta(days=2))
    message = said(made(cause="stale", standing="due", until=until, why=why, looks=1))
    assert message.title == "【值守】即将超期未更新：某某局网站"
    assert message.body.splitlines()[0] == "自 2026-11-08 起未更新，时限14天，最迟 11月22日"


def test_what_records_decide_is_overdue_for_so_long() -> None:
    why = {
        "template": "message {id} ({cls}) of {received} was to be answered by {due}; {late} overdue",
        "values": {"id": "2026-118", "cls": "error report", "received": "2026-11-16", "due": "2026-11-19", "late": 2},
    }
    message = said(made(cause="answered_within", why=why, looks=0))
    assert message.title == "【值守】留言超期未答复：某某局网站（已超期12分钟）"
    assert message.body.splitlines()[0] == (
        "留言 2026-118（找错）于 2026-11-16 收到，应于 2026-11-19 前（含当日）答复，至今未答复；超期共2件"
    )
    midnight = to_ms(START.replace(hour=0, minute=0) - timedelta(days=134) - timedelta(hours=8))
    days = said(made(cause="answered_within", why=why, looks=0, since=midnight)).title
    assert days.endswith("（已超期135天）"), "a limit that ends with its day: days, that of the breach the first"
    filed = said(made(cause="filed_within", looks=0))
    assert filed.title == "【值守】未按规定报备：某某局网站（已12分钟）"


def test_blindness_breaks_no_rule_and_names_what_is_not_judged() -> None:
    why = {"template": "alive, but refuses programs (HTTP {status}): cannot be judged", "values": {"status": 412}}
    lines = said(
        made(cause="blind", citations=[INDICATOR, LOCAL | {"article": "第八条"}, LOCAL, HOUSE], why=why, looks=0)
    ).body.splitlines()
    assert lines[0] == "11月20日 08:48起：有应答，但拒绝程序查看（HTTP 412），无法判断"
    assert (
        "暂无法判断：《政府网站与政务新媒体检查指标》单项否决·站点无法访问、自治州政府网站管理办法 (2020)第八条、第九条（有效期未核实）"
    ) in lines
    assert not [line for line in lines if line.startswith("依据")]


def test_what_is_found_at_a_look_may_be_older() -> None:
    why = {"template": "the certificate has expired: it was valid until {day}", "values": {"day": "2026-11-01"}}
    message = said(made(cause="certificate", why=why, looks=1))
    assert message.title == "【值守】证书异常：某某局网站"
    assert message.body.splitlines()[0] == "11月20日 08:48发现，经1次查看：证书已过期，有效期至 2026-11-01"


def test_a_forged_date_is_told_by_comparison_however_many_looks_show_it() -> None:
    why = {
        "template": "a date seems forged: “{title}” was of {then} when first seen on {seen}, and is of {now} now ({url})",
        "values": {
            "title": "会议",
            "then": "2026-11-08",
            "now": "2026-11-22",
            "seen": "2026-11-10",
            "url": "http://a.cn/",
        },
    }
    for looks in (1, 4):
        first = said(made(cause="forged_date", why=why, looks=looks)).body.splitlines()[0]
        assert first == (
            "11月20日 08:48发现，与此前查看比对：疑似改动发布日期：“会议”，2026-11-10首次看到时为2026-11-08，现改为2026-11-22"
            "（http://a.cn/），须人工核实"
        )


def test_of_a_link_nobody_here_put_there_only_removal_is_asked() -> None:
    link = SITE | {"kind": "link", "name": "http://a.example/"}
    dead, turned = (said(made(cause=cause, targets=[link])).body for cause in ("dead_link", "tamper"))
    assert "处置：非本单位所设或涉博彩、色情等的链接，立即撤下并留存证据；其余的修复或撤下" in dead
    assert "处置：立即人工核实；属实的从所有页面撤下该链接并留存证据" in turned


@pytest.mark.parametrize(
    ("reach", "do"),
    [
        ("dns", "核查域名解析、域名是否到期；计划停机的请及时报备"),
        ("timeout", "核查主机、网络和防火墙；计划停机的请及时报备"),
        ("maintenance", "核实是否计划内维护，属计划的督促及时报备"),
        ("malformed", "核查主机、网络和域名；计划停机的请及时报备"),
    ],
)
def test_what_to_do_goes_by_what_happened(reach: str, do: str) -> None:
    assert f"处置：{do}" in said(made(evidence={"reach": reach})).body.splitlines()


@pytest.mark.parametrize(
    ("citations", "line"),
    [
        ([LOCAL], "依据：自治州政府网站管理办法 (2020)第九条（有效期未核实）：动态类栏目至少每2周更新一次"),
        ([HOUSE], "依据：内部要求：首页应当能打开"),
        ([GUESS], "未核实，仅供参考：每季度检查一次"),
        ([HOUSE, LOCAL], "依据：自治州政府网站管理办法 (2020)第九条（有效期未核实）：动态类栏目至少每2周更新一次"),
        ([INDICATOR, LOCAL, GUESS], "另涉：自治州政府网站管理办法 (2020)第九条（有效期未核实）"),
        ([LOCAL, HOUSE, INDICATOR], "另涉：《政府网站与政务新媒体检查指标》单项否决·站点无法访问"),
        ([INDICATOR, LOCAL, LOCAL | {"says": "其他栏目"}], "另涉：自治州政府网站管理办法 (2020)第九条（有效期未核实）"),
    ],
)
def test_the_basis_is_worded_by_how_well_it_is_known(citations: list[Any], line: str) -> None:
    assert line in said(made(citations=citations)).body.splitlines()


TOWNS = [LOCAL | {"source": f"第{n}镇政府网站管理办法 (2020)"} for n in range(1, 8)]


def test_every_article_is_cited_while_there_is_room_and_counted_when_there_is_none() -> None:
    also = "另涉：" + "、".join(f"第{n}镇政府网站管理办法 (2020)第九条（有效期未核实）" for n in range(1, 8))
    assert also in said(made(citations=[INDICATOR, *TOWNS]), limit=2048).body.splitlines()
    basis = "依据：《政府网站与政务新媒体检查指标》单项否决·站点无法访问：一周内首页打不开的次数占比不得超过5%"
    last = 8
    for limit in range(1300, 500, -20):
        lines = said(made(citations=[INDICATOR, *TOWNS]), limit=limit).body.splitlines()
        told = [line for line in lines if line.startswith("另涉")]
        named = told[0].count("第九条") if told else 0
        assert named <= last
        assert not told or named == 7 or told[0].endswith(f"等，另有{7 - named}个"), "none falls away in silence"
        assert basis in lines or not told
        last = named
    assert last == 0, "down to nothing, one by one"


def test_what_is_not_judged_names_its_documents_as_far_as_there_is_room() -> None:
    lines = said(made(cause="blind", citations=TOWNS, looks=0), limit=2048).body.splitlines()
    assert [line.count("第九条（有效期未核实）") for line in lines if line.startswith("暂无法判断")] == [7]


@pytest.mark.parametrize("citation", [HOUSE, GUESS])
def test_what_is_no_law_is_never_worded_as_law(citation: dict[str, str]) -> None:
    body = said(made(citations=[citation])).body
    assert "依据" not in body.replace("依据：内部要求：", "")
    assert "第三条" not in body


def test_a_repeat_is_marked() -> None:
    message = said(made(), repeat=True)
    assert message.repeat
    assert message.title.startswith("【重复】【值守】")


def test_many_in_one_message_name_the_gravest_and_count_the_rest() -> None:
    notices = [made(incident=n, targets=[SITE | {"name": f"第{n}局"}]) for n in range(1, 40)]
    notices += [made(incident=99, severity=Severity.VETO, targets=[SITE | {"name": "最重局"}])]
    message = said(*notices, total=14_000, recovered=300, limit=2048)
    assert message.title == "【值守】事件13700起，恢复300起（最重：单项否决）"
    assert message.body.splitlines()[0] == "1. 网站打不开：最重局（已12分钟） http://www.site-1.example/"
    assert f"另有{14_000 - 20}项，见值班台" in message.body
    assert message.severity is Severity.VETO


@pytest.mark.parametrize(("limit", "with_address"), [(4000, 9), (1000, 7), (700, 2)])
def test_each_line_of_many_carries_its_address_while_there_is_room(limit: int, with_address: int) -> None:
    notices = [
        made(incident=n, targets=[SITE | {"name": f"第{n}局", "url": f"http://www.site-{n}.example/{'x' * 40}"}])
        for n in range(1, 10)
    ]
    lines = said(*notices, total=9, limit=limit).body.splitlines()
    told = ["http" in line for line in lines[:-1] if "第" in line]
    assert len(told) == 9, "an address is left out before an incident is"
    assert told == sorted(told, reverse=True)
    assert sum(told) == with_address


def test_the_members_of_one_incident_carry_their_addresses() -> None:
    platform = [SITE | {"id": f"s{n}", "name": f"第{n}局", "url": f"http://s{n}.example/"} for n in range(1, 31)]
    lines = said(made(targets=platform)).body.splitlines()
    assert lines[1] == "共30个：第1局、第2局、第3局等，另有27个"
    assert [line for line in lines if "http://s" in line] == [f"第{n}局：http://s{n}.example/" for n in range(1, 21)]
    short = said(made(targets=platform), limit=600).body.splitlines()
    assert 0 < len([line for line in short if "http://s" in line]) < 20


def test_further_members_and_one_incident_with_many() -> None:
    links = [{"id": f"l{n}", "kind": "link", "name": f"http://a/{n}"} for n in range(5)]
    pages = [{"id": "p", "kind": "site", "name": "某局首页"}]
    message = said(made(NoticeKind.JOINED, cause="dead_link", targets=links, pages=pages))
    assert message.title == "【值守】链接失效，新增5个：http://a/0等"
    assert "所在页面：某局首页" in message.body
    assert "共5个：http://a/0、http://a/1、http://a/2等，另有2个" in message.body


def dead(name: str, why: str = "the server answers HTTP {status}: {meaning}", **values: Any) -> Notice:
    link = {"id": name, "kind": "link", "name": f"http://a/{name}"}
    told = {"template": why, "values": values}
    return made(NoticeKind.JOINED, cause="dead_link", targets=[link], why=told, looks=values.pop("looks", 2))


def test_a_reason_is_said_of_all_only_when_all_share_it() -> None:
    gone = dead("s404", status=404, meaning="page not found"), dead("s404b", status=404, meaning="page not found")
    lines = said(*gone).body.splitlines()
    assert lines[0].endswith("2次查看均如此：服务器返回 HTTP 404（页面不存在）")
    assert not [line for line in lines if line.startswith("原因：")]
    lines = said(*gone, dead("s410", status=410, meaning="x"), dead("s503", status=503, meaning="x")).body.splitlines()
    assert lines[0].endswith("2次查看均如此")
    (reasons,) = [line for line in lines if line.startswith("原因：")]
    each = reasons.removeprefix("原因：").split("；")
    assert each[0] == "服务器返回 HTTP 404（页面不存在） 2个"
    assert sorted((word[:14], word[-2:]) for word in each[1:]) == [
        ("服务器返回 HTTP 410", "1个"),
        ("服务器返回 HTTP 503", "1个"),
    ]


def test_many_reasons_are_the_most_frequent_ones() -> None:
    told = [dead(f"l{n}", status=500 + n % 6, meaning="x") for n in range(40)]
    (reasons,) = [line for line in said(*told).body.splitlines() if line.startswith("原因：")]
    assert reasons.count("个") == 3


def test_of_several_targets_the_fewest_looks_are_told() -> None:
    notices = [made(incident=1, targets=[SITE | {"id": f"s{n}"}], looks=n) for n in (4, 3, 9)]
    assert "连续3次打开失败" in said(*notices).body


def test_a_platform_with_thousands_of_members_is_counted_in_full() -> None:
    further = [made(NoticeKind.JOINED, targets=[SITE | {"id": f"s{n}", "name": f"第{n}局"}]) for n in range(200)]
    assert said(*further, total=1, joined=13_000).title == "【值守】网站打不开，新增13000个：第0局等"


def test_a_worse_one_says_how_grave_it_is_now() -> None:
    message = said(made(NoticeKind.WORSENED, severity=Severity.VETO))
    assert message.title == "【值守】升级为单项否决：网站打不开：某某局网站"


OURS: dict[str, Any] = {
    "cause": "ours",
    "targets": [{"id": "*", "name": "值守", "url": ""}],
    "citations": [],
    "looks": 1,
}


def test_our_own_trouble_says_what_it_means_what_to_do_and_whom_to_call() -> None:
    why = "none of the reference hosts answers: our own network is down, verdicts are held"
    told = made(**OURS, key="uplink", why={"template": why, "values": {}}, evidence={})
    message = said(told, duty="李四 13900000000")
    assert message.title == "【值守】监测端异常：监测端网络中断（已12分钟）"
    assert message.body.splitlines() == [
        "11月20日 08:48起：参照站点均无应答：监测端网络中断，暂停判定",
        "影响：恢复前所有网站、栏目、账号均无法判断，真有故障也看不到",
        "处置：检查监测端的网线、路由器和线路；内网部署请改填设置中 [reference] 的参照站点；恢复后巡检自动继续",
        "联系：李四 13900000000",
        "事件#12：http://127.0.0.1:8787/#incident-12",
    ]
    assert "联系：系统管理员" in said(told).body.splitlines(), "nobody of ours has a telephone"
    over = said(made(NoticeKind.RECOVERED, **OURS, key="uplink"))
    assert over.title == "【值守】已恢复：监测端网络中断（监测端异常，持续12分钟）"
    assert "巡检自动继续" in over.body


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("broken:reachable", "监测程序出错"),
        ("store", "监测数据无法写入"),
        ("channel:duty", "通知发不出去"),
        ("", "监测端自身故障"),
    ],
)
def test_every_trouble_of_ours_is_called_by_its_name(key: str, title: str) -> None:
    message = said(made(**OURS, key=key, minutes=0))
    assert message.title == f"【值守】监测端异常：{title}"
    assert [line[:3] for line in message.body.splitlines()[1:4]] == ["影响：", "处置：", "联系："]


def test_a_check_that_fails_is_named_in_chinese() -> None:
    why = {
        "template": "the check {check} fails in the program on {count} targets",
        "values": {"check": "reachable", "count": 3},
    }
    assert "检查项“能否打开”在3个对象上程序出错" in said(made(**OURS, key="broken:reachable", why=why)).body


def test_a_trial() -> None:
    assert said(made(NoticeKind.TEST)).title == "【值守】测试消息"


def test_the_digest_puts_today_first() -> None:
    due = [
        {"target": "甲局·政策文件", "until": to_ms(START + timedelta(days=3)), "cause": "stale", "kind": "column"},
        {"target": "乙局·公示", "until": to_ms(START + timedelta(hours=2)), "why": "nothing"},
    ]
    row = {"cause": "outage", "kind": "site", "targets": ["丙局网站"], "count": 1, "acknowledged_by": "李四"}
    still = [row | {"since": to_ms(START - timedelta(days=2, hours=3))}]
    message = said(digest(due, still))
    assert message.title == "【值守】11月20日每日摘要：未恢复1起，将到期2项"
    assert message.body.splitlines() == [
        "1. 今日到期：乙局·公示：nothing",
        "2. 已持续2天3小时：网站打不开：丙局网站（李四处理中）",
        "3. 11月23日到期：甲局·政策文件：栏目超期未更新",
        "值班台：http://127.0.0.1:8787",
    ]


def test_the_head_of_the_digest_counts_what_its_lines_tell_of() -> None:
    soon = {"until": to_ms(START + timedelta(days=3)), "why": "nothing new", "kind": "column"}
    twice = [soon | {"target": "甲局·公示", "rule": rule} for rule in ("town/fresh", "city/fresh")]
    dated = [*twice, soon | {"target": "乙局·公示", "rule": "town/fresh"}, soon | {"target": "丙局", "why": "else"}]
    past = {"target": "丁局", "until": to_ms(START - timedelta(days=2)), "why": "over"}
    bare = {"target": "戊局", "until": None, "why": "not filed", "apart": True}
    message = said(digest([*dated, past, bare], []))
    assert message.title == "【值守】11月20日每日摘要：未恢复0起，将到期3项，时限已过或无日期2项"
    assert message.body.splitlines() == [
        "1. 戊局：not filed",
        "2. 11月18日到期：丁局：over",
        "3. 11月23日到期：甲局·公示、乙局·公示：nothing new",
        "4. 11月23日到期：丙局：else",
        "值班台：http://127.0.0.1:8787",
    ]


def test_of_many_lines_as_many_are_left_as_the_head_counts() -> None:
    until = to_ms(START + timedelta(days=3))
    due = [
        {"target": f"第{n}局", "until": until, "why": f"why {n // 2}", "rule": rule}
        for n in range(200)
        for rule in "ab"
    ]
    message = said(digest(due, []))
    assert "将到期200项" in message.title
    lines = message.body.splitlines()
    told = sum(line.count("第") for line in lines if "到期：" in line)
    assert told > 10
    assert lines[-2] == f"另有{200 - told}项，见值班台"


def test_what_has_just_opened_is_not_open_for_less_than_nothing() -> None:
    row = {"cause": "outage", "kind": "site", "targets": ["丙局网站"], "count": 1, "since": to_ms(START)}
    assert said(digest([], [row])).body.splitlines()[0] == "1. 持续不到1分钟：网站打不开：丙局网站"


def test_a_long_digest_is_folded() -> None:
    due = [{"target": f"第{n}局", "until": to_ms(START + timedelta(days=n))} for n in range(200)]
    message = said(digest(due, []), limit=2048)
    assert "另有180项，见值班台" in message.body
    assert size(message) <= 2048


def test_every_cause_has_words() -> None:
    assert set(WHAT) == set(DO) == set(Cause)
    for cause in Cause:
        for kind in TargetKind:
            message = said(made(cause=cause.value, targets=[SITE | {"kind": kind.value}]))
            assert all(ord(letter) > 127 or not letter.isalpha() for letter in message.title), message.title


def size(message: Message) -> int:
    return len(f"{message.title}\n{message.body}".encode())


WORDS = st.text(max_size=400) | st.just("长" * 900)
TARGETS = st.lists(st.fixed_dictionaries({"id": st.text(max_size=5), "name": WORDS, "owner": WORDS}), max_size=6)
ODD = (
    st.none() | st.integers() | st.text(max_size=10) | st.lists(st.integers(), max_size=2) | st.floats(allow_nan=False)
)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "cause": st.sampled_from([cause.value for cause in Cause]) | ODD,
        "targets": TARGETS | ODD,
        "since": st.integers(0, 2**42) | ODD.filter(lambda x: not isinstance(x, int)),
        "why": st.fixed_dictionaries(
            {"template": WORDS, "values": st.dictionaries(st.text(max_size=3), WORDS, max_size=2)}
        )
        | ODD,
        "citations": st.lists(st.fixed_dictionaries({"says": WORDS, "confidence": WORDS}), max_size=4) | ODD,
        "looks": ODD,
        "day": ODD,
        "counts": ODD,
    },
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(NoticeKind), st.integers(1, 4), FACTS), min_size=1, max_size=8),
    st.sampled_from([300, 2048, 4000]),
)
def test_any_facts_make_a_message_that_fits(told: list[tuple[NoticeKind, int, dict[str, Any]]], limit: int) -> None:
    """Facts may be missing, odd or enormous: there is always a title, a desk to look further at, and room."""
    notices = [made(kind, incident, **facts) for kind, incident, facts in told]
    for repeat in (False, True):
        message = said(*notices, limit=limit, repeat=repeat)
        assert size(message) <= limit
        assert message.title
        assert "\n" not in message.title
        assert DESK in message.body


@given(st.text(), st.integers(0, 40))
def test_cutting_never_breaks_a_letter(text: str, limit: int) -> None:
    assert len(cut(text, limit).encode()) <= limit
