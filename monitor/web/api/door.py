"""The API's door: lets in, reads what is asked, has it answered in time, and says in JSON whatever goes wrong.

It knows no route by name: the tables do. Reading is open where only this machine can ask, and takes the token elsewhere; changing
always takes it.
"""

import asyncio
import ipaddress
import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any, Literal

import structlog
from aiohttp import web

from monitor.clock import Clock
from monitor.config.settings import Settings
from monitor.model import Text, say
from monitor.render import translate
from monitor.store.database import Database, StoreError
from monitor.web.api import books, changing, hindsight, incidents, ledgers, overall, targets
from monitor.web.api.reader import change, language_of, parameters
from monitor.web.api.repeats import Repeats, Reply
from monitor.web.api.route import Asked, Command, Declined, Missing, Route, Wrong
from monitor.web.api.schema import Schema
from monitor.web.api.token import Gate
from monitor.web.estate import Estate, EstateKeeper

PREFIX = "/api/v1"
TABLES = (
    overall.ROUTES,
    incidents.ROUTES,
    hindsight.ROUTES,
    targets.ROUTES,
    books.ROUTES,
    ledgers.ROUTES,
    changing.ROUTES,
)
NAMED: Mapping[str, Schema] = {
    **overall.NAMED,
    **incidents.NAMED,
    **hindsight.NAMED,
    **targets.NAMED,
    **books.NAMED,
    **ledgers.NAMED,
}
"""Schemas by the names they have in the document."""
CHANGED_WITHIN = 30.0
"""Seconds a change may take until whoever asked is told that it is not known yet."""
PROBLEMS = 1000
"""Problems told at once; an import may have a hundred thousand."""
KINDS = {"wrong": 400, "missing": 404, "conflict": 409, "unavailable": 503}
SWITCH_ON = say("no token is set: switch it on by [web] token_file in the settings, and reload them")
REFUSALS: Mapping[str, tuple[int, Text]] = {
    "not_switched_on": (403, SWITCH_ON),
    "missing": (401, say("the request needs a token: Authorization: Bearer TOKEN")),
    "wrong": (401, say("this token opens nothing")),
    "too_many": (429, say("too many wrong tokens from this address: wait a minute")),
}


class Failed(Exception):
    """A request that ends with an error the API itself found."""

    def __init__(self, status: int, words: Text, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(words))
        self.status, self.words, self.headers = status, words, headers or {}


