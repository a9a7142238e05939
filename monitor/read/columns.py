"""Which links of a page may lead to a column, and what a column is called: for proposing an inventory.

Reads a page's Gathered and Readings; gives Leads, names and kinds. By place (menu, 更多, headings, groups of short links)
and by words; whether a lead is a column at all its own reading tells (monitor/discover.py). Never fetches.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import islice
from operator import attrgetter
from urllib.parse import parse_qsl, urlsplit

from monitor.model import ColumnKind, Reading, place_of
from monitor.read.gathered import Gathered
from monitor.read.html import Document, Node, parse, squeeze
from monitor.read.links import host_of
from monitor.read.menus import clickable, for_everybody, of_scripts
from monitor.read.urldates import url_date

LONGEST_NAME = 16
"""Characters; what is longer is the title of an article (栏目 bear two to twelve)."""
FEW_LINKS = 4
"""Links from which a block with 首页 in it is a menu; a breadcrumb has fewer."""
SHORT = 10
"""Characters a link of a menu has on the average, at most."""


class Place(IntEnum):
    """Where on a page a link stands, the likeliest to be a column first."""

    MENU = 0
    HEADING = 1  # a heading that is a link, or the 更多 of a block
    GROUP = 2  # one of several short links without dates
    OTHER = 3


@dataclass(frozen=True, slots=True)
class Lead:
    """A link that may lead to a column. `name` is "" where it only says 更多; a `section` has a host of its own."""

    url: str
    name: str
    place: Place
    section: bool = False


def find_leads(page: Gathered, *, home: str) -> list[Lead]:
    """The leads of a page in document order, each address once, where it stands best. `home` is the host of the site."""
    found: dict[str, Lead] = {}
    _find_leads(page, home, found)
    if markup := of_scripts(page):
        _find_leads(Gathered(parse(markup), page.today, page.addresses, page.url), home, found)
    return list(found.values())


def _find_leads(page: Gathered, home: str, found: dict[str, Lead]) -> None:
    """Adds those of this page to what was found, by their keys."""
    blocks = _Blocks(page)
    for node, href in clickable(page):
        url = page.addresses.of(href)
        url = for_everybody(url) if url is not None else None
        if url is None or not _could_be(url, page):
            continue
        place, name = blocks.place_of(node), _label(page.document, node)
        section = place is Place.MENU and _is_section(url, name, home)
        if not section and (_is_root(url) or not is_same_site(url, home, by_menu=place is Place.MENU)):
            continue
        if _MORE.fullmatch(name):
            name, place = "", min(place, Place.HEADING)
        elif not _may_name(name):
            continue
        key = place_of(url)
        known = found.get(key)
        if known is None or (place, not name) < (known.place, not known.name):
            found[key] = Lead(url, name or (known.name if known else ""), place, section)


def shape_of(url: str) -> str:
    """The same for addresses that differ in numbers only, as those of a site's articles do."""
    return _NUMBER.sub("0", place_of(url))


def is_same_site(url: str, home: str, *, by_menu: bool) -> bool:
    """True on the site's own host (www. or not), and on a host below it where the menu sends there.

    The root of another host is another site (a department, a service hall), whoever links to it.
    """
    host, own = host_of(url).removeprefix("www."), home.removeprefix("www.")
    if host == own:
        return True
    return by_menu and host.endswith("." + own) and not _is_root(url)


def column_kind(name: str) -> ColumnKind:
    """By the last of the telling words in its name, for the head of a Chinese name stands at its end."""
    last = {kind: max((match.end() for match in words.finditer(name)), default=0) for kind, words in _KINDS.items()}
    best = max(last, key=lambda kind: last[kind])
    return best if last[best] else ColumnKind.OTHER


def own_name(page: Gathered, reading: Reading, site: str) -> str:
    """What a column calls itself: its page tag, the end of its breadcrumb, its title without the site's name."""
    told = squeeze(reading.meta.get("ColumnName", ""))
    for name in (told, *_crumbs(page), *title_parts(reading.title or "", site)):
        if _may_name(name) and not _MORE.fullmatch(name):
            return name
    return ""


