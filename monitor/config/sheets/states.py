"""What a filing system says of a row's state (运行状态): which sites and accounts are over, and what a list is to be told of the rest.

Pure. A state is no declaration: it has no day, no document and no notice, so nothing is judged by it. What is over and was never watched is
left out; what is watched stays until somebody files its end or takes it out of the list. Source of the states: domain.md §9 (001-9, 000-10).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from monitor.config.sheets.headings import normal
from monitor.config.sheets.ids import Cells
from monitor.model import DeclarationKind, Text, say

KEY = "status"
RUNNING = frozenset(
    ("正常", "正常运行", "运行", "运行中", "正在运行", "在线", "在用", "启用", "开通", "已开通", "正常开通", "正常更新")
)
OVER = frozenset(
    ("永久下线", "已永久下线", "永久关停", "永久关闭", "关停", "已关停", "关停注销", "已关停注销", "注销", "已注销")
)
NAMED = 5
"""Rows of a state told by name."""
_FILED: Mapping[str, DeclarationKind] = {
    "临时下线": DeclarationKind.TEMPORARY_OFFLINE,
    "永久": DeclarationKind.PERMANENT_OFFLINE,
    "关停": DeclarationKind.PERMANENT_OFFLINE,
    "注销": DeclarationKind.PERMANENT_OFFLINE,
    "迁移": DeclarationKind.MIGRATION,
    "恢复": DeclarationKind.RETURN,
}
"""What is filed of a state, by a word in it."""


class Sorted(NamedTuple):
    """Numbers of the rows that are left out, and what is to be said of these and of the others."""

    over: frozenset[int]
    said: tuple[Text, ...]


def by_state(rows: Sequence[tuple[int, Cells]], watched: Collection[str]) -> Sorted:
    """Takes the state from every row. `watched`: ids that are in the inventory already."""
    over: dict[int, Cells] = {}
    rest: dict[tuple[str, str], list[Cells]] = {}
    for row, cells in rows:
        state = normal(cells.pop(KEY, ""))
        if state in OVER and cells.get("id") not in watched:
            over[row] = cells
        elif state and state not in RUNNING:
            rest.setdefault((state, cells.get("kind", "")), []).append(cells)
    return Sorted(frozenset(over), tuple(_told(list(over.values()), rest)))


def _told(over: Sequence[Cells], rest: Mapping[tuple[str, str], Sequence[Cells]]) -> Iterator[Text]:
    if over:
        yield say("left out, for they are over by the list and were never watched: {n} ({names})", **_shown(over))
    for (state, kind), some in rest.items():
        if (filed := _filed(state, kind)) is None:
            yield say('watched though the list says "{state}" of them: {n} ({names})', state=state, **_shown(some))
            continue
        yield say(
            'watched though the list says "{state}" of them: {n} ({names}); file it with `zhishou declare {kind}`, or take them'
            " out of the list",
            state=state,
            kind=filed.value,
            **_shown(some),
        )


def _filed(state: str, kind: str) -> DeclarationKind | None:
    found = next((filed for word, filed in _FILED.items() if word in state), None)
    if kind == "account":
        return DeclarationKind.ACCOUNT_CLOSING if found is DeclarationKind.PERMANENT_OFFLINE else None
    return found


def _shown(some: Sequence[Cells]) -> dict[str, str | int]:
    names = "、".join(one.get("name") or one.get("id", "") for one in some[:NAMED])
    return {"n": len(some), "names": f"{names}…" if len(some) > NAMED else names}
