"""What is strange on a page that is known: somebody else's title, a script or frame from where none ever came; over several looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from monitor.model import Cause, Finding, Outcome, Seen, TargetKind
from monitor.settle.remember import carries
from tests.checks import pages
from tests.checks.eyes import NOON, Here, Viewer, finding, remembered, watching
from tests.observe.raw_server import Answer, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, FAIL = Outcome.OK, Outcome.FAIL
NAME = "云川市教育局"
OWN = "<link rel='stylesheet' href='/css/main.css'><script src='/js/jquery.min.js'></script><script src='/js/site.js'></script>"
ANEW = "<link rel='stylesheet' href='/new/app.css'><script src='/new/vendor.js'></script><script src='/new/app.js'></script>"
DAY = timedelta(days=1)


def home(title: str = NAME, *, inside: str = "", head: str = OWN, news: str = "一") -> bytes:
    """A home page; `inside` stands in the middle of its body, `news` makes it another page than the day before."""
    middle = f"<div class='left'><p>{news}</p></div><div class='mid'>{inside}</div><div class='right'><p>便民</p></div>"
    return pages.html(pages.page(f"<div class='wrap'>{middle * 3}{pages.items()}</div>", title, head))


@dataclass
class Looks:
    """One home page looked at again and again, with what is remembered in between."""

    viewer: Viewer
    url: str
    clock: Here
    page: bytes = b""
    seen: Seen | None = None
    said: Finding | None = None
    kind: TargetKind = TargetKind.SITE

    async def at(self, day: float, page: bytes) -> tuple[Outcome, str]:
        self.page, self.clock.at = page, NOON + day * DAY
        visited = await self.viewer.visit(self.url, self.kind, seen=self.seen)
        self.said = finding(visited, "tampered")
        before = self.seen
        now = remembered(visited)
        self.seen = now if before is None or carries(visited) else before._replace(said=now.said)
        return self.said.outcome, self.said.reason


async def play(looks: Mapping[float, tuple[bytes, Outcome, str]], kind: TargetKind = TargetKind.SITE) -> Finding:
    """Look on these days at these pages; the last finding."""
    clock = Here()
    now: list[Looks] = []

    async def answer(_request: bytes, writer: object) -> None:
        writer.write(now[0].page)  # type: ignore[attr-defined]

    reply: Answer = answer
    async with serving(reply) as server, watching(clock=clock) as viewer:
        now.append(Looks(viewer, server.url("/"), clock, kind=kind))
        for day, (page, outcome, reason) in looks.items():
            assert await now[0].at(day, page) == (outcome, reason), f"day {day}: {now[0].said}"
    assert now[0].said is not None
    return now[0].said


FOREIGN = "<script src='//t.qmwhx.com/jquery.min.js'></script>"
FRAME = "<iframe src='http://www.qmwhx.com/a.html' width='600' height='300'></iframe>"
COUNTER = "<script src='https://hm.baidu.com/hm.js?1'></script><script src='https://kefu.zxkf.com/chat.js'></script>"


async def test_a_script_that_was_never_there_on_a_page_that_stayed_as_it_was() -> None:
    said = await play({
        0: (home(), OK, ""),
        2: (home(news="二"), OK, ""),
        4: (home(news="三", inside=FOREIGN), FAIL, "new_script"),
        5: (home(news="三", inside=FOREIGN), FAIL, "new_script"),  # unchanged: it stands there still
        6: (home(news="四", inside=FOREIGN), FAIL, "new_script"),
        7: (pages.WALL_200, Outcome.UNKNOWN, "challenged"),
        8: (home(news="四", inside=FOREIGN), FAIL, "new_script"),
        9: (home(news="五"), OK, ""),
    })  # fmt: skip
    assert said.outcome is OK


async def test_it_is_told_with_its_address() -> None:
    said = await play({0: (home(), OK, ""), 4: (home(inside=FOREIGN), FAIL, "new_script")})
    assert said.cause is Cause.TAMPER
    assert "//t.qmwhx.com/jquery.min.js" in str(said.summary)


@pytest.mark.parametrize("kind", [TargetKind.SITE, TargetKind.COLUMN, TargetKind.PAGE])
async def test_a_frame_likewise_on_pages_of_every_kind(kind: TargetKind) -> None:
    said = await play({0: (home(), OK, ""), 4: (home(inside=FRAME), FAIL, "new_frame")}, kind)
    assert "www.qmwhx.com" in str(said.summary)


ORDINARY = {
    "seen at the first look": {0: home(inside=FOREIGN), 9: home(inside=FOREIGN, news="二")},
    "before the page is known for long": {0: home(), 1: home(inside=FOREIGN), 9: home(inside=FOREIGN, news="二")},
    "it takes turns with others": {0: home(inside=FOREIGN), 1: home(), 8: home(inside=FOREIGN, news="二")},
    "with a page that was built anew": {0: home(), 8: home(inside=FOREIGN, head=ANEW), 20: home(head=ANEW)},
    "a counter and a service": {0: home(), 8: home(inside=COUNTER)},
    "of another public body": {0: home(), 8: home(inside="<script src='http://www.yunchuan.gov.cn/x.js'></script>")},
    "of a host that keeps the page's pictures": {
        0: home(), 8: home(inside="<img src='http://t.qmwhx.com/a.jpg'><script src='http://t.qmwhx.com/a.js'></script>")
    },
    "its own": {0: home(), 8: home(inside="<script src='/js/more.js'></script>")},
}  # fmt: skip


@pytest.mark.parametrize("looks", ORDINARY.values(), ids=ORDINARY.keys())
async def test_scripts_that_are_no_news(looks: Mapping[float, bytes]) -> None:
    await play({day: (page, OK, "") for day, page in looks.items()})


async def test_a_home_page_with_the_title_of_somebody_else() -> None:
    said = await play({
        0: (home(), OK, ""),
        1: (home("星河手游官网_最新下载"), FAIL, "other_title"),
        2: (home("星河手游官网_最新下载"), FAIL, "other_title"),
        3: (home("星河手游官网_最新下载", news="二"), FAIL, "other_title"),
    })  # fmt: skip
    words = str(said.summary)
    assert all(part in words for part in ("星河手游", NAME, "某局")), "what, what it was, whose it should be"
    await play({0: (home(), OK, ""), 1: (home("星河手游官网_最新下载"), FAIL, "other_title"), 2: (home(), OK, "")})


TITLES = {
    "another business's": ("美佳家居旗舰店", FAIL),
    "in Japanese": ("ブランド激安通販ショップ", FAIL),
    "of a shop abroad": ("Cheap Replica Watches Outlet", FAIL),
    "another word for the same": ("云川教育", OK),
    "a redesign": ("云川市教育体育局门户网站", OK),
    "a short name": ("云川教体", OK),
    "of the government above": ("云川市人民政府门户网站", OK),
    "only what it is": ("首页", OK),
    "none": ("", OK),
    "in English": ("Yunchuan Education Bureau", OK),
    "in English, of itself": ("Welcome to our website", OK),
    "in Tibetan": ("ཡུན་ཁྲོན་གྲོང་ཁྱེར།", OK),
    "in Uyghur": ("مائارىپ ئىدارىسى", OK),
    "in Mongolian": ("ᠮᠣᠩᠭᠣᠯ ᠪᠣᠯᠪᠠᠰᠤᠷᠠᠯ", OK),
    "in Korean": ("교육국 홈페이지", OK),
    "for a day": ("恭贺新春", OK),
    "of a campaign": ("喜迎二十大 奋进新征程", OK),
    "that a program put there": ("Document", OK),
    "that says little": ("美好生活大家谈", OK),
}


@pytest.mark.parametrize(("title", "outcome"), TITLES.values(), ids=TITLES.keys())
async def test_titles_of_others_and_its_own(title: str, outcome: Outcome) -> None:
    await play({0: (home(), OK, ""), 1: (home(title), outcome, "other_title" if outcome is FAIL else "")})


async def test_of_a_page_that_lost_all_of_its_offices_marks_any_alien_title() -> None:
    bare = "".join(f"<p>第{n}章 从前有座山，山里有座庙，庙里有个故事。</p>" for n in range(60))
    alien = pages.html(f"<html><head>{ANEW}<title>美味食谱大全</title></head><body><div>{bare}</div></body></html>")
    await play({0: (home(), OK, ""), 1: (alien, FAIL, "other_title")})


async def test_a_title_is_judged_of_home_pages_and_of_none_seen_first() -> None:
    shop = home("美佳家居旗舰店")
    await play({0: (shop, OK, ""), 1: (shop, OK, "")})
    await play({0: (home(), OK, ""), 1: (shop, OK, "")}, TargetKind.COLUMN)
