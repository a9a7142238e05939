"""What a page declares of itself: footer marks and the standard page tags.

Reads a Document; gives Marks as printed (blanks removed) and the meta tags the state prescribes for its sites.
Comments do not count: what a visitor cannot see is not declared. Judges nothing.
"""

import re

from monitor.model import Marks
from monitor.read.html import Document, Node, squeeze

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼蜀黔滇陇秦"
_ICP = re.compile(r"备\s*[:：]?\s*\d{5,12}(?:-\d{1,3})?\s*(?:号(?:\s*[-－]\s*\d{1,3})?)?")
_POLICE = re.compile(rf"[{_PROVINCES}]\s*公网安备\s*[:：]?\s*\d{{8,16}}\s*号?")
_SITE_CODE = re.compile(r"标识码\s*[:：]?\s*([A-Za-z]{0,2}\d{8,12})")
_SPONSOR = re.compile(r"主办(?:单位|方)?\s*[:：]\s*([^\n|｜©]{2,60})")
_NEXT_LABEL = re.compile(
    r"\s*(?:承办|协办|地址|版权|运行|维护|制作|技术|联系|电话|备案|网站|邮编|邮箱|[a-z]?ICP|copyright).*", re.IGNORECASE
)
_PHONE = re.compile(
    r"(?:联系电话|联系方式|咨询电话|服务热线|电话|热线)\s*[:：]\s*([\d(（][\d\-－—()（）、,，/转\s]{5,60}\d)"
)
_CONTACT_LINK = re.compile(r"联系我们|联系方式|联系本站")
_BEFORE = 200  # characters before 备 in which its ICP stands
_SITEMAP = ("网站地图", "站点地图", "网站导览", "sitemap", "site map")
_JIUCUO = ("jiucuo", "网站找错", "网站纠错", "我要纠错")
_TRACES = ("jiucuo", "找错", "纠错")
_BEARERS = frozenset({"a", "img", "script", "div", "span", "area"})
_WATCHED = frozenset({"src", "href", "id", "class", "alt", "title"})

_STANDARD = (
    *("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"),
    *("ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url", "Generator"),
)
_TAGS = {name.lower(): name for name in _STANDARD}


def read_marks(document: Document) -> Marks:
    """The marks this page shows."""
    text, lower = document.words, document.lower
    conac, jiucuo, code = _by_elements(document)
    return Marks(
        site_code=_last(_SITE_CODE, text, 1) or code,
        icp=_icp(text),
        police=_last(_POLICE, text),
        conac=conac,
        jiucuo=jiucuo or _names(_JIUCUO, lower),
        sponsor=_sponsor(text),
        contact=_contact(document, text),
        sitemap=_names(_SITEMAP, lower)
        and any(_names(_SITEMAP, _link_words(document, node).lower()) for node in reversed(document.links)),
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


def _by_elements(document: Document) -> tuple[bool, bool, str | None]:
    """The 党政机关 mark, the 找错 entry and its site code, by addresses and names of elements."""
    bearers = [node for node in document.bearing if node.tag in _BEARERS]
    conac, jiucuo = _borne(bearers)
    conac = conac or any("conac.cn" in node.text for node in document.all("script"))
    if not jiucuo:
        return conac, False, None
    for node in bearers:
        words = " ".join([node.get(name) for name in _WATCHED]).lower() if "sitecode" in node.attrs else ""
        if any(trace in words for trace in _TRACES) and node.get("sitecode").strip():
            return conac, True, node.get("sitecode").strip()
    return conac, True, None


def _borne(bearers: list[Node]) -> tuple[bool, bool]:
    """Whether a name or address of one of the elements is that of the 党政机关 mark, of the 找错 entry."""
    conac = jiucuo = False
    for node in reversed(bearers):  # the footer comes last
        for name, value in node.attrs.items():
            if value and name in _WATCHED:
                lower = value.lower()
                conac = conac or "conac" in lower
                jiucuo = jiucuo or "jiucuo" in lower or ("错" in lower and _names(_TRACES, lower))
        if conac and jiucuo:
            break
    return conac, jiucuo


def _names(words: tuple[str, ...], lower: str) -> bool:
    """True when one of the words stands in a text in lower case."""
    return any(word in lower for word in words)


def _icp(text: str) -> str | None:
    """The last record of the ministry, blanks removed; looked for by its 备, as a search that ignores case takes ten times as long."""
    at = text.rfind("备")
    while at >= 0:
        head = text[max(0, at - _BEFORE) : at].rstrip()
        if head[-3:].lower() == "icp":
            before = head[:-3].rstrip()
            province = before[-1:] if before.endswith(tuple(_PROVINCES)) else ""
            match = _ICP.match(text, at)
            if match is not None:
                return "".join(f"{province}{head[-3:]}{match[0]}".split())
        at = text.rfind("备", 0, at)
    return None


def _last(pattern: re.Pattern[str], text: str, group: int = 0) -> str | None:
    """The last match, blanks removed: the footer comes last."""
    found = None
    for match in pattern.finditer(text):
        found = match
    return "".join(found[group].split()) if found is not None else None


def _sponsor(text: str) -> str | None:
    found = None
    for match in _SPONSOR.finditer(text):
        found = squeeze(_NEXT_LABEL.sub("", match[1], count=1)).strip(" 　-—·") or found
    return found


def _contact(document: Document, text: str) -> str | None:
    """A telephone number, else the words of a link to a contact page."""
    phone = _last(_PHONE, text, 1)
    if phone or not _CONTACT_LINK.search(text):
        return phone
    words = (_link_words(document, node) for node in document.links)
    return next((match[0] for word in words if (match := _CONTACT_LINK.search(word))), None)


def _link_words(document: Document, node: Node) -> str:
    return document.text_of(node) if node.end - node.index <= 6 else ""
