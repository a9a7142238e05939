"""Where notices arrive in a rehearsal: a webhook and robot endpoints in the shapes of 企业微信, 钉钉 and 飞书.

Each Receiver is one channel with a port of its own. It records every message and answers as the service would, or
refuses, hangs, answers an error code or an HTTP status (`channel_down`, DESIGN.md §4.6). Writes nothing to disk.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from monitor.clock import Clock

ROBOTS = ("hook", "wecom", "dingtalk", "feishu")

_FINE: dict[str, dict[str, object]] = {
    "hook": {},
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "dingtalk": {"errcode": 0, "errmsg": "ok"},
    "feishu": {"code": 0, "msg": "success", "data": {}},
}
_REFUSING: dict[str, dict[str, object]] = {
    "hook": {"error": "rejected"},
    "wecom": {"errcode": 93000, "errmsg": "invalid webhook url"},
    "dingtalk": {"errcode": 310000, "errmsg": "keywords not in content"},
    "feishu": {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"},
}


@dataclass(frozen=True, slots=True)
class Received:
    """One request. `confirmed` when it was answered as taken."""

    at: datetime
    robot: str
    body: bytes
    confirmed: bool


@dataclass
class Receiver:
    """`answer`: "ok", "refused", "timeout", "errcode", or an HTTP status as text ("503"). Change it with `answer_with`."""

    clock: Clock
    name: str = "channel-duty"
    received: list[Received] = field(default_factory=list)
    answer: str = "ok"
    port: int = 0
    _runner: web.ServerRunner | None = None
    _listener: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on a free loopback port."""
        self._runner = web.ServerRunner(
            web.Server(self._take, access_log=None, handler_cancellation=True), shutdown_timeout=1.0
        )
        await self._runner.setup()
        await self._listen()

    async def close(self) -> None:
        """Stop, cutting what hangs."""
        if self._listener is not None:
            self._listener.close()
        if self._runner is not None:
            self._cut()
            await self._runner.cleanup()

    def url(self, robot: str = "hook") -> str:
        """Where messages of that robot go: hook, wecom, dingtalk or feishu."""
        return f"http://127.0.0.1:{self.port}/{robot}"

    @property
    def confirmed(self) -> list[Received]:
        """What was answered as taken: the notices that arrived."""
        return [message for message in self.received if message.confirmed]

    async def answer_with(self, answer: str) -> None:
        """From now on answer so. "refused" really closes the port, anything else opens it again."""
        self.answer = answer
        if answer == "refused" and self._listener is not None:
            self._listener.close()
            self._listener = None
            self._cut()
        elif answer != "refused" and self._listener is None:
            await self._listen()

    async def _listen(self) -> None:
        assert self._runner is not None
        assert self._runner.server is not None
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._runner.server, "127.0.0.1", self.port)
        self.port = int(self._listener.sockets[0].getsockname()[1])

    def _cut(self) -> None:
        server = self._runner.server if self._runner is not None else None
        for connection in server.connections if server is not None else ():
            if connection.transport is not None:
                connection.transport.abort()

    async def _take(self, request: web.BaseRequest) -> web.StreamResponse:
        robot = request.path.strip("/").split("/")[0]
        body = await request.read()
        fine = self.answer == "ok" and robot in _FINE
        self.received.append(Received(self.clock.now(), robot, body, fine))
        if self.answer == "timeout":
            await asyncio.Event().wait()
        if robot not in _FINE:
            return web.Response(status=404)
        if self.answer.isdecimal():
            return web.Response(status=int(self.answer))
        if self.answer == "errcode":
            return web.json_response(_REFUSING[robot], status=400 if robot == "hook" else 200)
        return web.json_response(_FINE[robot])
