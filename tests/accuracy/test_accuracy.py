"""`make accuracy` on a made-up corpus: the table, the exit codes, and a report in which a hostile page stays text."""

import json
from collections.abc import Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from monitor.model import Marks, Reading, State, Suspicion
from monitor.read.page import Trace
from tests.accuracy.baseline import newest_by_pattern
from tests.accuracy.figures import ALLOWED, Row, score
from tests.accuracy.labels import KINDS, Record, wrong_labels
from tests.accuracy.measure import accuracy
from tests.accuracy.report import NAMES
from tests.accuracy.scoring import Page, Point, asked
from tests.read.samples import TITLES, URL, frame, rows
from tests.web.chromium import chromium

DAYS = ["2026-11-02", "2026-10-30", "2026-10-09"]
ROW = "<li><a href={href}>{title}</a><i>{date}</i></li>"
LIST = frame(f"<ul class='news'>{rows(DAYS, ROW)}</ul>")
FOOTER = {
    "site_code": "4402000012",
    "icp": "粤ICP备05070829号-1",
    "police_record": "粤公网安备44020402000012号",
    "jiucuo": False,
}
LABELS = {"newest_date": DAYS[0], "items": 3, "blank": False, "js_rendered": False, "footer": FOOTER}
ARTICLE = frame(
    f"<h1>{TITLES[0]}</h1><p>发布时间：2026-11-02　来源：某某市教育局</p><p>{'各单位要认真组织。' * 60}</p>", side=""
)
FEED = "<rss version='2.0'><channel><title>x</title><item><title>y</title><link>http://a.gov.cn/1</link><pubDate>Mon, 02 Nov 2026 20:00:00 GMT</pubDate></item></channel></rss>"
HOSTILE = "</p><script src=//evil.example/x.js></script><img src=//evil.example/y onerror=alert(1)>\"'><a href='javascript:x'>"


def record(file: str, kind: str = "list", labels: Mapping[str, Any] | None = None, **more: object) -> dict[str, Any]:
    said = {"file": file, "kind": kind, "url": URL, "encoding": "utf-8", "captured": "2026-11-20", "notes": None}
    return {**said, "labels": dict(LABELS if labels is None else labels), **more}


def corpus(folder: Path, *pages: tuple[dict[str, Any], str]) -> Path:
    for said, html in pages:
        (folder / said["file"]).write_text(html, "utf-8")
    index = "\n".join(json.dumps(said, ensure_ascii=False) for said, _ in pages)
    (folder / "INDEX.jsonl").write_text(index, "utf-8")
    return folder


def whole(folder: Path) -> Path:
    """One page of each kind, all labelled as they are read."""
    article = {"title": TITLES[0], "published": "2026-11-02", "source": "某某市教育局"}
    return corpus(
        folder,
        (record("list.html"), LIST),
        (record("home.html", "home", {"newest_date": DAYS[0], **FOOTER}), LIST),
        (record("article.html", "article", article), ARTICLE),
        (record("jump.html", "odd", {"why": "redirect"}), "<meta charset=utf-8><meta http-equiv=refresh content='0;url=/n/'>"),
        (record("empty.html", "odd", {"why": "blank"}), "<meta charset=utf-8><title>x</title><body></body>"),
        (record("feed.xml", "feed", {"entries": 1, "newest": "2026-11-02T20:00:00+00:00"}), FEED),
    )  # fmt: skip


def run(folder: Path, *args: str, **environment: str) -> Result:
    report = ["--html", str(folder / "out" / "report.html")]
    return CliRunner(env=environment).invoke(accuracy, [*args, *report])


def test_a_folder_that_is_read_right_ends_0_and_says_where_the_report_is(tmp_path: Path) -> None:
    result = run(tmp_path, ZHISHOU_CORPUS=str(whole(tmp_path)))
    assert (result.exit_code, result.stderr) == (0, "")
    counted = {line[:30].strip(): line[30:].split()[:3] for line in result.stdout.splitlines() if "reached" in line}
    assert counted["list newest"] == counted["home mark icp"] == counted["feed newest"] == ["1", "1", "0"]
    assert counted["ordinary pages are called so"] == ["4", "4", "0"]
    assert counted["shell"] == counted["third states"] == ["1", "1", "0"]
    assert counted["clean pages not suspected"] == ["5", "5", "0"]
    assert "NOT REACHED" not in result.stdout
    assert f"report: {tmp_path / 'out' / 'report.html'}" in result.stdout
    assert (tmp_path / "out" / "report.html").stat().st_size > 1_000


