"""大汉 jpaas (浙江 and ministries): units of a page are built by a call whose parameters stand in the page.

`<script src="…/unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{'webId':'…', …}">`, or the
same written in a script; the answer is JSON with the unit's HTML in it. Page 1 is enough (domain.md §8).
"""

import re
from collections.abc import Mapping

from monitor.read.calls import calls_in, with_query
from monitor.read.gathered import Gathered
from monitor.read.html import Node
from monitor.read.literal import value_at
from monitor.read.records import Found

MARKS = ("page/build/unit", "unitbuild.js", "unitBuild.js")
SURE = True

UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_QUERIES = ("querydata", "data-querydata", "query-data", "data-query")
_ADDRESSES = ("url", "data-url")
MOST = 20  # units named; fewer are asked, but what is not named could not be missed
_LIST = re.compile(r"列表|分页|内容|信息|栏目|文章|新闻|公告|list|page|news|content", re.IGNORECASE)
_NAMED_LIST = re.compile(r"列表|分页|list", re.IGNORECASE)
_FRAME = re.compile(
    r"导航|菜单|头部|顶部|页头|页脚|底部|友情|链接|轮播|焦点|面包屑|位置|路径|版权|统计|热点|热门|推荐|相关|搜索|图标|二维码|nav|menu|head|foot|"
    r"banner|crumb|position|link|search|hot",
    re.IGNORECASE,
)


def find(page: Gathered) -> Found | None:
    """The calls of the units that may be lists, likeliest first; one whose parameters a program has to find is told."""
    asked: list[tuple[int, str]] = []
    told: list[str] = []
    for node in page.document.bearing:
        if not (data := _first(node, _QUERIES)) and "page/build/unit" not in _first(node, _ADDRESSES):
            continue
        read = value_at(data, data.index("{")) if "{" in data[:10] else None
        query = read[0] if read is not None and isinstance(read[0], dict) else {}
        url = _first(node, _ADDRESSES) or UNIT
        if not _is_frame(query):
            name = str(query.get("tagId") or "")
            whole = query.get("webId") and (query.get("pageId") or query.get("tplSetId"))
            asked += [(0 if _LIST.search(name) else 1, with_query(url, query))] if whole else []
            told += [] if whole else [page.addresses.of(url) or url]
    asked += [
        (1, call.url)
        for call in calls_in(page.document)
        if call.whole and "page/build/unit" in call.url and "=" in call.url
    ]
    ranked = [page.addresses.of(url) for _, url in sorted(asked, key=lambda one: one[0])]
    needs = tuple(dict.fromkeys(url for url in ranked if url is not None))[:MOST]
    if needs:
        return Found(why=f"units of jpaas are built by {len(needs)} calls", needs=needs)
    return Found(why="units of jpaas are built by calls of a program", asks=(f"GET {told[0]}…",)) if told else None


def _first(node: Node, names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := node.get(name).strip())), "")


def _is_frame(query: Mapping[str, object]) -> bool:
    """True for the unit of a menu, a banner, a footer."""
    name = str(query.get("tagId") or "")
    return _FRAME.search(name) is not None and _NAMED_LIST.search(name) is None
