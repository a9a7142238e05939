"""What the estate's pages say, by number and edition: a home page of 45 KB, a column of 15 KB, a feed of 8 KB, an article."""

import random
from datetime import date, timedelta
from functools import lru_cache

from tests.bench.scale.estate import COLUMN_LINKS, OWN_LINKS, Estate
from tests.footer import FOOTER

HOME, COLUMN = 45_000, 15_000  # bytes
POSTS = 20
WORDS = "政府 工作 公开 信息 发展 改革 服务 企业 群众 项目 建设 管理 监督 检查 会议 部署 推进 落实 安全 生产 教育 医疗 环境".split()
CODE = "var panel{0}=document.getElementById('panel{0}');if(panel{0}){{panel{0}.style.display='none';}}\n"
PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head><body>
<ul class="nav">{menu}</ul><div class="list"><h2>政务动态</h2><ul class="news_list">
{rows}
</ul></div>{more}<div class="foot"><p>访问量：<span id="visit_count">{count}</span></p>{footer}</div><script>"""


def home(estate: Estate, site: int, edition: int, count: int = 0) -> bytes:
    """A list of the site's own articles and the addresses of its neighbours: 207 links."""
    rows = "\n".join(_row(f"a/{n}.html", n, estate.day) for n in range(edition + OWN_LINKS - 1, edition - 1, -1))
    more = "".join(_elsewhere(estate.url(other)) for other in estate.neighbours(site))
    links = f'<div class="friends"><h2>相关链接</h2>{more}</div>'
    return _page("市人民政府门户网站", rows, links, HOME, 100_000 + count, footer=FOOTER)


@lru_cache(maxsize=20_000)
def column(number: int, edition: int, day: str) -> bytes:
    """A list of four items with long abstracts; the same on every site, its addresses are relative."""
    newest = range(edition + COLUMN_LINKS - 1, edition - 1, -1)
    # Fresh by days: what is due to be warned of is not what is measured.
    rows = "\n".join(_row(column_link(number, n), n + OWN_LINKS - 8 * (number % 3), day, abstract=True) for n in newest)
    return _page(f"栏目 {number}", rows, "", COLUMN, 1)


def column_link(number: int, item: int) -> str:
    """One of the addresses that the home page carries too; those of later editions are new."""
    return (
        f"/a/{(COLUMN_LINKS * number + item) % OWN_LINKS}.html" if item < COLUMN_LINKS else f"/a/c{number}-{item}.html"
    )


@lru_cache(maxsize=20_000)
def feed(number: int, edition: int, day: str) -> bytes:
    """The posts of one account, one a day."""
    items = "\n".join(_post(number, n, edition, day) for n in range(edition + POSTS - 1, edition - 1, -1))
    head = f"<title>公众号 {number}</title><link>http://mp.example/{number}</link><description>公众号</description>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


@lru_cache(maxsize=1)
def article() -> bytes:
    """What stands behind every link."""
    words = _words(random.Random(1), 400)
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知</title></head><body><p>{words}</p></body></html>'.encode()


def _page(title: str, rows: str, more: str, size: int, count: int, *, footer: str = "") -> bytes:
    text = PAGE.format(title=title, menu=_menu(), rows=rows, more=more, count=count, footer=footer)
    filler = "".join(CODE.format(n) for n in range(max(0, size - len(text.encode())) // 90))
    return f"{text}{filler}</script></body></html>".encode()


@lru_cache(maxsize=1)
def _menu() -> str:
    chance = random.Random(2)
    return "\n".join(f'<li class="nav-item nav-item-{n % 7}"><span>{_words(chance, 2)}</span></li>' for n in range(30))


@lru_cache(maxsize=100_000)
def _row(path: str, number: int, day: str, *, abstract: bool = False) -> str:
    chance, shown = random.Random(number), date.fromisoformat(day) - timedelta(days=max(0, OWN_LINKS - number) // 8)
    summary = f'<p class="summary">{_words(chance, 250)}</p>' if abstract else ""
    return (
        f'<li class="list-item"><span class="date">{shown}</span><a class="list-link" target="_blank" href="{path}" '
        f'title="详情">关于{_words(chance, 9)}的通知</a>{summary}</li>'
    )


@lru_cache(maxsize=100_000)
def _elsewhere(base: str) -> str:
    chance = random.Random(3)
    return "".join(f'<a href="{base}a/{n}.html">{_words(chance, 4)}</a>\n' for n in range(OWN_LINKS))


def _post(number: int, post: int, edition: int, day: str) -> str:
    shown = date.fromisoformat(day) - timedelta(days=max(1, edition + POSTS - post))
    words = _words(random.Random(post), 30)
    return (
        f"<item><title>{words[:24]}</title><link>http://mp.example/{number}/{post}</link>"
        f"<guid>{number}-{post}</guid><description>{words}</description>"
        f"<pubDate>{shown:%a, %d %b %Y} 08:00:00 +0800</pubDate></item>"
    )


def _words(chance: random.Random, count: int) -> str:
    return "".join(chance.choices(WORDS, k=count))
