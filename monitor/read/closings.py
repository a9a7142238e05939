"""Notices that a site is closed, for a while or for good, with 200; and when it says it will be back.

Reads a Glance and the day of capture; gives maintenance with the words that show it, or None. A notice among articles, or
the article that carries one on a working site, closes nothing.
"""

import re
from datetime import date

from monitor.model import State
from monitor.read.glance import Glance, Verdict
from monitor.read.messages import Said, messages
from monitor.read.returns import return_date

SHORT = 30  # characters of all that a page inside a breadcrumb says, when it says that it is closed
ALONE = 14  # characters of a sentence that needs no subject
_SUBJECT = r"(?:系统|网站|平台|服务器|网页|页面|站点|本站|门户|栏目|频道|机房|数据中心|网络|官网|域名|site|website|system|server|page)"
_NOW = (  # says so of now
    r"正在(?:进行)?.{0,8}(?:维护|升级|改版|检修|整改|割接)|(?:维护|升级|改版|检修|割接)(?:中|期间)|(?:暂停|停止)(?:访问|服务|开放|运行|对外|使用)|"
    r"(?:网站|站点|本站|平台|官网|门户).{0,24}(?:关闭|关停|下线|停用|停办|停运|撤销|注销|建设中)|(?:临时|永久)(?:下线|关闭)|已(?:经)?(?:关停|下线|停用|关闭|停止)|"
    r"(?:网站|本站|平台).{0,16}停止更新|(?:网站|本站).{0,16}(?:迁移至|迁移到|并入|整合至|合并至|搬迁至|已迁移)|(?:网站|站点|域名).{0,12}(?:未备案|暂时无法(?:进行)?访问)|"
    r"under (?:maintenance|construction)|(?:down|closed) for maintenance|site (?:closed|offline)|be back soon|scheduled maintenance|temporarily (?:closed|offline|down)|coming soon"
)
_NAMES = (  # alone it may be the name of a box
    r"(?:系统|网站|平台|服务器|页面|站点|本站|官网|栏目|机房|网络).{0,12}(?:维护|升级|改版|检修|调试|割接|迁移|改造)|(?:维护|升级|改版|检修|割接)(?:公告|通知)|"
    r"升级改版|改版升级|升级维护|维护升级|正在(?:建设(?:中|\W|$)|完善)|停止更新|(?:网站|站点|本站|平台|官网|门户).{0,24}整改"
)
_CLOSED = re.compile(_NOW, re.IGNORECASE)
_WORDS = re.compile(f"{_NOW}|{_NAMES}", re.IGNORECASE)
_OF_THIS = re.compile(_SUBJECT, re.IGNORECASE)

_REMOVED = re.compile(
    r"(?:页面?|信息|文章|内容|文件|文档|链接|资源|专题|新闻|公告|视频).{0,12}?(?:已经?被?|被)(?:下线|停用|关闭|停止|关停|撤销|注销)"
)
"""One page or article is gone, not the site."""
_SITE = re.compile(r"网站|本站|站点|平台|系统|门户|官网|服务器")


def maintenance(seen: Glance, today: date, *, home: bool) -> Verdict | None:
    """With more than a few links, the menu and the footer of a site, the words must be those of a closed page.

    A home page (`home`) is no article: one that shows a notice alone is closed, whatever stands around the text.
    """
    if seen.full or seen.fields or (seen.article and not home):
        return None
    if seen.placed and len("".join(seen.says.split())) > SHORT:
        return None
    pattern = _WORDS if seen.small and not seen.placed else _CLOSED
    said = messages(seen.claims)
    match = next((found for one in said if (found := _of_this_site(pattern, one)) is not None), None)
    if match is None:
        return None
    return Verdict(State.MAINTENANCE, f"words {match[0]!r}", return_date(seen.text, today))


def _of_this_site(pattern: re.Pattern[str], said: Said) -> re.Match[str] | None:
    """The words, when the sentence names a site or is too short to be about anything else."""
    match = pattern.search(said.clause)
    if match is None or (_REMOVED.search(said.sentence) is not None and _SITE.search(said.sentence) is None):
        return None
    return (
        match
        if match[0].isascii() or len(said.sentence) <= ALONE or _OF_THIS.search(said.sentence) is not None
        else None
    )