def title_parts(title: str, site: str) -> Iterator[str]:
    """The parts of a title that are not the site's name."""
    for part in _BETWEEN.split(squeeze(title)):
        cleaned = part.strip(" 【】[]<>《》")
        if cleaned and not (site and (cleaned in site or site in cleaned)):
            yield cleaned


def site_name(reading: Reading) -> str:
    """What a home page calls its site; "" when it does not say."""
    told = squeeze(reading.meta.get("SiteName", ""))
    parts = [part for part in title_parts(reading.title or "", "") if not _HOME.fullmatch(part)]
    return told or max(parts, key=len, default="")


class _Blocks:
    """Where links stand on one page."""

    def __init__(self, page: Gathered) -> None:
        self._document = page.document
        self._links = page.document.links
        self._kinds: dict[int, bool] = {}

    @cached_property
    def _menus(self) -> list[Node]:
        """Elements named like a menu, and those around a link to the home page."""
        named = [node for node in self._document.elements if node.tag == "nav" or _is_menu(node)]
        homes = [node for node in self._links if _HOME.fullmatch(_label(self._document, node))]
        around = [block for node in homes if (block := self._block(node)) is not None and self._is_short(block)]
        return [node for node in (*named, *around) if node.tag not in {"body", "html"}]

    def place_of(self, node: Node) -> Place:
        if any(menu.index < node.index < menu.end for menu in self._menus):
            return Place.MENU
        if any(up.tag in _HEADINGS for up in islice(node.up(), 3)):
            return Place.HEADING
        block = self._block(node)
        return Place.GROUP if block is not None and self._is_short(block) else Place.OTHER

    def _block(self, node: Node) -> Node | None:
        """The nearest element around it with a few links in it."""
        return next((up for up in islice(node.up(), 6) if len(self._inside(up)) >= FEW_LINKS), None)

    def _inside(self, node: Node) -> list[Node]:
        first = bisect_left(self._links, node.index, key=_place)
        return self._links[first : bisect_left(self._links, node.end, key=_place)]

    def _is_short(self, block: Node) -> bool:
        """True for little else than short links, none with a day beside it."""
        known = self._kinds.get(block.index)
        if known is None:
            texts = [self._document.line_of(link) for link in self._inside(block)]
            letters = sum(map(len, texts))
            known = 0 < letters <= SHORT * len(texts) and not _DAY.search(self._document.line_of(block))
            self._kinds[block.index] = known
        return known


_place = attrgetter("index")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "dt", "th", "caption"})


def _label(document: Document, node: Node) -> str:
    """The words of a link, or of its picture, blanks between Chinese characters taken out (首 页)."""
    text = document.line_of(node) or squeeze(node.get("title"))
    if not text:
        image = next((one for one in document.inside(node) if one.tag == "img"), None)
        text = squeeze(image.get("alt") or image.get("title")) if image is not None else ""
    return _LOOSE.sub("", text).strip(" ·•>|【】[]")


def _could_be(url: str, page: Gathered) -> bool:
    """False for files, articles by the day in their address, further pages of a list, search, login."""
    if len(url) > 500 or _FILE.search(urlsplit(url).path) or _ELSEWHERE.search(url):
        return False
    parts = urlsplit(url)
    further = any(name.lower() in _PAGES and value not in {"", "0", "1"} for name, value in parse_qsl(parts.query))
    return not further and not _FURTHER.search(parts.path) and url_date(url, page.today) is None


def _is_section(url: str, name: str, home: str) -> bool:
    """True for the root of a host below the site's own when the menu calls it a part of the site, not a department or service."""
    host, own = host_of(url), home.removeprefix("www.")
    return _is_root(url) and host.endswith("." + own) and host != home and _SECTION.search(name) is not None


