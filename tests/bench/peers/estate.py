"""The estate both sides look at, as data: home pages, the links they carry, and what each link really is.

Pure: the same numbers give the same estate in every process. Hosts are literal loopback addresses, so that no side is helped by
a resolver of its own. Names nothing but loopback.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.footer import FOOTER

HOMES = 50
LINKS_PER_HOME = 200
OWN = 60  # of them on the home page's own host
DISTINCT = 6_000
_WORDS = "各县区 人民 政府 部门 现将 有关 事项 通知 如下 认真 贯彻 执行 项目 建设 管理 监督 检查 会议 部署 推进 落实 安全".split()
_OWN_LINKS = HOMES * OWN
_SHARED = DISTINCT - _OWN_LINKS  # carried by two or three home pages each
_FOREIGN_HOSTS = 100
_SHUT_HOSTS = 10
REFERENCES = 4
"""Hosts outside the estate that tell the daemon that its own network is up."""


class Kind(StrEnum):
    """How a link answers."""

    FINE = "fine"
    GONE = "gone"  # 404
    REMOVED = "removed"  # 410
    BROKEN = "broken"  # 500 on a host of the estate: there alone both sides call it dead
    MOVED = "moved"  # 302 to a page that answers
    LOST = "lost"  # 302 to a 404
    NO_HEAD = "no-head"  # 405 to HEAD, 200 to GET, as old servers do
    SHUT = "shut"  # nobody listens


DEAD = frozenset({Kind.GONE, Kind.REMOVED, Kind.BROKEN, Kind.LOST, Kind.SHUT})
_OWN_MIX = {Kind.GONE: 90, Kind.REMOVED: 6, Kind.BROKEN: 30, Kind.MOVED: 90, Kind.LOST: 15, Kind.NO_HEAD: 30}
_SHARED_MIX = {Kind.GONE: 90, Kind.REMOVED: 6, Kind.SHUT: 60, Kind.MOVED: 150, Kind.LOST: 15, Kind.NO_HEAD: 30}
"""Made up: one link in twenty dead, one in twenty-five moved."""


@dataclass(frozen=True, slots=True)
class Link:
    """One distinct address."""

    number: int
    kind: Kind
    host: str

    @property
    def path(self) -> str:
        return f"/{self.kind.value}/{self.number}.html"

    def url(self, port: int) -> str:
        return f"http://{self.host}:{port}{self.path}"


def home_host(number: int) -> str:
    """The address of a home page, from 0."""
    return f"127.1.0.{number + 1}"


def reference_host(number: int) -> str:
    return f"127.3.0.{number + 1}"


def hosts() -> tuple[str, ...]:
    """Every address somebody listens on."""
    homes = (home_host(number) for number in range(HOMES))
    foreign = (_foreign_host(number) for number in range(_FOREIGN_HOSTS))
    return (*homes, *foreign, *(reference_host(number) for number in range(REFERENCES)))


def links() -> tuple[Link, ...]:
    """All distinct links: first those on hosts of the estate, then those on hosts of others."""
    own = (Link(n, kind, home_host(n // OWN)) for n, kind in enumerate(_shuffled(_OWN_MIX, _OWN_LINKS)))
    shared = (Link(_OWN_LINKS + n, kind, _host_of(n, kind)) for n, kind in enumerate(_shuffled(_SHARED_MIX, _SHARED)))
    return (*own, *shared)


def carried(home: int, known: tuple[Link, ...]) -> Iterator[Link]:
    """The links of one home page: its own, then its share of the others', in turn."""
    yield from known[home * OWN : (home + 1) * OWN]
    begin = home * (LINKS_PER_HOME - OWN)
    for place in range(begin, begin + LINKS_PER_HOME - OWN):
        yield known[_OWN_LINKS + place % _SHARED]


def truth(port: int) -> dict[str, bool]:
    """Every address, and whether it is dead."""
    return {link.url(port): link.kind in DEAD for link in links()}


def home_page(number: int, known: tuple[Link, ...], port: int) -> bytes:
    """About 60 KB: menus, dated news, links to others, scripts; 200 links."""
    mine = list(carried(number, known))
    menu = "".join(
        f'<li class="nav-item"><a class="nav-link" href="{link.path}">栏目{link.number}</a></li>' for link in mine[:20]
    )
    news = "".join(_news(link) for link in mine[20:OWN])
    others = "".join(f'<a target="_blank" href="{link.url(port)}">某市某局{link.number}</a>\n' for link in mine[OWN:])
    text = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>某市{number}人民政府门户网站</title></head><body>
<ul class="nav">{menu}</ul><div class="list"><h2>政务动态</h2><ul class="news_list">{news}</ul></div>
<div class="friends">{others}</div><div class="foot">{FOOTER.replace("/a/0.html", mine[0].path)}</div>"""
    code = "var panel{0}=document.getElementById('panel{0}');if(panel{0}){{panel{0}.style.display='none';}}\n"
    filler = "".join(code.format(n) for n in range((60_000 - len(text.encode())) // 90))
    return f"{text}<script>{filler}</script></body></html>".encode()


def article() -> bytes:
    """What stands behind a link that works: about 8 KB, of words that pack as text does; a few lines again and again would be sent
    as little as an error page is, and read for that."""
    chance = random.Random(3)
    words = "".join(f"<p>{''.join(chance.choices(_WORDS, k=12))}。</p>\n" for _ in range(95))
    return f"<!DOCTYPE html><html><head><title>关于有关事项的通知</title></head><body><h1>通知</h1>{words}</body></html>".encode()


def _news(link: Link) -> str:
    day = 1 + link.number % 28
    return f'<li class="list-item"><span class="date">2026-10-{day:02}</span><a href="{link.path}">关于第{link.number}号事项的通知</a></li>'


def _shuffled(mix: dict[Kind, int], count: int) -> list[Kind]:
    kinds = [kind for kind, many in mix.items() for _ in range(many)]
    kinds += [Kind.FINE] * (count - len(kinds))
    random.Random(7).shuffle(kinds)
    return kinds


def _host_of(number: int, kind: Kind) -> str:
    return f"127.9.0.{1 + number % _SHUT_HOSTS}" if kind is Kind.SHUT else _foreign_host(number % _FOREIGN_HOSTS)


def _foreign_host(number: int) -> str:
    return f"127.2.0.{number + 1}"
