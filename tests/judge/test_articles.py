"""The regulations, article by article: facts in, standing and citation out, judged by the packs as they are shipped.

One line a rule: all articles it cites, and a boundary: its standing at the last second before, and from the first second after
(tests/judge/articles.py). A rule without a line fails, and so does an article of config/rules/README.md that no line cites.
"""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from monitor.config.load import load
from monitor.judge.standings import applicable, judge
from monitor.model import Cause, Compliance, DeclarationKind, Facts, Rule, Standing, Target
from tests.config.test_rule_packs import TEXTS, rows, table
from tests.judge.articles import (
    ACCOUNT,
    BREACHED,
    DEEPER,
    DESK,
    DUE,
    DYNAMIC,
    ELSEWHERE,
    HOME_LINK,
    INTERACTION,
    LINK,
    MET,
    NOTICE,
    NOTICES,
    ON_HOME,
    OTHER,
    PAGE,
    PLACARD,
    POLICY,
    REPLIES,
    REPORT,
    SERVICE,
    SITE,
    STATISTICS,
    TWO_NAMES,
    TWO_OF_A_SORT,
    TWO_ON_ONE,
    TWO_SITES,
    VIDEO,
    Case,
    asked,
    at_last,
    back,
    blank,
    closing,
    closures,
    confirmed,
    counted,
    covering,
    daily,
    dead,
    done,
    failing,
    filed,
    forgotten,
    gone,
    gone_for_good,
    hidden,
    hosted,
    in_days,
    lacking,
    moved,
    newest,
    no_owner,
    nobody,
    noticed,
    off_for_a_while,
    once,
    ordered,
    original,
    posted_week,
    published,
    quarterly,
    roster,
    strange,
    too_long,
    unfiled,
    unlinked,
)

INDICATORS = "国办秘函〔2019〕19号《政府网站与政务新媒体检查指标》"
GUIDELINE = "国办发〔2017〕47号《政府网站发展指引》"
SOURCES = {
    "shaoguan-2023": "韶关市政府网站及政务新媒体管理办法 (2023)",
    "zhongshan-2020": "中山市政府网站及政务新媒体管理办法(修订) (2020)",
    "zizhizhou-2020": "自治州政府网站管理办法 (2020)",
    "chongchuan-2023": "南通市崇川区政务新媒体管理办法(试行) (2023)",
    "foshan-2015": "佛山市政府网站管理办法 (2015)",
}
TWO_WEEKS, TWO_MONTHS, A_QUARTER, HALF_A_YEAR, A_YEAR = (
    *("2026-11-05", "2026-09-19", "2026-08-19", "2026-05-19", "2025-11-19"),
)
"""Days of which 19 November 2026 is the last day of the limit."""
SECURITY: dict[str, Any] = {"security": True, "self_check": "2026-11-17", "police_check": "2026-11-18"}


PAIRS = ((MET, BREACHED), (DUE, BREACHED), (BREACHED, MET), (MET, DUE))
"""What a boundary parts: kept (or in its last days) from broken, a notice that is owed from one that is not, nothing from a reminder."""


@cache
def shipped_rules() -> dict[str, Rule]:
    return {rule.key: rule for pack in load(None, environ={}).packs for rule in pack.rules}


def line(rule: str, articles: str, case: Case, source: str = "") -> Any:
    """`rule` as pack/id; the source it must cite follows from the pack, of the national ones it is told."""
    source = source or SOURCES[rule.partition("/")[0]]
    return pytest.param(rule, source, tuple(articles.split()), case, id=f"{rule} {articles}")


