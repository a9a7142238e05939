"""What a visitor sees of a page at first, and what a page this small says itself: what `state.py` and its parts judge by.

Reads what was gathered of one page; gives a Glance, and a Verdict to those who judge it. Judges nothing. A page of some size,
or one that offers articles, is not asked what it says: only small ones are walls, closings or errors in words.
"""

import re
from dataclasses import dataclass

from monitor.model import State
from monitor.read.gathered import Gathered
from monitor.read.html import Document, squeeze
from monitor.read.onward import reloads_with_cookie
from monitor.read.spoken import DATED_ROWS, SEVERAL, offers, own_words

FEW_WORDS = 600  # characters of visible text up to which words like 维护 or 404 speak for the whole page
FEW_LINKS = 12
MANY_LINKS = 40  # with a menu and a footer; beyond that a page is a working one whatever it says
VERY_FEW = 240  # characters; for words that ordinary small pages use too
HARDLY_ANY = 40  # characters; less than that is no content
LONGEST_ALERT = 120  # characters

_ARTICLE = re.compile(  # what only articles carry around their text
    r"(?:发布|发文|公开|生成|更新|成文|印发|公布|录入|发稿|提问|答复|回复|来信|办结)(?:时间|日期)\s*[:：]?\s*[\[【(（]?\s*(?:19|20)\d\d|"
    r"(?:来源|作者|责任编辑|责编|供稿|撰稿)\s*[:：]\s*[^\s:：]|(?:上|下)一[篇条页则]\s*[:：]|索\s*引\s*号|信息分类|发文(?:机关|字号)|主题分类|"
    r"[【\[]\s*(?:打印|大\s*中\s*小)"
)
_BESIDE = re.compile(
    r"(?:浏览|阅读|点击|人气)(?:次数|数|量)?\s*[:：]|字\s?[体号]\s*[:：]|分享到|打印(?:本页|此页|文章)|20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}"
)
"""Of these one may stand on any page."""
_HEADED = re.compile(
    r"^\W*关于.{4,80}?的?(?:公告|通知|通告|公示|说明|启事|声明|通报|提示|函|意见|报告|情况)\s*[_|—–-]+\s*\S"
)
"""The title of an article: its headline, then the site."""
_ALERT = re.compile(r"alert\s*\(\s*(['\"])((?:(?!\1)[^\\\n]){2,200})\1")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state and the evidence for it."""

    state: State
    why: str
    returns_on: str | None = None


@dataclass(frozen=True, slots=True)
class Glance:
    """How much there is to see: visible text, its length without blanks, links, pictures, whether one can sign in.

    `says` is what a small page says itself, `claims` the same with its title where that is not a column's name;
    `full` is true when it offers articles all the same: what it says then is not asked for. `placed` is true inside a
    breadcrumb: a page of a working site. `article` is true with what only articles carry around their text.
    `reloads` is true when a program sets a cookie and asks for the same address again.
    """

    text: str = ""
    words: int = 0
    links: int = 0
    pictures: int = 0
    fields: int = 0
    title: str = ""
    says: str = ""
    claims: str = ""
    full: bool = False
    placed: bool = False
    article: bool = False
    reloads: bool = False

    @property
    def small(self) -> bool:
        """True when there is little to see."""
        return self.words <= FEW_WORDS and self.links <= FEW_LINKS

    @property
    def speaks(self) -> bool:
        """True when words on it may speak for the whole page."""
        return self.small and not self.full and not self.article


def glance(page: Gathered, title: str) -> Glance:
    """What a visitor sees of the page at first. Raises TooMuch as reading does."""
    document, hidden = page.document, page.hidden
    shown = [node.text for node in document.texts if node.index not in hidden] if hidden else [document.words]
    text = squeeze(" ".join(shown))
    words = len(text) - text.count(" ")
    links = len([node for node in document.links if node.attrs.get("href")])
    fields = len([node for node in document.all("input") if node.get("type").lower() != "hidden"])
    pictures = len(document.all("img"))
    if words > FEW_WORDS or links > MANY_LINKS or len(document.links) > 2 * MANY_LINKS:
        return Glance(text, words, links, pictures, fields, title)
    dated, articles = offers(page)
    article = _is_article(document, text) or _HEADED.match(title) is not None
    if dated >= DATED_ROWS or articles >= SEVERAL:
        return Glance(text, words, links, pictures, fields, title, full=True, article=article)
    says, placed = own_words(page)
    reloads = False
    if words < HARDLY_ANY:
        says = f"{says}\n{_alerts(document)}".strip()
        reloads = reloads_with_cookie(document, page.addresses)
    claims = says if placed or dated or articles else f"{title}\n{says}"
    return Glance(
        *(text, words, links, pictures, fields, title, says, claims), placed=placed, article=article, reloads=reloads
    )


def _is_article(document: Document, text: str) -> bool:
    """True with the tags of an article, or with what content systems print around one."""
    tags = {node.get("name").strip().lower() for node in document.all("meta")}
    if "articletitle" in tags or "pubdate" in tags or _ARTICLE.search(text) is not None:
        return True
    return len({found[0][:2] for found in _BESIDE.finditer(text)}) > 1


def _alerts(document: Document) -> str:
    """What a page without words says in a box of the browser."""
    found = (_ALERT.search(node.text) for node in document.all("script") if len(node.text) < 20_000)
    return "\n".join(match[2][:LONGEST_ALERT] for match in found if match is not None)
