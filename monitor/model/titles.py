"""What titles of list items tell: whether two name the same item, and whether one is a name that comes again and again.

Pure text. What shares an address and not a title is another item: some pages are written anew at the same address every day.
"""

import re
from difflib import SequenceMatcher
from unicodedata import is_normalized, normalize

_MARK = r"[\[(【〔]\s*(?:置顶|头条|推荐|重要|专题|转载|转发|原创|最?新|热|荐|[组多附]?图(?:文|片|解)?|视频)\s*[\])】〕]"
_OPENS, _CLOSES = frozenset("[(【〔"), frozenset("])】〕")
_MARKED = re.compile(rf"^\s*(?:{_MARK}\s*)+|(?:\s*{_MARK})+\s*$")
_BLANK = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
_SERIES = re.compile(
    r"第?[\d一二三四五六七八九十百]+[期批次号周季辑集讲场轮]|[\d一二三四五六七八九十]+月份?|[上下]半年|[一二三四]季度|"
    r"[周旬月季日简快]报|统计|数据|指数|价格|行情|名单|排名|值班|天气|气象|预警|空气|水质|动态|要情|开标|中标|成交|流标"
)
"""What comes again and again under one name, unless it names the year."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_GENERIC = re.compile(
    r"关于|开展|进一步|加强|做好|印发|公布|发布|召开|举行|举办|组织|有关|相关|事项|工作|情况|任前|拟|通知|公告|公示|通告|通报|"
    r"公开|招聘|招标|采购|意见|方案|办法|决定|函|的"
)
_SAYS_NOTHING = re.compile(r"[^\u3400-\u9fff]+")
_KEPT_UP = re.compile(
    r"(?:指南|目录|清单|名录|一览表|台账|职能|职责|简介|领导信息|领导分工|联系方式|天气|预报|空气质量)\W*$"
)
ALIKE = 0.85
"""Share of the letters that stay when a slip of the pen is put right; ours: one or two of the fifteen a title has."""


def bare(title: str) -> str:
    """The letters and digits of a title."""
    return _BLANK.sub("", title)


def plain_title(title: str) -> str:
    """The same for two spellings of one title: width and signs put aside, and what is marked on it (置顶, 图, 转载).

    A title that was cut (…) is not completed: many begin alike and name different things.
    """
    if title.isalnum() and is_normalized("NFKC", title):
        return title
    marked = normalize("NFKC", title).strip()
    told = _MARKED.sub("", marked) if marked[:1] in _OPENS or marked[-1:] in _CLOSES else marked
    return "".join(filter(str.isalnum, told)) or marked


def is_same_title(one: str, other: str) -> bool:
    """Equal but for signs, cut short, with a word more (置顶), or with a slip put right; never with other numbers."""
    if one == other:
        return True
    short, long = sorted((bare(one), bare(other)), key=len)
    if not short or short == long:
        return True
    if _DIGITS.findall(short) != _DIGITS.findall(long):
        return False
    if short in long and 2 * len(short) >= len(long):
        return True
    return SequenceMatcher(None, short, long, autojunk=False).ratio() >= ALIKE


def distinctness(title: str) -> int:
    """Chinese characters with which a title tells itself apart; 0 for one that names a series."""
    if _SERIES.search(title) and not _YEAR.search(title):
        return 0
    return len(_SAYS_NOTHING.sub("", _GENERIC.sub("", title)))


def is_kept_up(title: str) -> bool:
    """Whether it names what is kept up to date at one address, as it should be: a guide, a register, the weather."""
    return _KEPT_UP.search(title) is not None