@pytest.mark.parametrize(
    ("labels", "code", "group"),
    [
        ([{"newest_date": "2026-11-03"}], 0, "list newest"),
        ([{"newest_date": "2026-11-03"}, {"newest_date": None}], 1, "list newest"),
        ([{"items": 4}], 1, "list count"),
        ([{"blank": True}], 1, "blank"),
        ([{"js_rendered": True}], 1, "shell"),
        ([{"injected_script": True}], 1, "tampered pages suspected"),
        ([{"footer": {"icp": None}}, {"footer": {"icp": None}}], 1, "list mark icp"),
        ([{"footer": {"conac": True}}, {"footer": {"conac": True}}], 1, "list mark conac"),
    ],
)
def test_a_figure_that_is_not_reached_ends_1_and_every_miss_is_told(
    tmp_path: Path, labels: list[dict[str, Any]], code: int, group: str
) -> None:
    pages = [(record(f"page{at}.html", labels={**LABELS, **said}), LIST) for at, said in enumerate(labels)]
    result = run(tmp_path, str(corpus(tmp_path, *pages)))
    assert result.exit_code == code
    assert ("NOT REACHED" in result.stdout) is bool(code)
    for at in range(len(labels)):
        missed = [
            line for line in result.stdout.splitlines() if line.startswith(f"missed, {group}: page{at}.html  wanted")
        ]
        assert len(missed) == 1
        assert "found by dated" in missed[0]


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (None, "no labelled pages: set ZHISHOU_CORPUS"),
        ("", "no records"),
        ("{nonsense", "INDEX.jsonl:1: no record"),
        (json.dumps(record("gone.html")), "gone.html: [Errno 2]"),
        (json.dumps(record("\0")), "embedded null"),
        (json.dumps(record("here.html", "castle")), "INDEX.jsonl:1: kind 'castle'"),
        (json.dumps(record("here.html", captured="someday")), "captured 'someday'"),
        (json.dumps(record("here.html", labels={"blank": False})), "here.html: no label 'newest_date'"),
    ],
)
def test_what_cannot_be_scored_ends_2_with_the_place(tmp_path: Path, index: str | None, said: str) -> None:
    (tmp_path / "here.html").write_text(LIST, "utf-8")
    if index is not None:
        (tmp_path / "INDEX.jsonl").write_text(index, "utf-8")
    result = run(tmp_path, str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


class Seen(HTMLParser):
    """Every tag and attribute of a report, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    """The report over pages that put their markup wherever a report shows what a page says."""
    coded = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    page = LIST.replace(TITLES[0], f"{TITLES[0]}{coded}").replace("<title>", f"<title>{coded}\x1b\u202e")
    page = page.replace("2026-10-30", "2026-10-30</i><b style='display:none'>暗处的字</b><i>")
    said = record("a.html", url=f"http://a.gov.cn/{HOSTILE}", labels={**LABELS, "footer": {"icp": HOSTILE}})
    gone = frame(
        f"<h1>{coded}</h1><p>发布时间：2026-11-02 来源：{coded}</p><p>{'各单位要认真组织。' * 60}</p>", side=""
    )
    labels = {"title": HOSTILE, "published": HOSTILE, "source": HOSTILE}
    feed = FEED.replace("<title>y</title>", f"<title>{coded}</title>")
    pages = (
        (said, page),
        (record("b.html", "article", labels), gone),
        (record("c.xml", "feed", {"entries": 2, "newest": None}), feed),
        (record("d.html"), LIST),
    )
    run(tmp_path, str(corpus(tmp_path, *pages)))
    return (tmp_path / "out" / "report.html").read_text("utf-8")


def test_nothing_of_a_page_is_run_or_loaded_by_the_report(hostile: str) -> None:
    """Only the template's own tags and attributes are in it, whatever the pages, labels and addresses say."""
    seen = Seen(hostile)
    assert seen.tags <= set(
        "html head meta title style body h1 h2 p br small span mark s table thead tbody tr th td details summary b bdi div code "
        "pre".split()
    )
    assert seen.attributes <= {"lang", "charset", "http-equiv", "content", "name", "style", "class", "open"}
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"" in hostile
    assert hostile.index("Content-Security-Policy") < hostile.index("<style>")
    assert "url(" not in hostile
    assert "@import" not in hostile
    assert "\x1b" not in hostile
    assert "\u202e" not in hostile
    assert seen.text.count("<script src=//evil.example/x.js></script>") >= 6


@pytest.mark.browser
@pytest.mark.timeout(180)
async def test_a_browser_shows_it_without_a_script_a_load_or_a_complaint(hostile: str, tmp_path: Path) -> None:
    """The console would tell a refused load or script; the list of resources what was asked for; it fits the window."""
    async with chromium() as tab:
        await tab.open((tmp_path / "out" / "report.html").as_uri(), width=1280)
        assert await tab.ask("performance.getEntriesByType('resource').length") == 0
        assert (
            await tab.ask("document.querySelectorAll('script, img, a, iframe, link, object, embed, form').length") == 0
        )
        assert await tab.ask("document.documentElement.scrollWidth <= innerWidth")
        assert await tab.ask("document.querySelectorAll('details.page.missed[open]').length") == 3
        assert tab.said == []
    assert "evil.example" in hostile


def test_the_report_shows_the_list_its_dates_what_is_hidden_and_misses_first(hostile: str) -> None:
    assert f'<p class="list">{TITLES[2]} <mark class="taken">2026-10-09</mark>' in hostile
    assert "<s>暗处的字</s>" in hostile
    assert '<mark class="date">2026年11月20日</mark>' in hostile
    right = hostile.index("全部读对的页面")
    assert hostile.index("有遗漏的页面") < min(
        hostile.index(f"<b>{name}</b>") for name in ("a.html", "b.html", "c.xml")
    )
    assert max(hostile.index(f"<b>{name}</b>") for name in ("a.html", "b.html", "c.xml")) < right
    assert right < hostile.index("<b>d.html</b>")
    assert hostile.index("<b>d.html</b>") < hostile.index(
        "<td>2026-11-02</td><td>text <code>2026-11-02</code></td>", right
    )


def page(labels: Mapping[str, Any], *, notes: str = "", kind: str = "odd", **read: Any) -> Page:
    """A page as it might have been read."""
    said = Record("x.html", kind, URL, None, date(2026, 11, 20), labels, notes)
    reading = Reading(kind=KINDS[kind], state=read.pop("state", State.READABLE), **read)
    return Page(said, b"<p>...</p>", reading, Trace("why"))


SPAM = Suspicion("words", "赌场 开户")
TITLE = Suspicion("title", "某某 娱乐")
RENAMED = {"notes": "the mirror renamed the site", "title": "某某娱乐官网"}


@pytest.mark.parametrize(
    ("labels", "read", "group", "right", "excused"),
    [
        ({"why": "hidden_spam_links"}, {"tamper": (SPAM,)}, "tampered pages suspected", True, False),
        ({"why": "hidden_spam_links"}, {}, "tampered pages suspected", False, False),
        ({"why": "login", "injected_script": True}, {}, "tampered pages suspected", False, False),
        ({"why": "login", "injected_script": True}, {"tamper": (TITLE,), **RENAMED}, "tampered pages suspected", True, False),
        ({"why": "login"}, {}, "clean pages not suspected", True, False),
        ({"why": "login"}, {"tamper": (SPAM,)}, "clean pages not suspected", False, False),
        ({"why": "login"}, {"tamper": (TITLE,), "title": "某某娱乐官网"}, "clean pages not suspected", False, False),
        ({"why": "login"}, {"tamper": (TITLE,), **RENAMED}, "clean pages not suspected", True, True),
        ({"why": "login"}, {"tamper": (TITLE, SPAM), **RENAMED}, "clean pages not suspected", False, True),
    ],
)  # fmt: skip
def test_tampering_is_asked_of_every_page(
    labels: dict[str, Any], read: dict[str, Any], group: str, right: bool, excused: bool
) -> None:
    (point,) = [one for one in asked(page(labels, **read)) if one.asked == "tamper"]
    assert (point.group, point.right, bool(point.excused)) == (group, right, excused)


@pytest.mark.parametrize(
    ("why", "state", "group", "right"),
    [
        ("waf", State.CHALLENGED, "third states", True),
        ("waf", State.READABLE, "third states", False),
        ("waf", State.MAINTENANCE, "third states", False),
        ("soft404", State.SOFT_ERROR, "third states", True),
        ("parked", State.HIJACKED, "third states", True),
        ("flash", State.SHELL, "shell", True),
        ("blank", State.BLANK, "blank", True),
        ("blank", State.SHELL, "blank", False),
        ("login", State.READABLE, "ordinary pages are called so", True),
        ("something new", State.LISTED, "ordinary pages are called so", True),
        ("login", State.BLANK, "ordinary pages are called so", False),
        ("login", State.UNREADABLE, "ordinary pages are called so", False),
    ],
)
def test_a_state_is_right_only_as_itself(why: str, state: State, group: str, right: bool) -> None:
    (point,) = [one for one in asked(page({"why": why}, state=state)) if one.asked == "state"]
    assert (point.group, point.right) == (group, right)


def test_marks_are_asked_each_where_they_are_labelled() -> None:
    labels = {"newest_date": None, "site_code": " 44 02 ", "icp": None, "conac": None, "jiucuo": True, "site_name": "x"}
    marks = Marks(site_code="4402", icp="粤ICP备1号", conac=True, jiucuo=True)
    points = {one.asked: one.right for one in asked(page(labels, kind="home", marks=marks)) if " mark " in one.group}
    assert points == {"site_code": True, "icp": False, "conac": False, "jiucuo": True}


def test_a_date_to_come_is_a_miss_of_its_own() -> None:
    labels = {"newest_date": "2026-12-01"}
    points = {one.group: one for one in asked(page(labels, kind="home", newest_date="2026-12-01"))}
    assert points["home newest"].right
    assert not points["not of a day to come"].right


@pytest.mark.parametrize(
    ("allowed", "right", "wrong", "reached"),
    [(1, 5, 1, True), (1, 5, 2, False), (0, 5, 0, True), (0, 99, 1, False), (0.95, 19, 1, True), (0.95, 18, 1, False)],
)
def test_a_figure_is_reached_or_not(allowed: float, right: int, wrong: int, reached: bool) -> None:
    points = [Point("x", "g", "a", 1, 1, at < right, "") for at in range(right + wrong)]
    assert Row("g", allowed, points).reached is reached


def test_a_label_shown_to_be_wrong_is_not_counted_and_must_not_outlive_its_reason() -> None:
    wrong = {("x", "newest"): "it prints another", ("elsewhere", "newest"): "…"}
    missed = Point("x", "list newest", "newest", 1, 2, right=False, why="")
    assert score([missed], wrong).reached
    assert (score([missed], wrong).rows, score([missed], wrong).disputed) == ((), ((missed, "it prints another"),))
    matched = Point("x", "list newest", "newest", 1, 1, right=True, why="")
    assert score([matched], wrong).outlived == ((matched, "it prints another"),)
    assert not score([matched], wrong).reached


def test_every_label_called_wrong_names_something_asked_with_evidence() -> None:
    for (file, what), evidence in wrong_labels().items():
        assert file.startswith(("pages/", "feeds/"))
        assert what in {"newest", "count", "source", "title", "published", "state", "tamper", "encoding", "found"}
        assert len(evidence) > 20


def test_every_group_has_a_chinese_name() -> None:
    assert set(ALLOWED) <= set(NAMES)


@pytest.mark.parametrize(
    ("html", "newest"),
    [
        ("<p>2026-11-02</p><p>2026年10月3日</p>", "2026-11-02"),
        ("<p>2026-11-21</p><p>2026/1/3</p>", "2026-01-03"),
        ("<script>'2026-11-02'</script><!-- 2026-11-01 --><style>2026-11-01</style><a href='/2026-11-01/'>x</a>", None),
        ("<p>2026-13-45 11-02 12026-01-01</p>", None),
        ("<p>2026&#45;11&#45;02</p>", "2026-11-02"),
    ],
)
def test_the_plain_pattern_reads_full_dates_of_the_visible_text(html: str, newest: str | None) -> None:
    assert newest_by_pattern(html.encode(), None, date(2026, 11, 20)) == newest