LINES = [
    line("national-2019/N-AVAIL", "单项否决·站点无法访问", failing(), INDICATORS),
    line("national-2019/N-HOME", "单项否决·首页不更新", newest(SITE, TWO_WEEKS), INDICATORS),
    line("national-2019/N-COL-DYN", "单项否决·栏目不更新", newest(DYNAMIC, TWO_WEEKS), INDICATORS),
    line("national-2019/N-COL-POL", "单项否决·栏目不更新", newest(POLICY, HALF_A_YEAR), INDICATORS),
    line("national-2019/N-COL-POL", "单项否决·栏目不更新", newest(replace(NOTICES, level=1), HALF_A_YEAR), INDICATORS),
    line(
        "national-2019/N-COL-SUM",
        "单项否决·栏目不更新",
        counted("stale:national-2019:policy", "stale:national-2019:deeper/policy", 5),
        INDICATORS,
    ),
    line(
        "national-2019/N-COL-SUM",
        "单项否决·栏目不更新",
        counted("stale:national-2019:deeper/dynamic", "stale:national-2019:other", 5),
        INDICATORS,
    ),
    line("national-2019/N-COL-OTHER", "单项否决·栏目不更新", newest(OTHER, A_YEAR), INDICATORS),
    line("national-2019/N-COL-OTHER-DEEP", "单项否决·栏目不更新", newest(DEEPER, A_YEAR), INDICATORS),
    line(
        "national-2019/N-COL-OTHER-SUM",
        "单项否决·栏目不更新",
        counted("stale:national-2019:deeper/notice", "stale:national-2019:notice", 10),
        INDICATORS,
    ),
    line(
        "national-2019/N-COL-BLANK", "单项否决·栏目不更新", counted("blank:other", "stale:house:other", 5), INDICATORS
    ),
    line("national-2019/N-MSG", "单项否决·互动回应差", forgotten(), INDICATORS),
    line("national-2019/N-MSG-PUB", "扣分指标·留言公开", newest(REPLIES, TWO_MONTHS), INDICATORS),
    line("national-2019/N-STAT", "扣分指标·办事统计数据", newest(STATISTICS, A_QUARTER), INDICATORS),
    line("national-2019/N-CHANNEL", "单项否决·互动回应差", unlinked(INTERACTION), INDICATORS),
    line("national-2019/N-CHANNEL-PAGE", "单项否决·互动回应差", gone(INTERACTION), INDICATORS),
    line("national-2019/N-SERVICE", "单项否决·服务不实用", unlinked(SERVICE), INDICATORS),
    line("national-2019/N-SERVICE-PAGE", "单项否决·服务不实用", gone(SERVICE), INDICATORS),
    line(
        "national-2019/N-FRAUD",
        "单项否决·安全、泄密事故等严重问题",
        confirmed(OTHER, "dates_honest", Cause.FORGED_DATE),
        INDICATORS,
    ),
    *(
        line(f"national-2019/N-BADLINK{one}", "单项否决·安全、泄密事故等严重问题", hidden(of), INDICATORS)
        for one, of in (("", SITE), ("-COL", OTHER), ("-PAGE", PAGE))
    ),
    line(
        "national-2019/N-BADLINK-LINK",
        "单项否决·安全、泄密事故等严重问题",
        confirmed(LINK, "links_alive", Cause.TAMPER, "link_spam", spare=(Cause.DEAD_LINK, "gone", {})),
        INDICATORS,
    ),
    line("national-2019/N-LINK-HOME", "扣分指标·链接可用性（首页）", dead(HOME_LINK), INDICATORS),
    line("national-2019/N-LINK-SITE", "扣分指标·链接可用性（其他页面）", dead(LINK), INDICATORS),
    line("national-2019/N-ID", "扣分指标·网站标识", lacking("jiucuo"), INDICATORS),
    line("national-2019/N-ACC", "政务新媒体单项否决·内容不更新", newest(ACCOUNT, TWO_WEEKS), INDICATORS),
    line("national-2019/N-OFF-30", "临时下线", too_long(), GUIDELINE),
    line("national-2019/N-OFF-ONCE", "临时下线", closures(), GUIDELINE),
    line("national-2019/N-OFF-UNFILED", "临时下线", unfiled(), GUIDELINE),
    line("national-2019/N-OFF-OWN", "临时下线", off_for_a_while("own_notice"), GUIDELINE),
    line("national-2019/N-OFF-PORTAL", "临时下线", off_for_a_while("portal_notice"), GUIDELINE),
    line("national-2019/N-MOVE-30", "永久下线", gone_for_good(), GUIDELINE),
    line("national-2019/N-MOVE-NEW", "永久下线", gone_for_good("new_url"), GUIDELINE),
    line("national-2019/N-MOVE-DOMAIN", "域名变更", moved(), GUIDELINE),
    line("national-2019/N-NOTICE-HOME", "永久下线", unlinked(PLACARD), GUIDELINE),
    line("national-2019/N-NOTICE-HOME-PAGE", "永久下线 临时下线", gone(PLACARD), GUIDELINE),
    line("national-2019/N-REPORT", "年度工作报表", published(), "国办函〔2018〕12号"),
    line("national-2019/N-REPORT-HOME", "年度工作报表", unlinked(REPORT), "国办函〔2018〕12号"),
    line("national-2019/N-REPORT-HOME-PAGE", "年度工作报表", gone(REPORT), "国办函〔2018〕12号"),
    line(
        "national-2019/N-ZHAOCUO",
        "网站找错",
        asked("jiucuo", "2026-11-16", "consulting", "handling"),
        "国家关于网民找错留言办理的工作要求（据省级通报）",
    ),
    line("national-2019/N-DUTY", "值班值守", roster(), GUIDELINE),
    line("shaoguan-2023/owner-site", "第三条 第二条", no_owner(SITE)),
    line("shaoguan-2023/owner-account", "第三条 第二条", no_owner(ACCOUNT)),
    line("shaoguan-2023/one-site", "第六条 第七条", TWO_SITES),
    line("shaoguan-2023/marks", "第八条", lacking("police")),
    line("shaoguan-2023/launch", "第八条", once("launch", "filed_on", SITE)),
    line("shaoguan-2023/launch-approved", "第八条", once("launch", "approved_by", SITE, ["省府办"])),
    line("shaoguan-2023/launch-code", "第八条", once("launch", "site_code", SITE, "4402000001")),
    line("shaoguan-2023/launch-filings", "第八条", once("launch", "filings", SITE, ["等保测评"])),
    line("shaoguan-2023/domain", "第九条", ELSEWHERE),
    line("shaoguan-2023/migration-notice", "第十条", gone_for_good()),
    line("shaoguan-2023/migration-new", "第十条", gone_for_good("new_url")),
    line("shaoguan-2023/offline-30", "第十一条", too_long()),
    line("shaoguan-2023/offline-once", "第十一条", closures()),
    line("shaoguan-2023/offline-approved", "第十一条", once("temporary_offline", "approved_by", SITE, ["省府办"])),
    line("shaoguan-2023/offline-unfiled", "第十一条", unfiled()),
    line("shaoguan-2023/closure-reported", "第十一条", once("force_majeure", "reported", SITE, reason="断网")),
    line("shaoguan-2023/offline-own-notice", "第十一条", off_for_a_while("own_notice")),
    line("shaoguan-2023/offline-portal-notice", "第十一条", off_for_a_while("portal_notice")),
    line("shaoguan-2023/domain-change-notice", "第十二条", moved()),
    line("shaoguan-2023/change-filing", "第十二条", once("change", "filed_on", SITE, what="负责人")),
    line("shaoguan-2023/change-filing-column", "第十二条", once("change", "filed_on", OTHER, what="栏目地址")),
    line("shaoguan-2023/one-account", "第十四条 第十五条 第十六条", TWO_OF_A_SORT),
    line("shaoguan-2023/account-names", "第十四条 第十五条 第十六条", TWO_NAMES),
    line("shaoguan-2023/account-filing", "第十六条 第十四条 第十五条", once("account_closing", "filed_on", ACCOUNT)),
    line(
        "shaoguan-2023/account-announced",
        "第十四条 第十五条 第十六条",
        once("sponsor_change", "announced", ACCOUNT, new_sponsor="某委"),
    ),
    line("shaoguan-2023/entries", "第十七条 第二十条 第二十一条", unlinked(SERVICE)),
    line("shaoguan-2023/entries-open", "第十七条 第二十条 第二十一条", gone(INTERACTION)),
    line("shaoguan-2023/accounts", "第十八条", newest(ACCOUNT, TWO_WEEKS)),
    line("shaoguan-2023/accounts", "第十八条", newest(VIDEO, TWO_WEEKS)),
    line("shaoguan-2023/home-columns", "第十八条", newest(ON_HOME, TWO_WEEKS)),
    line("shaoguan-2023/dynamic-columns", "第十八条", newest(DYNAMIC, TWO_WEEKS)),
    line("shaoguan-2023/contacts-site", "第二十四条", nobody(SITE)),
    line("shaoguan-2023/contacts-account", "第二十四条", nobody(ACCOUNT)),
    line("shaoguan-2023/hidden-links", "第二十六条", hidden(SITE)),
    line("shaoguan-2023/hidden-links-column", "第二十六条", hidden(OTHER)),
    line("shaoguan-2023/hidden-links-page", "第二十六条", hidden(PAGE)),
    line("shaoguan-2023/jiucuo", "第二十七条", asked("jiucuo", "2026-11-18", "consulting", "handling")),
    line("shaoguan-2023/annual-report", "第二十八条", published()),
    line("shaoguan-2023/quarter-check", "第三十五条", quarterly()),
    line("shaoguan-2023/appraisal", "第三十五条", done("appraisal", 1)),
    *(
        line(f"shaoguan-2023/fixed-{one.kind.value}", "第三十五条", ordered(one))
        for one in (SITE, OTHER, PAGE, ACCOUNT, DESK)
    ),
    line("zhongshan-2020/marks", "第六条", lacking("conac", spare="site_code")),
    line("zhongshan-2020/launch", "第六条", once("launch", "filed_on", SITE)),
    line("zhongshan-2020/launch-filings", "第六条", once("launch", "filings", SITE, ["等保定级"])),
    line("zhongshan-2020/one-site", "第七条", TWO_SITES),
    line("zhongshan-2020/migration-notice", "第八条", gone_for_good()),
    line("zhongshan-2020/offline-30", "第九条", too_long()),
    line("zhongshan-2020/offline-once", "第九条", closures()),
    line("zhongshan-2020/offline-unfiled", "第九条", unfiled(security=True)),
    line("zhongshan-2020/offline-own-notice", "第九条", off_for_a_while("own_notice")),
    line("zhongshan-2020/offline-portal-notice", "第九条", off_for_a_while("portal_notice")),
    line(
        "zhongshan-2020/offline-approved",
        "第九条",
        once("temporary_offline", "approved_by", SITE, ["市府办", "网信办"], approved_by=["市府办"]),
    ),
    line("zhongshan-2020/offline-application", "第九条", once("temporary_offline", "application", SITE, "2026-1")),
    line("zhongshan-2020/return", "第九条", back("temporary_offline", {"restore_filed": "2026-11-18"}, {})),
    line(
        "zhongshan-2020/return",
        "第九条",
        back("ordered_closure", SECURITY | {"consents": ["市府办", "网信办"]}, SECURITY | {"consents": ["市府办"]}),
    ),
    line("zhongshan-2020/change-filing", "第十条", once("sponsor_change", "filed_on", SITE, new_sponsor="某委")),
    line("zhongshan-2020/one-account", "第十二条 第十三条", TWO_ON_ONE),
    line("zhongshan-2020/account-names", "第十三条 第十二条", TWO_NAMES),
    line("zhongshan-2020/account-filing", "第十四条", once("launch", "filed_on", ACCOUNT)),
    line("zhongshan-2020/closing-notice", "第十五条", closing()),
    line(
        "zhongshan-2020/closing-notice",
        "第十五条",
        noticed(filed("account_closing", "2026-10-29"), "notice", target=ACCOUNT),
    ),
    line("zhongshan-2020/entries", "第十六条 第十九条 第二十条", unlinked(INTERACTION)),
    line("zhongshan-2020/entries-open", "第十六条 第十九条 第二十条", gone(SERVICE)),
    line("zhongshan-2020/owner-site", "第二十二条 第二十三条", no_owner(SITE)),
    line("zhongshan-2020/owner-account", "第二十二条 第二十三条", no_owner(ACCOUNT)),
    line("zhongshan-2020/contacts-site", "第二十三条 第二十二条", nobody(SITE)),
    line("zhongshan-2020/contacts-account", "第二十三条 第二十二条", nobody(ACCOUNT)),
    line("zhongshan-2020/harmful", "第二十四条", strange(SITE)),
    line("zhongshan-2020/harmful-column", "第二十四条", strange(OTHER)),
    line("zhongshan-2020/harmful-page", "第二十四条", strange(PAGE)),
    line("zhongshan-2020/hidden-links", "第二十五条", hidden(SITE)),
    line("zhongshan-2020/hidden-links-column", "第二十五条", hidden(OTHER)),
    line("zhongshan-2020/hidden-links-page", "第二十五条", hidden(PAGE)),
    line("zhongshan-2020/jiucuo", "第二十六条", asked("jiucuo", "2026-11-18", "consulting", "handling")),
    line("zhongshan-2020/duty", "第二十七条 第二十四条", roster()),
    line("zhongshan-2020/hosting", "第二十八条", hosted()),
    line("zhongshan-2020/hosting-city", "第二十八条", hosted("area")),
    line("zhongshan-2020/appraisal", "第三十六条 第三十五条", done("appraisal", 1)),
    *(
        line(f"zhongshan-2020/fixed-{one.kind.value}", "第三十六条 第三十五条", ordered(one))
        for one in (SITE, OTHER, PAGE, ACCOUNT, DESK)
    ),
    line("zizhizhou-2020/blank-columns", "第八条", blank(OTHER)),
    line("zizhizhou-2020/dynamic-columns", "第九条", newest(DYNAMIC, TWO_WEEKS)),
    line("zizhizhou-2020/policy-columns", "第九条", newest(DEEPER, HALF_A_YEAR)),
    line("zizhizhou-2020/other-columns", "第九条", newest(OTHER, A_YEAR)),
    line("zizhizhou-2020/other-columns", "第九条", newest(NOTICES, A_YEAR)),
    line("zizhizhou-2020/service-entry", "第十二条", unlinked(SERVICE)),
    line("zizhizhou-2020/service-entry-open", "第十二条", gone(SERVICE)),
    line("zizhizhou-2020/interaction-entry", "第十三条", unlinked(INTERACTION)),
    line("zizhizhou-2020/interaction-entry-open", "第十三条", gone(INTERACTION)),
    line("zizhizhou-2020/jiucuo", "第十三条", asked("jiucuo", "2026-11-16", "consulting", "handling")),
    line("zizhizhou-2020/consulting", "第十三条", asked("consulting", "2026-11-10", "jiucuo", "handling")),
    line("zizhizhou-2020/handling", "第十三条", asked("handling", "2026-10-29", "jiucuo", "consulting")),
    *(
        line("zizhizhou-2020/any-message", "第十三条", asked(cls, A_QUARTER))
        for cls in ("jiucuo", "consulting", "handling")
    ),
    line("zizhizhou-2020/duty", "第十四条", roster()),
    line("zizhizhou-2020/annual-report", "第十五条", published()),
    line("zizhizhou-2020/meeting", "第二十条", done("meeting", 1)),
    line("zizhizhou-2020/contacts", "第二十一条 第二十条", nobody(SITE)),
    line("chongchuan-2023/owner", "第七条 第二条", no_owner(ACCOUNT)),
    line("chongchuan-2023/contacts", "第七条 第二条", nobody(ACCOUNT)),
    line("chongchuan-2023/one-account", "第十一条 第十二条 第十三条", TWO_ON_ONE),
    line("chongchuan-2023/zombie", "第十四条", newest(ACCOUNT, A_QUARTER)),
    line("chongchuan-2023/zombie", "第十四条", newest(VIDEO, A_QUARTER)),
    line("chongchuan-2023/deregistration", "第十四条", once("account_closing", "deregistered", ACCOUNT)),
    line(
        "chongchuan-2023/announcement",
        "第十五条",
        once("sponsor_change", "announced", ACCOUNT, NOTICE, new_sponsor="某委"),
    ),
    *(
        line("chongchuan-2023/filing", "第十六条", in_days(ACCOUNT, kind, "2026-11-16", "filed_on", **told))
        for kind, told in (
            ("launch", {}),
            ("change", {"what": "名称"}),
            ("sponsor_change", {"new_sponsor": "某委"}),
            ("account_closing", {"handed_in": "2026-11-16"}),
        )
    ),
    line("chongchuan-2023/weekly", "第十九条", posted_week()),
    line("chongchuan-2023/video", "第十九条", newest(VIDEO, TWO_WEEKS)),
    line("chongchuan-2023/original", "第十九条", original("2026-11-05", others=("2026-11-18",), before=DUE)),
    line(
        "chongchuan-2023/original-share",
        "第十九条",
        original(
            *("2026-10-20", "2026-11-10", "2026-11-12"),
            others=tuple(f"2026-11-{day:02}" for day in range(1, 8)),
            before=MET,
        ),
    ),
    line("chongchuan-2023/quarter-check", "第三十一条", quarterly()),
    line("chongchuan-2023/appraisal", "第三十一条", done("appraisal", 1)),
    line("foshan-2015/owner", "第八条 第二十五条", no_owner(SITE)),
    line("foshan-2015/contacts", "第二十五条 第八条", nobody(SITE)),
    line("foshan-2015/interaction-entry", "第十二条 第四十三条 第四十四条 第四十五条", unlinked(INTERACTION)),
    line("foshan-2015/domain", "第十四条", ELSEWHERE),
    line("foshan-2015/page-marks", "第十五条", lacking("sponsor", spare="icp")),
    line("foshan-2015/service-entry", "第二十二条 第二十四条", unlinked(SERVICE)),
    line("foshan-2015/open-24h", "第二十六条第(四)项", gone(SITE)),
    line("foshan-2015/outage-reported", "第二十六条第(四)项", unfiled()),
    line("foshan-2015/columns-open", "第二十七条第(一)项", gone(OTHER)),
    line("foshan-2015/harmful", "第二十七条第(二)项", strange(SITE)),
    line("foshan-2015/harmful-column", "第二十七条第(二)项", strange(OTHER)),
    line("foshan-2015/harmful-page", "第二十七条第(二)项", strange(PAGE)),
    line("foshan-2015/entries-open", "第二十七条第(三)项", gone(SERVICE)),
    line("foshan-2015/links", "第二十七条第(四)项", dead(LINK)),
    line("foshan-2015/daily-reading", "第二十七条第(六)项", daily("reading")),
    line("foshan-2015/hosting", "第二十七条第(七)项", hosted("area")),
    line("foshan-2015/self-check", "第二十八条", done("self_check", 2)),
    line(
        "foshan-2015/self-check-report",
        "第二十八条",
        in_days(DESK, "activity", "2026-10-29", "reported", activity="self_check"),
    ),
    line("foshan-2015/drill", "第四十七条", done("drill", 1)),
    line("foshan-2015/appraisal", "第五十三条 第十条 第五十四条 第五十六条", done("appraisal", 1)),
]


