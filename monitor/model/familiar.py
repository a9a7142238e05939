"""What a page was known by before, and what is strange beside that: a title of somebody else, a script or frame never seen there.

Pure text and sets. Says nothing of a page seen for the first time, of one that was built anew, nor of a title that could be an
office's own: a redesign keeps an office's name or words of the trade, and one false alarm costs more than one late.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from monitor.model.reading import Familiar, Marks, Reading, Sign, Suspicion
from monitor.model.target import Target, host_of
from monitor.model.words import State, TargetKind

STABLE = timedelta(days=3)
"""How long a page must be known before what is new on it is strange; ours: what takes turns has shown itself by then."""
MOST_GUESTS = 40  # sites remembered of one page
TOLD = 3  # strange scripts told of one page
_SIGNS = re.compile(r"[\W_]+")
LEAST = 4  # letters of a title that can be told from others
_READ = frozenset({State.LISTED, State.READABLE})

_HAN = re.compile(r"[\u3400-\u9fff]+")
_OTHER_SCRIPTS = re.compile(
    r"[\u0600-\u06ff\u0750-\u077f\u0f00-\u0fff\u1100-\u11ff\u1800-\u18af\u1980-\u19df\ua000-\ua4cf\uac00-\ud7af\ufb50-\ufdff\ufe70-\ufeff\u0400-\u04ff]"
)
"""Uyghur and Kazakh, Tibetan, Korean, Mongolian, Tai, Yi; and Russian: languages in which offices of China have pages."""
_LATIN = re.compile(r"[a-z]{3,}")
_OFFICE = re.compile(
    r"政府|政务|人民|公安|法院|检察|公共|公开|门户|首页|主页|网站|官网|欢迎|跳转|登[录陆]|系统|平台|维护|升级|测试|错误|提示|加载|默认|新版|旧版|专题|专栏|主题|活动|数据|服务|信息|"
    r"管理|中国|国家|全国|新闻|资讯|要闻|[党局厅署委办院所站处馆部会省市县区州盟旗镇乡村]|中心|街道|开发区|园区|新区|大队|支队|学校|大学|医院|新春|春节|新年|国庆|元旦|中秋|恭贺|祝|庆|节|哀悼|默哀|纪念|喜迎"
)
"""What an office may be titled with, also for a day."""
_SHOP = re.compile(
    r"有限公司|有限责任|股份|集团|商城|旗舰店|专卖|批发|加盟|代理商|厂家|游戏|手游|网游|棋牌|彩票|娱乐|体育投注|小说|漫画|影院|影视|电影|电视剧|直播|交友|婚恋|装修|搬家|美容|减肥|贷款|下载站|站长|建站"
)
"""What only a business is titled with, whatever else stands beside it."""
_TRADE = re.compile(
    r"\b(?:slots?|casino|poker|bet|betting|gacor|judi|togel|shops?|store|outlet|sale|cheap|buy|replica|watches|handbags|shoes|viagra|cialis|pharmacy|"
    r"porn|sex|escorts?|loans?|bitcoin|crypto|essays?|hacked by)\b"
)
_KANA = re.compile(r"[\u3040-\u30ff]{2}")
_ANYBODYS = frozenset({"www", "gov", "com", "org", "net", "edu"})
_COMMON = frozenset("的中国网站页市县区省州首主版新人民政府务公司有限")


def unfamiliar(target: Target[object], reading: Reading, before: Familiar | None, today: date) -> tuple[Suspicion, ...]:
    """What is strange on a page beside what it was known by; nothing when it was not known."""
    if before is None or reading.state not in _READ:
        return ()
    found = []
    spam = any(one.why == Sign.TITLE for one in reading.tamper)
    is_home = target.kind is TargetKind.SITE and not spam
    names, bare = _names(target, reading), _has_nothing_left(before, reading)
    if is_home and is_anothers(reading.title or "", before.title or "", names, bare=bare):
        found.append(Suspicion(Sign.OTHER_TITLE, reading.title or ""))
    if reading.guests and date.fromisoformat(before.since) + STABLE <= today and not _is_rebuilt(before, reading):
        new = [one for one in reading.guests if one.site not in before.guests][:TOLD]
        found += [Suspicion(Sign.NEW_SCRIPT if one.tag == "script" else Sign.NEW_FRAME, one.address) for one in new]
    return tuple(found)


def familiar(reading: Reading, before: Familiar | None, today: date) -> Familiar | None:
    """What the page is known by from now on, when nothing is suspected of it."""
    if reading.state not in _READ:
        return before
    guests = dict.fromkeys([*(before.guests if before is not None else ()), *(one.site for one in reading.guests)])
    kept = tuple(guests)[-MOST_GUESTS:]
    if before is None or _is_rebuilt(before, reading):
        title = reading.title or (before.title if before is not None else None)
        return Familiar(today.isoformat(), title, kept, reading.parts, _cleared(reading, before))
    known = replace(before, title=reading.title or before.title, guests=kept, parts=reading.parts)
    return replace(known, cleared=_cleared(reading, before))


def _cleared(reading: Reading, before: Familiar | None) -> str:
    """Of a page whose style sheets were not asked what was known of it stays."""
    if not reading.sheets:
        return reading.doubts
    return before.cleared if before is not None else ""


def _names(target: Target[object], reading: Reading) -> list[str]:
    """What the site goes by: in the inventory, in its own tags and footer, by its address."""
    labels = " ".join(set(host_of(target.url).split(".")) - _ANYBODYS)
    told = (target.name, target.owner, reading.meta.get("SiteName"), reading.marks.sponsor, labels)
    return [name for name in told if name]


def _has_nothing_left(before: Familiar, reading: Reading) -> bool:
    """Built anew and without any mark of an office; one that only leads on (a splash, for a day) is none."""
    return not reading.entrance and reading.marks == Marks() and _is_rebuilt(before, reading)


def is_anothers(title: str, before: str, names: Iterable[str], *, bare: bool = False) -> bool:
    """Whether a home page that was its office's own has the title of somebody else now, as far as titles can tell.

    It shares nothing with any name of its own, and is a business's, or in Japanese; of a page that lost everything else of its
    office's as well (`bare`) any that no office would have.
    """
    known = list(names)
    if len(_SIGNS.sub("", title)) < LEAST or not before or _OTHER_SCRIPTS.search(title):
        return False
    if _is_close(title, [before, *known]) or not (_OFFICE.search(before) or _is_close(before, known)):
        return False
    if _SHOP.search(title) or _KANA.search(title) or _TRADE.search(title.lower()):
        return True
    return bare and _HAN.search(title) is not None and _OFFICE.search(title) is None


def _is_close(title: str, names: Iterable[str]) -> bool:
    """Two letters in a row, two letters anywhere that not every office has, or a word of Latin letters in common."""
    pairs, letters, words = _pairs(title), _letters(title), set(_LATIN.findall(title.lower()))
    for name in names:
        if pairs & _pairs(name) or len(letters & _letters(name)) >= 2:
            return True
        lower = name.lower()
        if any(word in lower for word in words) or any(word in title.lower() for word in _LATIN.findall(lower)):
            return True
    return False


def _pairs(text: str) -> set[str]:
    found = {run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1)}
    return {pair for pair in found if not _COMMON.issuperset(pair)}


def _letters(text: str) -> set[str]:
    return set("".join(_HAN.findall(text))) - _COMMON


def _is_rebuilt(before: Familiar, reading: Reading) -> bool:
    """Whether most of the scripts and style sheets of its own are others than before."""
    one, other = set(before.parts), set(reading.parts)
    return 2 * len(one & other) < len(one | other)