class Api:
    """Answers under /api/v1. `commands` and questions of the desk, by language and name, are handed in by app."""

    def __init__(
        self,
        database: Database,
        estate: EstateKeeper,
        settings: Callable[[], Settings],
        clock: Clock,
        read_within: float,
    ) -> None:
        self.commands: Mapping[str, Mapping[str, Command]] = {}
        self._database = database
        self._estate = estate
        self._settings = settings
        self._clock = clock
        self._read_within = read_within
        self._gate = Gate(clock)
        self._repeats = Repeats(clock)
        self._log = structlog.get_logger("web")
        self._listens = settings().web.listen  # as long as the process: a reload does not move it

    @property
    def database(self) -> Database:
        return self._database

    @property
    def routes(self) -> tuple[Route, ...]:
        """The rows of the tables whose command this process has."""
        known = {name for table in self.commands.values() for name in table}
        return tuple(route for table in TABLES for route in table if not route.needs or route.needs in known)

    @property
    def named(self) -> Mapping[str, Schema]:
        return NAMED

    @property
    def reading(self) -> Literal["open", "token"]:
        """Open where only this machine can ask."""
        return "open" if is_loopback(self._listens) else "token"

    @property
    def changing(self) -> Literal["token", "off"]:
        return "off" if self._token() is None else "token"

    async def estate(self) -> Estate:
        return await self._estate.get()

    def command(self, name: str, language: str) -> Command:
        return self.commands[language][name]

    def add_to(self, app: web.Application) -> None:
        """Its addresses, and how its errors look."""
        app.middlewares.append(self._in_json)
        app.router.add_get(PREFIX, partial(self._read, overall.ROUTES[0]))
        for route in self.routes:
            if route.body is None:
                app.router.add_get(PREFIX + route.place, partial(self._read, route))
            else:
                app.router.add_post(PREFIX + route.place, partial(self._change, route))

    async def close(self) -> None:
        """What was begun comes to its end."""
        await self._repeats.close()

    async def _read(self, route: Route, request: web.Request) -> web.Response:
        language = self._language(request)
        if self.reading == "token":
            self._let_in(request)
        asked = Asked(parameters(route, request), language, self._clock.now())
        async with asyncio.timeout(route.within or self._read_within):
            told = await route.answer(self, asked)
        response = _response(200, await asyncio.to_thread(_json, told))
        response.enable_compression()
        return response

    async def _change(self, route: Route, request: web.Request) -> web.Response:
        language = self._language(request)
        self._let_in(request)
        if request.content_type != "application/json":
            raise Failed(415, say("the body must be JSON: Content-Type: application/json"))
        sent = await change(route, request)
        asked = Asked(sent.told, language, self._clock.now())
        said = sha256(b"\0".join([request.raw_path.encode("utf-8", "replace"), sent.body])).digest()
        doing = self._repeats.begun(sent.key, said, partial(self._reply, route, asked))
        if doing is None:
            raise Failed(409, say("this Idempotency-Key was given to another request"))
        async with asyncio.timeout(route.within or CHANGED_WITHIN):
            done = await asyncio.shield(doing)
        return _response(done.status, done.body)

    async def _reply(self, route: Route, asked: Asked) -> Reply:
        """Done to the end, whether or not whoever asked still waits."""
        try:
            return Reply(200, _json(await route.answer(self, asked)))
        except Exception as error:
            response = self._said(error, asked.language)
            return Reply(response.status, bytes(response.body or b""))  # type: ignore[arg-type]

    def _let_in(self, request: web.Request) -> None:
        address = request.remote or ""
        verdict = self._gate.verdict(self._token(), request.headers.get("Authorization"), address)
        if verdict == "open":
            return
        status, words = REFUSALS[verdict]
        waits = {"Retry-After": f"{self._gate.waits(address):.0f}"} if status == 429 else {}
        raise Failed(status, words, waits | ({"WWW-Authenticate": "Bearer"} if status == 401 else {}))

    def _token(self) -> str | None:
        kept = self._settings().token
        return None if kept is None else kept.get_secret_value()

    def _language(self, request: web.Request) -> str:
        return language_of(request, self._settings().desk.language)

    @web.middleware
    async def _in_json(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Every error under the prefix is JSON; others go their way."""
        if request.path != PREFIX and not request.path.startswith(PREFIX + "/"):
            return await handler(request)
        try:
            return await handler(request)
        except Exception as error:
            return self._said(error, self._language(request))

    def _said(self, error: Exception, language: str) -> web.Response:
        """The error as an answer."""
        words = partial(translate, language=language)
        if isinstance(error, Wrong):
            problems = [
                {"where": one.where, "what": words(one.what), "expected": words(one.expected)}
                for one in error.troubles[:PROBLEMS]
            ]
            return _error(400, words(say("the request is not as it should be")), problems)
        if isinstance(error, Declined):
            problems = [{"where": where, "what": what, "expected": wanted} for where, what, wanted in error.problems]
            return _error(KINDS[error.kind], error.words, problems)
        if isinstance(error, Missing):
            return _error(404, words(error.words))
        if isinstance(error, Failed):
            return _error(error.status, words(error.words), headers=error.headers)
        if isinstance(error, TimeoutError):
            return _error(503, words(say("does not answer in time")))
        if isinstance(error, StoreError):
            return _error(503, words(say("cannot be read: {error}", error=str(error))))
        if isinstance(error, web.HTTPException):
            return _of_aiohttp(error, words)
        self._log.error("api.broke", exc_info=error)
        return _error(500, words(say("a fault of our own; it stands in the log")))


def is_loopback(listen: str) -> bool:
    """Whether only this machine can ask there."""
    host = listen.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _of_aiohttp(error: web.HTTPException, words: Callable[[Text], str]) -> web.Response:
    """What aiohttp itself found: no such address, another method, too large a body."""
    kept = {name: value for name, value in error.headers.items() if name == "Allow"}
    if isinstance(error, web.HTTPMethodNotAllowed):
        said = say("this address takes {methods}", methods=", ".join(sorted(error.allowed_methods)))
    elif isinstance(error, web.HTTPRequestEntityTooLarge):
        said = say("the body is too large")
    else:
        said = say("there is nothing at this address") if error.status == 404 else say("this cannot be read")
    return _error(error.status, words(said), headers=kept)


def _error(
    status: int, words: str, problems: list[dict[str, str]] | None = None, headers: Mapping[str, str] | None = None
) -> web.Response:
    return _response(status, _json({"error": words, "problems": problems or []}), headers)


def _response(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(status=status, body=body, content_type="application/json", charset="utf-8", headers=headers)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace")
