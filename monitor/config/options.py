"""Options of checks (and of obligations): tables against frozen dataclasses.

A check keeps its Options beside it and hands the class in; here its fields are the known keys and its annotations the
types. `options_for` gives a check what it was told about one target: defaults, then [checks], then the target's own.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_type_hints

from pydantic import BeforeValidator, Field, Strict, TypeAdapter, ValidationError

from monitor.config.explain import explain, shown
from monitor.config.places import Path
from monitor.config.problems import did_you_mean
from monitor.config.settings import Duration, custom
from monitor.model import Text, say
from monitor.model.addresses import AddressTable

O = TypeVar("O")

TABLES = tuple[AddressTable, ...]
"""An option of files with networks: people write names, checks are handed tables (addresses.py)."""


def _table_or_name(value: object) -> object:
    if isinstance(value, AddressTable) or (isinstance(value, str) and value):
        return value
    raise custom("file_name", say("{value} is not the name of a file", value=shown(value)))


_TYPES: Mapping[Any, Any] = {
    timedelta: Duration,
    int: Annotated[int, Strict(), Field(ge=0)],  # of days, addresses, letters: there are no fewer than none
    float: Annotated[float, Strict(), Field(ge=0)],
    bool: Annotated[bool, Strict()],
    TABLES: tuple[Annotated[Any, BeforeValidator(_table_or_name)], ...],
}


class Fault(NamedTuple):
    """What is wrong at a path inside a table."""

    path: Path
    message: Text
    hint: Text | None = None


def option_faults(table: object, options: type) -> list[Fault]:
    """What keeps this table from being those options."""
    if not isinstance(table, Mapping):
        return [Fault((), say("{value} is not a table", value=shown(table)), say("write {{ key = value }}"))]
    adapters = _adapters(options)
    faults = [
        Fault((key,), say('unknown option "{key}"', key=key), did_you_mean(key, adapters))
        for key in table
        if key not in adapters
    ]
    for key, adapter in adapters.items():
        if key in table:
            faults += _value_faults(key, table[key], adapter)
    missing = [f.name for f in fields(options) if f.default is MISSING and f.default_factory is MISSING]
    return faults + [
        Fault((), say('"{key}" is missing', key=key), _words_of(options, key)) for key in missing if key not in table
    ]


def check_faults(table: object, checks: Mapping[str, type]) -> list[Fault]:
    """What is wrong with `checks = { links_alive = { … } }`."""
    if not isinstance(table, Mapping):
        return [
            Fault(
                (), say("{value} is not a table", value=shown(table)), say("write {{ check = {{ option = value }} }}")
            )
        ]
    faults: list[Fault] = []
    for name, told in table.items():
        if name not in checks:
            faults.append(Fault((name,), say('there is no check "{name}"', name=name), did_you_mean(name, checks)))
        else:
            faults += [
                Fault((name, *fault.path), fault.message, fault.hint) for fault in option_faults(told, checks[name])
            ]
    return faults


def options_for(
    check: str,
    options: type[O],
    everywhere: Mapping[str, Mapping[str, object]],
    own: Mapping[str, Mapping[str, object]],
) -> O:
    """The options of a check for one target; both tables were validated at load."""
    told = {**everywhere.get(check, {}), **own.get(check, {})}
    if not told:
        return options()
    known: Any = options
    adapters = _adapters(known)
    return options(**{key: adapters[key].validate_python(value) for key, value in told.items()})


def _words_of(options: type, key: str) -> Text | None:
    """The words that an option may be, where there is a list of them."""
    words = get_args(get_type_hints(options)[key])
    return (
        say("one of {words}", words=", ".join(words)) if words and all(isinstance(one, str) for one in words) else None
    )


@lru_cache(maxsize=256)
def _adapters(options: type) -> Mapping[str, TypeAdapter[Any]]:
    hints = get_type_hints(options)
    return {field.name: TypeAdapter(_TYPES.get(hints[field.name], hints[field.name])) for field in fields(options)}


def _value_faults(key: str, value: object, adapter: TypeAdapter[Any]) -> list[Fault]:
    try:
        adapter.validate_python(value)
    except ValidationError as error:
        found = explain(error.errors(include_url=False))
        return [Fault((key, *said.path), said.message, _hint(key, value) or said.hint) for said in found]
    return []


def _hint(key: str, value: object) -> Text | None:
    """A share is not 0.3."""
    percent = key == "share" and isinstance(value, float)
    return say("percent, from 1 to 100: 30 is 30 %") if percent else None
