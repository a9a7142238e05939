"""中山 (2020), a line a rule: no window of updating, no yearly report by a day and no rule on blank columns."""

from typing import Any

from tests.judge.articles import (
    ACCOUNT,
    DESK,
    INTERACTION,
    OTHER,
    PAGE,
    SERVICE,
    SITE,
    hidden,
    hosted,
    lacking,
    shut,
    strange,
    unlinked,
)
from tests.judge.articles_brought import (
    asked,
    back,
    closing,
    closures,
    done,
    filed,
    gone_for_good,
    noticed,
    off_for_a_while,
    once,
    ordered,
    roster,
    too_long,
    unfiled,
    waiting,
)
from tests.judge.articles_days import TUESDAY
from tests.judge.articles_lines import (
    ACCOUNTS,
    BREACH,
    COLUMNS,
    DESKS,
    FOR_GOOD,
    INTERACTIONS,
    PAGES,
    REMIND,
    SERIOUS,
    SERVICES,
    SITES,
    UNCOUNTED,
    Document,
)
from tests.judge.articles_listed import TWO_NAMES, TWO_ON_ONE, TWO_SITES, no_owner, nobody

line = Document("zhongshan-2020", "中山市政府网站及政务新媒体管理办法(修订) (2020)")
SECURITY: dict[str, Any] = {"security": True, "self_check": "2026-11-17", "police_check": "2026-11-18"}
RETURNED = (
    back("temporary_offline", {"restore_filed": "2026-11-18"}, {}),
    back("ordered_closure", SECURITY | {"consents": ["市府办", "网信办"]}, SECURITY | {"consents": ["市府办"]}),
)
SITE_CHANGES, ACCOUNT_CHANGES = (
    ("migration", "change", "sponsor_change"),
    ("launch", "change", "sponsor_change", "account_closing"),
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
BOTH = once("temporary_offline", "approved_by", SITE, ["市府办", "网信办"], approved_by=["市府办"])
SHOWN = noticed(filed("account_closing", "2026-10-29"), "notice", target=ACCOUNT)

# fmt: off
LINES = (
    line("marks", "第六条", SITES, "marks_present", BREACH, *lacking("conac", "icp", "police"), exempt=FOR_GOOD, marks=("conac", "icp", "police")),
    line("launch", "第六条", SITES, "filed_within", REMIND, once("launch", "filed_on", SITE), of=("launch",), field="filed_on"),
    line("launch-filings", "第六条", SITES, "filed_within", REMIND, once("launch", "filings", SITE, ["等保定级"]), of=("launch",), field="filings"),
    line("one-site", "第七条", SITES, "inventory", REMIND, TWO_SITES, what="one_per_owner"),
    line("migration-notice", "第八条", SITES, "notice_kept", SERIOUS, gone_for_good(), limit="30d", of=("permanent_offline",), field="own_notice"),
    line("offline-30", "第九条", SITES, "offline_at_most", SERIOUS, too_long(), limit="30d", warn="29d 23d 15d 10d 5d 2d 0d", exempt=UNCOUNTED),
    line("offline-once", "第九条", SITES, "offline_at_most", SERIOUS, closures(), per_year=1),
    line("offline-unfiled", "第九条", SITES, "filed_within", SERIOUS, unfiled(security=True), what="outage"),
    line("offline-own-notice", "第九条", SITES, "notice_kept", BREACH, off_for_a_while("own_notice"), of=("temporary_offline",), field="own_notice"),
    line("offline-portal-notice", "第九条", SITES, "notice_kept", BREACH, off_for_a_while("portal_notice"), of=("temporary_offline",), field="portal_notice"),
    line("offline-approved", "第九条", SITES, "filed_within", REMIND, BOTH, of=("temporary_offline",), field="approved_by", names=2),
    line("offline-application", "第九条", SITES, "filed_within", REMIND, once("temporary_offline", "application", SITE, "2026-1"), of=("temporary_offline",), field="application"),
    line("return", "第九条", SITES, "filed_within", SERIOUS, *RETURNED, less="2个", what="return", names=2),
    line("change-filing", "第十条", SITES, "filed_within", REMIND, *CHANGED, of=SITE_CHANGES, field="filed_on"),
    line("one-account", "第十二条 第十三条", ACCOUNTS, "inventory", REMIND, TWO_ON_ONE, what="one_per_platform"),
    line("account-names", "第十三条 第十二条", ACCOUNTS, "inventory", REMIND, TWO_NAMES, what="names"),
    line("account-filing", "第十四条", ACCOUNTS, "filed_within", REMIND, *FILED, of=ACCOUNT_CHANGES, field="filed_on"),
    line("closing-notice", "第十五条", ACCOUNTS, "notice_kept", BREACH, closing(), SHOWN, limit="15wd", of=("account_closing",), field="notice"),
    line("entries", "第十六条 第十九条 第二十条", SERVICES | INTERACTIONS, "entry_present", BREACH, unlinked(SERVICE), unlinked(INTERACTION)),
    line("entries-open", "第十六条 第十九条 第二十条", SERVICES | INTERACTIONS, "reachable", BREACH, *shut(SERVICE), *shut(INTERACTION), only=("outage", "tamper")),
    line("owner-site", "第二十二条 第二十三条", SITES, "inventory", REMIND, no_owner(SITE), what="owner"),
    line("owner-account", "第二十二条 第二十三条", ACCOUNTS, "inventory", REMIND, no_owner(ACCOUNT), what="owner"),
    line("contacts-site", "第二十三条 第二十二条", SITES, "inventory", REMIND, nobody(SITE), what="contacts"),
    line("contacts-account", "第二十三条 第二十二条", ACCOUNTS, "inventory", REMIND, nobody(ACCOUNT), what="contacts"),
    line("harmful", "第二十四条", SITES, "not_tampered", SERIOUS, strange(SITE)),
    line("harmful-column", "第二十四条", COLUMNS, "not_tampered", SERIOUS, strange(OTHER)),
    line("harmful-page", "第二十四条", PAGES, "not_tampered", SERIOUS, strange(PAGE)),
    line("hidden-links", "第二十五条", SITES, "no_hidden_links", BREACH, hidden(SITE)),
    line("hidden-links-column", "第二十五条", COLUMNS, "no_hidden_links", BREACH, hidden(OTHER)),
    line("hidden-links-page", "第二十五条", PAGES, "no_hidden_links", BREACH, hidden(PAGE)),
    line("jiucuo", "第二十六条", SITES, "answered_within", BREACH, asked("jiucuo", "2026-11-20", "consulting", "handling", first=TUESDAY), waiting("jiucuo"), limit="1wd", classes=("jiucuo",)),
    line("duty", "第二十七条 第二十四条", DESKS, "duty_covered", BREACH, *roster(), warn="1h"),
    line("hosting", "第二十八条", SITES, "hosted_in", BREACH, hosted()),
    line("hosting-city", "第二十八条", SITES, "hosted_in", REMIND, hosted("area"), area=True),
    line("appraisal", "第三十六条 第三十五条", DESKS, "done_every", REMIND, *done("appraisal", 1), activity="appraisal", per_year=1),
    line("fixed-site", "第三十六条 第三十五条", SITES, "fixed_within", SERIOUS, ordered(SITE), limit="1d", serious=True),
    line("fixed-column", "第三十六条 第三十五条", COLUMNS, "fixed_within", SERIOUS, ordered(OTHER), limit="1d", serious=True),
    line("fixed-page", "第三十六条 第三十五条", PAGES, "fixed_within", SERIOUS, ordered(PAGE), limit="1d", serious=True),
    line("fixed-account", "第三十六条 第三十五条", ACCOUNTS, "fixed_within", SERIOUS, ordered(ACCOUNT), limit="1d", serious=True),
    line("fixed-desk", "第三十六条 第三十五条", DESKS, "fixed_within", SERIOUS, ordered(DESK), limit="1d", serious=True),
)
# fmt: on
