"""The letters of a public reply list (留言公开): what each row prints of number, title, class, receipt and answer.

Reads a page, or the data that a call brings; gives Letters. A page is asked only when it uses the words of such lists; rows
under headings count before those behind labels. What a list does not print stays None: nothing is guessed.
"""

import re
from datetime import date

from monitor.model import Item, Letter
from monitor.read.gathered import Gathered
from monitor.read.html import Document
from monitor.read.letterdata import letters_in
from monitor.read.letterlabels import labelled_rows
from monitor.read.letterrows import letters_of
from monitor.read.lettertables import headed_rows
from monitor.read.letterwords import FIELDS
from monitor.read.literal import arrays_in
from monitor.read.records import Found

_HINTS = (*FIELDS["received"], *FIELDS["answered"], *FIELDS["state"])
_SPREAD = str.maketrans("", "", " \t\u3000\xa0")
_ANSWER_KEYS = ("eply", "nswer", "hfsj", "dfsj", "bjsj")
_ARRAY = re.compile(r"\[\s*\{")
MAX_SCRIPTS = 60  # of one page looked at


def read_letters(page: Gathered) -> tuple[Letter, ...]:
    """The letters a page shows, in its order; () for a page that is no such list."""
    document = page.document
    if not _may_list(document):
        return _scripted(page)
    found = letters_of(headed_rows(page), page.today)
    if any(one.received or one.is_answered is not None for one in found):
        return found
    return letters_of(labelled_rows(page), page.today) or found or _scripted(page)


def _may_list(document: Document) -> bool:
    words = document.words.translate(_SPREAD)
    return any(hint in words for hint in _HINTS)


def _scripted(page: Gathered) -> tuple[Letter, ...]:
    """Those that stand in a script as data; the longest list of them."""
    source = page.document.source
    if not any(sign in source for sign in _ANSWER_KEYS) or _ARRAY.search(source) is None:
        return ()
    scripts = [node.text for node in page.document.all("script")[:MAX_SCRIPTS] if "[" in node.text]
    found = (letters_in(data, page.addresses, page.today) for text in scripts for data in arrays_in(text))
    return max(found, key=len, default=())


def answered_letters(data: object, page: Gathered, today: date) -> tuple[Letter, ...]:
    """The letters in the answer of a call: as data, else in the markup it brings (which `page` is made of)."""
    return letters_in(data, page.addresses, today) or read_letters(page)


def newest_answer(letters: tuple[Letter, ...]) -> str | None:
    """The day of the latest answer the list shows; None where it shows none."""
    return max((one.answered[:10] for one in letters if one.answered), default=None)


def as_list(letters: tuple[Letter, ...]) -> Found:
    """Letters as the list they make, each of the day of its answer, or of its receipt while it has none."""
    items = (
        Item(one.title, one.url, day := (one.answered or one.received or "")[:10] or None, "script" if day else None)
        for one in letters
    )
    return Found(why=f"{len(letters)} letters in the answer of a call", items=tuple(items))
