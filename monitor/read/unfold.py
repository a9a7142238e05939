"""Lists that stand in the page as data are written out as HTML before it is parsed.

Reads decoded text; gives text in which the records of a 大汉 (Hanweb jpage) `<datastore>` take the place of the script
that holds them, so that one reader serves them all. Walks forward only: time is linear in the size of the page.
"""

import re

MAX_RECORDS = 500  # page 0 holds 15 to 45

_OPEN = re.compile(r"<datastore\b[^>]{0,200}>", re.IGNORECASE)
_SCRIPT = re.compile(r"<script[^>]{0,200}>\s{0,200}(?:<!--)?\s{0,200}$", re.IGNORECASE)
_BEFORE = 600  # characters before a datastore in which its script begins
_END = "</datastore>"
_RECORD, _END_RECORD = "<record><![CDATA[", "]]>"


def unfold(text: str) -> str:
    """The text with the first datastore replaced by a list of its records, and its script with it."""
    match = _OPEN.search(text) if _END in text else None
    if match is None:
        return text
    end = text.find(_END, match.end())
    if end < 0:
        return text
    records = _records(text, match.end(), end)
    if not records:
        return text
    script = _SCRIPT.search(text, max(0, match.start() - _BEFORE), match.start())
    start, stop = match.start(), end + len(_END)
    if script is not None:
        start = script.start()
        closing = text.find("</script>", stop)
        stop = closing + len("</script>") if 0 <= closing - stop <= _BEFORE else stop
    written = "".join(f"<div class='record'>{record}</div>" for record in records)
    return f"{text[:start]}<div class='datastore-list'>{written}</div>{text[stop:]}"


def _records(text: str, start: int, end: int) -> list[str]:
    """The CDATA of each record."""
    found: list[str] = []
    at = text.find(_RECORD, start, end)
    while at >= 0 and len(found) < MAX_RECORDS:
        stop = text.find(_END_RECORD, at, end)
        if stop < 0:
            break
        found.append(text[at + len(_RECORD) : stop])
        at = text.find(_RECORD, stop, end)
    return found
