"""Where an article came from, as printed behind 来源 and its like, or beside 发文机关 in the head of a document.

Reads a Document; gives the name as printed, without what follows it on the line. No name is made of 未知 or 本站.
"""

import re
from itertools import pairwise

from monitor.read.html import Document, Node, squeeze

LINE = 160  # characters; a date line holds date, source, author and counters, not prose
_SPACED = re.compile(
    r"(?<=[\u4e00-\u9fff])[ \u3000\xa0]{1,2}(?=[\u4e00-\u9fff](?:[ \u3000\xa0]{0,2}[\u4e00-\u9fff]){0,2}\s?[:：])"
)
INFO = re.compile(r"来\s*源|作\s*者|编辑|责编|点击|浏览|阅读|访问|字号|字体|发布|供稿|撰稿|人气|次数")
_SOURCE = re.compile(
    r"(?:信息来源|文章来源|稿件来源|新闻来源|消息来源|内容来源|发布机构|发布单位|供稿单位|信息提供|来\s{0,4}源|来自|\bsource)\s*[:：]\s*[\[【(（]?\s*([^\n]{0,60})",
    re.IGNORECASE,
)
_HINT = re.compile(r"[源位供]|来自|机构|(?i:source)")
_LABEL = re.compile(r"(?:信息来源|发布机构|发布单位|公开机构|发文机关|发文单位|制发机关)\s*[:：]?\s*")
_BOLD = frozenset({"b", "strong", "span", "font", "em", "p"})
_TABLE_CELLS = frozenset({"td", "th"})
_CELLS = frozenset({"td", "dd", "span", "em", "i", "b", "strong", "font"})
_NO_CELL = re.compile(
    r"[一二三四五六七八九十]+、|文[件号]|文\s*号|成文|索\s*引|主题|名\s*称|标\s*题|发布|公开|生成|制发|日期|时间|效力|有效|分类|体裁|关键|内容|形式|.*[:：]\s*$|\d"
)
"""What begins so is the next label, or no name."""
NEAR = 4  # nodes from a label to the cell beside it
_SOURCE_END = re.compile(
    r"\s*(?:发布|时间|日期|作者|编辑|责任|浏览|阅读|点击|字号|字体|访问|评论|人气|记者|通讯员|校对|审校|[初复终]审|监制|【|\[|\||｜|打印|分享|审核|撰稿|摄影|供稿|更新|录入|"
    r"\d{4}[-/.年]|扫一扫|保护视力|文号|主题).*"
)
_NO_SOURCE = frozenset({"无", "未知", "本站", "原创", "网络", "互联网", "null", "none", "--", "-"})
_INLINE = frozenset({"span", "font", "b", "strong", "i", "em", "small", "time", "#text", "br", "a"})


def credited(document: Document, line: Node | None) -> str | None:
    """What is printed after the label 来源, else what stands alone behind the date."""
    for at, node in enumerate(document.texts):
        match = _SOURCE.search(node.text) if _HINT.search(node.text) else None
        if match is None:
            continue
        value = clean(match[1])
        following = document.texts[at + 1] if at + 1 < len(document.texts) else None
        if (
            value is None
            and not match[1].strip()
            and following is not None
            and (_continues(node, following) or _is_beside(node, following))
        ):
            value = clean(following.text)
        if value is not None:
            return value
    beside = _beside_label(document)
    if beside is not None:
        return beside
    if line is not None and len(line.text) <= LINE:
        rest = re.sub(
            r"^.*?\d{1,2}\s*日?(?:\s+\d\d?:\d\d(?::\d\d)?)?\s{1,8}(?=[\u4e00-\u9fa5])", "", text := unspaced(line.text)
        )
        if rest != text and not INFO.search(rest) and 4 <= len(rest) <= 40:
            return clean(rest)
    return None


def _beside_label(document: Document) -> str | None:
    """The cell beside 发文机关 or its like in the head of an official document."""
    for node, following in pairwise(document.texts):
        if len(node.text) <= 8 and _LABEL.fullmatch(node.text) and _is_beside(node, following):
            value = clean(following.text)
            if value is not None:
                return value
    return None


def _is_beside(node: Node, following: Node) -> bool:
    """True for the cell, or the text, that follows a label in the same row or line."""
    label, cell = node.parent, following.parent
    if label is not None and label.tag in _BOLD and label.parent is not None and label.parent.tag in _TABLE_CELLS:
        label = label.parent  # <td><b>发文机关：</b></td><td>…</td>
    if label is None or cell is None or following.index - node.index > NEAR or len(following.text) > 40:
        return False
    same_row = cell is label.parent or (cell.parent is label.parent and cell.tag in _CELLS)
    return same_row and _NO_CELL.match(following.text.strip()) is None


def _continues(node: Node, following: Node) -> bool:
    return (
        node.parent is not None
        and following.index < node.parent.end
        and following.parent is not None
        and following.parent.tag in _INLINE
        and len(following.text) <= 40
    )


def clean(text: str) -> str | None:
    """The name without brackets and without what follows it; None when it names nobody."""
    value = squeeze(_SOURCE_END.sub("", text, count=1)).strip(" :：()（）[]【】-—|")
    several = value.startswith("综合") and "、" in value
    return value if len(value) >= 2 and value.lower() not in _NO_SOURCE and not several else None


def unspaced(text: str) -> str:
    """发 布 时 间 as 发布时间."""
    return _SPACED.sub("", text) if _SPACED.search(text) else text
