"""What has been published by when: the rhythm, silence, forged dates."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings, strategies as st

from monitor.city.faults import Event, Faults, Scene
from monitor.city.plan import Column, make_plan
from monitor.city.posts import (
    BACKDATED_ITEM,
    account_posts,
    column_posts,
    headlines,
    newest_on_home,
    post_of,
    true_day,
)
from monitor.clock import SHANGHAI, civil_day
from monitor.model import ColumnKind
from tests.city.conftest import NOON

PLAN = make_plan(7, sites=6, columns_per_site=20)


def scene(*events: Event, now: datetime = NOON) -> Scene:
    return Scene(PLAN, Faults(PLAN, events, NOON), now)


def column(name: str) -> Column:
    found = PLAN.by_name[name]
    assert isinstance(found, Column)
    return found


instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31)).map(lambda t: t.replace(tzinfo=UTC))


@settings(max_examples=40, deadline=None)
@given(instants)
def test_a_healthy_city_is_fresh_at_any_time(now: datetime) -> None:
    here, today = scene(now=now), civil_day(now)
    most = {ColumnKind.DYNAMIC: 9, ColumnKind.POLICY: 60, ColumnKind.OTHER: 130}
    for site in PLAN.sites:
        assert 0 <= (today - newest_on_home(here, site, 6)).days <= 1
        for each in site.columns:
            newest = column_posts(here, each, 10)[0].day
            assert 0 <= (today - newest).days <= most[each.kind], each.name
    for account in PLAN.accounts:
        assert 0 <= (today - account_posts(here, account, 5)[0].day).days <= 8


def test_lists_are_full_dated_and_newest_first() -> None:
    for each in PLAN.sites[0].columns:
        posts = column_posts(scene(), each, 10)
        assert len(posts) == 10
        assert [p.at for p in posts] == sorted((p.at for p in posts), reverse=True)
        assert all(p.at <= NOON for p in posts)
        assert len({p.number for p in posts}) == 10


def test_a_silent_column_has_one_last_item_of_the_day_it_fell_silent() -> None:
    stopped = Event(timedelta(days=-20), "silent", "site-1/column-02")
    posts = column_posts(scene(stopped), column("site-1/column-02"), 10)
    assert posts[0].day == date(2026, 10, 31)
    assert date(2026, 10, 31) - timedelta(days=9) <= posts[1].day < date(2026, 10, 31)


def test_a_column_that_speaks_again_has_an_item_of_that_day() -> None:
    stopped = Event(timedelta(days=-20), "silent", "site-1/column-02", timedelta(days=15))
    days = [post.day for post in column_posts(scene(stopped), column("site-1/column-02"), 10)]
    assert date(2026, 11, 15) in days
    assert date(2026, 11, 14) not in days
    assert date(2026, 10, 31) in days


def test_silence_in_the_future_is_not_heard() -> None:
    stops = Event(timedelta(days=3), "silent", "site-1/column-02")
    assert column_posts(scene(stops), column("site-1/column-02"), 5) == column_posts(
        scene(), column("site-1/column-02"), 5
    )


def test_a_policy_column_falls_silent_on_the_day_too() -> None:
    name = next(c.name for c in PLAN.sites[0].columns if c.kind is ColumnKind.POLICY)
    posts = column_posts(scene(Event(timedelta(days=-200), "silent", name)), column(name), 10)
    assert posts[0].day == civil_day(NOON - timedelta(days=200))
    assert len(posts) == 10


def test_a_silent_home_page_shows_nothing_newer() -> None:
    here = scene(Event(timedelta(days=-20), "silent", "site-1"))
    assert newest_on_home(here, PLAN.sites[0], 6) == date(2026, 10, 31)
    assert column_posts(here, PLAN.sites[0].columns[0], 5)[0].day >= date(2026, 11, 11)
    assert headlines(here, PLAN.sites[0], 3)[0].day == date(2026, 10, 31)


def test_a_silent_account() -> None:
    account = PLAN.accounts[4]
    posts = account_posts(scene(Event(timedelta(days=-20), "silent", account.name)), account, 5)
    assert posts[0].at == (NOON - timedelta(days=20)).astimezone(SHANGHAI)


def test_a_forged_date_moves_a_known_item_forward() -> None:
    each = column("site-1/column-02")
    before = column_posts(scene(), each, 10)
    after = column_posts(scene(Event(timedelta(minutes=-5), "backdated", each.name)), each, 10)
    old = before[BACKDATED_ITEM]
    forged = next(post for post in after if post.number == old.number)
    assert forged.day == civil_day(NOON) > old.day
    assert (forged.title, true_day(forged)) == (old.title, old.day)
    assert after[0] is forged


def test_every_listed_item_has_a_page_of_its_own() -> None:
    here = scene(Event(timedelta(days=-9), "silent", "site-2/column-01", timedelta(days=4)))
    for site in PLAN.sites:
        for each in (site.headlines, *site.columns):
            posts = headlines(here, site, 10) if each.number == 0 else column_posts(here, each, 10)
            assert all((shown := post_of(here, each, p.number)) and shown.day == p.day for p in posts)


def test_what_was_not_published_has_no_page() -> None:
    each = column("site-1/column-02")
    stopped = scene(Event(timedelta(days=-20), "silent", each.name))
    quiet_day = next(post.day for post in column_posts(scene(), each, 9) if post.day < date(2026, 11, 15))
    assert quiet_day > date(2026, 10, 31)
    assert post_of(stopped, each, quiet_day.toordinal() - 700_000) is None
    assert post_of(scene(), each, date(2026, 11, 21).toordinal() - 700_000) is None
    assert post_of(scene(), each, quiet_day.toordinal() - 700_000) is not None
