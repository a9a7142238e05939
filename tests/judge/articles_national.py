"""The national indicators, the guideline and the yearly report, a line a rule: what all five regulations rest on."""

from dataclasses import replace

from monitor.model import Cause
from tests.judge.articles import (
    ACCOUNT,
    BREACHED,
    COUNTED,
    DEEPER,
    DUE,
    DYNAMIC,
    HOME_LINK,
    INTERACTION,
    LINK,
    MET,
    NOTICES,
    OTHER,
    PAGE,
    PLACARD,
    POLICY,
    REPLIES,
    REPORT,
    SERVICE,
    SITE,
    STATISTICS,
    confirmed,
    counted,
    dead,
    failing,
    hidden,
    lacking,
    newest,
    published,
    shut,
    unlinked,
)
from tests.judge.articles_brought import (
    asked,
    closures,
    forgotten,
    gone_for_good,
    moved,
    off_for_a_while,
    roster,
    too_long,
    unfiled,
    waiting,
)
from tests.judge.articles_days import A_QUARTER, A_YEAR, HALF_A_YEAR, TUESDAY, TWO_MONTHS, TWO_WEEKS
from tests.judge.articles_lines import (
    ACCOUNTS,
    BREACH,
    CLOSED,
    CLOSING,
    COLUMNS,
    DESKS,
    DYNAMIC_COLUMNS,
    FOR_GOOD,
    INTERACTIONS,
    LINKS,
    PAGES,
    REMIND,
    REPORTS,
    SERIOUS,
    SERVICES,
    SITES,
    UNCOUNTED,
    VERIFIED,
    VETO,
    Document,
    those,
)

line = Document("national-2019", "国办秘函〔2019〕19号《政府网站与政务新媒体检查指标》", VERIFIED)
guided = Document("national-2019", "国办发〔2017〕47号《政府网站发展指引》", VERIFIED)
yearly = Document("national-2019", "国办函〔2018〕12号", VERIFIED)
told = Document("national-2019", "国家关于网民找错留言办理的工作要求（据省级通报）", VERIFIED)

SUM, SAFE, TALK, SERVE = (
    "单项否决·栏目不更新",
    "单项否决·安全、泄密事故等严重问题",
    "单项否决·互动回应差",
    "单项否决·服务不实用",
)
FIRST = those("column", column="policy notice", level=(0, 1))
BELOW = those("column", column="policy notice", level=(2,))
PLACARDS, PUBLIC, FIGURES = (those("page", entry=one) for one in ("notice", "replies", "statistics"))
ON_HOME, ELSEWHERE = those("link", on_home=(True,)), those("link", on_home=(False,))
FIVE, TEN = (
    tuple(f"stale:national-2019:{one}" for one in names.split())
    for names in ("policy notice dynamic deeper/dynamic", "other deeper/other deeper/policy deeper/notice")
)
BLANK = tuple(one for one in COUNTED if one.startswith("blank:"))
SPAM = confirmed(LINK, "links_alive", Cause.TAMPER, "link_spam", spare=(Cause.DEAD_LINK, "gone", {}))
ALL_MARKS = ("conac", "jiucuo", "site_code", "icp", "police", "sponsor", "contact")

