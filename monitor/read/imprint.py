"""Who answers for a site, as its footer says it: sponsor (主办单位) and contact.

Reads the visible text of a page, a line for each piece. Only the footer counts: articles name sponsors and telephones
of their own. A footer is known by what else stands there (备案, 标识码, 版权, 网站地图); no such words, no footer.
"""

import re

from monitor.read.filed import PROVINCES, in_prose
from monitor.read.html import squeeze

TAIL = 6000  # characters of text in whose end a footer stands
BEFORE = 250  # characters a footer may begin before its first certain word
LONGEST = 1200  # characters from the first certain word of a footer to the last
BARE = 600  # characters of the end of a page taken for its footer when it has no certain words
NAME = 60  # characters of a sponsor

_CERTAIN = ("ICP备", "icp备", "公网安备", "标识码", "版权所有", "网站地图", "站点地图", "技术支持", "opyright", "©")
_SPONSOR = re.compile(r"主\s*办(?:\s*单\s*位|方)?\s*[:：]\s*([^\n|｜©:：]{2,60})")
_BARE_SPONSOR = re.compile(r"(?<!\w)主办(?:单位)?\s+([^\n|｜©:：]{2,60})")
_ENGLISH_SPONSOR = re.compile(
    r"(?:sponsor(?:ed by)?|hosted by|organi[sz]er)\s*[:：]?\s*([^\n|｜©:：]{2,60})", re.IGNORECASE
)
_RIGHTS = re.compile(
    r"(?:版权所有|版权归属|[Cc]opyright|COPYRIGHT)[\s:：©(（)）cC]*(?:20\d\d|19\d\d)?(?:\s*[-–—~至]\s*(?:20\d\d|至今|now))?年?"
    r"[\s:：,，©]*(?:by\s)?([^\n|｜©\d:：]{2,60})"
)
_BEFORE_RIGHTS = re.compile(r"版权所有|[Aa]ll [Rr]ights [Rr]eserved")
_BEFORE_HOST = re.compile(r"主办(?![单方:：\w])")
_LAST_NAME = re.compile(r"[^\n\s|｜:：。，,©\d]{3,40}\s*$")
_ORGANISATION = re.compile(
    r"政府|委员会|[局厅部院署庭馆所站会办委处市县区州省镇乡校]|中心|大学|公司|集团|网|(?i:government|bureau|ministry|office|department|commission)"
)
_NEXT_LABEL = re.compile(
    r"\s*[（(]?(?:(?:承\s*办|协\s*办|运行|运维|管理|维护|制作|建设|开发|监制|主管)(?:单位|方|维护|管理)*\s*(?:[:：]|$)|(?:中|英)文(?:网址|域名)|技术(?:支持|保障|维护)|联系(?:电话|方式|我们|人)|"
    r"(?:地\s*址|电\s*话|邮\s*编|邮\s*箱|传\s*真|网\s*址)\s*(?:[:：]|$)|版权|[公备]安?备案|备案|网站(?:标识|地图|声明|管理|维护|主办|备案|简介)|标识码|关于我们|隐私|未经|保留|"
    r"all rights|tel\b|copyright|ICP|"
    rf"[{PROVINCES}]\s*(?:ICP|公网)).*",
    re.IGNORECASE | re.DOTALL,
)
_GAP = "[ \u3000\xa0]"
_PHONE = re.compile(
    rf"(?:联系(?:电话|方式|人|我们)|(?:电{_GAP}*话|热线)(?:[/／及和、]?传{_GAP}*真|{_GAP}*[(（][^)）\n]{{1,12}}[)）])?|[Tt](?:el|EL)(?:ephone)?\b\.?)"
    rf"\s*[:：]?\s*((?:\+?86[-－{_GAP[1:-1]}]?)?[\d(（][\d\-－—–()（）、,，/转 \u3000\xa0]{{3,60}}\d)"
)
_NEXT_NUMBER = re.compile(rf"(?<=\d{{7}}){_GAP}+(?=[\d(（])")
"""What only a blank keeps apart from a whole number before it; a number alone has its blanks after fewer digits."""
_MAIL = re.compile(
    r"(?:联系方式|邮\s*箱|(?i:e-?mail))\s*[:：]\s*([\w.\-]{2,40}\s*(?:@|#|＠|\(at\)|\[at\])\s*[\w\-]+(?:\.[\w\-]+)+)"
)


def footer_of(text: str) -> str:
    """The end of a page's text, from a little before the first certain word of its footer."""
    tail = text[-TAIL:]
    places = [at for word in _CERTAIN if (at := tail.rfind(word)) >= 0 and not in_prose(tail, at, at + len(word))]
    if not places:
        return text[-BARE:]
    start = min(at for at in places if at > max(places) - LONGEST)
    return tail[max(0, start - BEFORE) :]


def sponsor(footer: str) -> str | None:
    """Who runs the site: 主办单位, else whose rights are reserved."""
    if "主" in footer:
        found = _last_name(_SPONSOR, footer, any_name=True) or _last_name(_BARE_SPONSOR, footer)
        found = found or _name_before(_BEFORE_HOST, footer)
        if found:
            return found
    if "ponsor" in footer or "osted by" in footer:
        found = _last_name(_ENGLISH_SPONSOR, footer)
        if found:
            return found
    return _last_name(_RIGHTS, footer) or _name_before(_BEFORE_RIGHTS, footer)


def _last_name(pattern: re.Pattern[str], footer: str, *, any_name: bool = False) -> str | None:
    """The last name a label introduces; unless the label says it all, it must be that of an organisation."""
    found = None
    for match in pattern.finditer(footer):
        name = _name(match[1])
        if name and (any_name or _ORGANISATION.search(name)):
            found = name
    return found


def _name_before(pattern: re.Pattern[str], footer: str) -> str | None:
    """The last name of an organisation printed right before a word."""
    found = None
    for match in pattern.finditer(footer):
        before = _LAST_NAME.search(footer, max(0, match.start() - 50), match.start())
        name = _name(before[0]) if before is not None else ""
        if name and _ORGANISATION.search(name):
            found = name
    return found


def contact(footer: str) -> str | None:
    """Its telephone numbers, a blank between two that have nothing else between them; else a mail address."""
    found = None
    for match in _PHONE.finditer(footer):
        found = match
    if found is not None:
        return " ".join("".join(one.split()) for one in _NEXT_NUMBER.split(found[1]))
    mail = _MAIL.search(footer)
    return "".join(mail[1].split()) if mail is not None else None


def _name(text: str) -> str:
    """A sponsor without what is printed behind it."""
    return squeeze(_NEXT_LABEL.sub("", text, count=1)).strip(" 　-—·,，.。;；©")[:NAME]
