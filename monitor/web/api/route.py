"""What a row of the route tables says: address, parameters, what it answers, and who answers.

Frozen data. Reading routes ask the store by a function of a connection, or a question that is handed in; changing routes name a
command of the desk. From these rows come the addresses, the checks of what is sent, and the OpenAPI document.
"""

import base64
import binascii
import json
import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from monitor.clock import iso
from monitor.model import DESK_ID, Text, say
from monitor.render import translate
from monitor.store.database import Database
from monitor.web.api.schema import NAMES, Schema, Trouble, name, number, text
from monitor.web.estate import Estate

Command = Callable[[Mapping[str, Any]], Awaitable[object]]
"""A command or question of the desk, as app hands it in. Raises Declined."""
MIB = 1 << 20
CURSOR = 1000
"""Characters of a cursor at most."""


class Declined(Exception):
    """The desk cannot do it, and says why in its own words; `kind` is how HTTP says it."""

    def __init__(
        self,
        words: str,
        kind: Literal["wrong", "missing", "conflict", "unavailable"] = "conflict",
        problems: tuple[tuple[str, str, str], ...] = (),
    ) -> None:
        super().__init__(words)
        self.words, self.kind, self.problems = words, kind, problems


class Missing(Exception):
    """What is asked for is not there."""

    def __init__(self, words: Text) -> None:
        super().__init__(str(words))
        self.words = words


class Wrong(Exception):
    """What was sent does not fit; all that is wrong with it."""

    def __init__(self, *found: Trouble) -> None:
        super().__init__("; ".join(f"{one.where}: {one.what}" for one in found))
        self.troubles = found


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. A list is written with commas between its words."""

    name: str
    schema: Schema
    means: Text
    place: Literal["query", "path"] = "query"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its parameters, checked and of their types; what was not told is not there."""

    told: Mapping[str, Any]
    language: str
    now: datetime

    @property
    def limit(self) -> int:
        """How many rows of a list."""
        return int(self.told.get("limit", 100))

    def words(self, one: Text) -> str:
        """In the language asked for."""
        return translate(one, self.language)


class Sources(Protocol):
    """Where answers come from."""

    @property
    def database(self) -> Database: ...

    @property
    def routes(self) -> "tuple[Route, ...]":
        """Every route there is."""
        ...

    @property
    def named(self) -> Mapping[str, Schema]:
        """Schemas by the names they have in the document."""
        ...

    @property
    def reading(self) -> Literal["open", "token"]:
        """What reading takes."""
        ...

    @property
    def changing(self) -> Literal["token", "off"]:
        """What changing takes."""
        ...

    async def estate(self) -> Estate:
        """How well everything is watched."""
        ...

    def command(self, name: str, language: str) -> Command:
        """A command or question of the desk; Declined when this process has none of that name."""
        ...


Answer = Callable[[Sources, Asked], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A row. `needs` names the command of the desk it cannot do without; `body` is there where something is changed."""

    path: str
    does: Text
    answers: Schema
    answer: Answer
    parameters: tuple[Parameter, ...] = ()
    needs: str = ""
    body: Schema | None = None
    at_most: int = MIB  # bytes of the body
    within: float | None = None  # seconds, where it may take longer than other questions
    also: frozenset[int] = field(default_factory=frozenset)  # further answers than those every route may give

    @property
    def method(self) -> Literal["get", "post"]:
        """By which it is asked."""
        return "get" if self.body is None else "post"

    @property
    def place(self) -> str:
        """The address as aiohttp matches it: names of targets hold slashes, numbers do not."""
        numbers = {one.name for one in self.parameters if one.schema.get("type") == "integer"}
        return re.sub(
            r"\{(\w+)\}", lambda found: f"{{{found[1]}:{'[^/]+' if found[1] in numbers else '.+'}}}", self.path
        )


def looked_up(ask: Callable[[sqlite3.Connection, Asked], object]) -> Answer:
    """Answered by a function of a connection, in one of the store's readers."""

    async def answer(sources: Sources, asked: Asked) -> object:
        return await sources.database.read(lambda tx: ask(tx, asked))

    return answer


OF_TARGET = Parameter("target", name(), say("of this target; desk is the duty desk"))


def of_target(asked: Asked) -> str | None:
    """The target asked for, if any. The desk is told by the word it is filed under (config/declaring.py)."""
    told = asked.told.get("target")
    return DESK_ID if told == "desk" else told


LIMIT = Parameter("limit", number(1, 1000), say("rows of one answer; 100 when it is not told"))
CURSOR_OF_PAGE = Parameter("cursor", text(CURSOR, least=1), say("next of the page before"))
PAGED = (LIMIT, CURSOR_OF_PAGE)


def iso_or_null(at: datetime | None) -> str | None:
    """The instant as text, or null where there is none."""
    return None if at is None else iso(at)


def cursor(*place: object) -> str:
    """Where the next page begins."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).rstrip(b"=").decode()


def place_of(asked: Asked, *kinds: type) -> tuple[Any, ...] | None:
    """What a cursor says, None when there is none. Raises Wrong for one that never was given out."""
    written = asked.told.get("cursor")
    if written is None:
        return None
    try:
        found = json.loads(base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(map(_fits, found, kinds)) or len(found) != len(kinds):
        said = say("this cursor was never given out")
        raise Wrong(Trouble("query.cursor", said, say("next of the page before")))
    return tuple(found)


def _fits(value: object, kind: type) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63
    return isinstance(value, str) and len(value) <= NAMES and not re.search("[\ud800-\udfff\0]", value)


def paged(
    found: list[Any], limit: int, row: Callable[[Any], object], place: Callable[[Any], tuple[object, ...]]
) -> dict[str, object]:
    """A page of what was found; one row more than `limit` was asked for, and says that there is a next."""
    shown = found[:limit]
    following = cursor(*place(shown[-1])) if len(found) > limit else None
    return {"rows": [row(one) for one in shown], "next": following}
