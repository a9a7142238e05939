"""A remembered answer is the answer: at every instant the memory says what the page itself would say."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings, strategies as st

from monitor.city.faults import Event, Faults
from monitor.city.pages import respond
from monitor.city.plan import FEEDS, PORTAL, make_plan
from monitor.city.routes import column_path
from monitor.city.steady import Steady

START = datetime(2026, 1, 5, tzinfo=UTC)
PLAN = make_plan(3, sites=5, columns_per_site=4, accounts=6, links_per_home=8, entries_per_site=5)
ON_COLUMN = ("blank", "silent", "shell", "http_404", "maintenance")
ON_SITE = ("down", "http_500", "soft_error", "challenged", "silent", "shell", "maintenance", "timeout")

ADDRESSES = [
    *((site.host, "/") for site in PLAN.sites),
    *((site.host, column_path(site, column)) for site in PLAN.sites for column in site.columns),
    *((site.host, entry.path) for site in PLAN.sites[:2] for entry in site.entries),
    *((site.host, f"{site.entries[4].path}900001.html") for site in PLAN.sites[:2]),
    *((FEEDS, account.path) for account in PLAN.accounts),
    *((PLAN.sites[0].host, path) for path in ("/bsfw/guide_1.html", "/nothing", "/style/main.css")),
    (PORTAL, "/"),
]


def moments(most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(0, most * 86_400).map(lambda seconds: timedelta(seconds=seconds))


def events() -> st.SearchStrategy[Event]:
    sites = st.sampled_from([site.name for site in PLAN.sites])
    columns = st.sampled_from([column.name for site in PLAN.sites for column in site.columns])
    accounts = st.sampled_from([account.name for account in PLAN.accounts])
    lasts = st.none() | moments(3).filter(bool)
    answered = st.sampled_from([{}, {"answered": "7d 03:00"}, {"answered": "8d"}])
    letters = answered.map(lambda told: {"class": "consulting", "by": "page", **told})
    few = st.sampled_from([site.name for site in PLAN.sites[:2]])
    return st.one_of(
        st.builds(Event, moments(6), st.sampled_from(ON_SITE), sites, lasts),
        st.builds(Event, moments(6), st.just("message"), few, st.just(timedelta()), letters),
        st.builds(Event, moments(6), st.sampled_from(ON_COLUMN), columns, lasts),
        st.builds(Event, moments(6), st.sampled_from(("silent", "bridge_down")), accounts, lasts),
        st.just(Event(timedelta(hours=5), "dead_link", f"{PLAN.sites[0].name}/link-1", timedelta(days=1))),
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(events(), max_size=6), st.lists(moments(8), min_size=2, max_size=12), st.sampled_from(ADDRESSES))
def test_what_is_remembered_is_what_the_page_would_say(
    planned: list[Event], asked: list[timedelta], address: tuple[str, str]
) -> None:
    faults = Faults(PLAN, planned, START)
    steady, (host, path) = Steady(PLAN, faults), address
    for after in sorted(asked):
        now = START + after
        assert steady.respond(host, path, now).answer == respond(PLAN, host, path, now, faults), now


def test_an_unchanged_page_is_made_once_and_has_one_validator() -> None:
    steady = Steady(PLAN, Faults(PLAN, [], START))
    site = next(site for site in PLAN.sites if site.cms == "trs")
    first = steady.respond(site.host, column_path(site, site.columns[0]), START)
    again = steady.respond(site.host, column_path(site, site.columns[0]), START + timedelta(seconds=30))
    assert again is first


def test_the_report_of_the_year_before_is_there_from_10_january() -> None:
    site, report = PLAN.sites[0], PLAN.sites[0].entries[2]
    steady = Steady(PLAN, Faults(PLAN, [], START))

    def shown(now: datetime) -> str:
        return steady.respond(site.host, report.path, now).answer.body.decode(site.encoding)

    eve = datetime(2026, 1, 9, 15, 59, 59, tzinfo=UTC)
    assert "2024年政府网站年度工作报表" in shown(eve)
    assert "2025年政府网站年度工作报表" in shown(eve + timedelta(seconds=1))
    assert "2025年政府网站年度工作报表" in shown(datetime(2026, 12, 31, tzinfo=UTC))