def standing_of(rule: Rule, target: Target[object], facts: Facts, now: Any) -> Standing:
    """Out of a whole judging under all packs."""
    judged = judge(target, facts, shipped_rules().values(), now)
    return next(one for one in judged.standings if one.rule == rule.key)


@pytest.mark.parametrize(("key", "source", "articles", "case"), LINES)
def test_the_last_second_before_and_the_first_after(
    key: str, source: str, articles: tuple[str, ...], case: Case
) -> None:
    rule = shipped_rules()[key]
    assert (rule.source, (rule.article, *rule.also)) == (source, articles)
    first, last = (standing_of(rule, case.target, case.facts(at), at) for at in (case.first, at_last(case)))
    assert (last.value, first.value) == (case.before, case.after), (str(last.why), str(first.why))
    assert str(last.why)
    assert str(first.why)
    assert (case.before, case.after) in PAIRS
    never_broken = rule.obligation == "filed_within" and rule.limit is None and rule.options.get("what") is None
    assert (BREACHED not in {case.before, case.after}) is never_broken, "which only reminds, for the text has no days"
    for spared in case.spared:
        told = standing_of(rule, case.target, spared(case.first), case.first)
        assert told.value is MET, str(told.why)


def test_every_rule_of_every_text_has_its_line() -> None:
    lines = {str(one.values[0]) for one in LINES}
    assert lines == {key for key, rule in shipped_rules().items() if rule.pack != "house"}


