"""Letters whose facts stand behind labels: cards, definition lists, lines below a title (来信时间：… 回复时间：…), a letter's own page.

Reads a Document; gives Rows. Each letter has one label of its time; around it is its block, or, where letters follow one
another without blocks, all from its title to the next. Words without a label (已回复, [咨询]) are kept for what they may tell.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from monitor.model import class_of
from monitor.read.gathered import Gathered
from monitor.read.html import Node, squeeze
from monitor.read.letterrows import Row
from monitor.read.lettertables import MOST_ROWS
from monitor.read.letterwords import (
    CONTENT,
    LESS_SURE,
    LONGEST,
    OF_WORD,
    heading,
    is_nothing,
    labels_in,
    moment_in,
    state_in,
)
from monitor.read.linkless import leads_to
from monitor.read.rows import Anchor

ANCHORS = ("received", "answered", "state")
"""Of which a letter has one: the first of them that the page shows is what letters are told apart by."""
_TITLED = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "strong", "b", "caption"})
_NAMED = ("title", "tit", "bt", "subject", "zhuti", "biaoti")
LEAST = 4  # signs of a title
SHORT = 12  # of a word that may be a state or class
_ASIDE = re.compile(r"[^:：]{2,8}[:：]")  # 答复单位：某局
LONGEST_BLOCK = 400  # nodes; in a whole page a word without a label may be any menu's
_place = attrgetter("index")
P = TypeVar("P", Node, Anchor)


@dataclass(slots=True)
class _Told:
    """A field told at a node: by which word, and the text behind it."""

    node: Node
    field: str
    word: str
    text: str


def labelled_rows(page: Gathered) -> list[Row]:
    """One for each letter whose time or state is labelled; none where no label is."""
    told = _told(page)
    for name in ANCHORS:
        anchors = _anchors([one for one in told if one.field == name])
        if anchors:
            return _rows(page, told, anchors[:MOST_ROWS])
    return []


def _anchors(found: list[_Told]) -> list[_Told]:
    """One for each letter: of 来信时间 and 受理时间 the surer; of two that each letter has, the first."""
    counts = Counter(one.word for one in found)
    sure = {word: count for word, count in counts.items() if word not in LESS_SURE} or counts
    first = next((one.word for one in found if one.word in sure), "")
    alone = all(count == sure[first] for count in sure.values())
    return [one for one in found if (one.word == first if alone else one.word in sure)]


def _told(page: Gathered) -> list[_Told]:
    """Every labelled field of the page in document order; the text of a label by itself is the next one's."""
    texts, found = page.document.texts, list[_Told]()
    for at, node in enumerate(texts):
        text = node.text
        if len(text) > 20 * LONGEST or (node.parent is not None and node.parent.tag == "option"):
            continue
        following = texts[at + 1] if at + 1 < len(texts) else None
        whole = heading(text)
        if whole is not None:
            value = _behind(following, OF_WORD[whole], page)
            if value or text.rstrip().endswith((":", "：")):
                found.append(_Told(node, OF_WORD[whole], whole, value))
            continue
        for label in labels_in(text) if "：" in text or ":" in text or "时间" in text or "日期" in text else ():
            value = label.value or (
                _behind(following, label.field, page) if text.rstrip().endswith((":", "：")) else ""
            )
            found.append(_Told(node, label.field, label.word, value))
    return found


def _behind(node: Node | None, name: str, page: Gathered) -> str:
    """The text after a label, where it is one that such a field may have: behind an empty 回复时间 stands the next letter's title."""
    if node is None or heading(node.text) is not None or next(labels_in(node.text), None) is not None:
        return ""
    text = squeeze(node.text)
    if name in {"received", "answered", "when"}:
        fits = is_nothing(text) or moment_in(text, page.today) is not None or state_in(text) is not None
        return text if fits else ""
    return text if name == "title" or len(text) <= SHORT or name == "number" else ""


def _rows(page: Gathered, told: list[_Told], anchors: list[_Told]) -> list[Row]:
    spans, titles = _spans(page, anchors)
    places = [one.node.index for one in told]
    rows = []
    for (start, end), (title, at) in zip(spans, titles, strict=True):
        row = Row(title)
        for one in told[bisect_left(places, start) : bisect_left(places, end)]:
            if one.field == "title":
                row.title = row.title if row.title and (one.word in CONTENT or not one.text) else one.text
            else:
                row.tell(one.field, one.word, one.text)
        row.words = _words(page, start, end)
        url = leads_to(page.document.nodes[(start if at is None else at) : end])
        row.url = page.addresses.of(url) if url else None
        rows.append(row)
    return rows


