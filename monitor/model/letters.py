"""Rows of a public reply list (留言公开): what each prints of one letter, and what people call the classes of messages.

Times are as printed, in Shanghai: "YYYY-MM-DD", or "YYYY-MM-DDTHH:MM" where a time of day stands there. What is not printed is
None, never a guess.
"""

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from monitor.model.titles import plain_title
from monitor.model.words import MessageClass

L = TypeVar("L", bound=Hashable)

CLASS_WORDS: Mapping[str, MessageClass] = {
    **dict.fromkeys(("找错", "网民找错", "纠错", "网站找错", "我为政府网站找错"), MessageClass.JIUCUO),
    **dict.fromkeys(("咨询", "建议", "咨询建议", "咨询/建议", "意见建议", "网上咨询"), MessageClass.CONSULTING),
    **dict.fromkeys(
        ("投诉", "求助", "办理", "举报", "投诉举报", "投诉/求助/办理", "求助办理", "诉求"), MessageClass.HANDLING
    ),
}
"""As registers and lists write them; a word that is not among them names no class."""
_MORE: Mapping[str, MessageClass] = {
    **dict.fromkeys(("网站纠错", "网民纠错", "挑错"), MessageClass.JIUCUO),
    **dict.fromkeys(
        ("意见", "提问", "建言", "献策", "建言献策", "建议意见", "政策咨询", "业务咨询", "政务咨询", "在线咨询"),
        MessageClass.CONSULTING,
    ),
    **dict.fromkeys(
        ("反映", "问题反映", "反映问题", "信访", "申诉", "检举", "在线投诉", "网上投诉"), MessageClass.HANDLING
    ),
}
_AROUND = re.compile(r"^我[要来]|(?:类|类信件|信件|来信|留言|事项)$|[\s\[\]【】（）()〔〕<>《》]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One row. `is_answered`: None where the list does not tell. `cls` None and `kind` "…": printed, in a word that names no class."""

    title: str
    url: str | None = None
    number: str | None = None
    kind: str = ""
    cls: MessageClass | None = None
    received: str | None = None
    answered: str | None = None
    is_answered: bool | None = None


def class_of(word: str) -> MessageClass | None:
    """The class a list means by that word (咨询, 【投诉】, 我要建议, 求助类); None when it is the name of none."""
    plain = _AROUND.sub("", word)
    return CLASS_WORDS.get(plain) or _MORE.get(plain)


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A row as it is remembered, or brought home: `asked` when the letter's own page was read for what the list lacks."""

    letter: Letter
    asked: bool = False


Key = tuple[str, str, str]


def keys_of(letter: Letter) -> tuple[Key, ...]:
    """By what a row is known again, the surest first: its number, its address, its title with the day it came."""
    title = plain_title(letter.title)
    found = [("number", letter.number or "", "")] if letter.number else []
    if letter.url:
        found.append(("address", letter.url, title))
    return (*found, ("title", title, (letter.received or "")[:10]))


class Rows(Generic[L]):
    """Rows that are known, each under what it stands for. A row is known again once."""

    def __init__(self, known: Iterable[tuple[L, Letter]]) -> None:
        self._known: dict[Key, list[tuple[L, Letter]]] = {}
        self._taken: set[L] = set()
        for one, letter in known:
            for key in keys_of(letter):
                self._known.setdefault(key, []).append((one, letter))

    def take(self, letter: Letter) -> L | None:
        """What the row is of those that are left; None for a new one. Other numbers, or other addresses, are other letters."""
        for key in keys_of(letter):
            for one, known in self._known.get(key, ()):
                if one not in self._taken and not _differ(letter, known, key[0]):
                    self._taken.add(one)
                    return one
        return None


def _differ(one: Letter, other: Letter, by: str) -> bool:
    if by == "number":
        return False
    if one.number and other.number and one.number != other.number:
        return True
    return by == "title" and bool(one.url and other.url) and one.url != other.url
