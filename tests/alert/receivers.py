"""Receivers of messages on loopback: HTTP services that answer as told, and a mail server. Real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


@dataclass
class Service:
    """An HTTP receiver. `status`, `body`, `headers`, `hang` (seconds before answering) and `drop` may change any time."""

    port: int = 0
    status: int = 200
    body: object = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0
    drop: bool = False  # cut the line instead of answering
    drip: bool = False  # answer for ever, a byte at a time
    seen: list[dict[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def last(self) -> dict[str, Any]:
        return self.seen[-1]


@asynccontextmanager
async def service(**answers: Any) -> AsyncIterator[Service]:
    told = Service(**answers)

    async def answer(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        told.seen.append({"path": request.path, "query": dict(request.query), "body": raw.decode("utf-8", "replace")})
        if told.drop and request.transport is not None:
            request.transport.abort()
            return web.Response()
        await asyncio.sleep(told.hang)
        if told.drip:
            return await _drip(request)
        text = told.body if isinstance(told.body, str) else json.dumps(told.body)
        return web.Response(status=told.status, text=text, headers=told.headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    told.port = runner.addresses[0][1]
    try:
        yield told
    finally:
        await runner.cleanup()


async def _drip(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.2)


@dataclass
class Mailbox:
    """A mail server's messages, and what it answers to a recipient (`refuse`: address → SMTP answer) or to DATA."""

    port: int = 0
    data_answer: str = "250 taken"
    refuse: dict[str, str] = field(default_factory=dict)
    messages: list[Any] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.data_answer.startswith("250"):
            self.messages.append(envelope)
        return self.data_answer


@asynccontextmanager
async def mailbox(password: str | None = None, **answers: Any) -> AsyncIterator[Mailbox]:
    box = Mailbox(**answers)

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password.decode() == password
        return AuthResult(success=right, handled=right)

    options: dict[str, Any] = {"authenticator": check, "auth_require_tls": False} if password is not None else {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, hostname="mail.test", **options), "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()
