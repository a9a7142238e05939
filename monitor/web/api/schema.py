"""Schemas of questions and answers, in the part of JSON Schema 2020-12 that OpenAPI 3.1 takes; and what in a value does not fit one.

Pure. A schema is the plain dict that is printed in the document, so that what is checked and what is promised is one thing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from monitor.model import Text, say

Schema = Mapping[str, Any]

LARGEST = (1 << 63) - 1
"""The largest number the store knows."""
LONGEST = 4000
"""Characters of a text people write."""
NAMES = 512
"""Characters of a name or an id; an id of a column holds that of its site."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong with what was sent: where it stands, what is wrong, what was expected."""

    where: str
    what: Text
    expected: Text


def text(longest: int = LONGEST, *, least: int = 0) -> Schema:
    """Text; with `least` 1 a blank is none."""
    limits: dict[str, Any] = {"type": "string", "maxLength": longest}
    return limits | ({"minLength": least, "pattern": r"\S"} if least else {})


def name() -> Schema:
    """A name or an id."""
    return text(NAMES, least=1)


def number(least: int = 0, most: int = LARGEST) -> Schema:
    """A whole number."""
    return {"type": "integer", "minimum": least, "maximum": most}


def switch() -> Schema:
    """Yes or no."""
    return {"type": "boolean"}


def day() -> Schema:
    """A civil day in Shanghai."""
    return {"type": "string", "format": "date"}


def instant() -> Schema:
    """An instant with its zone."""
    return {"type": "string", "format": "date-time"}


END = say("the end, exclusive: of what lasts to the end of 3 October this is 00:00 on 4 October")


def ending() -> Schema:
    """The instant something ends before."""
    return described(instant(), END)


def described(one: Schema, words: Text) -> Schema:
    """The same with words for people, which the document tells in its language."""
    return {**one, "description": words}


def word(words: type[StrEnum] | Sequence[str]) -> Schema:
    """One word of a closed list."""
    return {"type": "string", "enum": [str(one) for one in words]}


def maybe(one: Schema) -> Schema:
    """The same, or null."""
    return {"anyOf": [one, {"type": "null"}]}


def rows(one: Schema, most: int | None = None) -> Schema:
    """A list of these."""
    return {"type": "array", "items": one} | ({} if most is None else {"maxItems": most})


def record(told: Mapping[str, Schema] | None = None, *, optional: Sequence[str] = (), **more: Schema) -> Schema:
    """An object with these keys (`told` holds those that Python keeps to itself) and no others; all but the `optional` are there."""
    keys = {**(told or {}), **more}
    return {
        "type": "object",
        "properties": keys,
        "required": [key for key in keys if key not in optional],
        "additionalProperties": False,
    }


def table(one: Schema) -> Schema:
    """An object with keys of any name."""
    return {"type": "object", "additionalProperties": one}


def page(one: Schema, **more: Schema) -> Schema:
    """A page of a list; `next` is the cursor of the following one, null on the last."""
    return record({"rows": rows(one, 1000), "next": maybe(text(LONGEST)), **more})


ANYTHING: Schema = {}


def troubles(value: object, schema: Schema, where: str = "body") -> Iterator[Trouble]:
    """Everything in a value that does not fit."""
    for choice in schema.get("anyOf", ()):
        if next(troubles(value, choice, where), None) is None:
            return
    if "anyOf" in schema:
        yield from troubles(value, schema["anyOf"][0], where)
        return
    kind = schema.get("type")
    if kind is None:
        return
    fits, expected, within = _KINDS[kind]
    if not fits(value):
        yield Trouble(where, say("this is {what}", what=_called(value)), expected)
        return
    yield from within(value, schema, where)


