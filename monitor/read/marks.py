"""What a page declares of itself: footer marks and the standard page tags.

Reads a Document; gives Marks as printed (blanks removed) and the meta tags the state prescribes for its sites.
Comments do not count, nor those in scripts: what a visitor cannot see is not declared. Judges nothing.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote

from monitor.model import Marks
from monitor.read import filed, imprint
from monitor.read.html import Document, Node, squeeze

MAX_SCRIPT = 50_000  # characters; a longer one is a library
CAPTION = 16  # characters of the longest name of an entry; a headline is longer
LONGEST = 200  # characters of what a picture is said to show

_CONTACT_LINK = re.compile(r"联系我们|联系方式|联系本站|联系网站|(?i:contact us)")
_SITEMAP = re.compile(r"(?:本站|网站|站点|站内|网页)\s*(?:地图|导览)|网站导航|(?i:site\s?map)")
_CONTACT_WORDS = ("联系", "ontact")
_SITEMAP_WORDS = ("地图", "导览", "网站导航", "itemap", "ite map", "ite Map", "ITE MAP", "ITEMAP")
_JIUCUO = re.compile(
    r"(?:我(?:要)?(?:来)?为?)?(?:本|政府|党政)?(?:网站|网页|机关)?(?:网站)?(?:找错|纠错)(?:监督)?(?:举报)?(?:入口|平台)*"
)
_GOVERNMENT = re.compile(r"党政机关(?:网站)?(?:标识|标志|标记|认证)?")
_TRACES = ("找错", "纠错")
_WATCHED = frozenset({"src", "href", "id", "class", "alt", "title", "onclick", "data-src"})
_SITE_CODE = re.compile(r"(?:site_?code=|Link\(\s*['\"])([A-Za-z]{0,2}\d{8,12})\b")
_RECORD = re.compile(r"beian\.(?:mps\.)?gov\.cn\S*code=(\d{12,14})(?!\d)", re.IGNORECASE)
_WRITES = re.compile(r"document\.write(?:ln)?\s*\(")
_LITERAL = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"")
_TAG = re.compile(r"<[^<>]*>")
_LINE_COMMENT = re.compile(r"(?:^|[\s;{}])//[^\n]*")
_WIDE = re.compile(r"%u([0-9a-fA-F]{4})|\\u([0-9a-fA-F]{4})")

_STANDARD = (
    *("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"),
    *("ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url", "Generator"),
)
_TAGS = {name.lower(): name for name in _STANDARD}


def read_marks(document: Document) -> Marks:
    """The marks this page shows: printed, in the alternative texts of pictures, or written out by a script as they stand."""
    captions, written = _captions(document), _written(document)
    texts = _texts(document, captions, written)
    jiucuo, code = _jiucuo(document, captions)
    footer = imprint.footer_of(document.words)
    said = "\n".join([footer, *written])
    return Marks(
        site_code=filed.site_code(texts) or code,
        icp=filed.icp(texts),
        police=filed.police(texts) or _record(document),
        conac=_conac(document, captions),
        jiucuo=jiucuo,
        sponsor=imprint.sponsor(footer) or (imprint.sponsor(said) if written else None),
        contact=imprint.contact(footer)
        or (imprint.contact(said) if written else None)
        or _caption(document, _CONTACT_LINK, _CONTACT_WORDS),
        sitemap=_caption(document, _SITEMAP, _SITEMAP_WORDS) is not None,
    )


def read_meta(document: Document) -> dict[str, str]:
    """The standard page tags (国办 naming), under their standard spelling; the first of each that says something."""
    found: dict[str, str] = {}
    for node in document.all("meta"):
        name = _TAGS.get(node.get("name").strip().lower())
        content = squeeze(node.get("content")) if name is not None and name not in found else ""
        if name is not None and content:
            found[name] = content
    return found


def _texts(document: Document, captions: list[str], written: list[str]) -> Callable[[], Iterator[str]]:
    """Where numbers are printed, the likeliest place first; the others are looked at only when it shows none."""

    def texts() -> Iterator[str]:
        yield document.words
        yield "\n".join(captions)
        yield from written

    return texts


def _captions(document: Document) -> list[str]:
    """What pictures and buttons are said to show."""
    pictures = document.all("img", "area", "input")
    return [text for node in pictures for text in (node.get("alt"), node.get("title")) if text and len(text) < LONGEST]


def _written(document: Document) -> list[str]:
    """What scripts write into the page as it stands, without tags; escaped (%uXXXX, %3C) or not."""
    return [text for code in _writing(document) if (text := _literals(code))]


def _writing(document: Document) -> list[str]:
    """The scripts of the page itself that write into it."""
    codes = [node.text for node in document.all("script") if "document.write" in node.text]
    return [code for code in codes if len(code) <= MAX_SCRIPT]


@lru_cache(maxsize=64)  # a page is asked several times, and its neighbours write the same
def _literals(code: str) -> str:
    plain = _uncommented(code)
    first = _WRITES.search(plain)
    if first is None:
        return ""
    told = "".join([one[0] or one[1] for one in _LITERAL.findall(plain, first.end())])
    return _TAG.sub("\n", unquote(_WIDE.sub(_wide, told.replace("\\/", "/"))))


def _uncommented(code: str) -> str:
    """A script without its comments, in one pass whatever stands in it."""
    parts, at = [], 0
    while (start := code.find("/*", at)) >= 0 and (end := code.find("*/", start + 2)) >= 0:
        parts.append(code[at:start])
        at = end + 2
    return _LINE_COMMENT.sub(" ", " ".join([*parts, code[at:]]))


def _wide(match: re.Match[str]) -> str:
    return chr(int(match[1] or match[2], 16))


def _conac(document: Document, captions: list[str]) -> bool:
    """The 党政机关 mark: its script, a link to its register, or its picture under its own name."""
    if "onac" in document.source or "ONAC" in document.source:
        codes = [node.text for node in document.all("script") if _names_conac(node.text)]
        if any(_names_conac(_uncommented(code)) for code in codes):
            return True
        if any(_names_conac(value) for _, value in _bearing(document)):
            return True
    return any(_GOVERNMENT.fullmatch(squeeze(text)) is not None for text in captions if "党政机关" in text)


def _names_conac(text: str) -> bool:
    return ("onac" in text or "ONAC" in text) and len(text) <= MAX_SCRIPT and "conac" in text.lower()


def _jiucuo(document: Document, captions: list[str]) -> tuple[bool, str | None]:
    """The 找错 entry, by the id, address or name of its element (its host changed over the years), and its site code."""
    found = False
    if "iucuo" in document.source:
        for node, value in _bearing(document):
            if "iucuo" in value:
                found = True
                code = node.get("sitecode").strip() or _code_in(node)
                if code:
                    return True, code
        if found or any("iucuo" in _uncommented(code) for code in _writing(document)):
            return True, None
    lines = [text for text in captions if "错" in text]
    for trace in _TRACES:
        lines += _lines_with(document.words, trace)
    return any(_JIUCUO.fullmatch(squeeze(line)) is not None for line in lines), None


def _code_in(node: Node) -> str | None:
    """The site code an address or a handler of the entry carries."""
    for name in ("href", "onclick", "src"):
        match = _SITE_CODE.search(node.get(name))
        if match is not None:
            return match[1]
    return None


def _bearing(document: Document) -> Iterator[tuple[Node, str]]:
    """Names and addresses of elements, those of the footer first."""
    for node in reversed(document.bearing):
        for name, value in node.attrs.items():
            if value and name in _WATCHED and len(value) < MAX_SCRIPT:
                yield node, value


def _lines_with(text: str, word: str) -> Iterator[str]:
    """Short lines that hold a word."""
    at = text.find(word)
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        end = len(text) if end < 0 else end
        if end - start <= CAPTION:
            yield text[start:end]
        at = text.find(word, end)


def _record(document: Document) -> str | None:
    """The number in a link to the register of the police, when its picture says nothing."""
    addresses = [href for node in document.links if "code=" in (href := node.attrs.get("href") or "")]
    found = [match[1] for href in addresses if (match := _RECORD.search(href)) is not None]
    return found[-1] if found else None


def _caption(document: Document, pattern: re.Pattern[str], words: tuple[str, ...]) -> str | None:
    """The words of a link, or of a picture in one, that are such a name; a headline that holds them is longer.

    `words` are those of which one must stand there: a pattern takes ten times as long to say no.
    """
    for word in words:
        for node in reversed([one for one in document.texts if word in one.text] if word in document.words else []):
            text = _link_words(document, node)
            match = pattern.search(text) if text else None
            if match is not None:
                return match[0]
    for node in document.all("img"):
        text = node.get("alt") or node.get("title")
        match = pattern.search(text) if text and len(text) <= CAPTION else None
        if match is not None and any(up.tag in {"a", "map"} for up in islice(node.up(), 3)):
            return match[0]
    return None


def _link_words(document: Document, node: Node) -> str:
    """The whole words of the link a piece of text stands in, "" when it stands in none or they are too many."""
    link = next((up for up in islice(node.up(), 4) if up.tag == "a"), None)
    text = document.line_of(link) if link is not None else ""
    return text if len(text) <= CAPTION else ""
