"""Rows that a script writes: `document.write("<li>…</li>")` and its like, as far as they are literal text.

A pager that TRS writes (`createPageHTML(120, 0, "index", "html")`) needs no more: page 0 holds the newest.
"""

import re

from monitor.read.gathered import Gathered
from monitor.read.literal import string_at
from monitor.read.records import Found

MARKS = ("document.write", "innerHTML", ".append(", ".html(")
SURE = False

MAX_PIECES = 4_000  # literals of one page
_WRITES = re.compile(r"document\.write(?:ln)?\s{0,10}\(|\.innerHTML\s{0,10}\+?=|\.(?:append|html|prepend)\s{0,10}\(")
_PLUS = re.compile(r"\s{0,100}\+(?=\s{0,100}['\"`])")


def find(page: Gathered) -> Found | None:
    """What the scripts write, when there is a link in it."""
    pieces: list[str] = []
    for node in page.document.all("script"):
        for match in _WRITES.finditer(node.text):
            if len(pieces) >= MAX_PIECES:
                break
            pieces.append(_literal(node.text, match.end()))
    markup = "".join(pieces)
    return Found(why="a script writes the rows", html=markup) if "<a" in markup.lower() else None


def _literal(text: str, at: int) -> str:
    """The string that begins there, with what is added to it as long as that is literal, too."""
    pieces: list[str] = []
    found = string_at(text, at)
    while found is not None and len(pieces) < MAX_PIECES:
        pieces.append(found[0])
        plus = _PLUS.match(text, found[1])
        found = string_at(text, plus.end()) if plus is not None else None
    return "".join(pieces)