def _within_text(value: str, schema: Schema, where: str) -> Iterator[Trouble]:
    longest, pattern, words = schema.get("maxLength"), schema.get("pattern"), schema.get("enum")
    form = _FORMS.get(schema.get("format", ""))
    if re.search("[\ud800-\udfff\0]", value):
        yield Trouble(where, say("there is something in the text that is no character"), say("plain text"))
    elif words is not None and value not in words:
        known = say("one of: {words}", words=", ".join(words))
        yield Trouble(where, say('"{value}" is not known', value=value[:80]), known)
    elif form is not None and not form[0](value):
        yield Trouble(where, say('"{value}" is no such time', value=value[:80]), form[1])
    elif longest is not None and len(value) > longest:
        most = say("at most {count} characters", count=longest)
        yield Trouble(where, say("the text has {count} characters", count=len(value)), most)
    elif pattern is not None and not re.search(pattern, value):
        yield Trouble(where, say("the text is empty"), say("a text that says something"))


def _within_number(value: int, schema: Schema, where: str) -> Iterator[Trouble]:
    least, most = schema.get("minimum", -LARGEST), schema.get("maximum", LARGEST)
    if not least <= value <= most:
        told = str(value) if abs(value) < 10**30 else "…"
        expected = say("a number from {least} to {most}", least=least, most=most)
        yield Trouble(where, say("{value} is out of range", value=told), expected)


def _within_list(value: list[object], schema: Schema, where: str) -> Iterator[Trouble]:
    most = schema.get("maxItems")
    if most is not None and len(value) > most:
        said = say("the list has {count} entries", count=len(value))
        yield Trouble(where, said, say("at most {count} entries", count=most))
        return
    for place, one in enumerate(value):
        yield from troubles(one, schema.get("items", ANYTHING), f"{where}[{place}]")


def _within_record(value: dict[str, object], schema: Schema, where: str) -> Iterator[Trouble]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key in schema.get("required", ()):
        if key not in value:
            kind = _KINDS[known[key].get("type", "string")][1]
            yield Trouble(f"{where}.{key}", say("this is missing"), kind)
    for key, one in value.items():
        if key in known:
            yield from troubles(one, known[key], f"{where}.{key}")
        elif others is False:
            expected = say("one of: {words}", words=", ".join(known)) if known else say("no key at all")
            yield Trouble(f"{where}.{_plain(key)}", say("there is no such key"), expected)
        elif isinstance(others, Mapping):
            yield from troubles(one, others, f"{where}.{_plain(key)}")


def _nothing_more(_value: object, _schema: Schema, _where: str) -> Iterator[Trouble]:
    return iter(())


def _plain(key: str) -> str:
    return key[:80].encode("utf-8", "replace").decode().replace("\0", "?")


def _called(value: object) -> str:
    """What JSON calls it."""
    kinds = {type(None): "null", bool: "true/false", int: "a number", float: "a number", str: "a text", list: "a list"}
    return kinds.get(type(value), "an object")


def is_day(written: str) -> bool:
    """Whether that is a day, as 2026-11-23, within the years we count."""
    try:
        told = date.fromisoformat(written)
        return told.isoformat() == written and 1970 < told.year < 9000
    except ValueError:
        return False


def is_instant(written: str) -> bool:
    """Whether that is an instant with its zone, as 2026-11-23T09:00:00+08:00, within the years we count."""
    try:
        told = datetime.fromisoformat(written)
        return told.tzinfo is not None and 1970 < told.year < 9000 and len(written) > 16
    except ValueError:
        return False


_FORMS: Mapping[str, tuple[Callable[[str], bool], Text]] = {
    "date": (is_day, say("a day, as 2026-11-23")),
    "date-time": (is_instant, say("an instant with its zone, as 2026-11-23T09:00:00+08:00")),
}
_KINDS: Mapping[str, tuple[Callable[[object], bool], Text, Callable[[Any, Schema, str], Iterator[Trouble]]]] = {
    "string": (lambda one: isinstance(one, str), say("a text"), _within_text),
    "integer": (lambda one: isinstance(one, int) and not isinstance(one, bool), say("a whole number"), _within_number),
    "number": (lambda one: isinstance(one, int | float) and not isinstance(one, bool), say("a number"), _nothing_more),
    "boolean": (lambda one: isinstance(one, bool), say("true or false"), _nothing_more),
    "null": (lambda one: one is None, say("null, nothing else"), _nothing_more),
    "array": (lambda one: isinstance(one, list), say("a list"), _within_list),
    "object": (lambda one: isinstance(one, dict), say("an object"), _within_record),
}
