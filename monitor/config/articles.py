"""Articles as documents count them: 第九条, 第二十六条第(四)项; for indicators and the like a name without a number.

Pure. A number that nobody would write (第二六条) is a slip of the pen, and would be quoted in every alert.
"""

import re
from collections.abc import Sequence

from monitor.config.options import Fault
from monitor.model import say

_ARABIC = re.compile(r"第\s*[（(]?\d+[）)]?\s*[条款项章]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_COUNTED = re.compile(r"第\s*[（(]?([零〇一二三四五六七八九十百千两]+)[）)]?\s*[条款项章]")
_HINT = say("write it as the document does: 第九条, 第二十六条第(四)项")
_DIGITS = "零一二三四五六七八九"
_UNITLESS = re.compile(
    r"第?\s*[（(]?[零〇一二三四五六七八九十百千两]+[）)]?|.*第\s*[（(]?[零〇一二三四五六七八九十百千两]+[）)]?"
)
"""六, （六）, 第六, 第六条第二: nobody finds it in the document; 三、网站开设 and 附件二 are headings."""
_MOST = 1300
"""民法典 has 1,260 articles, and no document here more."""


def article_faults(key: str, articles: Sequence[str]) -> list[Fault]:
    """What is wrong with the articles at a key of a rule."""
    faults = []
    if any(_ARABIC.search(one) or (one.strip() and not _CHINESE.search(one)) for one in articles):
        faults.append(Fault((key,), say("the article is not in Chinese numerals"), _HINT))
    bare = [one.strip() for one in articles if _UNITLESS.fullmatch(one.strip())]
    faults += [
        Fault((key,), say('"{article}" does not say of what it is the number', article=one), _HINT) for one in bare
    ]
    strange = [number for one in articles for number in _COUNTED.findall(one) if number not in _NUMERALS]
    return faults + [Fault((key,), say('"{number}" is no number in Chinese', number=one), _HINT) for one in strange]


def numeral(number: int) -> str:
    """1 to 9,999 as articles are counted: 九, 十二, 二十六, 一百零三, 一千二百六十."""
    told, left = "", number
    for size, name in ((1000, "千"), (100, "百"), (10, "十")):
        count, left = divmod(left, size)
        if count:
            told += f"{_DIGITS[count]}{name}"
        elif told and left and not told.endswith("零"):
            told += "零"
    told = f"{told}{_DIGITS[left]}" if left else told.rstrip("零")
    return told.removeprefix("一") if 10 <= number < 20 else told


_NUMERALS = frozenset(map(numeral, range(1, _MOST)))
