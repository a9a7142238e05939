"""Bodies under a cap, whole or cut."""

import pytest
from hypothesis import given, strategies as st

from monitor.observe.body import looks_finished, read_capped


class Stream:
    """What has arrived, chunk by chunk."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = [chunk for chunk in chunks if chunk]

    async def readany(self) -> bytes:
        return self.chunks.pop(0) if self.chunks else b""


@given(st.lists(st.binary(max_size=20), max_size=10), st.integers(0, 100))
async def test_never_more_than_the_cap_and_never_less_than_there_is(chunks: list[bytes], limit: int) -> None:
    whole = b"".join(chunks)
    body, complete = await read_capped(Stream(*chunks), limit)
    assert body == whole[:limit]
    assert complete is (len(whole) <= limit)


@pytest.mark.parametrize(
    ("body", "finished"),
    [
        (b"<html><body>x</body></html>", True),
        (b"<HTML><BODY>x</BODY></HTML>\r\n\r\n", True),
        (b"<html>x</html>\n<!-- 0.12 s, cache -->\n", True),
        (b"<html>x</html> trailing words", True),
        (b"<rss><channel></channel></rss>", True),
        (b"<feed></feed>", True),
        (b'{"items": []}', True),
        (b"[1, 2]", True),
        (b"<html><body><p>cut in the mid", False),
        (b"<html><body><div>", False),
        (b"<html></html><p>and more", False),
        (b"", False),
    ],
)
def test_whether_a_short_body_is_a_whole_document(body: bytes, finished: bool) -> None:
    assert looks_finished(body) is finished