def _is_root(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.query and not _INDEX.sub("", parts.path).strip("/")


def _may_name(name: str) -> bool:
    """True for two to sixteen characters that name something a column may be."""
    return 2 <= len(name) <= LONGEST_NAME and bool(_WORD.search(name)) and not _NEVER.search(name)


def _is_menu(node: Node) -> bool:
    names = f"{node.get('class')} {node.get('id')}"
    return len(names) > 1 and _MENU.search(names[:200]) is not None


def _crumbs(page: Gathered) -> Iterator[str]:
    """The steps of the breadcrumb, last first."""
    if not page.crumb:
        return
    node = page.document.nodes[page.crumb]
    block = next((up for up in islice(node.up(), 3) if len(page.document.line_of(up)) > len(node.text) + 2), None)
    line = page.document.line_of(block) if block is not None else node.text
    if len(line) <= 120:
        for step in reversed(_STEPS.split(line)[1:]):
            name = _LOOSE.sub("", step).strip(" ：:")
            if not _HOME.fullmatch(name) and name not in {"列表", "正文", "信息列表", "文章列表"}:
                yield name


_HAN = r"[\u3400-\u9fff]"
_WORD = re.compile(_HAN)
_LOOSE = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_NUMBER = re.compile(r"[0-9a-f]{16,}|\d+")
_BETWEEN = re.compile(r"\s*(?:[-_|—–>»·/]+|----+)\s*|\s+")
_STEPS = re.compile(r"\s*(?:>+|»+|/|›|→|\||-{1,2}|：|:)\s*")
_INDEX = re.compile(r"(?<=/)(?:index|default|main|home)\.\w{2,5}$", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(?:\d{4}[-/.年]\d{1,2}|\d{1,2}[-/月]\d{1,2})(?!\d)")
_HOME = re.compile(r"(?:网站|本站|返回)?首页|home", re.IGNORECASE)
_MORE = re.compile(r"(?:查看|点击|浏览)?(?:更多|more)(?:信息|内容)?[\s>»+.…》]*|[>»+…]{1,3}", re.IGNORECASE)
_MENU = re.compile(
    r"(?:^|[\s_\-])(?:\w{0,8}nav\w*|\w{0,8}menu\w*|dao?hang\w*|dh(?:[\s_\-\d]|$)|lanmu\w*|lm(?:list)?(?:[\s_\-\d]|$))",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|gz|txt|csv|jpe?g|png|gif|bmp|webp|svg|ico|css|js|json|xml|rss|"
    r"mp[34]|flv|avi|wmv|apk|exe|swf)$",
    re.IGNORECASE,
)
_FURTHER = re.compile(r"(?:index|list|default|col\d*)[_-][1-9]\d*\.\w{2,5}$|/page/\d+", re.IGNORECASE)
_PAGES = frozenset({"page", "pageno", "pageindex", "pagenum", "curpage", "currentpage", "p", "pn", "paged"})
_ELSEWHERE = re.compile(
    r"[/.?&=_-](?:search\w*|query|jiansuo|login\w*|logout|register|passport|sso|cas|oauth|signin|captcha|rss|feed|print)(?:$|[/.?&=_-])",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"^(?:网站|本站|返回)?首页$|登[录陆]|注册|搜索|检索|查询|(?:网站|站点)(?:声明|标识|帮助)|无障碍|长者|适老|关怀|繁[體体]|简体|设为首页|"
    r"加入收藏|收藏本|手机版|电脑版|移动版|客户端|^(?:官方)?(?:微信|微博)$|二维码|联系(?:我们|方式)|关于(?:我们|本站)|版权|隐私|法律声明|"
    r"免责|使用(?:帮助|说明)|邮箱|^返回|^打印|关闭|上一[页条篇]|下一[页条篇]|[首尾末]页|^第.{1,4}页|^正文$|友情链接|ICP备|公网安备|^分享|技术支持|"
    r"^[大中小]$|^English$|^全部$|^下载$",
    re.IGNORECASE,
)
_SECTION = re.compile(r"(?:信息|政务|政府|党务)公开|新闻|要闻|专题专栏|政民互动|互动交流")
_KINDS = {
    ColumnKind.DYNAMIC: re.compile(r"要闻|动态|新闻|快讯|快报|简报|头条|时政|资讯|播报|聚焦|速递|报道|活动|今日"),
    ColumnKind.POLICY: re.compile(r"政策|文件|法规|规章|法律|规范性|解读|规定|条例|文库|公文"),
    ColumnKind.NOTICE: re.compile(r"通知|公告|公示|通告|通报|公报"),
}