# fmt: off
LINES = (
    line("N-AVAIL", "单项否决·站点无法访问", SITES, "reachable", VETO, failing(61, MET, DUE), failing(101, DUE, BREACHED), exempt=CLOSED, more="20x daily 15s", window="168h", share=5, forecast=3),
    line("N-HOME", "单项否决·首页不更新", SITES, "updated_within", VETO, newest(SITE, TWO_WEEKS), limit="14d", warn="4d 1d", exempt=FOR_GOOD),
    line("N-COL-DYN", SUM, DYNAMIC_COLUMNS, "updated_within", BREACH, newest(DYNAMIC, TWO_WEEKS), limit="14d", warn="4d 1d", counts_toward=5),
    line("N-COL-POL", SUM, FIRST, "updated_within", BREACH, newest(POLICY, HALF_A_YEAR), newest(replace(NOTICES, level=1), HALF_A_YEAR), limit="6mo", warn="30d 7d", counts_toward=5),
    line("N-COL-SUM", SUM, SITES, "at_most_in_breach", VETO, *counted(FIVE, 3, 5), exempt=FOR_GOOD, more="14d 6mo", of="stale", column=("dynamic", "policy", "notice"), deeper=("dynamic",), count=5, forecast=3),
    line("N-COL-OTHER", SUM, those("column", column="other"), "updated_within", BREACH, newest(OTHER, A_YEAR), limit="1y", warn="30d 7d", sure="secondary", counts_toward=10),
    line("N-COL-OTHER-DEEP", SUM, BELOW, "updated_within", BREACH, newest(DEEPER, A_YEAR), limit="1y", warn="30d 7d", sure="secondary", counts_toward=10),
    line("N-COL-OTHER-SUM", SUM, SITES, "at_most_in_breach", VETO, *counted(TEN, 6, 10), exempt=FOR_GOOD, of="stale", column=("other",), deeper=("policy", "notice", "other"), count=10, forecast=6),
    line("N-COL-BLANK", SUM, SITES, "at_most_in_breach", VETO, *counted(BLANK, 3, 5), exempt=FOR_GOOD, of="blank", count=5, forecast=3),
    line("N-MSG", TALK, SITES, "answered_within", VETO, forgotten(), waiting("handling", "2025-11-20"), limit="3mo", warn="30d 7d", classes=("consulting", "handling"), within_months=12),
    line("N-MSG-PUB", "扣分指标·留言公开", PUBLIC, "updated_within", BREACH, newest(REPLIES, TWO_MONTHS), limit="2mo", warn="14d", sure="secondary"),
    line("N-STAT", "扣分指标·办事统计数据", FIGURES, "updated_within", BREACH, newest(STATISTICS, A_QUARTER), limit="3mo", warn="14d", sure="secondary"),
    line("N-CHANNEL", TALK, INTERACTIONS, "entry_present", SERIOUS, unlinked(INTERACTION)),
    line("N-CHANNEL-PAGE", TALK, INTERACTIONS, "reachable", SERIOUS, *shut(INTERACTION), only=("outage", "tamper")),
    line("N-SERVICE", SERVE, SERVICES, "entry_present", SERIOUS, unlinked(SERVICE)),
    line("N-SERVICE-PAGE", SERVE, SERVICES, "reachable", SERIOUS, *shut(SERVICE), only=("outage", "tamper")),
    line("N-FRAUD", SAFE, COLUMNS, "dates_honest", VETO, confirmed(OTHER, "dates_honest", Cause.FORGED_DATE)),
    line("N-BADLINK", SAFE, SITES, "no_hidden_links", VETO, hidden(SITE)),
    line("N-BADLINK-COL", SAFE, COLUMNS, "no_hidden_links", VETO, hidden(OTHER)),
    line("N-BADLINK-PAGE", SAFE, PAGES, "no_hidden_links", VETO, hidden(PAGE)),
    line("N-BADLINK-LINK", SAFE, LINKS, "no_hidden_links", VETO, SPAM, check="links_alive"),
    line("N-LINK-HOME", "扣分指标·链接可用性（首页）", ON_HOME, "links_work", BREACH, dead(HOME_LINK), sure="secondary", points=0.1, points_confidence="unconfirmed"),
    line("N-LINK-SITE", "扣分指标·链接可用性（其他页面）", ELSEWHERE, "links_work", REMIND, dead(LINK), sure="secondary", points=0.05, points_confidence="unconfirmed"),
    line("N-ID", "扣分指标·网站标识", SITES, "marks_present", BREACH, *lacking(*ALL_MARKS), exempt=FOR_GOOD, sure="secondary", marks=ALL_MARKS),
    line("N-ACC", "政务新媒体单项否决·内容不更新", ACCOUNTS, "updated_within", VETO, newest(ACCOUNT, TWO_WEEKS), limit="14d", warn="4d 1d", exempt=CLOSING, sure="secondary"),
    guided("N-OFF-30", "临时下线", SITES, "offline_at_most", SERIOUS, too_long(), limit="30d", warn="29d 23d 15d 10d 5d 2d 0d", exempt=UNCOUNTED, sure="secondary"),
    guided("N-OFF-ONCE", "临时下线", SITES, "offline_at_most", SERIOUS, closures(), sure="secondary", per_year=1),
    guided("N-OFF-UNFILED", "临时下线", SITES, "filed_within", SERIOUS, unfiled(), sure="secondary", what="outage"),
    guided("N-OFF-OWN", "临时下线", SITES, "notice_kept", BREACH, off_for_a_while("own_notice"), sure="secondary", of=("temporary_offline",), field="own_notice"),
    guided("N-OFF-PORTAL", "临时下线", SITES, "notice_kept", BREACH, off_for_a_while("portal_notice"), sure="secondary", of=("temporary_offline",), field="portal_notice"),
    guided("N-MOVE-30", "永久下线", SITES, "notice_kept", SERIOUS, gone_for_good(), limit="30d", sure="secondary", of=("permanent_offline",), field="own_notice"),
    guided("N-MOVE-NEW", "永久下线", SITES, "notice_kept", BREACH, gone_for_good("new_url"), limit="30d", less="30d", sure="secondary", of=("permanent_offline",), field="new_url"),
    guided("N-MOVE-DOMAIN", "域名变更", SITES, "notice_kept", BREACH, moved(), sure="secondary", of=("migration",), field="own_notice"),
    guided("N-NOTICE-HOME", "永久下线", PLACARDS, "entry_present", SERIOUS, unlinked(PLACARD), sure="secondary", more="30d"),
    guided("N-NOTICE-HOME-PAGE", "永久下线 临时下线", PLACARDS, "reachable", SERIOUS, *shut(PLACARD), sure="secondary", more="30d", only=("outage", "tamper")),
    yearly("N-REPORT", "年度工作报表", REPORTS, "published_by", BREACH, published(), warn="16d 6d 2d 0d", by="01-31"),
    yearly("N-REPORT-HOME", "年度工作报表", REPORTS, "entry_present", BREACH, unlinked(REPORT)),
    yearly("N-REPORT-HOME-PAGE", "年度工作报表", REPORTS, "reachable", BREACH, *shut(REPORT), only=("outage", "tamper")),
    told("N-ZHAOCUO", "网站找错", SITES, "answered_within", BREACH, asked("jiucuo", "2026-11-18", "consulting", "handling", first=TUESDAY), waiting("jiucuo"), limit="3wd", warn="1wd", sure="secondary", classes=("jiucuo",)),
    guided("N-DUTY", "值班值守", DESKS, "duty_covered", BREACH, *roster(), warn="1h", sure="secondary"),
)
# fmt: on
