"""A desk over a store that tests fill, and the ways to ask it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from monitor.web.server import Desk
from monitor.web.status import Status
from tests.clock import FakeClock
from tests.web.filled import serving, working

Get = Callable[[str], Awaitable[tuple[int, str, dict[str, str]]]]


@pytest.fixture
def status() -> Status:
    return working()


@pytest.fixture
async def desk(tmp_path: Path, clock: FakeClock, status: Status) -> AsyncIterator[Desk]:
    async with serving(tmp_path / "zhishou.db", clock, status) as listening:
        yield listening


@pytest.fixture
async def get(desk: Desk) -> AsyncIterator[Get]:
    """Status, text and headers of an answer."""
    async with aiohttp.ClientSession(desk.address) as session:

        async def ask(path: str) -> tuple[int, str, dict[str, Any]]:
            async with session.get(path) as answer:
                return answer.status, await answer.text(), dict(answer.headers)

        yield ask
