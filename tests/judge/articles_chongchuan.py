"""崇川 (2023, on trial), accounts only, a line a rule."""

from tests.judge.articles import ACCOUNT, DUE, MET, NOTICE, VIDEO, newest, posted_week
from tests.judge.articles_brought import done, in_days, once, original, quarterly
from tests.judge.articles_days import A_QUARTER, TUESDAY, TWO_WEEKS
from tests.judge.articles_lines import ACCOUNTS, BREACH, CLOSING, DESKS, REMIND, SERIOUS, VIDEOS, Document
from tests.judge.articles_listed import TWO_ON_ONE, no_owner, nobody

line = Document("chongchuan-2023", "南通市崇川区政务新媒体管理办法(试行) (2023)")
LAUNCH, CHANGE, SPONSOR, CLOSED = (
    in_days(ACCOUNT, "launch", "2026-11-18", "filed_on", TUESDAY),
    in_days(ACCOUNT, "change", "2026-11-18", "filed_on", TUESDAY, what="名称"),
    in_days(ACCOUNT, "sponsor_change", "2026-11-18", "filed_on", TUESDAY, new_sponsor="某委"),
    in_days(ACCOUNT, "account_closing", "2026-11-18", "filed_on", TUESDAY, handed_in="2026-11-18"),
)
FEW, SHARE = (
    original(("2026-11-05",), ("2026-11-18",), before=DUE),
    original(("2026-10-20", *["2026-11-10"] * 29), ("2026-11-05",) * 70, before=MET),  # 30 of 100, then 29 of 99
)
EVERY_CHANGE = ("launch", "change", "sponsor_change", "account_closing")

# fmt: off
LINES = (
    line("owner", "第七条 第二条", ACCOUNTS, "inventory", REMIND, no_owner(ACCOUNT), what="owner"),
    line("contacts", "第七条 第二条", ACCOUNTS, "inventory", REMIND, nobody(ACCOUNT), what="contacts"),
    line("one-account", "第十一条 第十二条 第十三条", ACCOUNTS, "inventory", REMIND, TWO_ON_ONE, what="one_per_platform"),
    line("zombie", "第十四条", ACCOUNTS, "updated_within", SERIOUS, newest(ACCOUNT, A_QUARTER), newest(VIDEO, A_QUARTER), limit="3mo", warn="30d 7d", exempt=CLOSING),
    line("deregistration", "第十四条", ACCOUNTS, "filed_within", REMIND, once("account_closing", "deregistered", ACCOUNT), of=("account_closing",), field="deregistered"),
    line("announcement", "第十五条", ACCOUNTS, "filed_within", REMIND, once("sponsor_change", "announced", ACCOUNT, NOTICE, new_sponsor="某委"), of=("sponsor_change",), field="announced"),
    line("filing", "第十六条", ACCOUNTS, "filed_within", BREACH, LAUNCH, CHANGE, SPONSOR, CLOSED, limit="3wd", warn="1wd", of=EVERY_CHANGE, field="filed_on"),
    line("weekly", "第十九条", ACCOUNTS - VIDEOS, "posts_at_least", BREACH, posted_week(), exempt=CLOSING, count=1, every="week"),
    line("video", "第十九条", VIDEOS, "posts_at_least", BREACH, newest(VIDEO, TWO_WEEKS), limit="14d", warn="4d 1d", exempt=CLOSING, count=1, every="limit"),
    line("original", "第十九条", ACCOUNTS, "original_share", REMIND, FEW, limit="14d", warn="4d 1d", exempt=CLOSING, count=1),
    line("original-share", "第十九条", ACCOUNTS, "original_share", REMIND, SHARE, limit="30d", exempt=CLOSING, share=30),
    line("quarter-check", "第三十一条", DESKS, "done_every", REMIND, quarterly(), activity="quarter_check", every="quarter"),
    line("appraisal", "第三十一条", DESKS, "done_every", REMIND, *done("appraisal", 1), activity="appraisal", per_year=1),
)
# fmt: on
