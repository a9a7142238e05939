"""Values of the model as plain JSON and back: facts, targets, rules, standings, memberships.

Pure. Goes by the type hints, so that a field added to `Facts` is kept without a line here. What is as it is by default is left
out; what an earlier program did not know yet comes back as its default. Instants are milliseconds, finer ones ISO texts, as they
are sealed; `shown` gives them as everything that is printed does (DESIGN.md §4), as ISO texts of Shanghai.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from monitor.clock import from_ms, iso, to_ms

T = TypeVar("T")

_MICROSECOND = timedelta(microseconds=1)


def plain(value: object) -> Any:
    """The value in what JSON knows: objects, lists, texts, numbers; as it is sealed."""
    return _plain(value, _sealed)


def shown(value: object) -> Any:
    """The same for people and programs that ask: instants are ISO texts."""
    return _plain(value, iso)


def _sealed(instant: datetime) -> int | str:
    at = to_ms(instant)
    return at if from_ms(at) == instant else instant.astimezone(UTC).isoformat()


def _plain(value: object, at: Callable[[datetime], object]) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return at(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // _MICROSECOND
    if isinstance(value, Mapping):
        return {str(key): _plain(part, at) for key, part in value.items()}
    if is_dataclass(value) or hasattr(value, "_field_defaults"):
        return _parts(value, at)
    if isinstance(value, set | frozenset):
        return sorted(_plain(part, at) for part in value)
    if isinstance(value, list | tuple):
        return [_plain(part, at) for part in value]
    return str(value)


def restore(kind: type[T], told: object) -> T:
    """A value of that kind from what `plain` made. ValueError, TypeError or KeyError when it is none."""
    value: T = _value(kind, told)
    return value


def _parts(value: object, at: Callable[[datetime], object]) -> dict[str, Any]:
    kind: Any = type(value)
    told = ((name, default, getattr(value, name)) for name, default in _defaults(kind).items())
    return {name: _plain(part, at) for name, default, part in told if default is MISSING or part != default}


@cache
def _defaults(kind: type) -> dict[str, object]:
    """Every field with what it is when nobody tells; MISSING for those that must be told."""
    if not is_dataclass(kind):
        named: Any = kind
        return {name: named._field_defaults.get(name, MISSING) for name in named._fields}
    return {one.name: _default(one) for one in fields(kind) if one.init}  # the others are made of these


def _default(one: Field[Any]) -> object:
    return one.default if one.default_factory is MISSING else one.default_factory()


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(kind: Any, told: Any) -> Any:
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _one_of(get_args(kind), told)
    if origin is not None and isinstance(origin, type) and not _is_made_of_fields(origin):
        return _many(origin, get_args(kind), told)
    kind = origin or kind
    if not isinstance(kind, type):  # a type variable, or anything goes
        return told
    return _single(kind, told)


def _single(kind: type, told: Any) -> Any:
    if _is_made_of_fields(kind):
        hints = _hints(kind)
        return kind(**{name: _value(hints[name], told[name]) for name in _defaults(kind) if name in told})
    if issubclass(kind, StrEnum):
        return kind(told)
    if issubclass(kind, datetime):
        return from_ms(told) if isinstance(told, int) else datetime.fromisoformat(told)
    if issubclass(kind, date):
        return date.fromisoformat(told)
    if issubclass(kind, timedelta):
        return told * _MICROSECOND
    return told


def _one_of(kinds: tuple[Any, ...], told: Any) -> Any:
    if told is None:
        return None
    real = [kind for kind in kinds if kind is not type(None)]
    return _value(real[0], told) if len(real) == 1 else told  # several: texts and numbers, told as they are


def _many(origin: Any, kinds: tuple[Any, ...], told: Any) -> Any:
    if issubclass(origin, tuple):
        if len(kinds) == 2 and kinds[1] is ...:
            return tuple(_value(kinds[0], part) for part in told)
        return tuple(_value(kind, part) for kind, part in zip(kinds, told, strict=True))
    if issubclass(origin, Mapping):
        return {_value(kinds[0], name): _value(kinds[1], part) for name, part in told.items()}
    return origin(_value(kinds[0], part) for part in told)


def _is_made_of_fields(kind: type) -> bool:
    return is_dataclass(kind) or hasattr(kind, "_field_defaults")
