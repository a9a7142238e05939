"""Bodies: read under a cap, and judged whether one that was cut looks finished all the same.

Pure but for the reading of the stream it is handed. A body is never larger in memory than its cap and one chunk.
"""

import re
from typing import Protocol

_END_OF_DOCUMENT = re.compile(
    rb"</(?:html|body|rss|feed|rdf:rdf|urlset)\s*>[^<]{0,200}(?:<!--[^>]{0,500}-->\s*)*\Z", re.IGNORECASE
)

_TAIL = 2048  # bytes at the end that are looked at


class Chunks(Protocol):
    """A stream of what has arrived: b"" at its end."""

    async def readany(self) -> bytes: ...


async def read_capped(stream: Chunks, limit: int) -> tuple[bytes, bool]:
    """The body up to `limit` bytes, and whether that was all of it."""
    chunk = await stream.readany()
    if not chunk:
        return b"", True
    chunks, size = [chunk], len(chunk)
    while size <= limit and (chunk := await stream.readany()):
        chunks.append(chunk)
        size += len(chunk)
    body = b"".join(chunks) if len(chunks) > 1 else chunks[0]
    return (body, True) if size <= limit else (body[:limit], False)


def looks_finished(body: bytes) -> bool:
    """Whether a body shorter than announced is a whole document: the count was wrong, not the transfer."""
    tail = body[-_TAIL:].rstrip()
    return tail.endswith((b"}", b"]")) or _END_OF_DOCUMENT.search(tail) is not None
