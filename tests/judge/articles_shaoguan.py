"""韶关 (2023), a line a rule: where it says 原则上 it is a breach at the most, 及时 has no days and only reminds."""

from tests.judge.articles import (
    ACCOUNT,
    DESK,
    DYNAMIC,
    INTERACTION,
    ON_HOME,
    OTHER,
    PAGE,
    SERVICE,
    SITE,
    VIDEO,
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
    done,
    gone_for_good,
    moved,
    off_for_a_while,
    once,
    ordered,
    quarterly,
    too_long,
    unfiled,
    waiting,
)
from tests.judge.articles_days import TUESDAY, TWO_WEEKS
from tests.judge.articles_lines import (
    ACCOUNTS,
    BREACH,
    CLOSING,
    COLUMNS,
    DESKS,
    DYNAMIC_COLUMNS,
    FOR_GOOD,
    INTERACTIONS,
    PAGES,
    REMIND,
    REPORTS,
    SERIOUS,
    SERVICES,
    SITES,
    UNCOUNTED,
    Document,
    those,
)
from tests.judge.articles_listed import ELSEWHERE, TWO_NAMES, TWO_OF_A_SORT, TWO_SITES, no_owner, nobody

line = Document("shaoguan-2023", "韶关市政府网站及政务新媒体管理办法 (2023)")
AT_HOME = those("column", column="policy notice other", on_home=(True,))
SITE_CHANGES, ACCOUNT_CHANGES = (
    ("migration", "change", "sponsor_change"),
    ("launch", "change", "sponsor_change", "account_closing"),
)
ANNOUNCED = once("sponsor_change", "announced", ACCOUNT, new_sponsor="某委")
REPORTED = tuple(
    once(kind, "reported", SITE, reason="断网", **more)
    for kind, more in (("force_majeure", {}), ("ordered_closure", {"ordered_by": "网信办"}))
)
CHANGED = (
    once("change", "filed_on", SITE, what="负责人"),
    once("migration", "filed_on", SITE),
    once("sponsor_change", "filed_on", SITE, new_sponsor="某委"),
)
FILED = (
    *(once(one, "filed_on", ACCOUNT) for one in ("launch", "account_closing", "change")),
    once("sponsor_change", "filed_on", ACCOUNT, new_sponsor="某委"),
)