@pytest.mark.parametrize("pack", TEXTS)
def test_every_article_with_a_rule_has_a_line(pack: str) -> None:
    """As config/rules/README.md has them: an article without a rule says there why it has none."""
    cited = {
        one.partition("条")[0] + "条"
        for key, _, articles, _ in (one.values for one in LINES)
        for one in articles
        if str(key).startswith(f"{pack}/")
    }
    assert cited == {article for article, (named, _) in rows(pack).items() if named}


def test_every_national_row_has_a_line() -> None:
    lines = {str(one.values[0]).partition("/")[2] for one in LINES}
    told = [name for name, there, _ in table() if there == "yes"]
    assert not [name for name in told if name not in lines]


EXEMPT = [
    pytest.param(str(one.values[0]), kind, one.values[3], id=f"{one.values[0]} {kind}")
    for one in LINES
    for kind in shipped_rules()[str(one.values[0])].exempt_by
]


@pytest.mark.parametrize(("key", "kind", "case"), EXEMPT)
def test_what_was_filed_exempts_while_it_is_in_force(key: str, kind: DeclarationKind, case: Case) -> None:
    rule, one = shipped_rules()[key], covering(kind, case)

    def with_it(now: Any) -> Standing:
        facts = case.facts(now)
        return standing_of(rule, case.target, facts._replace(declarations=(*facts.declarations, one)), now)

    assert one.end is not None
    exempt = with_it(case.first)
    assert (exempt.value, exempt.inputs["declaration"]) == (Compliance.EXEMPT, one.id)
    assert with_it(one.end - timedelta(seconds=1)).value is Compliance.EXEMPT
    is_for_good = kind is DeclarationKind.ACCOUNT_CLOSING  # its end is that of the notice: the account is gone after it
    assert with_it(one.end).value is (Compliance.EXEMPT if is_for_good else BREACHED)


