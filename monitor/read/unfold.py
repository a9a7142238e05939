"""Lists that stand in the page as data are written out as HTML before it is parsed.

Reads decoded text; gives text in which 大汉 (Hanweb jpage) `<datastore>` records and `<noscript>`-free CDATA rows take
the place of the script that holds them, so that one reader serves them all. Changes nothing else.
"""

import re

MAX_RECORDS = 500  # page 0 holds 15 to 45

_DATASTORE = re.compile(
    r"<script[^>]*>\s*(?:<!--)?\s*<datastore>.*?</script>|<datastore>.*?</datastore>", re.DOTALL | re.IGNORECASE
)
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL | re.IGNORECASE)


def unfold(text: str) -> str:
    """The text with every datastore replaced by a list of its records."""
    if "<datastore" not in text and "<DATASTORE" not in text:
        return text
    return _DATASTORE.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    records = _RECORD.findall(match[0])[:MAX_RECORDS]
    if not records:
        return match[0]
    return (
        "<div class='datastore-list'>" + "".join(f"<div class='record'>{record}</div>" for record in records) + "</div>"
    )
