"""Notices that a site is closed, with 200: crossed with the frames they stand in; and the day they say it will be back."""

from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from monitor.model import State
from monitor.read.returns import return_date
from tests.read.samples import TODAY, read
from tests.read.test_headlines import FOOT, menu

NOTICES = (
    ("因系统升级，本网站自2026年11月18日至2026年11月25日暂停访问，敬请谅解。", "2026-11-25"),
    ("网站升级改版中，预计12月1日恢复访问", "2026-12-01"),
    ("本网站自即日起停止更新，恢复时间另行通知。", None),
    ("服务器维护，暂停服务。开放时间：2026-12-03", "2026-12-03"),
    ("系统维护中，请稍后访问", None),
    ("网站维护", None),
    ("正在进行系统升级，请您耐心等待……", None),
    ("网站改造期间，暂停对外服务，由此带来的不便，敬请谅解！", None),
    ("根据政府网站集约化工作要求，本网站已于2026年10月31日关停，有关内容请访问市政府门户网站。", None),
    ("本站已永久下线", None),
    ("某某镇人民政府网站现已停止运行，感谢您长期以来的关注和支持。", None),
    ("本网站已迁移至市人民政府门户网站", None),
    ("该网站暂时无法进行访问，原因：网站未备案或备案被注销", None),
    ("网站正在整改，暂停访问", None),
    ("机房割接，网站于11月21日22:00至22日6:00暂停服务", "2026-11-22"),
    ("新版网站将于2027年1月1日正式上线，网站建设中，敬请期待", "2027-01-01"),
    ("We are down for maintenance. The site will be back on December 1, 2026.", "2026-12-01"),
    ("Website under construction, coming soon", None),
)


@settings(max_examples=400)
@given(
    notice=st.sampled_from(NOTICES),
    tag=st.sampled_from(["p", "h1", "span", "center", "td", "marquee"]),
    head=st.sampled_from(["", "<h2>公告</h2>", "<h1>关于网站升级维护的公告</h1>", "<p>尊敬的各位用户：</p>"]),
    sign=st.sampled_from(["", "<p>某某市人民政府办公室</p><p>2026年11月17日</p>"]),
    nav=st.sampled_from([0, 5, 12]),
    foot=st.booleans(),
    title=st.sampled_from(["", "某某市人民政府", "公告", "系统维护"]),
    kind=st.sampled_from(["column", "site", "page"]),
    status=st.sampled_from([200, 503]),
)
def test_a_page_that_says_it_is_closed(  # noqa: PLR0917
    notice: tuple[str, str | None],
    tag: str,
    head: str,
    sign: str,
    nav: int,
    foot: bool,
    title: str,
    kind: str,
    status: int,
) -> None:
    page = (
        f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{menu(nav)}"
        f"<div class='main'>{head}<{tag}>{notice[0]}</{tag}>{sign}</div>{FOOT if foot else ''}</body></html>"
    )
    reading = read(page, kind, status=status)
    if nav == 12 and notice[0] == "网站维护":
        assert reading.state is not State.LISTED  # two words beside the whole menu of a site may be a heading
    else:
        assert (reading.state, reading.returns_on) == (State.MAINTENANCE, notice[1])


def test_a_home_page_that_is_one_notice_is_closed_whatever_stands_around_it() -> None:
    told = "<h1>停运公告</h1><p>发布时间：2026-11-01　来源：本站</p><p>本网站将于2026年12月31日前暂停访问。</p>【打印】【关闭】"
    page = f"<html><title>停运公告</title><body>{told}</body></html>"
    assert read(page, "site").state is State.MAINTENANCE
    assert read(page, "page").state is State.READABLE


RETURNS = [
    ("将于2026年12月1日恢复", "2026-12-01"),
    ("维护时间：2026年11月18日至2026年11月25日", "2026-11-25"),
    ("自11月10日至1月5日暂停服务", "2027-01-05"),
    ("已于2025年1月1日关停", None),
    ("正在维护", None),
    ("升级时间为11月15日至12月15日", "2026-12-15"),
    ("11月15日-12月15日，网站升级", "2026-12-15"),
    ("11月15日—30日暂停访问", "2026-11-30"),
    ("11月21日至25日", "2026-11-25"),
    ("自2026年11月25日起暂停服务，恢复时间另行通知", None),
    ("自11月25日起停止更新，恢复时间另行通知。", None),
    ("恢复时间另行通知。某某办公室 2026年11月20日", None),
    ("2026年12月1日零时起恢复访问", "2026-12-01"),
    ("12月1日起重新开放", "2026-12-01"),
    ("预计12月1日上午9:00恢复", "2026-12-01"),
    ("预计恢复时间：2026-12-01 09:00", "2026-12-01"),
    ("2026.12.1前完成升级", "2026-12-01"),
    ("二〇二六年十二月一日恢复访问", "2026-12-01"),
    ("将于11月28日（星期六）22:00至11月29日8:00进行系统升级", "2026-11-29"),
    ("截至2026年11月30日", "2026-11-30"),
    ("直至12月3日", "2026-12-03"),
    ("预计12月底恢复", None),
    ("新网站将于2027年1月1日正式上线", "2027-01-01"),
    ("We will be back on December 1, 2026", "2026-12-01"),
    ("Site closed until 1 December 2026", "2026-12-01"),
    ("2026/11/21 00:00 ~ 2026/11/23 06:00", "2026-11-23"),
    ("11月21日22:00-22日6:00", "2026-11-22"),
    ("原定8月30日恢复", None),
    ("12月28日至1月3日停机", "2027-01-03"),
    ("2026年12月28日至2027年1月3日", "2027-01-03"),
    ("发布时间：2026-11-20 因升级暂停访问", None),
    ("于2026年11月10日起暂停服务，至12月5日恢复", "2026-12-05"),
    ("2026年12月1日，网站恢复运行", "2026-12-01"),
    ("关停时间：2026年12月31日", None),
    ("将于2026年12月31日永久关停", None),
]


@pytest.mark.parametrize(("text", "day"), RETURNS)
def test_the_day_it_will_be_back(text: str, day: str | None) -> None:
    assert return_date(text, TODAY) == day
    assert return_date(f"关于网站维护的公告 {text}。某某市人民政府办公室 2026年11月20日", TODAY) == day


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 12, 20), "2027-01-05"),
        (date(2027, 1, 4), "2027-01-05"),
        (date(2027, 1, 6), None),
        (date(2027, 6, 1), None),
    ],
)
def test_the_year_is_the_nearest(today: date, day: str | None) -> None:
    assert return_date("自12月18日至1月5日暂停服务", today) == day


def test_the_twenty_ninth_of_february() -> None:
    assert return_date("预计2月29日恢复", date(2027, 2, 1)) is None
    assert return_date("预计2月29日恢复", date(2028, 2, 1)) == "2028-02-29"


@given(st.text(max_size=80), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_any_text_is_borne(text: str, today: date) -> None:
    day = return_date(text, today)
    assert day is None or day >= today.isoformat()
