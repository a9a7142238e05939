"""The five regulations, article by article: facts in, standing and citation out, judged by the packs as they are shipped.

One line a rule: how it is kept and how it is broken, on 20 November 2026 at noon (a Friday) unless the line says another day. A
new rule without a line fails; so does a line whose article is not the one the rule cites.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

import pytest

from monitor.config.load import load
from monitor.judge.standings import judge
from monitor.model import (
    Cause,
    Compliance,
    Declaration,
    DeclarationKind,
    Facts,
    Kin,
    Measure,
    MessageClass,
    Outage,
    Platform,
    Post,
    PublicMessage,
    Rule,
    Shift,
    Standing,
    Target,
    TargetKind,
    fail,
    ok,
)
from tests.judge.made import HOUR, NOON, WORDS, at, condition, fresh, run

MET, DUE, BREACHED = Compliance.MET, Compliance.DUE, Compliance.BREACHED
LONG_AGO = at("2025-06-01")
"""Since when all is watched."""
SOURCES = {
    "shaoguan-2023": "韶关市政府网站及政务新媒体管理办法 (2023)",
    "zhongshan-2020": "中山市政府网站及政务新媒体管理办法(修订) (2020)",
    "zizhizhou-2020": "自治州政府网站管理办法 (2020)",
    "chongchuan-2023": "南通市崇川区政务新媒体管理办法(试行) (2023)",
    "foshan-2015": "佛山市政府网站管理办法 (2015)",
}


@cache
def shipped_rules() -> dict[str, Rule]:
    return {rule.key: rule for pack in load(None, environ={}).packs for rule in pack.rules}


@dataclass(frozen=True)
class Case:
    """What is known when it is kept and when it is broken, of which target; `broken_at` where the two differ by the clock."""

    target: Target[object]
    kept: Facts
    broken: Facts
    now: datetime = NOON
    broken_at: datetime | None = None
    value: Compliance = BREACHED


def about(kind: str, **other: Any) -> Target[object]:
    url = "https://www.example.gov.cn/x/"
    return Target(id="t", kind=TargetKind(kind), name="某局", url=url, options={}, packs=(*SOURCES,), **other)


SITE, ACCOUNT, VIDEO, DESK, LINK = (
    about("site"),
    about("account", platform=Platform.WECHAT),
    about("account", platform=Platform.DOUYIN),
    about("desk"),
    about("link"),
)
DYNAMIC, POLICY, NOTICE, OTHER = (about("column", column=one) for one in ("dynamic", "policy", "notice", "other"))
ON_HOME = replace(OTHER, on_home=True)
PAGE, SERVICE, INTERACTION, REPORT = (
    about("page"),
    *(about("page", entry=one) for one in ("service", "interaction", "report")),
)


def of_both(target: Target[object], facts: Iterable[Facts], now: datetime = NOON) -> Case:
    """The first when it is kept, the second when it is broken."""
    kept, broken = facts
    return Case(target, kept, broken, now)


def newest(target: Target[object], kept: str, broken: str) -> Case:
    """Its newest item or post: `kept` is new, `broken` a day older than the limit allows."""
    check = "feed_fresh" if target.kind is TargetKind.ACCOUNT else "column_fresh"
    return of_both(target, (Facts(runs=(run(fresh(day, check)),)) for day in (kept, broken)))


def confirmed(target: Target[object], check: str, cause: Cause, reason: str = "", **evidence: Any) -> Case:
    """Good at the last look; bad, and confirmed."""
    bad = fail(check, cause, reason or str(cause), WORDS, **evidence)
    broken = Facts(runs=(run(bad),), conditions=(replace(condition(check, cause), reason=bad.reason),))
    return Case(target, Facts(runs=(run(ok(check, WORDS)),)), broken)


def blank(target: Target[object]) -> Case:
    return confirmed(target, "column_blank", Cause.BLANK)


def gone(target: Target[object]) -> Case:
    return confirmed(target, "reachable", Cause.OUTAGE)


def unlinked(target: Target[object]) -> Case:
    return confirmed(target, "entry_present", Cause.ENTRY_PRESENT)


def hidden(target: Target[object]) -> Case:
    return confirmed(target, "tampered", Cause.TAMPER, "hidden_links")


def lacking(*marks: str) -> Case:
    """Those of its footer marks."""
    return confirmed(SITE, "marks_present", Cause.MARKS, "missing", missing=list(marks))


DOWN = run(fail("reachable", Cause.OUTAGE, "dns", WORDS))
UP = run(ok("reachable", WORDS))


def filed(kind: str, start: str, end: str | None = None, *, number: int = 1, **fields: Any) -> Declaration:
    return Declaration(
        id=number,
        kind=DeclarationKind(kind),
        target="t",
        start=at(start),
        end=None if end is None else at(end),
        by="张三",
        filed_at=at(start),
        fields=fields,
    )


def declared(target: Target[object], kept: list[Declaration], broken: list[Declaration], **other: Any) -> Case:
    """Kept and broken by what was filed, nothing else."""
    first, second = (Facts(declarations=tuple(one), first_seen_at=LONG_AGO) for one in (kept, broken))
    return Case(target, first, second, **other)


def down_since(kept: str, broken: str) -> Case:
    """Off, as filed, since those days."""
    facts = (
        Facts(
            runs=(DOWN,),
            conditions=(condition("reachable", Cause.OUTAGE),),
            outage=Outage(at(day)),
            declarations=(filed("temporary_offline", day, "2026-12-31"),),
        )
        for day in (kept, broken)
    )
    return of_both(SITE, facts)


def unfiled(**fields: Any) -> Case:
    """Off since yesterday: with a closure on file, and without."""
    off = Facts(runs=(DOWN,), outage=Outage(at("2026-11-19")), first_seen_at=LONG_AGO)
    closed = filed("ordered_closure", "2026-11-18", ordered_by="网信办", reason="整改", **fields)
    return Case(SITE, replace(off, declarations=(closed,)), off)


def closures(kept: list[str], broken: list[str]) -> Case:
    """临时下线 that began on those days."""
    both = (
        [filed("temporary_offline", day, f"{day[:8]}20", number=n) for n, day in enumerate(days)]
        for days in (kept, broken)
    )
    return declared(SITE, *both)


def back(kept: dict[str, Any], broken: dict[str, Any], kind: str = "temporary_offline") -> Case:
    """On again since yesterday after a closure that says that of its return."""
    over = Outage(at("2026-11-10"), up_since=at("2026-11-19"), ended_at=at("2026-11-19"))
    up = Facts(runs=(UP,), ended=(over,), first_seen_at=LONG_AGO)
    both = (replace(up, declarations=(filed(kind, "2026-11-10", **fields),)) for fields in (kept, broken))
    return of_both(SITE, both)


def asked(cls: str, kept: str, broken: str, target: Target[object] = SITE) -> Case:
    """A message of that class received on those days, still unanswered."""
    both = (
        Facts(messages=(PublicMessage(id="1", target="t", cls=MessageClass(cls), received_at=at(day, "09:00:00")),))
        for day in (kept, broken)
    )
    return of_both(target, both)


def ordered(target: Target[object]) -> Case:
    """An order of yesterday morning: put right, and not; a minor one has no day."""
    told: dict[str, Any] = {"problem": "首页被篡改"}
    kept = [filed("order", "2026-11-19", fixed_at="2026-11-19T20:00:00+08:00", **told)]
    kept.append(filed("order", "2026-11-19", minor=True, number=2, **told))
    return declared(target, kept, [filed("order", "2026-11-19", number=3, **told)])


def done(activity: str, times: int) -> Case:
    """So often in the year that has just ended, and once less."""
    days = [f"2026-{month:02}-10" for month in range(2, 2 + times)]
    all_of_it = [filed("activity", day, activity=activity, number=n) for n, day in enumerate(days)]
    other = filed("activity", "2026-11-11", activity="something else", number=99)
    new_year = at("2027-01-01", "00:00:00")
    return declared(DESK, all_of_it, [*all_of_it[:-1], other], now=new_year - HOUR, broken_at=new_year)


def quarterly() -> Case:
    """Once in the quarter that has just ended; and twice in the one before, but not in that."""
    kept, early = (
        [filed("activity", day, activity="quarter_check", number=n) for n, day in enumerate(days)]
        for days in (("2026-08-10", "2026-11-10"), ("2026-08-10", "2026-09-10"))
    )
    new_year = at("2027-01-01", "00:00:00")
    return declared(DESK, kept, early, now=new_year - HOUR, broken_at=new_year)


def once(kind: str, field: str, target: Target[object], value: str = "2026-11-12", **told: Any) -> Case:
    """What has no days in the text is only due: with that field, and without it."""
    both = ([filed(kind, "2026-11-10", **(told | {field: value}))], [filed(kind, "2026-11-10", **told)])
    return declared(target, *both, value=DUE)


def posted(target: Target[object], kept: str, broken: str) -> Case:
    case = newest(target, kept, broken)
    return replace(case, **{one: replace(getattr(case, one), first_seen_at=LONG_AGO) for one in ("kept", "broken")})


def noticed(kept: Declaration, broken: Declaration, field: str, target: Target[object] = SITE) -> Case:
    """Its notice is gone since today: kept where its days were over before."""
    both = []
    for one in (kept, broken):
        told = replace(one, fields={**one.fields, field: "https://www.example.gov.cn/notice.html"})
        name = f"{field}:{one.id}"
        missing = fail("notice_kept", Cause.NOTICE_KEPT, "gone", WORDS)._replace(subject=name)
        since = replace(condition("notice_kept", Cause.NOTICE_KEPT), subject=name)
        both.append(Facts(declarations=(told,), runs=(run(missing),), conditions=(since,)))
    return of_both(target, both)


def gone_for_good(kept: str, broken: str) -> Case:
    return noticed(filed("permanent_offline", kept), filed("permanent_offline", broken), "own_notice")


def off_for_a_while(field: str) -> Case:
    kept, broken = (filed("temporary_offline", "2026-11-10", end) for end in ("2026-11-20", "2026-11-25"))
    return noticed(kept, broken, field)


def closing(kept: str, broken: str) -> Case:
    """Fifteen working days from 29 October end with 19 November: deregistered on those days."""
    both = [[filed("account_closing", "2026-10-29", deregistered=day)] for day in (kept, broken)]
    shown = run(ok("notice_kept", WORDS)._replace(subject="notice:1"))
    case = declared(ACCOUNT, *both)
    told = (
        replace(
            facts,
            runs=(shown,),
            declarations=tuple(
                replace(one, fields={**one.fields, "notice": "https://www.example.gov.cn/notice.html"})
                for one in facts.declarations
            ),
        )
        for facts in (case.kept, case.broken)
    )
    return of_both(ACCOUNT, told)


def original(kept: int, broken: int) -> Case:
    """So many original posts of ten in the last days."""
    both = (
        Facts(
            posts=tuple(Post(date(2026, 11, 20 - n), n < own, NOON) for n in range(10)),
            runs=(run(fresh("2026-11-20", "feed_fresh")),),
            first_seen_at=LONG_AGO,
        )
        for own in (kept, broken)
    )
    return of_both(ACCOUNT, both)


def published(kept: str, broken: str) -> Case:
    """The last month that a report shown is about, on the first of February."""
    now = at("2027-02-01", "09:00:00")
    both = (
        Facts(
            runs=(run(ok("published", WORDS, Measure("covers", year, "date"), title="年度工作报表"), now),),
            first_seen_at=LONG_AGO,
        )
        for year in (kept, broken)
    )
    return of_both(REPORT, both, now=now)


def roster(kept: str, broken: str) -> Case:
    """Somebody is on duty till then."""
    both = (Facts(shifts=(Shift(at("2026-11-19"), at(end), ("张三",)),)) for end in (kept, broken))
    return of_both(DESK, both)


def listed(target: Target[object], kept: Kin, broken: Kin) -> Case:
    return Case(target, Facts(kin=kept), Facts(kin=broken))


OWNED = Kin(
    owner="某局",
    names=("某局",),
    host="ju.example.gov.cn",
    contacts=1,
    platform=Platform.WECHAT,
)


def line(rule: str, article: str, case: Case) -> Any:
    """`rule` as pack/id; the source it must cite follows from the pack."""
    return pytest.param(rule, article, case, id=f"{rule} {article}")


def no_owner(target: Target[object]) -> Case:
    return listed(target, OWNED, replace(OWNED, owner=""))


def nobody(target: Target[object]) -> Case:
    return listed(target, OWNED, replace(OWNED, contacts=0))


TWO_SITES = listed(SITE, OWNED, replace(OWNED, same_owner=("other",)))
TWO_ON_ONE = listed(ACCOUNT, replace(OWNED, same_owner=("video",)), replace(OWNED, same_platform=("other",)))
TWO_NAMES = listed(ACCOUNT, replace(OWNED, names=("某局", "某局抖音号")), replace(OWNED, names=("某局", "某某发布")))
ELSEWHERE = listed(SITE, OWNED, replace(OWNED, host="www.example.com"))
TWO_WEEKS, HALF_A_YEAR, A_YEAR, A_QUARTER = (
    ("2026-11-19", "2026-11-05"),
    ("2026-11-19", "2026-05-19"),
    (*("2026-11-19", "2025-11-19"),),
    ("2026-11-19", "2026-08-19"),
)
THIRTY_DAYS = down_since("2026-11-20", "2026-10-20")
A_CLOSURE = (["2026-03-02"], ["2026-03-02", "2026-11-02"])
SECURITY: dict[str, Any] = {"security": True, "self_check": "2026-11-17", "police_check": "2026-11-18"}

LINES = [
    line("shaoguan-2023/owner-site", "第三条", no_owner(SITE)),
    line("shaoguan-2023/owner-account", "第三条", no_owner(ACCOUNT)),
    line("shaoguan-2023/one-site", "第六条", TWO_SITES),
    line("shaoguan-2023/marks", "第八条", lacking("police", "sitemap")),
    line("shaoguan-2023/launch", "第八条", once("launch", "filed_on", SITE)),
    line("shaoguan-2023/domain", "第九条", ELSEWHERE),
    line("shaoguan-2023/migration-notice", "第十条", gone_for_good("2026-10-20", "2026-10-21")),
    line("shaoguan-2023/offline-30", "第十一条", THIRTY_DAYS),
    line("shaoguan-2023/offline-once", "第十一条", closures(*A_CLOSURE)),
    line("shaoguan-2023/offline-unfiled", "第十一条", unfiled()),
    line("shaoguan-2023/closure-reported", "第十一条", once("force_majeure", "reported", SITE, reason="断网")),
    line("shaoguan-2023/offline-own-notice", "第十一条", off_for_a_while("own_notice")),
    line("shaoguan-2023/offline-portal-notice", "第十一条", off_for_a_while("portal_notice")),
    line(
        "shaoguan-2023/domain-change-notice",
        "第十二条",
        noticed(filed("migration", "2026-10-10", "2026-11-20"), filed("migration", "2026-10-10"), "own_notice"),
    ),
    line("shaoguan-2023/change-filing", "第十二条", once("change", "filed_on", SITE, what="栏目结构")),
    line("shaoguan-2023/one-account", "第十四条", TWO_ON_ONE),
    line("shaoguan-2023/account-names", "第十四条", TWO_NAMES),
    line("shaoguan-2023/account-filing", "第十六条", once("account_closing", "filed_on", ACCOUNT)),
    line("shaoguan-2023/entries", "第十七条", unlinked(SERVICE)),
    line("shaoguan-2023/entries-open", "第十七条", gone(INTERACTION)),
    line("shaoguan-2023/accounts", "第十八条", newest(ACCOUNT, *TWO_WEEKS)),
    line("shaoguan-2023/home-columns", "第十八条", newest(ON_HOME, *TWO_WEEKS)),
    line("shaoguan-2023/dynamic-columns", "第十八条", newest(DYNAMIC, *TWO_WEEKS)),
    line("shaoguan-2023/contacts-site", "第二十四条", nobody(SITE)),
    line("shaoguan-2023/contacts-account", "第二十四条", nobody(ACCOUNT)),
    line("shaoguan-2023/hidden-links", "第二十六条", hidden(SITE)),
    line("shaoguan-2023/hidden-links-column", "第二十六条", hidden(OTHER)),
    line("shaoguan-2023/hidden-links-page", "第二十六条", hidden(PAGE)),
    line("shaoguan-2023/jiucuo", "第二十七条", asked("jiucuo", "2026-11-20", "2026-11-18")),
    line("shaoguan-2023/annual-report", "第二十八条", published("2026-12", "2025-12")),
    line("shaoguan-2023/quarter-check", "第三十五条", quarterly()),
    line("shaoguan-2023/appraisal", "第三十五条", done("appraisal", 1)),
    line("shaoguan-2023/fixed-site", "第三十五条", ordered(SITE)),
    line("shaoguan-2023/fixed-column", "第三十五条", ordered(OTHER)),
    line("shaoguan-2023/fixed-page", "第三十五条", ordered(PAGE)),
    line("shaoguan-2023/fixed-account", "第三十五条", ordered(ACCOUNT)),
    line("shaoguan-2023/fixed-desk", "第三十五条", ordered(DESK)),
    line("zhongshan-2020/marks", "第六条", lacking("conac")),
    line("zhongshan-2020/launch", "第六条", once("launch", "filed_on", SITE)),
    line("zhongshan-2020/one-site", "第七条", TWO_SITES),
    line("zhongshan-2020/migration-notice", "第八条", gone_for_good("2026-10-20", "2026-10-21")),
    line("zhongshan-2020/offline-own-notice", "第九条", off_for_a_while("own_notice")),
    line("zhongshan-2020/offline-portal-notice", "第九条", off_for_a_while("portal_notice")),
    line("zhongshan-2020/offline-30", "第九条", THIRTY_DAYS),
    line("zhongshan-2020/offline-once", "第九条", closures(*A_CLOSURE)),
    line("zhongshan-2020/offline-unfiled", "第九条", unfiled()),
    line("zhongshan-2020/return", "第九条", back({"restore_filed": "2026-11-18"}, {})),
    line(
        "zhongshan-2020/return",
        "第九条",
        back(SECURITY | {"consents": ["市府办", "网信办"]}, SECURITY, "ordered_closure"),
    ),
    line("zhongshan-2020/change-filing", "第十条", once("sponsor_change", "filed_on", SITE, new_sponsor="某委")),
    line("zhongshan-2020/one-account", "第十二条", TWO_ON_ONE),
    line("zhongshan-2020/account-names", "第十三条", TWO_NAMES),
    line("zhongshan-2020/account-filing", "第十四条", once("launch", "filed_on", ACCOUNT)),
    line("zhongshan-2020/closing-notice", "第十五条", closing("2026-11-20", "2026-11-19")),
    line("zhongshan-2020/entries", "第十六条", unlinked(INTERACTION)),
    line("zhongshan-2020/entries-open", "第十六条", gone(SERVICE)),
    line("zhongshan-2020/owner-site", "第二十二条", no_owner(SITE)),
    line("zhongshan-2020/owner-account", "第二十二条", no_owner(ACCOUNT)),
    line("zhongshan-2020/contacts-site", "第二十三条", nobody(SITE)),
    line("zhongshan-2020/contacts-account", "第二十三条", nobody(ACCOUNT)),
    line("zhongshan-2020/harmful", "第二十四条", hidden(SITE)),
    line("zhongshan-2020/harmful-column", "第二十四条", hidden(OTHER)),
    line("zhongshan-2020/harmful-page", "第二十四条", hidden(PAGE)),
    line("zhongshan-2020/hidden-links", "第二十五条", hidden(SITE)),
    line("zhongshan-2020/hidden-links-column", "第二十五条", hidden(OTHER)),
    line("zhongshan-2020/hidden-links-page", "第二十五条", hidden(PAGE)),
    line("zhongshan-2020/jiucuo", "第二十六条", asked("jiucuo", "2026-11-20", "2026-11-18")),
    line("zhongshan-2020/duty", "第二十七条", roster("2026-12-20", "2026-11-20")),
    line("zhongshan-2020/hosting", "第二十八条", confirmed(SITE, "hosted_in", Cause.HOSTED_IN)),
    line("zhongshan-2020/appraisal", "第三十六条", done("appraisal", 1)),
    line("zhongshan-2020/fixed-site", "第三十六条", ordered(SITE)),
    line("zhongshan-2020/fixed-column", "第三十六条", ordered(OTHER)),
    line("zhongshan-2020/fixed-page", "第三十六条", ordered(PAGE)),
    line("zhongshan-2020/fixed-account", "第三十六条", ordered(ACCOUNT)),
    line("zhongshan-2020/fixed-desk", "第三十六条", ordered(DESK)),
    line("zizhizhou-2020/blank-columns", "第八条", blank(OTHER)),
    line("zizhizhou-2020/dynamic-columns", "第九条", newest(DYNAMIC, *TWO_WEEKS)),
    line("zizhizhou-2020/policy-columns", "第九条", newest(POLICY, *HALF_A_YEAR)),
    line("zizhizhou-2020/other-columns", "第九条", newest(OTHER, *A_YEAR)),
    line("zizhizhou-2020/other-columns", "第九条", newest(NOTICE, *A_YEAR)),
    line("zizhizhou-2020/service-entry", "第十二条", unlinked(SERVICE)),
    line("zizhizhou-2020/service-entry-open", "第十二条", gone(SERVICE)),
    line("zizhizhou-2020/interaction-entry", "第十三条", unlinked(INTERACTION)),
    line("zizhizhou-2020/interaction-entry-open", "第十三条", gone(INTERACTION)),
    line("zizhizhou-2020/jiucuo", "第十三条", asked("jiucuo", "2026-11-19", "2026-11-16")),
    line("zizhizhou-2020/consulting", "第十三条", asked("consulting", "2026-11-18", "2026-11-10")),
    line("zizhizhou-2020/handling", "第十三条", asked("handling", "2026-11-18", "2026-10-29")),
    line("zizhizhou-2020/any-message", "第十三条", asked("handling", "2026-11-18", "2026-08-19")),
    line("zizhizhou-2020/duty", "第十四条", roster("2026-12-20", "2026-11-20")),
    line("zizhizhou-2020/annual-report", "第十五条", published("2026-12", "2025-12")),
    line("zizhizhou-2020/meeting", "第二十条", done("meeting", 1)),
    line("zizhizhou-2020/contacts", "第二十一条", nobody(SITE)),
    line("chongchuan-2023/owner", "第七条", no_owner(ACCOUNT)),
    line("chongchuan-2023/contacts", "第七条", nobody(ACCOUNT)),
    line("chongchuan-2023/one-account", "第十一条", TWO_ON_ONE),
    line("chongchuan-2023/zombie", "第十四条", newest(ACCOUNT, *A_QUARTER)),
    line("chongchuan-2023/announcement", "第十五条", once("sponsor_change", "announced", ACCOUNT, new_sponsor="某委")),
    line(
        "chongchuan-2023/filing",
        "第十六条",
        declared(ACCOUNT, [filed("launch", "2026-11-16", filed_on="2026-11-18")], [filed("launch", "2026-11-16")]),
    ),
    line("chongchuan-2023/weekly", "第十九条", posted(ACCOUNT, "2026-11-20", "2026-11-08")),
    line("chongchuan-2023/video", "第十九条", posted(VIDEO, *TWO_WEEKS)),
    line("chongchuan-2023/original", "第十九条", original(3, 0)),
    line("chongchuan-2023/original-share", "第十九条", original(3, 2)),
    line("chongchuan-2023/quarter-check", "第三十一条", quarterly()),
    line("chongchuan-2023/appraisal", "第三十一条", done("appraisal", 1)),
    line("foshan-2015/owner", "第八条", no_owner(SITE)),
    line("foshan-2015/contacts", "第二十五条", nobody(SITE)),
    line("foshan-2015/interaction-entry", "第十二条", unlinked(INTERACTION)),
    line("foshan-2015/domain", "第十四条", ELSEWHERE),
    line("foshan-2015/page-marks", "第十五条", lacking("sponsor")),
    line("foshan-2015/service-entry", "第二十二条", unlinked(SERVICE)),
    line("foshan-2015/open-24h", "第二十六条第(四)项", gone(SITE)),
    line("foshan-2015/outage-reported", "第二十六条第(四)项", unfiled()),
    line("foshan-2015/columns-open", "第二十七条第(一)项", gone(OTHER)),
    line("foshan-2015/harmful", "第二十七条第(二)项", hidden(SITE)),
    line("foshan-2015/harmful-column", "第二十七条第(二)项", hidden(OTHER)),
    line("foshan-2015/harmful-page", "第二十七条第(二)项", hidden(PAGE)),
    line("foshan-2015/entries-open", "第二十七条第(三)项", gone(SERVICE)),
    line("foshan-2015/links", "第二十七条第(四)项", confirmed(LINK, "links_alive", Cause.DEAD_LINK)),
    line("foshan-2015/hosting", "第二十七条第(七)项", confirmed(SITE, "hosted_in", Cause.HOSTED_IN)),
    line("foshan-2015/self-check", "第二十八条", done("self_check", 2)),
    line(
        "foshan-2015/self-check-report",
        "第二十八条",
        declared(
            DESK,
            [
                filed("activity", "2026-10-29", activity="self_check", reported="2026-11-12"),
                filed("activity", "2026-10-29", activity="drill", number=2),
            ],
            [filed("activity", "2026-10-29", activity="self_check")],
        ),
    ),
    line("foshan-2015/drill", "第四十七条", done("drill", 1)),
    line("foshan-2015/appraisal", "第五十三条", done("appraisal", 1)),
]


def standing_of(rule: Rule, target: Target[object], facts: Facts, now: datetime) -> Standing:
    """Out of a whole judging under all five."""
    judged = judge(target, facts, shipped_rules().values(), now)
    return next(one for one in judged.standings if one.rule == rule.key)


@pytest.mark.parametrize(("key", "article", "case"), LINES)
def test_kept_and_broken_with_its_article(key: str, article: str, case: Case) -> None:
    rule = shipped_rules()[key]
    assert (rule.source, rule.article) == (SOURCES[rule.pack], article)
    kept = standing_of(rule, case.target, case.kept, case.now)
    broken = standing_of(rule, case.target, case.broken, case.broken_at or case.now)
    assert (kept.value, broken.value) == (MET, case.value), (str(kept.why), str(broken.why))
    assert str(kept.why)
    assert str(broken.why)


def test_every_rule_of_the_five_has_its_line() -> None:
    lines = {str(one.values[0]) for one in LINES}
    assert lines == {key for key, rule in shipped_rules().items() if rule.pack in SOURCES}
