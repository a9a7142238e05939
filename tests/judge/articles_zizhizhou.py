"""自治州 (2020), a line a rule: what 第七条 makes binding beside it are the lines of articles_national.py."""

from tests.judge.articles import (
    DEEPER,
    DYNAMIC,
    INTERACTION,
    NOTICES,
    OTHER,
    SERVICE,
    SITE,
    blank,
    newest,
    published,
    shut,
    unlinked,
)
from tests.judge.articles_brought import asked, done, roster, waiting
from tests.judge.articles_days import A_QUARTER, A_YEAR, HALF_A_YEAR, TUESDAY, TWO_WEEKS
from tests.judge.articles_lines import (
    BREACH,
    COLUMNS,
    DESKS,
    DYNAMIC_COLUMNS,
    INTERACTIONS,
    POLICY_COLUMNS,
    REMIND,
    REPORTS,
    SERIOUS,
    SERVICES,
    SITES,
    Document,
    those,
)
from tests.judge.articles_listed import nobody

line = Document("zizhizhou-2020", "自治州政府网站管理办法 (2020)")

# fmt: off
LINES = (
    line("blank-columns", "第八条", COLUMNS, "not_blank", BREACH, blank(OTHER)),
    line("dynamic-columns", "第九条", DYNAMIC_COLUMNS, "updated_within", BREACH, newest(DYNAMIC, TWO_WEEKS), limit="14d", warn="4d 1d"),
    line("policy-columns", "第九条", POLICY_COLUMNS, "updated_within", BREACH, newest(DEEPER, HALF_A_YEAR), limit="6mo", warn="30d 7d"),
    line("other-columns", "第九条", those("column", column="notice other"), "updated_within", BREACH, newest(OTHER, A_YEAR), newest(NOTICES, A_YEAR), limit="1y", warn="30d 7d"),
    line("service-entry", "第十二条", SERVICES, "entry_present", BREACH, unlinked(SERVICE)),
    line("service-entry-open", "第十二条", SERVICES, "reachable", BREACH, *shut(SERVICE), only=("outage", "tamper")),
    line("interaction-entry", "第十三条", INTERACTIONS, "entry_present", BREACH, unlinked(INTERACTION)),
    line("interaction-entry-open", "第十三条", INTERACTIONS, "reachable", BREACH, *shut(INTERACTION), only=("outage", "tamper")),
    line("jiucuo", "第十三条", SITES, "answered_within", BREACH, asked("jiucuo", "2026-11-18", "consulting", "handling", first=TUESDAY), waiting("jiucuo"), limit="3wd", warn="1wd", classes=("jiucuo",)),
    line("consulting", "第十三条", SITES, "answered_within", BREACH, asked("consulting", "2026-11-10", "jiucuo", "handling"), waiting("consulting"), limit="7wd", warn="1wd", classes=("consulting",)),
    line("handling", "第十三条", SITES, "answered_within", BREACH, asked("handling", "2026-10-29", "jiucuo", "consulting"), waiting("handling"), limit="15wd", warn="1wd", classes=("handling",)),
    line("any-message", "第十三条", SITES, "answered_within", SERIOUS, *(asked(one, A_QUARTER) for one in ("jiucuo", "consulting", "handling", "unknown")), waiting("unknown"), limit="3mo", warn="30d 7d"),
    line("duty", "第十四条", DESKS, "duty_covered", BREACH, *roster(), warn="1h"),
    line("annual-report", "第十五条", REPORTS, "published_by", BREACH, published(), warn="16d 6d 2d 0d", by="01-31"),
    line("meeting", "第二十条", DESKS, "done_every", REMIND, *done("meeting", 1), activity="meeting", per_year=1),
    line("contacts", "第二十一条 第二十条", SITES, "inventory", REMIND, nobody(SITE), what="contacts"),
)
# fmt: on