def _spans(page: Gathered, anchors: list[_Told]) -> tuple[list[tuple[int, int]], list[tuple[str, int | None]]]:
    """Where each letter stands, and its title with the place of it."""
    blocks = _blocks(anchors)
    if len(blocks) == 1:  # a letter by itself, or its own page
        title, at = _title_in(page, blocks[0].index, anchors[0].node.index, last=True)
        return [(blocks[0].index if at is None else at, blocks[0].end)], [(title, at)]
    titles = [_title_in(page, block.index, block.end) for block in blocks]
    if 2 * sum(1 for title, _ in titles if title) >= len(blocks):
        return [(block.index, block.end) for block in blocks], titles
    return _between(page, anchors)


def _blocks(anchors: list[_Told]) -> list[Node]:
    """Around each anchor the largest element that holds no other one."""
    indexes, found = [one.node.index for one in anchors], []
    for one in anchors:
        block = one.node
        for up in one.node.up():
            if up.tag in {"body", "html"} or bisect_left(indexes, up.end) - bisect_left(indexes, up.index) > 1:
                break
            block = up
        found.append(block)
    return found


def _between(page: Gathered, anchors: list[_Told]) -> tuple[list[tuple[int, int]], list[tuple[str, int | None]]]:
    """Letters that follow one another without blocks: each from the title before its time to that of the next."""
    starts, titles, before = list[int](), list[tuple[str, int | None]](), 0
    for one in anchors:
        title, at = _title_in(page, before, one.node.index, last=True)
        starts.append(one.node.index if at is None else at)
        titles.append((title, at))
        before = one.node.index + 1
    ends = [*starts[1:], _end_of_list(anchors, page)]
    return list(zip(starts, ends, strict=True)), titles


def _end_of_list(anchors: list[_Told], page: Gathered) -> int:
    """Where the last letter ends: with the element its time stands in among its siblings."""
    around = next((up for up in anchors[-1].node.up() if up.index <= anchors[0].node.index), None)
    return around.end if around is not None else len(page.document.nodes)


def _title_in(page: Gathered, start: int, end: int, *, last: bool = False) -> tuple[str, int | None]:
    """The title that stands there and where: a link's, else that of a heading; of several the first, or the last one before `end`."""
    links = _within(page.anchors, start, end)
    named = [(one.title, one.index) for one in links if _is_title(one.title)]
    if not named:
        nodes = page.document.nodes[start:end]
        named = [
            (text, node.index)
            for node in nodes
            if (node.tag in _TITLED or (node.attrs and node.tag != "#text" and _is_named(node)))
            and node.end - node.index < SHORT
            and _is_title(text := page.document.line_of(node))
        ]
    if not named and not last:
        texts = _within(page.document.texts, start, end)
        named = [(text, one.index) for one in texts if _is_title(text := squeeze(one.text)) and not _ASIDE.match(text)][
            :1
        ]
    return (named[-1] if last else named[0]) if named else ("", None)


def _within(found: Sequence[P], start: int, end: int) -> Sequence[P]:
    """Of things in the order of their places those that lie there."""
    return found[bisect_left(found, start, key=_place) : bisect_left(found, end, key=_place)]


def _is_named(node: Node) -> bool:
    names = node.get("class").lower()
    return bool(names) and any(name in names for name in _NAMED)


def _is_title(text: str) -> bool:
    """Something to read that is no state, no class and no label."""
    if len(text) < LEAST or heading(text) or state_in(text) is not None or class_of(text) is not None:
        return False
    return sum(1 for sign in text if "\u4e00" <= sign <= "\u9fff") >= 2 and next(labels_in(text), None) is None


def _words(page: Gathered, start: int, end: int) -> list[str]:
    """Short texts and pictures' texts that stand alone there."""
    if end - start > LONGEST_BLOCK:
        return []
    words = [one.text for one in _within(page.document.texts, start, end) if len(one.text) <= SHORT]
    pictures = (one for one in page.document.nodes[start:end] if one.tag == "img")
    return words + [told for one in pictures if (told := one.get("alt") or one.get("title"))]
