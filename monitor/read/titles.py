"""The title a link prints: of all that stands inside it, what names the article.

Reads a Document and one of its links. A card holds a picture, a date, a summary and a counter as well; a cut title is told
whole by its attribute.
"""

import re
from collections.abc import Sequence

from monitor.read.html import Document, Node, squeeze
from monitor.read.stamps import PURE, Stamp

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "strong", "b")
_CUT = re.compile(r"(?:\.{2,}|…+|。。+)\s*$")
_NAMED = re.compile(
    r"(?:^|[\s_\-])(?:title|tit|bt|biaoti|headline|subject)(?:$|[\s_\-\d])|title(?:$|\s)", re.IGNORECASE
)
_BESIDE = re.compile(
    r"[\W\d_年月日时分]*|.*(?:来源|时间|日期|点击|浏览|阅读|作者)\s?[:：].*|.*(?:阅读|浏览|点击)[量数]?\s?\d+\s?次?",
    re.DOTALL,
)
_SENTENCE = ("。", "；", "…", "...", "！")
_BLOCKS = frozenset({"div", "p", "span", "dd", "dt", "li"})
LEAST = 4  # characters of a heading or named part that is taken for the title


def title_of(document: Document, node: Node) -> str:
    """The title a link prints; the title attribute when the printed one is cut, missing or buried in a block."""
    inside = document.inside(node)
    if len(inside) == 1 and inside[0].tag == "#text" and inside[0].text[-1] not in ".…。":
        return document.line_of(node)
    texts = [one for one in inside if one.tag == "#text"]
    attribute = squeeze(node.get("title"))
    printed = squeeze(" ".join(one.text for one in texts))
    if len(texts) > 1:
        if attribute and attribute[:8] in printed:
            return attribute
        part = _named_part(document, inside) or _longest(inside, texts)
        if part:
            return part
    stem = _CUT.sub("", printed)
    if attribute and (not printed or (stem != printed and attribute.startswith(stem[:4]))):
        return attribute
    if printed:
        return printed
    image = next((one for one in inside if one.tag == "img"), None)
    return attribute or (squeeze(image.get("alt") or image.get("title")) if image is not None else "")


def _named_part(document: Document, inside: list[Node]) -> str:
    """The heading in a link, or what is called title by its class."""
    for wanted in (lambda one: one.tag in _HEADINGS, lambda one: one.attrs and _NAMED.search(one.get("class"))):
        part = next((one for one in inside if wanted(one) and one.end > one.index + 1), None)
        line = document.line_of(part) if part is not None else ""
        if len(line) >= LEAST and not _BESIDE.fullmatch(line):
            return line
    return ""


def _longest(inside: list[Node], texts: list[Node]) -> str:
    """The longest text that is no date, no counter and no sentence; "" when the texts are pieces of one line."""
    apart = [one for one in texts if not _BESIDE.fullmatch(one.text)]
    if len(apart) == 1:
        return squeeze(apart[0].text)
    if not any(one.tag in _BLOCKS for one in inside):
        return ""
    named = [one.text for one in apart if not one.text.endswith(_SENTENCE)]
    return squeeze(max(named or [one.text for one in apart or texts], key=len))


def without_dates(document: Document, link: Node, title: str, stamps: Sequence[Stamp]) -> str:
    """The title without the dates that the link prints before or behind it; the next longest text when it was nothing else."""
    inside = [one for one in stamps if link.index < one.index < link.end and one.source == "text"]
    for stamp in inside:
        if stamp.raw not in title:
            continue
        date = rf"[\[(（【〔]?\s*{re.escape(stamp.raw)}\s*[\])）】〕]?"
        left = re.sub(rf"^{date}\s*[:：|]?\s*|\s*[|]?\s*{date}$", "", title)
        if left:
            title = left
        elif stamp.place == PURE:
            within = document.inside(link)
            others = [node for node in within if node.tag == "#text" and node.text not in stamp.raw]
            title = (_longest(within, others) if others else "") or title
    return title
