"""The reader finds on the city's pages what was planned: state listed and the newest date, whatever the CMS."""

import asyncio
import re
import ssl
from datetime import timedelta

import pytest

from monitor.city.faults import Event, Faults, Scene
from monitor.city.letters import letters_of
from monitor.city.pages import BLOCK_LENGTH, LIST_LENGTH, respond
from monitor.city.plan import CMS, FEEDS, Plan, make_plan
from monitor.city.posts import account_posts, column_posts, newest_on_home
from monitor.city.routes import column_path
from monitor.clock import SHANGHAI, civil_day
from monitor.model import Reading, State, TargetKind
from monitor.read.page import read_page
from tests.city.conftest import NOON, Serving, client_of, faults_of

TODAY = civil_day(NOON)
BIG = make_plan(7, sites=15, columns_per_site=20, accounts=20, links_per_home=40)


def read(plan: Plan, host: str, path: str, kind: TargetKind, faults: Faults) -> Reading:
    answer = respond(plan, host, path, NOON, faults)
    charset = re.search(r"charset=([\w-]+)", answer.content_type)
    return read_page(
        answer.body,
        url=plan.origin(host, https=host in plan.by_host and plan.by_host[host].https) + path,
        kind=kind,
        charset=charset[1] if charset else None,
        status=answer.status,
        captured=TODAY,
        site_host=host,
    )


@pytest.mark.parametrize("cms", CMS)
def test_columns_are_listed_with_their_newest_date(cms: str) -> None:
    scene = Scene(BIG, faults_of(BIG), NOON)
    for site in (site for site in BIG.sites if site.cms == cms):
        for column in site.columns:
            posts = column_posts(scene, column, LIST_LENGTH)
            reading = read(BIG, site.host, column_path(site, column), TargetKind.COLUMN, scene.faults)
            assert (reading.state, reading.newest_date) == (State.LISTED, posts[0].day.isoformat()), column.name
            assert [item.date for item in reading.items] == [post.day.isoformat() for post in posts]
            assert [item.title for item in reading.items] == [post.title for post in posts]
            assert reading.encoding == site.encoding
            assert reading.tamper == ()


@pytest.mark.parametrize("cms", CMS)
def test_home_pages_are_listed_fresh_and_marked(cms: str) -> None:
    scene = Scene(BIG, faults_of(BIG), NOON)
    for site in (site for site in BIG.sites if site.cms == cms):
        reading = read(BIG, site.host, "/", TargetKind.SITE, scene.faults)
        newest = newest_on_home(scene, site, BLOCK_LENGTH).isoformat()
        assert (reading.state, reading.newest_date) == (State.LISTED, newest), site.name
        assert reading.marks.site_code == site.code
        assert reading.marks.conac
        assert reading.marks.jiucuo
        found = {link.url for link in reading.links}
        for number in range(1, site.links + 1):
            url = BIG.link_url(f"{site.name}/link-{number:02}")
            assert url in found, url
        assert reading.tamper == ()


def test_feeds_are_read_to_their_newest_day() -> None:
    scene = Scene(BIG, faults_of(BIG), NOON)
    for account in BIG.accounts:
        reading = read(BIG, FEEDS, account.path, TargetKind.ACCOUNT, scene.faults)
        posts = account_posts(scene, account, 12)
        assert reading.newest_date == posts[0].day.isoformat(), (account.name, account.format)
        assert len(reading.entries) == 12


