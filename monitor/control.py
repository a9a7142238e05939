"""The Unix socket commands come through: one JSON line each way, to the same functions the desk uses.

A request is {"command", "args"}, an answer {"ok": true, "result"} or {"ok": false, "error"}. Only who may open the socket
(mode 0660, the state directory's group) can speak here; every change names a person and is an event.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Literal

Handler = Callable[[Mapping[str, Any]], Awaitable[object]]

LONGEST = 32 << 20
"""Bytes of one request: a register of 100,000 messages or posts. Only who may open the socket can send so much."""
LONGEST_ANSWER = 64 << 20


Kind = Literal["wrong", "missing", "conflict", "unavailable"]
"""What it could not be carried out for: what was said, what is not there, how things stand, or a store that does not answer."""


class Refusal(Exception):
    """The command could not be carried out; the words are for the person who asked.

    `problems`: where it stands, what is wrong, what was expected, of each thing that is wrong with what was said.
    """

    def __init__(self, words: str, kind: Kind = "conflict", problems: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__(words)
        self.kind, self.problems = kind, problems


class Control:
    """The listening side."""

    def __init__(self, path: Path, handlers: Mapping[str, Handler]) -> None:
        self.path = path
        self.handlers = handlers
        self._server: asyncio.Server | None = None
        self._silent: set[asyncio.StreamWriter] = set()  # have come in and not yet asked

    async def start(self) -> None:
        """Listen; a socket left behind by a dead process is replaced (the lock says nobody else is here)."""
        self.path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self.path, limit=LONGEST)
        self.path.chmod(0o660)

    async def close(self) -> None:
        """Stop listening and take the socket away."""
        if self._server is not None:
            self._server.close()
            for guest in self._silent:  # who only holds the line does not hold up the end
                guest.close()
            await self._server.wait_closed()
            self.path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._silent.add(writer)
        try:
            asked = await reader.readline()
            self._silent.discard(writer)
            writer.write(_line(await self._answer(asked)))
            await writer.drain()
        except (ConnectionError, ValueError):
            pass  # whoever asked has gone, or sent more than a line holds
        finally:
            self._silent.discard(writer)
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, object]:
        try:
            request = json.loads(line)
            handler = self.handlers[request["command"]]
            args = dict(request.get("args") or {})
        except (ValueError, KeyError, TypeError):
            return {"ok": False, "error": f"not a command; known are: {', '.join(sorted(self.handlers))}"}
        try:
            return {"ok": True, "result": await handler(args)}
        except Refusal as refusal:
            return {"ok": False, "error": str(refusal)}


async def ask(path: Path, command: str, args: Mapping[str, object]) -> object:
    """Ask the running daemon. Raises FileNotFoundError or ConnectionRefusedError when there is none, Refusal when it says no."""
    reader, writer = await asyncio.open_unix_connection(path, limit=LONGEST_ANSWER)
    try:
        writer.write(_line({"command": command, "args": args}))
        await writer.drain()
        answer = json.loads(await reader.readline() or b'{"ok": false, "error": "the daemon hung up"}')
    finally:
        writer.close()
    if not answer["ok"]:
        raise Refusal(answer["error"])
    return answer["result"]


def _line(value: Mapping[str, object]) -> bytes:
    """One line of JSON; what a terminal could not decode arrives as question marks."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
