"""What kind of answer a page is when it is not simply a page: challenge, maintenance, error, parked, shell.

Reads a Document, the raw text and the status; gives a state with the words that show it, or None for an ordinary page.
Marks in words count only where little else stands on the page and the page says them itself (spoken.py): a headline or
a news report about a maintenance is no maintenance.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from monitor.model import State
from monitor.read.dates import find_dates
from monitor.read.gathered import Gathered
from monitor.read.html import squeeze
from monitor.read.spoken import DATED_ROWS, SEVERAL, offers, own_words
from monitor.read.words import replaced

FEW_WORDS = 600  # characters of visible text up to which words like 维护 or 404 speak for the whole page
FEW_LINKS = 12
MANY_LINKS = 40  # with a menu and a footer; beyond that a page is a working one whatever it says
VERY_FEW = 240  # characters; for words that ordinary small pages use too
NEXT_TO_NOTHING = 80  # characters; a gatekeeper's name and a sentence
HARDLY_ANY = 40  # characters; less than that is no content

_CHALLENGE_CODE = re.compile(
    r"\$_ts\s*=\s*window\[['\"]\$_ts['\"]\]|window\[['\"]\$_ts['\"]\]|<meta[^>]+\br=['\"]?m['\"]?[\s>/]|__jsl_clearance|__jsluid|"
    r"wzws[_-]|reason:\s*GeoBL|acw_sc__v\d|aliyun_waf|_waf_|waf_captcha|safeline|EO_Bot|__tst_status|CT6T|"
    r"TencentCaptcha|cf-browser-verification|cf_chl_|challenge-platform|/cdn-cgi/challenge|yunsuo_session|safedog|"
    r"bot-?detect|_guard/(?:auto|slide)|slidecaptcha|geetest",
    re.IGNORECASE,
)
_CHALLENGE_WORDS = re.compile(
    r"访问异常|安全验证|访问验证|人机验证|滑动验证|请完成.{0,6}验证|请求.{0,8}(?:拦截|阻断)|访问.{0,8}(?:拦截|阻断)|"
    r"创宇盾|安全狗|云锁|访问过于频繁|请求过于频繁|操作过于频繁|异常访问|访问行为异常|浏览器安全检查|"
    r"您的IP|IP地址.{0,12}(?:限制|禁止|受限)|access denied|request blocked|checking your browser|just a moment|"
    r"verify you are (?:a )?human|captcha|too many requests|rate limit",
    re.IGNORECASE,
)
_GUARD_WORDS = re.compile(r"防火墙|云防护|网站防护|安全防护|黑名单|存在安全隐患")
_REFUSES = re.compile(r"拦截|阻断|拒绝|禁止|限制|受限|验证|攻击|异常|非法|不合法|您的(?:请求|访问)|ip\b", re.IGNORECASE)
_MAINTENANCE = re.compile(
    r"(?:系统|网站|平台|服务器|页面|站点|本站).{0,12}(?:维护|升级|改版|检修|调试)|(?:维护|升级|改版|检修|割接)(?:中|期间|公告|通知)|"
    r"(?:升级改版|改版升级|升级维护|维护升级)|正在(?:维护|升级|改版|建设(?:中|\W|$))|暂停(?:访问|服务|开放|运行|对外)|停止(?:访问|服务|运行|更新|对外)|"
    r"(?:网站|站点|本站|平台).{0,24}(?:关闭|关停|下线|停用|停办|建设中)|临时下线|永久下线|已(?:关停|下线|停用|关闭)|"
    r"under (?:maintenance|construction)|site (?:closed|offline)|be back soon",
    re.IGNORECASE,
)
_CLOSED = re.compile(  # says so of now; a 维护公告 alone may be the name of a box
    r"正在(?:进行)?.{0,8}(?:维护|升级|改版|检修)|(?:维护|升级|改版|检修|割接)(?:中|期间)|暂停(?:访问|服务|开放|运行|对外)|停止(?:访问|服务|运行|对外)|"
    r"(?:网站|站点|本站|平台).{0,24}(?:关闭|关停|下线|停用|停办|建设中)|临时下线|永久下线|已(?:关停|下线|停用|关闭)|"
    r"under (?:maintenance|construction)|site (?:closed|offline)|be back soon",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"(?:栏目|页面|网页|文件|文章|信息|内容|站点|地址|资源|链接|数据|频道).{0,10}(?:不存在|未找到|找不到|无法找到|已删除|被删除|已失效|无法访问|无法显示)|"
    r"找不到.{0,10}(?:页面|网页|文件|内容|资源)|没有找到.{0,8}(?:页面|网页|文件)|无效的?(?:访问|地址|参数|链接|请求)|"
    r"(?:没有|无|未).{0,8}(?:访问|浏览|查看).{0,10}权限|权限不足|禁止访问|拒绝访问|无权访问|非法(?:访问|请求|操作|参数)|"
    r"(?:服务器|系统|程序|运行时|应用程序|数据库|参数|页面).{0,8}(?:错误|出错|异常|繁忙)|出错了|发生错误|很抱歉|抱歉.{0,20}(?:页面|访问)|"
    r"(?<![\w-])(?:400|403|404|410|500|502|503|504)(?!\w|-\d|\s*(?:[条个项篇页次件人号元万余亩户强]|千伏|公里|kv))|not found|forbidden|bad gateway|gateway time-?out|service (?:temporarily )?unavailable|"
    r"internal server error|http status|runtime error|no input file specified|directory listing|stack trace",
    re.IGNORECASE,
)
_ERROR_TITLE = re.compile(
    r"^\W*(?:(?:(?:http\s*)?error\s*)?(?:404|403|500|502|503|504)(?=\s*(?:$|[|_:：,，.。!！(（—–-]\D|[|_:：,，.。!！—–-]?$|error|not|forbidden|"
    r"internal|bad|service|gateway|page|页|网页|错误|出错|未找到|找不到|无法|您|对不起|抱歉|很抱歉|服务器|文件|访问))|"
    r"(?:页面不存在|页面未找到|找不到页面|页面找不到|出错|错误提示|错误页面|系统错误)(?=$|[\W_]|[了啦或页提])|not found)",
    re.IGNORECASE,
)
_PARKED = re.compile(
    r"域名.{0,10}(?:出售|转让|已过期|已到期|停放|抢注|购买)|(?:出售|转让).{0,6}域名|domain.{0,30}(?:for sale|expired|parked)|"
    r"buy this domain|sedoparking|hugedomains|parkingcrew|bodis\.com|afternic|dan\.com/buy|godaddy.{0,20}park|"
    r"(?:网站|空间|主机).{0,6}已(?:到期|过期)",
    re.IGNORECASE,
)
_RETURNS = re.compile(
    r"恢复|重新(?:开放|上线|开通)|开放|上线|开通|完成|截至|直至|至|到|结束|until|by|back", re.IGNORECASE
)
_FAR = date(2199, 12, 31)


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
    `full` is true when it offers articles all the same: what it says then is not asked for.
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

    @property
    def small(self) -> bool:
        """True when there is little to see."""
        return self.words <= FEW_WORDS and self.links <= FEW_LINKS

    @property
    def speaks(self) -> bool:
        """True when words on it may speak for the whole page."""
        return self.small and not self.full


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
    if dated >= DATED_ROWS or articles >= SEVERAL:
        return Glance(text, words, links, pictures, fields, title, full=True)
    says, in_column = own_words(page)
    claims = says if in_column or dated or articles else f"{title}\n{says}"
    return Glance(text, words, links, pictures, fields, title, says, claims)


def answer_state(raw: str, status: int | None, seen: Glance, today: date) -> Verdict | None:
    """The state told by marks and status; None when the page looks like a page."""
    return (
        _challenge(raw, status, seen)
        or _parked(seen)
        or _maintenance(seen, today)
        or _by_status(status)
        or _soft_error(seen)
    )


def _challenge(raw: str, status: int | None, seen: Glance) -> Verdict | None:
    if seen.words <= VERY_FEW and seen.speaks:
        match = _CHALLENGE_CODE.search(raw[:200_000])
        if match is not None:
            return Verdict(State.CHALLENGED, f"code {match[0][:40]!r}")
    if seen.speaks:
        match = _CHALLENGE_WORDS.search(seen.claims) or _guard(seen)
        if match is not None and seen.fields <= 2:
            return Verdict(State.CHALLENGED, f"words {match[0]!r}")
    if status is not None and 400 <= status < 500 and status not in {404, 410}:
        return Verdict(State.CHALLENGED, f"HTTP {status}")
    if status == 521:
        return Verdict(State.CHALLENGED, "HTTP 521")
    return None


def _guard(seen: Glance) -> re.Match[str] | None:
    """Words of gatekeepers that offices use, too: with one that refuses, or with next to nothing else on the page."""
    match = _GUARD_WORDS.search(seen.claims)
    return match if seen.words <= NEXT_TO_NOTHING or _REFUSES.search(seen.claims) else None


def _parked(seen: Glance) -> Verdict | None:
    match = _PARKED.search(seen.claims) if seen.speaks else None
    if match is not None:
        return Verdict(State.HIJACKED, f"words {match[0]!r}")
    shown = replaced(seen.title, seen.text)
    return Verdict(State.HIJACKED, f"nothing but spam: {shown}") if shown is not None else None


def _maintenance(seen: Glance, today: date) -> Verdict | None:
    """With more than a few links, the menu and the footer of a site, the words must be those of a closed page."""
    if seen.full or seen.fields:
        return None
    match = (_MAINTENANCE if seen.small else _CLOSED).search(seen.claims)
    if match is None:
        return None
    return Verdict(State.MAINTENANCE, f"words {match[0]!r}", return_date(seen.text, today))


def _by_status(status: int | None) -> Verdict | None:
    if status is not None and (status in {404, 410} or status >= 500):
        return Verdict(State.SOFT_ERROR, f"HTTP {status}")
    return None


def _soft_error(seen: Glance) -> Verdict | None:
    title = _ERROR_TITLE.search(seen.title)
    if title is not None and seen.links <= 5 * FEW_LINKS:
        return Verdict(State.SOFT_ERROR, f"title {title[0]!r}")
    few = seen.words <= VERY_FEW and seen.links <= MANY_LINKS and seen.fields <= 2 and not seen.full
    match = _ERROR.search(seen.says) if few else None
    return Verdict(State.SOFT_ERROR, f"words {match[0]!r}") if match is not None else None


def return_date(text: str, today: date) -> str | None:
    """The day a maintenance notice promises to be over: the last day it names that is not past."""
    coming = []
    for found in find_dates(text, _FAR):
        if not found.precise or not _RETURNS.search(text[max(0, found.start - 12) : found.end + 16]):
            continue
        value = _nearest(found.date, today) if found.form == "hanless" else found.date
        if found.form in {"full", "hanfull", "hanless"} and value >= today.isoformat():
            coming.append(value)
    return max(coming, default=None)


def _nearest(value: str, today: date) -> str:
    """The year-less day of a notice in the year that brings it nearest: a closing lies just behind, a return just ahead."""
    month, day = int(value[5:7]), int(value[8:])
    years = [year for year in (today.year - 1, today.year, today.year + 1) if day <= monthrange(year, month)[1]]
    days = [date(year, month, day) for year in years] or [today]
    return min(days, key=lambda one: abs(one - today)).isoformat()


_MAGIC = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x00\x00\x01\x00",
)
_CONTROL = bytes((0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18, 19, 20))


def is_binary(body: bytes) -> bool:
    """True for what is no text in any encoding: known file types, or many control characters."""
    if body.startswith(_MAGIC):
        return True
    head = body[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        return False
    control = len(head) - len(head.translate(None, _CONTROL))
    return control > 0.02 * len(head) + 4