@pytest.mark.parametrize("site", [f"site-{n:02}" for n in range(1, 6)])
@pytest.mark.parametrize(
    ("kind", "options", "state"),
    [
        ("blank", {}, State.BLANK),
        ("shell", {}, State.SHELL),
        ("challenged", {}, State.CHALLENGED),
        ("challenged", {"status": "200"}, State.CHALLENGED),
        ("challenged", {"status": "521"}, State.CHALLENGED),
        ("maintenance", {}, State.MAINTENANCE),
        ("soft_error", {}, State.SOFT_ERROR),
        ("hijacked", {}, State.HIJACKED),
        ("hijacked", {"how": "spam"}, State.HIJACKED),
        ("http_500", {}, State.SOFT_ERROR),
        ("http_404", {}, State.SOFT_ERROR),
    ],
)
def test_faults_have_their_state(site: str, kind: str, options: dict[str, str | int | float], state: State) -> None:
    found = BIG.site_of(site)
    faults = faults_of(BIG, (kind, f"{site}/column-01", options))
    path = column_path(found, found.columns[0])
    reading = read(BIG, found.host, path, TargetKind.COLUMN, faults)
    assert reading.state is state
    if kind == "maintenance":
        assert reading.returns_on == "2026-11-29"
    if kind not in ("blank", "shell"):
        whole = faults_of(BIG, (kind, site, options))
        assert read(BIG, found.host, "/", TargetKind.SITE, whole).state is state


@pytest.mark.parametrize("site", [f"site-{n:02}" for n in range(1, 6)])
def test_hidden_links_are_seen_where_they_are_and_nowhere_else(site: str) -> None:
    host = BIG.site_of(site).host
    reading = read(BIG, host, "/", TargetKind.SITE, faults_of(BIG, ("hidden_link", site)))
    assert len([link for link in reading.links if link.hidden and link.external]) == 5


async def test_every_address_the_reader_finds_answers_for_real(serving: Serving) -> None:
    async with serving() as city:
        faults = faults_of(city.plan)
        urls = {target.url for target in city.inventory()}
        for site in city.plan.sites:
            paths = [("/", TargetKind.SITE)]
            paths += [(column_path(site, column), TargetKind.COLUMN) for column in site.columns]
            for path, kind in paths:
                urls |= {link.url for link in read(city.plan, site.host, path, kind, faults).links}
        context = await asyncio.to_thread(ssl.create_default_context, cafile=str(city.ca_file))
        async with client_of(city) as client:
            gate = asyncio.Semaphore(8)

            async def status(url: str) -> int:
                async with gate, client.get(url, ssl=context) as answer:
                    return answer.status

            found = dict(zip(urls, await asyncio.gather(*map(status, urls)), strict=True))
        assert {url for url, code in found.items() if code != 200} == set()
        assert len(found) > 600


@pytest.mark.parametrize("cms", CMS)
def test_a_reply_list_tells_what_is_planned_and_its_letters_own_pages_the_rest(cms: str) -> None:
    plan = make_plan(7, sites=5, columns_per_site=1, accounts=1, links_per_home=1, entries_per_site=5)
    (site,) = (site for site in plan.sites if site.cms == cms)
    told = {"class": "handling", "by": "page"}
    start = NOON - timedelta(days=5)
    events = (
        Event(timedelta(days=1), "message", site.name, timedelta(), told),
        Event(timedelta(days=2), "message", site.name, timedelta(), told | {"answered": "3d"}),
        Event(timedelta(days=2), "message", site.name, timedelta(), told | {"by": "people"}),
        Event(timedelta(days=6), "message", site.name, timedelta(), told),
    )
    faults = Faults(plan, events, start)
    path = site.entries[4].path
    planned = letters_of(Scene(plan, faults, NOON), site)
    assert sum(1 for one in planned if one.kind == "投诉") == 2, (
        "what people bring, and what is still to come, is not there"
    )
    shown = read(plan, site.host, path, TargetKind.PAGE, faults)
    own = [read(plan, site.host, f"{path}{one.number}.html", TargetKind.PAGE, faults).letters for one in planned]
    assert [one.title for one in shown.letters] == [one.title for one in planned]
    for one, listed, (page,) in zip(planned, shown.letters, own, strict=True):
        received = one.received.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
        assert listed.received == page.received == received
        assert listed.is_answered in {one.answered is not None, None}
        assert (page.is_answered, page.kind) == (one.answered is not None, one.kind)
    silent = [one.is_answered for one in shown.letters]
    assert silent == [None] * len(planned) if cms == "boda" else None not in silent
