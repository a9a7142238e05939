"""Reply lists under headings: 编号 | 标题 | 来信时间 | 状态, as a table or as blocks of as many cells each.

Reads a Document; gives Rows. A line of headings is one whose cells are names of fields; what follows with as many cells
is a row of the list. Two cells "来信时间 | 2024-01-02" beside one another are no heading: `letterlabels` reads those.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from monitor.read.gathered import Gathered
from monitor.read.html import Document, Node, squeeze
from monitor.read.letterrows import Row
from monitor.read.letterwords import OF_WORD, heading, moment_in
from monitor.read.linkless import leads_to

MOST_CELLS = 12
MOST_ROWS = 500
LONGEST_LINE = 8 * MOST_CELLS  # nodes of a line of headings
UP = 4  # levels from the text of a heading to its line, and from that to the list
_TIMES = frozenset({"received", "answered", "when", "state"})


@dataclass(slots=True)
class _Head:
    """A line of headings: its element, and the field of each cell by its word ("" for none)."""

    node: Node
    words: list[tuple[str, str]]


def headed_rows(page: Gathered) -> list[Row]:
    """The rows under headings; of several lines of headings on a page each has its own."""
    document, found, seen = page.document, list[Row](), set[int]()
    heads = _heads(document, page)
    for at, head in enumerate(heads):
        end = heads[at + 1].node.index if at + 1 < len(heads) else len(document.nodes)
        for node, cells in _lines(document, head, end):
            if node.index not in seen and len(found) < MOST_ROWS:
                seen.add(node.index)
                row = _row(page, node, cells, head.words)
                if row is not None:
                    found.append(row)
    return found


def _heads(document: Document, page: Gathered) -> list[_Head]:
    heads: list[_Head] = []
    for text in document.texts:
        if heads and text.index < heads[-1].node.end:
            continue
        if not (2 <= len(text.text) <= 12) or heading(text.text) is None:
            continue
        for up in islice(text.up(), UP):
            head = _head(document, up, page)
            if head is not None:
                heads.append(head)
                break
    return heads


def _head(document: Document, node: Node, page: Gathered) -> _Head | None:
    """The element as a line of headings: a title or number and a time or state among them, and no cell that is a moment."""
    if node.end - node.index > LONGEST_LINE:
        return None
    cells = _cells(document, node)
    if not 2 <= len(cells) <= MOST_CELLS:
        return None
    texts = [squeeze(document.text_of(cell)) for cell in cells]
    words = [heading(text) or "" for text in texts]
    fields = {OF_WORD[word] for word in words if word}
    if not fields & {"title", "number"} or not fields & _TIMES:
        return None
    if any(len(text) > 14 or moment_in(text, page.today) for text in texts):
        return None
    return _Head(node, [(OF_WORD.get(word, ""), word) for word in words])


def _cells(document: Document, node: Node) -> list[Node]:
    return [child for child in islice(document.children(node), 4 * MOST_CELLS) if child.tag != "#text"]


def _lines(document: Document, head: _Head, end: int) -> Iterator[tuple[Node, list[Node]]]:
    """What follows with as many cells, inside the nearest block around the headings that has any."""
    for around in islice(head.node.up(), UP):
        if around.tag in {"body", "html"}:
            return
        found = list(_alike(document, head, min(end, around.end)))
        if found:
            yield from found
            return


def _alike(document: Document, head: _Head, end: int) -> Iterator[tuple[Node, list[Node]]]:
    index, count = head.node.end, len(head.words)
    while index < end:
        node = document.nodes[index]
        cells = _cells(document, node) if node.tag != "#text" and node.end - node.index > count else []
        if len(cells) == count and (node.tag == head.node.tag or node.tag in {"li", "ul", "dl", "div", "a", "tr"}):
            yield node, cells
            index = node.end
        else:
            index += 1


def _row(page: Gathered, node: Node, cells: list[Node], words: list[tuple[str, str]]) -> Row | None:
    """None where no cell under the headings holds anything that a letter has."""
    document, row = page.document, Row()
    for cell, (name, word) in zip(cells, words, strict=True):
        text = cell_text(document, cell)
        if name == "title":
            row.title = row.title or _title_in(document, cell) or text
        elif name:
            row.tell(name, word, text)
        elif text and len(text) <= 12:
            row.words.append(text)
    if not row.title:
        row.title = next((text for cell in cells if len(text := _title_in(document, cell)) >= 4), "")
    url = leads_to(document.nodes[node.index : node.end])
    row.url = page.addresses.of(url) if url else None
    return row if row.title and any(row.told.get(name, ("", ""))[1] for name in _TIMES) else None


def cell_text(document: Document, cell: Node) -> str:
    """What a cell shows; a picture shows what stands for it (alt="已回复")."""
    text = squeeze(document.text_of(cell))
    if text:
        return text
    pictures = (one for one in document.nodes[cell.index : cell.end] if one.tag == "img")
    return next((squeeze(told) for one in pictures if (told := one.get("alt") or one.get("title"))), "")


def _title_in(document: Document, cell: Node) -> str:
    """The link's own title where the printed one is cut, else what it prints."""
    for one in document.nodes[cell.index : cell.end]:
        if one.tag == "a" or one is cell:
            whole, printed = squeeze(one.get("title")), squeeze(document.text_of(one))
            if one.tag == "a":
                return whole if whole and (not printed or printed.rstrip(".…") in whole) else printed
    return ""
