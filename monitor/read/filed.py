"""Numbers under which a site is filed, as a footer prints them: 网站标识码, ICP备案, 公安备案.

Reads the visible text of a page, a line for each piece; gives each number as printed, blanks removed. The footer comes
last, so the last one counts; what running text says about other sites does not. Forms: domain.md §1.5 (N-ID).
"""

import re
from collections.abc import Callable, Iterator

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼蜀黔滇陇秦兵"
PROSE = 60  # characters of a line that may be a sentence
LINE = 500  # characters of a line looked at on either side of a number
TAIL = 6000  # characters of text in whose end a footer stands

_COLON = r"\s*[:：(（\[【]?\s*"
_CODE = rf"(?:标识(?:编)?码(?:为|是)?|网站标识(?:号|编号)?(?=\s*[:：])|(?i:site\s+(?:identification|identity|id)\s*(?:code|number|no\.?)?)){_COLON}"
_EXACT_CODE = re.compile(rf"{_CODE}([A-Za-z]{{2}}\d{{8}}|\d{{10}})(?![\d\w])")
_SPLIT_CODE = re.compile(rf"{_CODE}([A-Za-z]{{2}}\d{{8}}|\d{{10}})(?!\d)")
_LOOSE_CODE = re.compile(rf"{_CODE}([A-Za-z]{{0,2}}\d{{8,12}})")
_ICP = re.compile(
    r"备(?:案(?:编?号|序号)?|字第?|第)?\s*[:：]?\s*(?:(?:\d[\d \u3000\xa0\n]{3,14}\d|\d{5,12})\s*号(?:\s*[-－—–_]+\s*\d{1,3})?|\d{5,12}(?:[-－]\d{1,3})?(?:号)?)"
)
_DIGITS = r"(?:案\s*)?(?:编?号)?\s*[:：]?\s*(?:第\s*)?(?:\d[\d \u3000\xa0\n]{6,22}\d\s*号|\d{8,16})"
_POLICE = re.compile(rf"备\s*{_DIGITS}(?:\s*号)?")
_OF_POLICE = re.compile(
    rf"(?:[{PROVINCES}]\s*|[(（]\s*[{PROVINCES}]\s*[)）]\s*)?公\s*(?:安\s*(?:机关)?\s*(?:联\s*)?(?:网\s*)?|[^\W\d]?\s*网\s*安?\s*)$"
)
_BEFORE = 16  # characters before 备 in which its 公网安 or ICP and its province stand
_FOOTER = ("版权所有", "版权归", "主办单位：", "主办单位:", "©", "opyright")


def site_code(texts: Callable[[], Iterator[str]]) -> str | None:
    """The 网站标识码: ten digits, or bm and eight; another length as printed, when nothing else is."""
    likely = [text for text in texts() if "标识" in text or "识码" in text or "dentif" in text or "ite ID" in text]
    for pattern in (_EXACT_CODE, _SPLIT_CODE, _LOOSE_CODE):
        for text in likely:
            found = _split_code(text) if pattern is _SPLIT_CODE else last(pattern, text, 1)
            if found is not None:
                return found
    return None


def icp(texts: Callable[[], Iterator[str]]) -> str | None:
    """The record of the ministry: 京ICP备05070218号-1."""
    return next((found for text in texts() if (found := _icp(text)) is not None), None)


def police(texts: Callable[[], Iterator[str]]) -> str | None:
    """The record of the police: 京公网安备11010202000001号."""
    return next((found for text in texts() if (found := _police(text)) is not None), None)


def last(pattern: re.Pattern[str], text: str, group: int = 0) -> str | None:
    """The last match outside running text, blanks removed."""
    found = None
    for match in pattern.finditer(text):
        if not in_prose(text, match.start(), match.end()):
            found = match
    return "".join(found[group].split()) if found is not None else None


def in_prose(text: str, start: int, end: int) -> bool:
    """True when [start:end] stands in a sentence of a line that is no footer: there is talk of a number, not its own."""
    first = text.rfind("\n", max(0, start - LINE), start) + 1 or max(0, start - LINE)
    behind = text.find("\n", end, end + LINE)
    return _is_prose(text[first : behind if behind >= 0 else end + LINE])


def _is_prose(line: str) -> bool:
    if len(line) < PROSE or "，" not in line or "。" not in line:
        return False
    return not any(word in line for word in _FOOTER)


def _icp(text: str) -> str | None:
    for at, head in _filings(text):
        name = head[-3:]
        if name.lower() in {"icp", "ｉｃｐ"}:
            match = _ICP.match(text, at)
            if match is not None and not in_prose(text, at, match.end()):
                return "".join(f"{_province(head[:-3])}{name}{match[0]}".split())
    return None


def _police(text: str) -> str | None:
    for at, head in _filings(text):
        before = _OF_POLICE.search(head) if "公" in head else None
        match = _POLICE.match(text, at) if before is not None else None
        if before is not None and match is not None and not in_prose(text, at, match.end()):
            return "".join(f"{before[0]}{match[0]}".split())
    return None


def _filings(text: str) -> Iterator[tuple[int, str]]:
    """Every 备 with what stands before it, from the end: a search that ignores case takes ten times as long."""
    at = text.rfind("备")
    while at >= 0:
        yield at, text[max(0, at - _BEFORE) : at].rstrip()
        at = text.rfind("备", 0, at)


def _province(before: str) -> str:
    """The province an ICP number begins with, in brackets or not; "" when it names none."""
    letters = before.rstrip()
    if letters.endswith(tuple(PROVINCES)):
        return letters[-1]
    bracketed = "".join(letters.split())[-3:]
    inner = bracketed.strip("()（）")
    return bracketed if len(bracketed) == 3 and len(inner) == 1 and inner in PROVINCES else ""


def _split_code(text: str) -> str | None:
    """The last code in the end of a text without sentences, blanks and line ends: what tags cut into pieces is whole again."""
    lines = ["".join(line.split()) for line in text[-TAIL:].split("\n") if not _is_prose(line)]
    found = _SPLIT_CODE.findall("".join(lines))
    return str(found[-1]) if found else None
