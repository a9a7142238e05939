"""What pydantic found wrong, in our words: what is there, what was expected, what was probably meant.

Pure. Values are shown only when they are short and plain, and never for a secret.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from monitor.config.called import word_of
from monitor.config.durations import HINT, LIMIT_HINT, SIZE_HINT
from monitor.config.places import Path
from monitor.config.problems import did_you_mean, meant_by
from monitor.model import Text, say

SECRET_KEYS = frozenset({"url", "proxy"})
"""Keys whose values may carry a key or a password (channels, proxies); their values are never shown."""

_TABLE = say("{value} is not a table"), say("write a [table] or {{ key = value }}")
_DATE = say("{value} is not a date"), say("write 2019-04-01 without quotes")
_EXPECTED: Mapping[str, tuple[Text, Text | None]] = {
    "string_type": (say("{value} is not a text"), say("put it into double quotes")),
    "path_type": (say("{value} is not a file name"), say("put it into double quotes")),
    "int_type": (say("{value} is not a whole number"), say("write it without quotes")),
    "int_from_float": (say("{value} is not a whole number"), None),
    "float_type": (say("{value} is not a number"), say("write it without quotes")),
    "bool_type": (say("{value} is neither true nor false"), say("write true or false without quotes")),
    "tuple_type": (say("{value} is not a list"), say("write [ … ]")),
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "dict_type": _TABLE,
    "dataclass_type": _TABLE,
    "date_type": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "date_parsing": _DATE,
    "string_too_short": (say("{value} is empty"), None),
    "string_pattern_mismatch": (say("{value} has a wrong form"), None),
    "greater_than": (say("{value} is too small"), say("it must be more than nothing")),
    "greater_than_equal": (say("{value} is too small"), say("the least is {ge}")),
    "finite_number": (say("{value} is not a number"), None),
}
_UNQUOTED: Mapping[str, Text | None] = {
    "int_type": say("such as 3, without a point"),
    "float_type": say("such as 0.5"),
    "bool_type": say("write true or false"),
}
_HINTS = {
    "duration": HINT,
    "size": SIZE_HINT,
    "limit": LIMIT_HINT,
    "network": say('write it like "10.0.0.0/8" or "fd00::/8", without host bits'),
    "clock_time": say('write it like "08:30"'),
    "listen": say('write it like "127.0.0.1:8787"'),
    "nameserver": say('write it like "10.0.0.2" or "10.0.0.2:53"'),
}


class Said(NamedTuple):
    """Where, what is wrong, what to do."""

    path: Path
    message: Text
    hint: Text | None


def explain(errors: Iterable[Mapping[str, Any]], model: type[BaseModel] | None = None) -> list[Said]:
    """Pydantic's errors() of one table; `model` tells which keys it may have."""
    return [_explain(error, model) for error in errors]


def shown(value: object) -> str | Text:
    """A short plain value as it would be written in TOML; else what kind of thing it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value if len(value) <= 60 else value[:57] + "…"}"'
    if isinstance(value, list | tuple):
        return say("a list")
    return say("a table") if isinstance(value, Mapping) else str(value)[:60]


def _explain(error: Mapping[str, Any], model: type[BaseModel] | None) -> Said:
    path, kind = tuple(error["loc"]), error["type"]
    context = error.get("ctx", {})
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    if kind == "extra_forbidden":
        word = str(path[-1])
        return Said(path, say('unknown key "{key}"', key=word), did_you_mean(word, _keys(model, path[:-1])))
    if kind == "missing":
        return Said(path[:-1], say('"{key}" is missing', key=path[-1]), None)
    value = say("the value") if key in SECRET_KEYS else shown(error.get("input"))
    if kind in {"enum", "literal_error"}:
        choices = [choice.strip().strip("'") for choice in context["expected"].replace(" or ", ",").split(",")]
        choices = [choice for choice in choices if choice]  # "" is written by leaving the key out
        message = say("{value} is not one of {words}", value=value, words=", ".join(choices))
        return Said(path, message, _meant(error.get("input"), choices))
    if isinstance(context.get("said"), Text):
        return Said(path, context["said"], context["hint"] or _HINTS.get(kind))
    message, hint = _EXPECTED.get(kind, (say("{value} cannot be used here"), None))
    if kind in _UNQUOTED and not isinstance(error.get("input"), str):
        hint = _UNQUOTED[kind]  # there are no quotes to leave out
    least = f"{context.get('ge', 0):g}"
    return Said(path, Text(message.template, {"value": value}), hint and Text(hint.template, {"ge": least}))


def _meant(value: object, choices: list[str]) -> Text | None:
    """What to write in the place of what is none of the choices."""
    if str(value) in choices:
        return say("write it without quotes") if isinstance(value, str) else say("put it into double quotes")
    word = word_of(str(value), choices)
    return (
        say("{name} is written {word}", name=str(value).strip(), word=word) if word else meant_by(str(value), choices)
    )


def _keys(model: type[BaseModel] | None, path: Path) -> tuple[str, ...]:
    """The keys of the table at that path inside the model."""
    for part in path:
        inner = model.model_fields[part].annotation if model is not None and isinstance(part, str) else None
        model = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    return tuple(model.model_fields) if model is not None else ()
