"""A desk with everything handed in that app hands in, over a filled store, and a client that asks its API."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest

from monitor.web.server import Desk
from tests.clock import FakeClock
from tests.web.api.asking import Client, asking
from tests.web.api.full import TOKEN, fill, open_desk

Serve = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def serve(tmp_path: Path, clock: FakeClock) -> Serve:
    """A desk of a test's own: `async with serve(token=None, listen="0.0.0.0:0") as desk`."""
    return partial(open_desk, tmp_path / "zhishou.db", clock)


@pytest.fixture
async def desk(serve: Serve) -> AsyncIterator[Desk]:
    """A desk on loopback with a token, over the full store."""
    async with serve() as listening:
        await listening.database.write(fill)
        yield listening


@pytest.fixture
async def api(desk: Desk) -> AsyncIterator[Client]:
    """Asks it, with the token where something is changed."""
    async with asking(desk.address, TOKEN) as client:
        yield client