@pytest.mark.parametrize(("key", "kind", "case"), EXEMPT)
def test_nothing_else_exempts(key: str, kind: DeclarationKind, case: Case) -> None:
    rule = shipped_rules()[key]
    about = {DeclarationKind.CHANGE, DeclarationKind.LAUNCH, DeclarationKind.MIGRATION} - {*rule.exempt_by, kind}
    facts = case.facts(case.first)
    others = tuple(covering(one, case) for one in sorted(about))
    told = standing_of(rule, case.target, facts._replace(declarations=(*facts.declarations, *others)), case.first)
    assert told.value is BREACHED


def test_exemptions_are_those_that_the_texts_have() -> None:
    exempt = {(key.partition("/")[0], rule.obligation): set(rule.exempt_by) for key, rule in shipped_rules().items()}
    closed = {"temporary_offline", "permanent_offline", "force_majeure", "ordered_closure"}
    assert exempt["national-2019", "reachable"] in (set(), closed)
    for (pack, obligation), kinds in exempt.items():
        if obligation == "offline_at_most" and pack != "house":
            assert kinds <= closed - {"temporary_offline"}, "what is filed as temporary has its thirty days"


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("national-2019/N-COL-POL", DEEPER),
        ("national-2019/N-COL-OTHER-DEEP", POLICY),
        ("national-2019/N-COL-OTHER", NOTICES),
        ("national-2019/N-LINK-HOME", LINK),
        ("national-2019/N-LINK-SITE", HOME_LINK),
        ("national-2019/N-MSG-PUB", STATISTICS),
        ("shaoguan-2023/home-columns", OTHER),
        ("shaoguan-2023/home-columns", replace(DYNAMIC, on_home=True)),
        ("zizhizhou-2020/policy-columns", NOTICES),
        ("chongchuan-2023/weekly", VIDEO),
        ("chongchuan-2023/video", ACCOUNT),
        ("foshan-2015/entries-open", PLACARD),
    ],
)
def test_whom_a_rule_does_not_ask(key: str, other: Target[object]) -> None:
    assert not applicable(other, [shipped_rules()[key]])
