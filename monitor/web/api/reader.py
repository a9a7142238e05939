"""What a request says: its language, its parameters, its body; all that is wrong with it at once.

Raises Wrong with every trouble, and what aiohttp raises for a body that is too large. Reads the request alone.
"""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn

from aiohttp import web

from monitor.clock import SHANGHAI
from monitor.model import say
from monitor.render import LANGUAGES
from monitor.web.api.openapi import LANGUAGE
from monitor.web.api.route import Route, Wrong
from monitor.web.api.schema import Schema, Trouble, is_day, is_instant, troubles

BODY_WITHIN = 30.0
"""Seconds a body may take to arrive."""
_YES, _NO = {"1", "true", "yes"}, {"0", "false", "no"}


def language_of(request: web.Request, default: str) -> str:
    """?lang= before Accept-Language before the desk's own."""
    told = request.query.get("lang", "")
    return told if told in LANGUAGES else _accepted(request.headers.get("Accept-Language", "")) or default


@dataclass(frozen=True, slots=True)
class Sent:
    """What a change says: everything the command is told, the bytes of the body, and the key against repeats."""

    told: Mapping[str, Any]
    body: bytes
    key: str | None


def parameters(route: Route, request: web.Request) -> dict[str, Any]:
    """What the address says, checked and of its types."""
    found, wrong = _parameters(route, request)
    if wrong:
        raise Wrong(*wrong)
    return found


async def change(route: Route, request: web.Request) -> Sent:
    """What the address, the body and the key say."""
    found, wrong = _parameters(route, request)
    key = request.headers.get("Idempotency-Key")
    if key is not None and not re.fullmatch(r"[!-~]{1,200}", key):
        said = say("this is no key")
        wrong.append(Trouble("header.Idempotency-Key", said, say("1 to 200 plain characters without blanks")))
    sent = await _bytes(request, route.at_most)
    told, troubled = await asyncio.to_thread(_body, route, sent)  # an import has megabytes
    wrong += troubled
    if wrong:
        raise Wrong(*wrong)
    found.pop("lang", None)
    return Sent(found | told, sent, key)


def _parameters(route: Route, request: web.Request) -> tuple[dict[str, Any], list[Trouble]]:
    found: dict[str, Any] = {}
    wrong: list[Trouble] = []
    known = {one.name: one for one in (*route.parameters, LANGUAGE)}
    for name in dict.fromkeys(request.query):
        written = request.query.getall(name)
        if name not in known or known[name].place == "path":
            others = say("one of: {words}", words=", ".join(one for one in known if known[one].place == "query"))
            shown = name[:80].encode("utf-8", "replace").decode()
            wrong.append(Trouble(f"query.{shown}", say("there is no such parameter"), others))
        elif len(written) > 1 and known[name].schema.get("type") != "array":
            wrong.append(Trouble(f"query.{name}", say("this is told twice"), say("one value")))
        else:
            wrong += _read(",".join(written), known[name].schema, f"query.{name}", found)
    for name, value in request.match_info.items():
        wrong += _read(value, known[name].schema, f"path.{name}", found)
    return found, wrong


def _body(route: Route, sent: bytes) -> tuple[dict[str, Any], list[Trouble]]:
    try:
        told = json.loads(sent.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):  # also what is no UTF-8, and numbers longer than Python reads
        return {}, [Trouble("body", say("this is no JSON"), say("an object in JSON, UTF-8"))]
    return told, list(troubles(told, route.body or {}))


async def _bytes(request: web.Request, at_most: int) -> bytes:
    too_large = web.HTTPRequestEntityTooLarge(at_most, request.content_length or at_most + 1)
    if (request.content_length or 0) > at_most:
        raise too_large
    found = bytearray()
    async with asyncio.timeout(BODY_WITHIN):
        async for piece in request.content.iter_chunked(1 << 16):
            found += piece
            if len(found) > at_most:
                raise too_large
    return bytes(found)


def _no_number(written: str) -> NoReturn:
    raise ValueError(written)  # NaN and Infinity, which Python would take


def _read(written: str, schema: Schema, where: str, found: dict[str, Any]) -> Iterator[Trouble]:
    """Puts the value among those found, or says what is wrong with it."""
    value = _typed(written, schema)
    wrong = list(troubles(value, schema, where))
    yield from wrong
    if not wrong:
        found[where.partition(".")[2]] = _as_time(value, schema)


def _typed(written: str, schema: Schema) -> object:
    """The text as what the schema wants, where it is one; else the text, which then does not fit."""
    kind, form = schema.get("type"), schema.get("format")
    if kind == "integer" and re.fullmatch(r"-?\d{1,30}", written, re.ASCII):
        return int(written)
    if kind == "boolean" and written.lower() in _YES | _NO:
        return written.lower() in _YES
    if kind == "array":
        return [word.strip() for word in written.split(",")]
    if form == "date-time" and is_day(written):
        return f"{written}T00:00:00+08:00"
    if form == "date-time" and " " in written[10:] and is_instant(written.replace(" ", "+")):
        return written.replace(" ", "+")  # a plus sign that nobody escaped
    return written


def _as_time(value: object, schema: Schema) -> object:
    if isinstance(value, str) and schema.get("format") == "date-time":
        return datetime.fromisoformat(value).astimezone(SHANGHAI)
    return date.fromisoformat(value) if isinstance(value, str) and schema.get("format") == "date" else value


def _accepted(header: str) -> str:
    """The language of ours that is liked best, "" when none is named."""
    best: Mapping[str, float] = {}
    for part in header[:1000].split(","):
        tag, _, quality = part.strip().partition(";")
        ours = next((one for one in LANGUAGES if one[:2] == tag.strip()[:2].lower()), None)
        weight = _weight(quality)
        if ours is not None and weight > best.get(ours, 0.0):
            best = {**best, ours: weight}
    return max(best, key=lambda one: best[one]) if best else ""


def _weight(quality: str) -> float:
    written = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", quality, re.ASCII)
    return float(written[1]) if written else 0.0 if quality.strip() else 1.0
