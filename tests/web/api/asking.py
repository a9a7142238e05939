"""A client of the API: what it sends is what a program sends, what it gives back is what came over the wire."""

import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import aiohttp
from yarl import URL

PREFIX = "/api/v1"


class Answer(NamedTuple):
    """What came back. `told` is its JSON: every answer under the prefix is JSON."""

    status: int
    told: Any
    headers: Mapping[str, str]


class Client:
    """`get("/incidents?limit=3")`, `post("/log", {...})`; paths are sent as they are written."""

    def __init__(self, session: aiohttp.ClientSession, address: str, token: str) -> None:
        self.session, self.address, self.token = session, address, token

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.send("GET", path, headers=headers)

    async def post(self, path: str, body: object, **headers: str) -> Answer:
        told = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        return await self.send("POST", path, io.BytesIO(json.dumps(body).encode()), told)

    async def send(
        self, method: str, path: str, data: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        told = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        url = URL(self.address + PREFIX + path, encoded=True)
        async with self.session.request(method, url, data=data, headers=told) as answer:
            assert answer.content_type == "application/json", (path, answer.status, await answer.text())
            return Answer(answer.status, json.loads(await answer.text()), answer.headers)

    async def rows(self, path: str) -> list[Any]:
        """All rows of a list, page after page."""
        found: list[Any] = []
        cursor = ""
        sign = "&" if "?" in path else "?"
        while True:
            page = await self.get(path + (f"{sign}cursor={cursor}" if cursor else ""))
            assert page.status == 200, page
            found += page.told["rows"]
            cursor = page.told["next"]
            if cursor is None:
                return found


@asynccontextmanager
async def asking(address: str, token: str) -> AsyncIterator[Client]:
    """A client for the length of a `with`."""
    async with aiohttp.ClientSession() as session:
        yield Client(session, address, token)
