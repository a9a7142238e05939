"""大汉 (Hanweb JCMS, jpage): the records of page 0 stand in a script as XML; when none do, dataproxy.jsp has them.

`<script type="text/xml"><datastore>…<recordset><record><![CDATA[<li>…]]></record>`, several of them on a page that shows
several columns (domain.md §8). The first group is asked for by numbers of records: `page=1` of a `<nextgroup>` is the second.
"""

import re
from html import unescape

from monitor.read.calls import with_query
from monitor.read.gathered import Gathered
from monitor.read.literal import value_at
from monitor.read.records import Found

MARKS = ("<datastore", "dataproxy.jsp", "<DATASTORE")
SURE = True

MAX_RECORDS = 500  # of one datastore; page 0 holds 15 to 45
MAX_STORES = 30  # of one page
FIRST = "startrecord=1&endrecord=45&perpage=15"

_OPEN = re.compile(r"<datastore\b[^>]{0,200}>", re.IGNORECASE)
_CLOSE = re.compile(r"</datastore\s{0,20}>", re.IGNORECASE)
_ENDS = ("</datastore>", "</DATASTORE>")
_SCRIPT = re.compile(r"<script[^>]{0,200}>\s{0,200}(?:<!--)?\s{0,200}(?:<\?xml[^>]{0,100}>\s{0,50})?$", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script\s{0,20}>", re.IGNORECASE)
_BEFORE = 600  # characters before a datastore in which its script begins, and behind it in which it ends
_RECORD = re.compile(r"<record\b[^>]{0,100}>\s{0,200}(?P<cdata><!\[CDATA\[)?", re.IGNORECASE)
_PROXY = re.compile(
    r"""(?:"([^"<>\s]{0,1500}dataproxy\.jsp[^"<>]{0,1500})"|'([^'<>\s]{0,1500}dataproxy\.jsp[^'<>]{0,1500})')"""
)
_PARAMETERS = re.compile(r"ajaxParam\s{0,20}['\"]?\s{0,20}:\s{0,20}(?=\{)")
_NONE = re.compile(r"totalrecords?['\"]?\s{0,9}[:=]\s{0,9}['\"]?0\b", re.IGNORECASE)
_PLACED = re.compile(r"^(?:page|startrecord|endrecord|perpage)=", re.IGNORECASE)


def unfold(text: str) -> str:
    """The text with every datastore that has records replaced by a list of them, and its script with it."""
    if not any(end in text for end in _ENDS):  # the quickest denial: every page is asked
        return text
    pieces: list[str] = []
    at = 0
    for _ in range(MAX_STORES):
        opening = _OPEN.search(text, at)
        closing = _CLOSE.search(text, opening.end()) if opening is not None else None
        if opening is None or closing is None:
            break
        records = _records(text, opening.end(), closing.start())
        start, stop = _script_around(text, at, opening.start(), closing.end()) if records else (closing.end(),) * 2
        written = "".join(f"<div class='record'>{record}</div>" for record in records)
        pieces += [text[at:start], f"<div class='datastore-list'>{written}</div>" if records else ""]
        at = stop
    return "".join([*pieces, text[at:]]) if pieces else text


def find(page: Gathered) -> Found | None:
    """The call that would bring the first records, when the page holds none."""
    text = page.document.source
    match = _PROXY.search(text)
    if (
        match is None
        and any(_OPEN.search(node.text) for node in page.document.all("script"))
        and not _NONE.search(text)
    ):
        return Found(why="a datastore of 大汉 without a record that can be read")
    if match is None or (_OPEN.search(text) is not None and _NONE.search(text) is not None):
        return None  # its own pager counts no records: nothing is left to be asked
    path, _, query = unescape(match[1] or match[2]).partition("?")
    own = "&".join(one for one in query.split("&") if one and not _PLACED.match(one))
    parameters = _PARAMETERS.search(text)
    given = value_at(text, parameters.end()) if parameters is not None else None
    if not own and given is not None and isinstance(given[0], dict):
        own = with_query("", given[0]).removeprefix("?")
    url = page.addresses.of(f"{path}?{FIRST}&{own}") if own else None
    why = "a pager of 大汉 asks for the records"
    return (
        Found(why=why, needs=(url,))
        if url is not None
        else Found(why=f"{why}: {path}", asks=(page.addresses.of(path) or path,))
    )


def _script_around(text: str, earliest: int, start: int, stop: int) -> tuple[int, int]:
    """From where to where the script stands that holds a datastore; the datastore itself when none does."""
    script = _SCRIPT.search(text, max(earliest, start - _BEFORE), start)
    if script is None:
        return start, stop
    closing = _SCRIPT_END.search(text, stop, stop + _BEFORE)
    return script.start(), closing.end() if closing is not None else stop


def _records(text: str, start: int, end: int) -> list[str]:
    """The markup of each record, packed in CDATA or escaped; one without markup or a Chinese word is none."""
    found: list[str] = []
    match = _RECORD.search(text, start, end)
    while match is not None and len(found) < MAX_RECORDS:
        stop = text.find("]]>" if match["cdata"] else "</record>", match.end(), end)
        if stop < 0:
            break
        inside = text[match.end() : stop]
        markup = inside if match["cdata"] or "&lt;" not in inside else unescape(inside)
        if markup.strip() and ("<" in markup or not markup.isascii()):  # else it is locked
            found.append(markup)
        match = _RECORD.search(text, stop, end)
    return found
