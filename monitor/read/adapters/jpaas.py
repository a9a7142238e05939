"""大汉 jpaas (浙江 and ministries): units of a page are built by a call whose parameters stand in the page.

`<script src="…/unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{'webId':'…', …}">`, or the
same written in a script; the answer is JSON with the unit's HTML in it. Page 1 is enough (domain.md §8).
"""

import re
from collections.abc import Mapping

from monitor.read.calls import calls_in, with_query
from monitor.read.gathered import Gathered
from monitor.read.literal import value_at
from monitor.read.records import Found

MARKS = ("page/build/unit", "unitbuild.js", "unitBuild.js")
SURE = True

UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
MOST = 20  # units named; fewer are asked, but what is not named could not be missed
_LIST = re.compile(r"列表|分页|内容|信息|栏目|文章|新闻|公告|list|page|news|content", re.IGNORECASE)
_NAMED_LIST = re.compile(r"列表|分页|list", re.IGNORECASE)
_FRAME = re.compile(
    r"导航|菜单|头部|顶部|页头|页脚|底部|友情|链接|轮播|焦点|面包屑|位置|路径|版权|统计|热点|热门|推荐|相关|搜索|图标|二维码|nav|menu|head|foot|"
    r"banner|crumb|position|link|search|hot",
    re.IGNORECASE,
)


def find(page: Gathered) -> Found | None:
    """The calls of the units that may be lists, likeliest first."""
    asked: list[tuple[int, str]] = []
    for node in page.document.bearing:
        data = node.attrs.get("querydata")
        if data and "{" in data[:10]:
            read = value_at(data, data.index("{"))
            if read is not None and isinstance(read[0], dict):
                asked += _unit(node.get("url") or UNIT, read[0])
    asked += [
        (1, call.url)
        for call in calls_in(page.document)
        if call.whole and "page/build/unit" in call.url and "=" in call.url
    ]
    ranked = [page.addresses.of(url) for _, url in sorted(asked, key=lambda one: one[0])]
    needs = tuple(dict.fromkeys(url for url in ranked if url is not None))[:MOST]
    return Found(why=f"units of jpaas are built by {len(needs)} calls", needs=needs) if needs else None


def _unit(url: str, query: Mapping[str, object]) -> list[tuple[int, str]]:
    """The call of one unit with its rank, none for a menu, a banner, a footer."""
    name = str(query.get("tagId") or "")
    if not query.get("pageId") or not query.get("webId") or (_FRAME.search(name) and not _NAMED_LIST.search(name)):
        return []
    return [(0 if _LIST.search(name) else 1, with_query(url, query))]
