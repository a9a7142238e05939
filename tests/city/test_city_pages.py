"""A healthy city is healthy to the last link, and pages show what their fault is."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from monitor.city import files
from monitor.city.faults import Event, Faults
from monitor.city.notices import notice_url
from monitor.city.odd import Answer
from monitor.city.pages import respond
from monitor.city.plan import Plan
from monitor.city.watching import inventory
from tests.city.conftest import NOON, Fault, faults_of

ADDRESS = ("href", "src", "value", "action", "background")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "input":
            self.found += [value for name, value in attrs if name in ADDRESS and value]


def links(base: str, text: str) -> Iterator[str]:
    """Every address in the HTML, 大汉 records and feed items included."""
    parser = _Links()
    parser.feed(text.replace("<![CDATA[", "").replace("]]>", ""))
    for script in re.findall(r'<script type="text/xml">(.*?)</script>', text, re.DOTALL):
        parser.feed(script.replace("<![CDATA[", "").replace("]]>", ""))
    found = parser.found + re.findall(r"<link>(.*?)</link>", text) + re.findall(r'"url": "(.*?)"', text)
    for address in found:
        url = urljoin(base, unescape(address))
        if url.startswith("http"):
            yield url.partition("#")[0]


def answer_to(plan: Plan, url: str, faults: Faults) -> Answer:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return respond(plan, parts.hostname or "", path, NOON, faults)


def text_of(answer: Answer) -> str:
    try:
        return answer.body.decode()
    except UnicodeDecodeError:
        return answer.body.decode("gb18030")


def crawl(plan: Plan, faults: Faults) -> dict[str, int]:
    """Every address reachable from every target, with its status."""
    waiting = [target.url for target in inventory(plan)]
    seen: dict[str, int] = {}
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        answer = answer_to(plan, url, faults)
        seen[url] = answer.status
        if not files.kind_of(url) and answer.status == 200:
            waiting += [link for link in links(url, text_of(answer)) if link not in seen]
    return seen


def test_every_link_of_a_healthy_city_answers(plan: Plan) -> None:
    seen = crawl(plan, faults_of(plan))
    assert {url: status for url, status in seen.items() if status != 200} == {}
    assert set(plan.link_ids.values()) == {plan.target_name(plan.target_id(name)) for name in plan.link_ids.values()}
    assert {plan.link_url(name) for name in plan.link_ids.values()} <= set(seen)
    assert len(seen) > 800


def test_a_dead_link_is_the_only_one(plan: Plan) -> None:
    seen = crawl(plan, faults_of(plan, ("dead_link", "site-04/link-3")))
    assert [url for url, status in seen.items() if status != 200] == [plan.link_url("site-04/link-3")]


def test_spam_links_lead_to_something(plan: Plan) -> None:
    seen = crawl(
        plan,
        faults_of(plan, ("hidden_link", "site-02"), ("hijacked", "site-03", {"how": "spam"}), ("hijacked", "site-04")),
    )
    assert set(seen.values()) == {200}
    assert any("parked" in url for url in seen)


def test_the_same_page_twice_is_the_same(plan: Plan) -> None:
    faults = faults_of(plan, ("backdated", "site-01/column-1"))
    for target in inventory(plan):
        assert answer_to(plan, target.url, faults) == answer_to(plan, target.url, faults)


def test_every_page_says_what_its_bytes_are_or_lies_as_planned(plan: Plan) -> None:
    for site in plan.sites:
        answer = answer_to(plan, plan.site_url(site), faults_of(plan))
        text = answer.body.decode(site.encoding)
        assert site.title in text
        assert f"charset={site.declared}".replace('"', "") in text.replace('"', "")
        assert ("charset" in answer.content_type) is (site.header_charset is not None)
        assert "{{" not in text


def test_files_are_what_their_name_says(plan: Plan) -> None:
    magic = {
        "pdf": b"%PDF-",
        "doc": b"\xd0\xcf\x11\xe0",
        "xls": b"\xd0\xcf\x11\xe0",
        "png": b"\x89PNG",
        "jpg": b"\xff\xd8\xff",
    }
    for name in plan.link_ids.values():
        url = plan.link_url(name)
        answer = answer_to(plan, url, faults_of(plan))
        kind = files.kind_of(url)
        assert answer.body.startswith(magic.get(kind, b"<!DOCTYPE html>"))
        assert answer.content_type.startswith(files.TYPES.get(kind, "text/html"))


@pytest.mark.parametrize("site", [f"site-{n:02}" for n in range(1, 6)])
def test_content_faults_show(plan: Plan, site: str) -> None:
    column = f"{site}/column-1"
    url = next(target.url for target in inventory(plan) if target.id == column)
    healthy = text_of(answer_to(plan, url, faults_of(plan)))
    assert healthy.count("2026") > 5

    blank = text_of(answer_to(plan, url, faults_of(plan, ("blank", column))))
    assert not re.search(r"2026[-/]\d\d[-/]\d\d", blank)
    shell = text_of(answer_to(plan, url, faults_of(plan, ("shell", column))))
    assert "2026" not in shell
    assert len(shell) < 1500

    home = plan.site_url(plan.site_of(site))
    assert "网站标识码" in text_of(answer_to(plan, home, faults_of(plan)))
    assert "网站标识码" not in text_of(answer_to(plan, home, faults_of(plan, ("marks_missing", site))))
    assert "display:none" in text_of(answer_to(plan, home, faults_of(plan, ("hidden_link", site))))


@pytest.mark.parametrize("site", [f"site-{n:02}" for n in range(1, 6)])
def test_a_home_page_loses_an_entry_or_only_hides_it(plan: Plan, site: str) -> None:
    home, entry = plan.site_url(plan.site_of(site)), plan.site_of(site).entries[1]

    def shown(*faults: Fault) -> str:
        return text_of(answer_to(plan, home, faults_of(plan, *faults)))

    assert shown().count(entry.path) == 1
    lost = shown(("entry_missing", entry.name))
    assert entry.path not in lost
    assert (
        shown(("entry_missing", entry.name, {"how": "hidden"})).count(
            f'<div style="display:none"><a href="{entry.path}">'
        )
        == 1
    )
    assert lost.count(plan.site_of(site).entries[0].path) == 1
    assert answer_to(plan, home.rstrip("/") + entry.path, faults_of(plan, ("entry_missing", entry.name))).status == 200


def test_a_fault_on_a_column_leaves_its_site_alone(plan: Plan) -> None:
    for kind in ("http_500", "maintenance", "challenged", "soft_error", "http_404", "hijacked"):
        faults = faults_of(plan, (kind, "site-01/column-1"))
        targets = {target.id: target.url for target in inventory(plan)}
        assert answer_to(plan, targets["site-01/column-1"], faults) != answer_to(
            plan, targets["site-01/column-1"], faults_of(plan)
        )
        assert answer_to(plan, targets["site-01"], faults) == answer_to(plan, targets["site-01"], faults_of(plan))


def test_pages_stay_the_same_between_changes(plan: Plan) -> None:
    """A city whose every look differs would make conditional requests worthless."""
    faults = Faults(plan, [Event(timedelta(0), "silent", "site-01")], NOON)
    stable = [site for site in plan.sites if site.cms != "table"]
    for site in stable:
        now, later = (respond(plan, site.host, "/", NOON + timedelta(minutes=m), faults) for m in (1, 50))
        assert now == later


@pytest.mark.parametrize(
    ("target", "field"),
    [("site-03", "own_notice"), ("site-03", "portal_notice"), ("account-2", "notice")],
)
def test_a_notice_names_whom_it_is_about_until_it_is_gone_or_another(plan: Plan, target: str, field: str) -> None:
    url, title = notice_url(plan, target, field), plan.by_name[target].title
    stands = answer_to(plan, url, faults_of(plan))
    assert stands.status == 200
    assert title in text_of(stands)
    assert "{{" not in text_of(stands)
    another = answer_to(plan, url, faults_of(plan, ("notice_gone", target, {"notice": field, "how": "another"})))
    assert another.status == 200
    assert title not in text_of(another)
    assert len(re.findall(r"[\u4e00-\u9fff]", text_of(another))) >= 40, "text enough to be another's"
    assert answer_to(plan, url, faults_of(plan, ("notice_gone", target, {"notice": field}))).status == 404
