"""佛山 (2015), sites only, a line a rule: it has no window of updating, no thirty days and no 31 January."""

from tests.judge.articles import (
    DESK,
    INTERACTION,
    LINK,
    OTHER,
    PAGE,
    SERVICE,
    SITE,
    dead,
    gone,
    hosted,
    lacking,
    shut,
    strange,
    unlinked,
)
from tests.judge.articles_brought import daily, done, in_days, unfiled
from tests.judge.articles_lines import (
    BREACH,
    CLOSED,
    COLUMNS,
    DESKS,
    FOR_GOOD,
    INTERACTIONS,
    LINKS,
    PAGES,
    REMIND,
    SERIOUS,
    SERVICES,
    SITES,
    Document,
)
from tests.judge.articles_listed import ELSEWHERE, no_owner, nobody

line = Document("foshan-2015", "佛山市政府网站管理办法 (2015)")
REPORTED = in_days(DESK, "activity", "2026-10-29", "reported", activity="self_check")

# fmt: off
LINES = (
    line("owner", "第八条 第二十五条", SITES, "inventory", REMIND, no_owner(SITE), what="owner"),
    line("contacts", "第二十五条 第八条", SITES, "inventory", REMIND, nobody(SITE), what="contacts"),
    line("interaction-entry", "第十二条 第四十三条 第四十四条 第四十五条", INTERACTIONS, "entry_present", BREACH, unlinked(INTERACTION)),
    line("domain", "第十四条", SITES, "inventory", REMIND, ELSEWHERE, what="gov_cn"),
    line("page-marks", "第十五条", SITES, "marks_present", BREACH, *lacking("sponsor", "contact"), exempt=FOR_GOOD, marks=("sponsor", "contact")),
    line("service-entry", "第二十二条 第二十四条", SERVICES, "entry_present", BREACH, unlinked(SERVICE)),
    line("open-24h", "第二十六条第(四)项", SITES, "reachable", SERIOUS, gone(SITE), exempt=CLOSED, more="24h", only=("outage",)),
    line("outage-reported", "第二十六条第(四)项", SITES, "filed_within", BREACH, unfiled(), what="outage"),
    line("columns-open", "第二十七条第(一)项", COLUMNS, "reachable", BREACH, gone(OTHER), only=("outage",)),
    line("harmful", "第二十七条第(二)项", SITES, "not_tampered", SERIOUS, strange(SITE)),
    line("harmful-column", "第二十七条第(二)项", COLUMNS, "not_tampered", SERIOUS, strange(OTHER)),
    line("harmful-page", "第二十七条第(二)项", PAGES, "not_tampered", SERIOUS, strange(PAGE)),
    line("entries-open", "第二十七条第(三)项", SERVICES | INTERACTIONS, "reachable", BREACH, *shut(SERVICE), *shut(INTERACTION), only=("outage", "tamper")),
    line("links", "第二十七条第(四)项", LINKS, "links_work", REMIND, dead(LINK)),
    line("daily-reading", "第二十七条第(六)项", DESKS, "done_every", REMIND, daily("reading"), limit="1d", activity="reading"),
    line("hosting", "第二十七条第(七)项", SITES, "hosted_in", REMIND, hosted("area"), area=True),
    line("self-check", "第二十八条", DESKS, "done_every", BREACH, *done("self_check", 2), activity="self_check", per_year=2),
    line("self-check-report", "第二十八条", DESKS, "filed_within", BREACH, REPORTED, limit="15wd", warn="5wd 1wd", of=("activity",), activity="self_check", field="reported"),
    line("drill", "第四十七条", DESKS, "done_every", REMIND, *done("drill", 1), activity="drill", per_year=1),
    line("appraisal", "第五十三条 第十条 第五十四条 第五十六条", DESKS, "done_every", REMIND, *done("appraisal", 1), activity="appraisal", per_year=1),
)
# fmt: on
