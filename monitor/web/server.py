"""The desk's HTTP door: health, readiness, metrics, the first page, and the API beside them (api/). The home of aiohttp.web in the daemon.

Binds to loopback by default and only reads: whatever changes state comes through the control socket, or through the API with its
token. It answers while the store does not: what is not read in time counts as not readable.
"""

import asyncio
from collections.abc import Awaitable
from functools import partial
from typing import TypeVar

from aiohttp import web

from monitor.clock import Clock
from monitor.config.settings import Settings
from monitor.model import Text, say
from monitor.store.database import Database, StoreError
from monitor.web import health, metrics, page
from monitor.web.api.door import Api
from monitor.web.estate import EstateKeeper
from monitor.web.status import Status

T = TypeVar("T")

READ_WITHIN = 5.0
"""Seconds the store has to answer; who asks for health waits 10 s at the most, usually."""


class Desk:
    """The listening side; `settings` is replaced by a reload."""

    def __init__(
        self, database: Database, status: Status, settings: Settings, clock: Clock, *, read_within: float = READ_WITHIN
    ) -> None:
        self.database = database
        self.status = status
        self.settings = settings
        self.clock = clock
        self.address = ""
        self._read_within = read_within
        self._estate = EstateKeeper(database, clock)
        self.api = Api(database, self._estate, lambda: self.settings, clock, read_within)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen where the settings say."""
        app = web.Application()
        self.api.add_to(app)
        app.on_response_prepare.append(_plain_headers)
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/metrics", self.metrics)
        app.router.add_get("/", self.front)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        host, port = self.settings.web.listen.rsplit(":", 1)
        site = web.TCPSite(self._runner, host.strip("[]"), int(port))
        await site.start()
        listening = self._runner.addresses[0]
        self.address = f"http://{host}:{listening[1]}"

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
        await self.api.close()
        await self._estate.close()

    async def healthz(self, _request: web.Request) -> web.Response:
        """200 while watching works; 503 with the reasons when it does not."""
        facts = await self._facts()
        failing = [fact.name for fact in facts if not fact.ok]
        body = {
            "status": "failing" if failing else "ok",
            "failing": failing,
            "notes": [fact.name for fact in facts if fact.ok and fact.note],
            "at": self.clock.now().isoformat(),
            "facts": {
                fact.name: {"ok": fact.ok, "detail": str(fact.detail), "age_seconds": round(fact.age_seconds, 3)}
                for fact in facts
            },
            "settings_problems": list(self.status.reload_problems),
        }
        return web.json_response(body, status=503 if failing else 200)

    async def readyz(self, _request: web.Request) -> web.Response:
        """200 once the first round has come through, until the end begins."""
        status = self.status
        why = "stopping" if status.stopping else "watching" if status.ready else "the first round is under way"
        ready = status.ready and not status.stopping
        return web.json_response({"ready": ready, "detail": why}, status=200 if ready else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        """What Prometheus collects; without the store what the process knows."""
        facts = await self._facts()
        counted, _ = await self._in_time(self.database.read(partial(metrics.count, path=self.database.path)))
        estate, _ = await self._in_time(self._estate.get())
        now = self.clock.now()
        text = metrics.exposition(self.status, facts, self.database.figures, now, counted=counted, estate=estate)
        return web.Response(body=text, headers={"Content-Type": metrics.CONTENT_TYPE})

    async def front(self, request: web.Request) -> web.Response:
        """What is wrong now, what falls due next, what we see and how old it is."""
        facts = await self._facts()
        shown, _ = await self._in_time(self.database.read(page.look))
        estate, _ = await self._in_time(self._estate.get())
        desk, now = self.settings.desk, self.clock.now()
        language, refreshing = _language(request, desk.language), request.query.get("refresh") != "off"
        drawn = partial(page.draw, shown, estate, facts, desk, now, language=language, refreshing=refreshing)
        html = await asyncio.to_thread(drawn)
        response = web.Response(text=html, content_type="text/html", status=503 if shown is None else 200)
        response.enable_compression()
        return response

    async def _facts(self) -> list[health.Fact]:
        now = self.clock.now()
        seen, why = await self._in_time(self.database.read(partial(health.look, now=now)))
        return health.facts(self.status, seen, health.periods(self.settings.cadence), now, why)

    async def _in_time(self, asked: Awaitable[T]) -> tuple[T | None, Text | None]:
        """The answer, or None and why there is none."""
        try:
            async with asyncio.timeout(self._read_within):
                return await asked, None
        except TimeoutError:
            return None, say("does not answer in time")
        except StoreError as error:
            return None, say("cannot be read: {error}", error=str(error))


async def _plain_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Nothing here is to be framed, cached or guessed at, and nothing runs; errors are answers too."""
    allowed = f"default-src 'none'; style-src '{page.STYLE_HASH}'; img-src data:; base-uri 'none'"
    response.headers.update(
        {
            "Cache-Control": "no-store",
            "Content-Security-Policy": f"{allowed}; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Server": "zhishou",
        }
    )


def _language(request: web.Request, default: str) -> str:
    wanted = request.query.get("lang", default)
    return wanted if wanted in {"zh-CN", "en"} else default
