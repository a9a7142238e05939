"""广东 gkmlpt (政府信息公开目录): the page holds `window._CONFIG` with SID and TREE, its list comes as JSON.

`/gkmlpt/index#<id>` shows the column of that id, without one everything (id 0); the list is `/gkmlpt/api/all/<id>?page=1&sid=<SID>`
under the same path (domain.md §8). An article's day is that of its display time; the day it was written or taken in is
looked at only where no other is told.
"""

import re
from collections.abc import Mapping
from datetime import date

from monitor.model import Item
from monitor.read.gathered import Gathered
from monitor.read.links import Addresses
from monitor.read.literal import value_at
from monitor.read.records import MAX_ROWS, Found, day_of, title_of

MARKS = ("_CONFIG",)
SURE = True

FEW = 2  # leaves of a tree that are asked one by one, beside the whole; of more the newest could be missed
MAX_NODES = 5_000  # of a tree looked at
_SID = re.compile(r"""['"]?\bSID['"]?\s{0,20}:\s{0,20}['"]?(\d{1,12})\b""")
_TREE = re.compile(r"""['"]?\bTREE['"]?\s{0,20}:\s{0,20}(?=\[)""")
_PREFIX = re.compile(r"^(https?://[^/?#]+)?(/[^?#]*?)?/gkmlpt(?:/|$|[?#])")
_COLUMN = re.compile(r"^[#!/]{0,3}(\d{1,12})\b")
_DISPLAYED = ("display_publish_time", "visible_publish_time", "publish_time", "first_publish_time", "create_time")
_ELSE = ("date", "created_at")


def find(page: Gathered) -> Found | None:
    """The call that brings the column's list; it counts whatever the page shows when the address names a column."""
    text = page.document.source
    sid = _SID.search(text) if "gkmlpt" in text or "gkmlpt" in page.url else None
    if sid is None:
        return None
    tree = _TREE.search(text)
    read = value_at(text, tree.end()) if tree is not None else None
    nodes = _nodes(read[0]) if read is not None else []
    column = _COLUMN.match(page.url.partition("#")[2])
    wanted = [column[1]] if column is not None else ["0", *_leaves(nodes)]
    jumps = {str(node.get("id")): node.get("jump_url") for node in nodes}
    prefix = _PREFIX.match(page.url)
    root = (prefix[2] or "") if prefix is not None else ""
    asked = [
        _called(jumps.get(one), f"{root}/gkmlpt/api/all/{one}?page=1&sid={sid[1]}", page.addresses) for one in wanted
    ]
    needs = tuple(url for url in asked if url is not None)
    return Found(why=f"the catalogue of 广东 asks {', '.join(needs)}", needs=needs, instead=column is not None)


def answer(data: object, addresses: Addresses, today: date) -> Found | None:
    """The articles of the list's JSON; empty only when it says itself that there are none."""
    if not isinstance(data, Mapping) or not isinstance(data.get("articles"), list) or "total" not in data:
        return None
    rows = [row for row in data["articles"][:MAX_ROWS] if isinstance(row, Mapping)]
    items = tuple(item for row in rows if (item := _item(row, addresses, today)) is not None)
    none = not data["articles"] and str(data["total"]) == "0"
    return Found(why=f"the catalogue of 广东 lists {len(items)} articles", items=items, empty=none)


def _item(row: Mapping[str, object], addresses: Addresses, today: date) -> Item | None:
    title = title_of(row.get("title"))
    if title is None:
        return None
    told = [row.get(name) for name in _DISPLAYED if row.get(name)] or [row.get(name) for name in _ELSE]
    day = next((day for value in told if (day := day_of(value, today)) is not None), None)
    links = [value for name in ("url", "post_url") if isinstance(value := row.get(name), str)]
    url = next((address for link in links if (address := addresses.of(link.strip())) is not None), None)
    return Item(title, url, day, "script" if day else None)


def _called(jump: object, call: str, addresses: Addresses) -> str | None:
    """A column that is kept elsewhere leads there."""
    return addresses.of(jump if isinstance(jump, str) and jump else call)


def _nodes(tree: object) -> list[Mapping[str, object]]:
    """Every node of the tree."""
    found: list[Mapping[str, object]] = []
    waiting = list(tree) if isinstance(tree, list) else []
    while waiting and len(found) < MAX_NODES:
        node = waiting.pop()
        if isinstance(node, Mapping):
            found.append(node)
            children = node.get("children")
            waiting += children if isinstance(children, list) else []
    return found


def _leaves(nodes: list[Mapping[str, object]]) -> list[str]:
    """The ids of the columns that hold articles, when they are so few that they can all be asked."""
    leaves = [str(node.get("id")) for node in nodes if not node.get("children") and not node.get("jump_url")]
    return leaves if len(leaves) <= FEW and all(leaf.isdigit() for leaf in leaves) else []
