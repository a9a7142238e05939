"""What an address looks like: that of an article, of a column, or neither.

Reads references as the page writes them. Content systems name articles by numbers, days and hashes, columns by folders and words;
other people's home pages are what friendly links lead to. A hint for weighing lists without dates, never proof.
"""

import re
from functools import lru_cache

ARTICLE, COLUMN, UNKNOWN = "article", "column", ""

_COLUMN = re.compile(
    r"(?:^|/)(?:(?:index|list|default|main|home|more|channel)(?:_?\d{1,3})?\.[a-z]{3,5}|col/col\d+/.*|node_\d+\.[a-z]+)?$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"[^/]*(?:\d{2,}[^/]*\.[a-z]{3,5}|[0-9a-f]{8}-?[0-9a-f-]{8,}[^/]*|\d{4,})$", re.IGNORECASE)
_FOLDER = re.compile(r"/\d{5,}/(?:index\.[a-z]{3,5})?$|/[0-9a-f]{16,}/[^/]*$", re.IGNORECASE)
_QUERY = re.compile(r"(?:^|[?&])[a-z_]*(?:id|no|article|news)=[0-9a-z-]*\d", re.IGNORECASE)
_DEAD = ("javascript:", "#", "mailto:", "tel:")
MAX_LENGTH = 400  # characters of an address looked at


@lru_cache(maxsize=8192)
def likeness(href: str) -> str:
    """ARTICLE, COLUMN or UNKNOWN."""
    reference = href.strip()[:MAX_LENGTH]
    if not reference or reference.lower().startswith(_DEAD):
        return UNKNOWN
    path, _, query = reference.partition("#")[0].partition("?")
    scheme, found, rest = path.partition("//")
    if found and scheme in {"", "http:", "https:"}:
        host, _, path = rest.partition("/")
        path = "/" + path
        if path == "/" and not query and host:
            return COLUMN
    if query:
        return ARTICLE if _QUERY.search(query) else UNKNOWN
    if _FOLDER.search(path):
        return ARTICLE
    if _COLUMN.search(path):
        return COLUMN
    return ARTICLE if _NUMBERED.fullmatch(path.rpartition("/")[2]) else UNKNOWN