# fmt: off
LINES = (
    line("owner-site", "第三条 第二条", SITES, "inventory", REMIND, no_owner(SITE), what="owner"),
    line("owner-account", "第三条 第二条", ACCOUNTS, "inventory", REMIND, no_owner(ACCOUNT), what="owner"),
    line("one-site", "第六条 第七条", SITES, "inventory", REMIND, TWO_SITES, what="one_per_owner"),
    line("marks", "第八条", SITES, "marks_present", BREACH, *lacking("conac", "site_code", "icp", "police"), exempt=FOR_GOOD, marks=("conac", "site_code", "icp", "police")),
    line("launch", "第八条", SITES, "filed_within", REMIND, once("launch", "filed_on", SITE), of=("launch",), field="filed_on"),
    line("launch-approved", "第八条", SITES, "filed_within", REMIND, once("launch", "approved_by", SITE, ["省府办"]), of=("launch",), field="approved_by"),
    line("launch-code", "第八条", SITES, "filed_within", REMIND, once("launch", "site_code", SITE, "4402000001"), of=("launch",), field="site_code"),
    line("launch-filings", "第八条", SITES, "filed_within", REMIND, once("launch", "filings", SITE, ["等保测评"]), of=("launch",), field="filings"),
    line("domain", "第九条", SITES, "inventory", REMIND, ELSEWHERE, what="gov_cn"),
    line("migration-notice", "第十条", SITES, "notice_kept", BREACH, gone_for_good(), limit="30d", of=("permanent_offline",), field="own_notice"),
    line("migration-new", "第十条", SITES, "notice_kept", BREACH, gone_for_good("new_url"), limit="30d", less="30d", of=("permanent_offline",), field="new_url"),
    line("offline-30", "第十一条", SITES, "offline_at_most", SERIOUS, too_long(), limit="30d", warn="29d 23d 15d 10d 5d 2d 0d", exempt=UNCOUNTED),
    line("offline-once", "第十一条", SITES, "offline_at_most", SERIOUS, closures(), per_year=1),
    line("offline-approved", "第十一条", SITES, "filed_within", REMIND, once("temporary_offline", "approved_by", SITE, ["省府办"]), of=("temporary_offline",), field="approved_by"),
    line("offline-unfiled", "第十一条", SITES, "filed_within", SERIOUS, unfiled(), what="outage"),
    line("closure-reported", "第十一条", SITES, "filed_within", REMIND, *REPORTED, of=("force_majeure", "ordered_closure"), field="reported"),
    line("offline-own-notice", "第十一条", SITES, "notice_kept", BREACH, off_for_a_while("own_notice"), of=("temporary_offline",), field="own_notice"),
    line("offline-portal-notice", "第十一条", SITES, "notice_kept", BREACH, off_for_a_while("portal_notice"), of=("temporary_offline",), field="portal_notice"),
    line("domain-change-notice", "第十二条", SITES, "notice_kept", BREACH, moved(), of=("migration",), field="own_notice"),
    line("change-filing", "第十二条", SITES, "filed_within", REMIND, *CHANGED, of=SITE_CHANGES, field="filed_on"),
    line("change-filing-column", "第十二条", COLUMNS, "filed_within", REMIND, once("change", "filed_on", OTHER, what="栏目地址"), of=("change",), field="filed_on"),
    line("one-account", "第十四条 第十五条 第十六条", ACCOUNTS, "inventory", REMIND, TWO_OF_A_SORT, what="one_and_video"),
    line("account-names", "第十四条 第十五条 第十六条", ACCOUNTS, "inventory", REMIND, TWO_NAMES, what="names"),
    line("account-filing", "第十六条 第十四条 第十五条", ACCOUNTS, "filed_within", REMIND, *FILED, of=ACCOUNT_CHANGES, field="filed_on"),
    line("account-announced", "第十四条 第十五条 第十六条", ACCOUNTS, "filed_within", REMIND, ANNOUNCED, of=("sponsor_change",), field="announced"),
    line("entries", "第十七条 第二十条 第二十一条", SERVICES | INTERACTIONS, "entry_present", BREACH, unlinked(SERVICE), unlinked(INTERACTION)),
    line("entries-open", "第十七条 第二十条 第二十一条", SERVICES | INTERACTIONS, "reachable", BREACH, *shut(SERVICE), *shut(INTERACTION), only=("outage", "tamper")),
    line("accounts", "第十八条", ACCOUNTS, "updated_within", BREACH, newest(ACCOUNT, TWO_WEEKS), newest(VIDEO, TWO_WEEKS), limit="14d", warn="4d 1d", exempt=CLOSING),
    line("home-columns", "第十八条", AT_HOME, "updated_within", BREACH, newest(ON_HOME, TWO_WEEKS), limit="14d", warn="4d 1d"),
    line("dynamic-columns", "第十八条", DYNAMIC_COLUMNS, "updated_within", BREACH, newest(DYNAMIC, TWO_WEEKS), limit="14d", warn="4d 1d"),
    line("contacts-site", "第二十四条", SITES, "inventory", REMIND, nobody(SITE), what="contacts"),
    line("contacts-account", "第二十四条", ACCOUNTS, "inventory", REMIND, nobody(ACCOUNT), what="contacts"),
    line("hidden-links", "第二十六条", SITES, "no_hidden_links", BREACH, hidden(SITE)),
    line("hidden-links-column", "第二十六条", COLUMNS, "no_hidden_links", BREACH, hidden(OTHER)),
    line("hidden-links-page", "第二十六条", PAGES, "no_hidden_links", BREACH, hidden(PAGE)),
    line("jiucuo", "第二十七条", SITES, "answered_within", BREACH, asked("jiucuo", "2026-11-20", "consulting", "handling", first=TUESDAY), waiting("jiucuo"), limit="1wd", classes=("jiucuo",)),
    line("annual-report", "第二十八条", REPORTS, "published_by", BREACH, published(), warn="16d 6d 2d 0d", by="01-31"),
    line("quarter-check", "第三十五条", DESKS, "done_every", REMIND, quarterly(), activity="quarter_check", every="quarter"),
    line("appraisal", "第三十五条", DESKS, "done_every", REMIND, *done("appraisal", 1), activity="appraisal", per_year=1),
    line("fixed-site", "第三十五条", SITES, "fixed_within", SERIOUS, ordered(SITE), limit="1d", serious=True),
    line("fixed-column", "第三十五条", COLUMNS, "fixed_within", SERIOUS, ordered(OTHER), limit="1d", serious=True),
    line("fixed-page", "第三十五条", PAGES, "fixed_within", SERIOUS, ordered(PAGE), limit="1d", serious=True),
    line("fixed-account", "第三十五条", ACCOUNTS, "fixed_within", SERIOUS, ordered(ACCOUNT), limit="1d", serious=True),
    line("fixed-desk", "第三十五条", DESKS, "fixed_within", SERIOUS, ordered(DESK), limit="1d", serious=True),
)
# fmt: on
