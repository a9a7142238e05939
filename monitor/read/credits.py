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
INFO = re.compile(
    r"[来來]\s*源|作\s*者|编辑|责编|点击|浏览|[阅閱][读讀]|访问|字[号號]|字体|[发發][布佈]|供稿|撰稿|人气|次数|مەنبە|ཁུངས|출처"
)
_ORIGIN = (
    r"(?:(?<!资金)(?<!数据)(?<!图片)(?<!资料)(?<!经费)[来來]\s{0,4}源(?:单位|部门|网站|媒体)?|稿\s{0,4}源|[转轉][载載]?自|[来來]自|\bsource|\bfrom"
    r"|مەنبە(?:سى)?|ཡོང་ཁུངས།?|출처)"
)
_OFFICE = (
    r"(?:发布机构|发布单位|发布部门|发文机关|发文单位|制发机关|公开机构|供稿(?:单位|部门)?|信息提供(?:单位|部门)?)"
)
_SOURCES = tuple(
    re.compile(label + r"(?:\s*[:：]|\s*[】\]]\s*[:：]?|\s[|｜丨])\s*[\[【(（]?\s*([^\n]{0,60})", re.IGNORECASE)
    for label in (_ORIGIN, _OFFICE)
)
"""Who told it, before who put it on the site."""
_NAKED = re.compile(rf"(?:信息|文章|稿件|新闻)?{_ORIGIN}", re.IGNORECASE)
_HINT = re.compile(r"[源位供]|部门|机关|[来來转轉载載]自|机构|مەن|ཁུངས|출처|(?i:source|from)")
_LABEL = re.compile(
    r"(?:(?:信息|文章|稿件)?来\s{0,4}源|发布机构|发布单位|公开机构|发文机关|发文单位|制发机关)\s*[:：]?\s*"
)
_BOLD = frozenset({"b", "strong", "span", "font", "em", "p"})
_TABLE_CELLS = frozenset({"td", "th"})
_CELLS = frozenset({"td", "dd", "span", "em", "i", "b", "strong", "font"})
_NO_CELL = re.compile(
    r"[一二三四五六七八九十]+、|文[件号]|文\s*号|成文|索\s*引|主题|名\s*称|标\s*题|发布|公开|生成|制发|日期|时间|效力|有效|分类|体裁|关键|内容|形式|.*[:：]\s*$|\d"
)
"""What begins so is the next label, or no name."""
_BLOCK = 20  # characters; a longer block behind a label is no name
NEAR = 4  # nodes from a label to the cell beside it
_SOURCE_END = re.compile(
    r"\s*(?:[发發][布佈](?=[时時][间間]|日期|者|人|单位|部门|机构|于|\s*[:：])|[时時][间間]|日期|作者|编辑|责任|浏览|[阅閱][读讀]|点击|字[号號]|字体|访问|评论|人气|记者|通讯员|校对|审校|[初复终]审|监制|"
    r"【|\[|\||｜|[,，;；]|\s[/·•](?:\s|$)|\s[\u4e00-\u9fff]{2,5}\s?[:：]|\s[A-Za-z]{2,10}\s?:|打印|分享|审核|撰稿|摄影|供稿|录入|更新(?=时间|日期|于|\s*[:：])|"
    r"\d{4}[-/.年]|扫一扫|保护视力|文号|主题(?=分类|词|\s*[:：])).*"
)
_PLACEHOLDER = re.compile(r"[{}<>$]")
_NO_SOURCE = frozenset({"无", "未知", "本站", "原创", "网络", "互联网", "null", "none", "--", "-"})
_INLINE = frozenset({"span", "font", "b", "strong", "i", "em", "small", "time", "#text", "br", "a"})


def credited(document: Document, texts: list[Node], line: Node | None) -> str | None:
    """What is printed after the label 来源, or that of an office, else what stands alone behind the date; None when nothing is.

    `texts` are those of the page with what its scripts write out; `line` is the one that says when it was published.
    """
    hinted = [at for at, node in enumerate(texts) if _HINT.search(node.text)]
    for label in _SOURCES:
        value = next((value for at in hinted if (value := _behind(label, texts[at : at + 3])) is not None), None)
        if value is not None:
            return value
    beside = _beside_label(document)
    if beside is not None:
        return beside
    if line is not None and len(line.text) <= LINE:
        rest = re.sub(
            r"^.*?\d{1,2}\s*日?(?:\s*[(（]?(?:星期|周)[一二三四五六日天][)）]?)?(?:\s+(?:[上下]午|晚上?|中午|凌晨|早上)?\s?\d\d?:\d\d(?::\d\d)?)?"
            r"\s{1,8}(?![上下]午|晚上?|中午|凌晨|早上)(?=[\u4e00-\u9fa5])",
            "",
            text := unspaced(line.text),
        )
        if rest != text and not INFO.search(rest) and 4 <= len(rest) <= 40:
            return clean(rest)
    return None


def _behind(label: re.Pattern[str], texts: list[Node]) -> str | None:
    """What follows the label in the first of the texts, or in the next when the first ends with it."""
    first, following = texts[0], texts[1] if len(texts) > 1 else None
    match = label.search(first.text)
    if match is not None:
        value = clean(match[1])
        beside = following is not None and not match[1].strip()
        if value is None and beside and following and (_continues(first, following) or _is_beside(first, following)):
            value = clean(following.text)
        return value
    if following is None or following.text[0] not in ":：" or not _NAKED.fullmatch(first.text):
        return None
    if following.text.strip(" :："):
        return clean(following.text)  # <b>来源</b>：市教育局
    near = len(texts) == 3 and texts[2].index - following.index <= NEAR and len(texts[2].text) <= _BLOCK
    return clean(texts[2].text) if near and _NO_CELL.match(texts[2].text) is None else None


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
    block = label.tag == cell.tag == "div" and node.text.endswith((":", "：")) and len(following.text) <= _BLOCK
    same_row = cell is label.parent or (cell.parent is label.parent and (cell.tag in _CELLS or block))
    return same_row and _NO_CELL.match(following.text.strip()) is None


def _continues(node: Node, following: Node) -> bool:
    if node.parent is None or following.parent is None or following.index >= node.parent.end:
        return False
    inline = following.parent.tag in _INLINE or following.index == node.index + 1  # the latter is written by a script
    last = following.end == node.parent.end and len(following.text) <= _BLOCK  # <div>来源：<div>市教育局</div></div>
    return (inline and len(following.text) <= 40) or last


def clean(text: str) -> str | None:
    """The name without brackets and without what follows it; None when it names nobody."""
    value = squeeze(_SOURCE_END.sub("", text, count=1)).strip(" :：()（）[]【】-—|")
    several = value.startswith("综合") and "、" in value
    if value.count("(") + value.count("（") > value.count(")") + value.count("）"):
        value += "）" if "（" in value else ")"  # 市妇联（办公室）
    nobody = value.lower() in _NO_SOURCE or _PLACEHOLDER.search(value) is not None
    return value if len(value) >= 2 and not nobody and not several else None


def unspaced(text: str) -> str:
    """发 布 时 间 as 发布时间."""
    return _SPACED.sub("", text) if _SPACED.search(text) else text
