"""`discover` against the rehearsed city over real HTTP: every column of a site and no other, its exits, its words."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.city.faults import Event
from monitor.city.plan import CMS, Site, make_plan
from monitor.city.routes import column_path
from monitor.config.load import load
from monitor.model import TargetKind
from tests.cli.terminal import call
from tests.daemon.town import LONG_AGO, Town

PLAN = make_plan(7, sites=8, columns_per_site=6, accounts=1, links_per_home=9, https=frozenset({"site-2"}))
BY_CMS = {site.cms: site for site in reversed(PLAN.sites)}
TROUBLED = PLAN.site_of("site-6")


@pytest.fixture(scope="module")
def city() -> Iterator[Town]:
    """Five CMS that are well, a site with columns in trouble, one that is down, one closed for maintenance."""
    planted = [
        Event(LONG_AGO, kind, f"site-6/column-{n}")
        for n, kind in enumerate(("blank", "shell", "http_404", "challenged"), 1)
    ]
    planted += [Event(LONG_AGO, "down", "site-7"), Event(LONG_AGO, "maintenance", "site-8")]
    with Town(PLAN, planted) as town:
        yield town


@pytest.fixture(scope="module")
def watching(city: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return city.write_config(tmp_path_factory.mktemp("city"))


def addresses(city: Town, site: Site) -> dict[str, str]:
    """Every column of a site by its address, the headlines among them, with its name."""
    origin = city.city.plan.origin(site.host, site.https)
    return {origin + column_path(site, column): column.title for column in (site.headlines, *site.columns)}


def home(city: Town, name: str) -> str:
    plan = city.city.plan
    return plan.site_url(plan.site_of(name))


@pytest.mark.parametrize("cms", CMS)
def test_every_column_of_a_site_and_no_other(city: Town, watching: Path, cms: str) -> None:
    site = BY_CMS[cms]
    done = call("discover", home(city, site.name), "--json", "--config", watching)
    assert done.code == 0, done.err
    found = done.json()
    assert all(list(one) == ["kind", "column", "name", "url", "newest_date"] for one in found)
    assert {one["url"]: one["name"] for one in found} == addresses(city, site)
    kinds = {one["name"]: one["column"] for one in found}
    assert {kinds[name] for name in ("头条要闻", "工作动态", "要闻速递")} == {"dynamic"}
    assert (kinds["通知公告"], kinds["规划计划"]) == ("notice", "other")
    for one in found:
        seen = call("visit", one["url"], "--kind", "column", "--json", "--config", watching).json()["reading"]
        assert one["newest_date"] == seen["newest_date"] is not None


def test_columns_in_trouble_are_proposed_or_named(city: Town, watching: Path) -> None:
    done = call("discover", home(city, "site-6"), "--json", "--lang", "en", "--config", watching)
    newest = {one["url"]: one["newest_date"] for one in done.json()}
    blank, shell, gone, walled = (
        url for url, name in addresses(city, TROUBLED).items() if name in {one.title for one in TROUBLED.columns[:4]}
    )
    assert (newest[blank], newest[shell]) == (None, None)
    assert {gone, walled}.isdisjoint(newest)
    assert len(newest) == 5
    assert "could not be read: 2" in done.err
    assert f"{gone}  the server answers HTTP 404" in done.err
    assert f"{walled}  alive, but refuses programs" in done.err


def test_the_lines_can_be_pasted_into_an_inventory(city: Town, watching: Path, tmp_path: Path) -> None:
    plain = tmp_path / "monitor.toml"  # the same network, no inventory of its own
    text = watching.read_text(encoding="utf-8")
    plain.write_text(text, encoding="utf-8")
    inventory = tmp_path / "targets"
    inventory.mkdir()
    done = call("discover", home(city, "site-1"), "--config", plain)
    assert done.code == 0, done.err
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["kind"] for row in rows] == ["site", *["column"] * 7]
    assert rows[0]["name"] == PLAN.sites[0].title
    (inventory / "found.csv").write_text(done.out, encoding="utf-8")
    (tmp_path / "bare.toml").write_text("", encoding="utf-8")
    settings = load(tmp_path / "bare.toml")
    assert [target.id for target in settings.targets] == [row["id"] for row in rows]
    assert [target.kind for target in settings.targets][1:] == [TargetKind.COLUMN] * 7
    assert {target.site for target in settings.targets[1:]} == {rows[0]["id"]}
    assert done.err.startswith("看了12个页面"), "what goes on is said in Chinese, on stderr"


def test_what_is_watched_already_is_a_remark(city: Town, watching: Path) -> None:
    done = call("discover", home(city, "site-1"), "--config", watching)
    lines = done.out.splitlines()
    assert lines[1].startswith("# site-1,site,")
    assert [line.split(",")[0] for line in lines[3:]] == [f"# site-1/column-{n}" for n in range(1, 7)]
    assert lines[2].startswith("site-1/"), "the headlines are watched by nobody"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("www.x.cn", "not an address"),
        ("http:///x", "names no host"),
        ("site-1", "not an address"),
        ("", "the address is missing"),
    ],
)
def test_what_is_no_address_is_refused(watching: Path, what: str, words: str) -> None:
    done = call("discover", what, "--lang", "en", "--json", "--config", watching)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    told = call("discover", what, "--config", watching).err
    assert "不是网址" in told
    assert "address" not in told


@pytest.mark.parametrize(
    ("site", "english", "chinese"),
    [
        ("site-7", "connection refused", "首页"),
        ("site-8", "closed for maintenance", "维护"),
    ],
)
def test_a_home_page_that_cannot_be_looked_at(
    city: Town, watching: Path, site: str, english: str, chinese: str
) -> None:
    done = call("discover", home(city, site), "--lang", "en", "--config", watching)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("the home page cannot be looked at: ")
    assert english in done.err
    assert chinese in call("discover", home(city, site), "--config", watching).err


def test_a_page_without_any_column_finds_nothing(city: Town, watching: Path) -> None:
    plan = city.city.plan
    done = call("discover", plan.origin(plan.references[0]) + "/", "--json", "--lang", "en", "--config", watching)
    assert (done.code, done.json()) == (1, [])
    assert "0 columns" in done.err
    assert "a program may make its menu" in done.err


def test_bounds_are_told(city: Town, watching: Path) -> None:
    done = call("discover", home(city, "site-1"), "--pages", "3", "--json", "--lang", "en", "--config", watching)
    assert done.code == 0
    assert len(done.json()) == 2
    assert "raise --pages or --for" in done.err


def test_a_guarded_address_is_not_looked_at(city: Town) -> None:
    done = call("discover", "http://127.0.0.1:9/", "--lang", "en")
    assert done.code == 2
    assert "guard" in done.err
