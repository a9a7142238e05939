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
    "owner": "某某局",
    "contacts": [{"name": "张三", "phone": "0751-1234567"}],
}


def made(kind: NoticeKind = NoticeKind.OPENED, incident: int = 12, minutes: int = 12, **facts: Any) -> Notice:
    severity = facts.pop("severity", Severity.SERIOUS)
    told: dict[str, Any] = {
        "cause": "outage",
        "targets": [SITE],
        "since": to_ms(START - timedelta(minutes=minutes)),
        "why": {"template": "the server answers with an error", "values": {}},
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
    facts: dict[str, Any] = digest_facts(due, still_open)
    return made(NoticeKind.DIGEST, **facts)


def test_an_outage_in_full() -> None:
    message = said(made())
    assert message.title == "【值守】网站打不开：某某局网站 (已 12 分钟)"
    assert message.body.splitlines() == [
        "11月20日 08:48 起，连续3次打开失败：服务器返回错误",
        "依据：《政府网站与政务新媒体检查指标》单项否决·站点无法访问：一周内首页打不开的次数占比不得超过5%",
        "处置：核查主机、网络和域名；属计划停机的请及时报备",
        "联系：某某局 张三 0751-1234567",
        "事件12，值班台：http://127.0.0.1:8787",
    ]
    assert len(message.title + message.body) <= 200


def test_the_same_in_english() -> None:
    message = said(made(), language="en")
    assert message.title == "【Zhishou】website cannot be opened: 某某局网站 (for 12 min)"
    assert "since Nov 20 08:48, 3 tries in a row failed: the server answers with an error" in message.body


def test_recovery_tells_how_long_it_lasted() -> None:
    over = made(NoticeKind.RECOVERED, minutes=60 * 51 + 7, ended_at=to_ms(START - timedelta(minutes=2)))
    message = said(over)
    assert message.title == "【值守】已恢复：网站打不开：某某局网站 (历时 2 天 3 小时)"
    assert message.body.splitlines()[0] == "11月18日 05:53 至 11月20日 08:58，现已恢复，请做好值班记录"


def test_down_and_up_in_one_delivery_is_one_sentence() -> None:
    assert said(made(), made(NoticeKind.RECOVERED)).title == "【值守】已恢复：网站打不开：某某局网站 (历时 12 分钟)"


def test_outage_days_are_measured_by_the_thirty_days_of_a_closure() -> None:
    message = said(made(NoticeKind.DAY, day=7, of_days=30))
    assert message.title == "【值守】网站打不开第7天/30：某某局网站"
    assert "第7天（参照临时下线30天上限）" in message.body


def test_a_column_that_only_counts_toward_a_veto_says_so() -> None:
    column = SITE | {"id": "c", "kind": "column", "name": "通知公告"}
    why = {
        "template": "nothing new since {newest}, past the limit {limit}",
        "values": {"newest": "2026-11-01", "limit": "14d"},
    }
    message = said(made(cause="stale", targets=[column], why=why, looks=1, counts={"have": 3, "limit": 5}))
    assert message.title.startswith("【值守】栏目超期未更新：通知公告")
    assert "计入单项否决（已3个，满5个否决）" in message.body
    assert "自 2026-11-01 起未更新，已超过14天时限" in message.body


@pytest.mark.parametrize(
    ("citations", "line"),
    [
        ([LOCAL], "依据：自治州政府网站管理办法 (2020)第九条（有效期未核实）：动态类栏目至少每2周更新一次"),
        ([HOUSE], "内部要求：首页应当能打开"),
        ([GUESS], "未核实，仅供参考：每季度检查一次"),
        ([HOUSE, LOCAL], "依据：自治州政府网站管理办法 (2020)第九条（有效期未核实）：动态类栏目至少每2周更新一次"),
        ([INDICATOR, LOCAL, GUESS], "另涉：自治州政府网站管理办法 (2020)第九条"),
    ],
)
def test_the_basis_is_worded_by_how_well_it_is_known(citations: list[Any], line: str) -> None:
    assert line in said(made(citations=citations)).body.splitlines()


@pytest.mark.parametrize("citation", [HOUSE, GUESS])
def test_what_is_no_law_is_never_worded_as_law(citation: dict[str, str]) -> None:
    body = said(made(citations=[citation])).body
    assert "依据" not in body
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
    assert message.body.splitlines()[0] == "1. 网站打不开：最重局 (已 12 分钟)"
    assert f"另有{14_000 - 20}项，见值班台" in message.body
    assert message.severity is Severity.VETO


def test_further_members_and_one_incident_with_many() -> None:
    links = [{"id": f"l{n}", "kind": "link", "name": f"http://a/{n}"} for n in range(5)]
    pages = [{"id": "p", "kind": "site", "name": "某局首页"}]
    message = said(made(NoticeKind.JOINED, cause="dead_link", targets=links, pages=pages))
    assert message.title == "【值守】链接失效：新增5个：http://a/0等5个"
    assert "所在页面：某局首页" in message.body
    assert "共5个：http://a/0、http://a/1、http://a/2等，另有2个" in message.body


def test_a_platform_with_thousands_of_members_is_counted_in_full() -> None:
    further = [made(NoticeKind.JOINED, targets=[SITE | {"id": f"s{n}", "name": f"第{n}局"}]) for n in range(200)]
    assert said(*further, total=1, joined=13_000).title == "【值守】网站打不开：新增13000个：第0局等13000个"


def test_a_worse_one_says_how_grave_it_is_now() -> None:
    message = said(made(NoticeKind.WORSENED, severity=Severity.VETO))
    assert message.title == "【值守】升级为单项否决：网站打不开：某某局网站"


def test_our_own_trouble_and_a_trial() -> None:
    ours = said(made(cause="ours", targets=[{"id": "*", "name": "*"}], citations=[], looks=0))
    assert ours.title == "【值守】监测端异常：监测端 (已 12 分钟)"
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
        "2. 已持续 2 天 3 小时：网站打不开：丙局网站（李四处理中）",
        "3. 11月23日到期：甲局·政策文件：栏目超期未更新",
        "值班台：http://127.0.0.1:8787",
    ]


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
