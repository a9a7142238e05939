"""What pydantic found wrong, in our words: what is there, what was expected, what was probably meant.

Pure. Values are shown only when they are short and plain, and never for a secret.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from monitor.config.durations import HINT, LIMIT_HINT, SIZE_HINT
from monitor.config.places import Path
from monitor.config.problems import did_you_mean

SECRET_KEYS = frozenset({"url", "proxy"})
"""Keys whose values may carry a key or a password (channels, proxies); their values are never shown."""

_EXPECTED = {
    "string_type": ("is not a text", "put it into double quotes"),
    "path_type": ("is not a file name", "put it into double quotes"),
    "int_type": ("is not a whole number", "write it without quotes"),
    "int_from_float": ("is not a whole number", ""),
    "float_type": ("is not a number", "write it without quotes"),
    "bool_type": ("is neither true nor false", "write true or false without quotes"),
    "tuple_type": ("is not a list", "write [ … ]"),
    "model_type": ("is not a table", "write a [table] or { key = value }"),
    "model_attributes_type": ("is not a table", "write a [table] or { key = value }"),
    "dict_type": ("is not a table", "write a [table] or { key = value }"),
    "dataclass_type": ("is not a table", "write a [table] or { key = value }"),
    "date_type": ("is not a date", "write 2019-04-01 without quotes"),
    "date_from_datetime_parsing": ("is not a date", "write 2019-04-01 without quotes"),
    "date_parsing": ("is not a date", "write 2019-04-01 without quotes"),
    "string_too_short": ("is empty", ""),
    "string_pattern_mismatch": ("has a wrong form", ""),
    "greater_than": ("is too small", "it must be more than nothing"),
    "greater_than_equal": ("is too small", "the least is {ge}"),
}
_HINTS = {
    "duration": HINT,
    "size": SIZE_HINT,
    "limit": LIMIT_HINT,
    "network": 'write it like "10.0.0.0/8" or "fd00::/8", without host bits',
    "clock_time": 'write it like "08:30"',
    "listen": 'write it like "127.0.0.1:8787"',
    "nameserver": 'write it like "10.0.0.2" or "10.0.0.2:53"',
}


class Said(NamedTuple):
    """Where, what is wrong, what to do."""

    path: Path
    message: str
    hint: str


def explain(errors: Iterable[Mapping[str, Any]], model: type[BaseModel] | None = None) -> list[Said]:
    """Pydantic's errors() of one table; `model` tells which keys it may have."""
    return [_explain(error, model) for error in errors]


def shown(value: object) -> str:
    """A short plain value as it would be written in TOML; else what kind of thing it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value if len(value) <= 60 else value[:57] + "…"}"'
    if isinstance(value, list | tuple):
        return "a list"
    return "a table" if isinstance(value, Mapping) else str(value)[:60]


def _explain(error: Mapping[str, Any], model: type[BaseModel] | None) -> Said:
    path, kind = tuple(error["loc"]), error["type"]
    context = error.get("ctx", {})
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    if kind == "extra_forbidden":
        return Said(path, f'unknown key "{path[-1]}"', did_you_mean(str(path[-1]), _keys(model, path[:-1])))
    if kind == "missing":
        return Said(path[:-1], f'"{path[-1]}" is missing', "")
    value = "the value" if key in SECRET_KEYS else shown(error.get("input"))
    if kind in {"enum", "literal_error"}:
        choices = [choice.strip().strip("'") for choice in context["expected"].replace(" or ", ",").split(",")]
        choices = [choice for choice in choices if choice]  # "" is written by leaving the key out
        return Said(path, f"{value} is not one of {', '.join(choices)}", _meant(error.get("input"), choices))
    if kind in _EXPECTED:
        message, hint = _EXPECTED[kind]
        return Said(path, f"{value} {message}", hint.replace("{ge}", f"{context.get('ge', 0):g}"))
    return Said(path, str(error["msg"]), str(context.get("hint", _HINTS.get(kind, ""))))


def _keys(model: type[BaseModel] | None, path: Path) -> tuple[str, ...]:
    """The keys of the table at that path inside the model."""
    for part in path:
        inner = model.model_fields[part].annotation if model is not None and isinstance(part, str) else None
        model = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    return tuple(model.model_fields) if model is not None else ()


def _meant(value: object, choices: list[str]) -> str:
    hint = did_you_mean(str(value), choices)
    return "" if hint.startswith("known") else hint
