"""The OpenAPI 3.1 document, out of the route tables alone.

Pure: rows in, a plain object out. A schema that has a name stands once, under components, and is referred to.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from monitor.model import Text, say
from monitor.render import LANGUAGES, translate
from monitor.web.api.route import Parameter, Route
from monitor.web.api.schema import Schema, record, rows, text, word

TITLE = say("The duty desk: what is wrong, what falls due, and what may be done about it")
PROBLEM = record(where=text(), what=text(), expected=text())
ERROR = record(error=text(), problems=rows(PROBLEM))
LANGUAGE = Parameter(
    "lang", word(LANGUAGES), say("language of the answer; else that of Accept-Language, else the desk's own")
)
KEY = say(
    "a repeated request with the same key gets the same answer and is not done again; kept for a day, or until a restart"
)
READING, CHANGING = (400, 503), (400, 401, 403, 408, 409, 413, 415, 429, 503)
"""What every route that reads, or changes, may answer besides 200."""
GUARDED = (401, 403, 429)
"""What a route that reads may answer too where reading needs the token."""


def document(
    routes: Iterable[Route], language: str, *, is_open: bool, named: Mapping[str, Schema] | None = None
) -> dict[str, Any]:
    """The whole document in one language; `is_open`: reading needs no token."""
    names = dict(named or {}) | {"Error": ERROR, "Problem": PROBLEM}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method] = _operation(route, language, names, is_open=is_open)
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Zhishou 值守", "version": "1", "description": translate(TITLE, language)},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": {name: _referring(schema, names, but=name) for name, schema in names.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
    told: dict[str, Any] = _in_words(whole, language)
    return told


def _in_words(value: Any, language: str) -> Any:
    """With the words of schemas in one language."""
    if isinstance(value, Text):
        return translate(value, language)
    if isinstance(value, Mapping):
        return {key: _in_words(one, language) for key, one in value.items()}
    return [_in_words(one, language) for one in value] if isinstance(value, list) else value


def statuses(route: Route, *, is_open: bool) -> list[int]:
    """Every status but 200 the route may answer with."""
    always = READING if route.method == "get" else CHANGING
    guarded = () if is_open or route.method == "post" else GUARDED
    return sorted({*always, *guarded, *route.also})


def _operation(route: Route, language: str, names: Mapping[str, Schema], *, is_open: bool) -> dict[str, Any]:
    told = [_parameter(one, language, names) for one in (*route.parameters, LANGUAGE)]
    if route.body is not None:
        told.append(_key(language))
    refused = _content({"$ref": "#/components/schemas/Error"})
    answers = {
        str(code): {"description": HTTPStatus(code).phrase, **refused} for code in statuses(route, is_open=is_open)
    }
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": translate(route.does, language),
        "parameters": told,
        "responses": {"200": {"description": "OK", **_content(_referring(route.answers, names))}, **answers},
        "security": [{"token": []}] if route.body is not None or not is_open else [],
    }
    if route.body is not None:
        operation["requestBody"] = {"required": True, **_content(_referring(route.body, names))}
    return operation


def _operation_id(route: Route) -> str:
    """get_incidents_members, post_incidents_ack: unlike any other."""
    words = [word for word in route.path.replace(".", "_").replace("-", "_").split("/") if word]
    return "_".join([route.method, *(f"by_{word[1:-1]}" if word.startswith("{") else word for word in words)])


def _parameter(one: Parameter, language: str, names: Mapping[str, Schema]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": one.name,
        "in": one.place,
        "required": one.place == "path",
        "description": translate(one.means, language),
        "schema": _referring(one.schema, names),
    }
    return told | ({"style": "form", "explode": False} if one.schema.get("type") == "array" else {})


def _key(language: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": "^[!-~]{1,200}$"}
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": translate(KEY, language),
        "schema": schema,
    }


def _content(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _referring(schema: Any, names: Mapping[str, Schema], *, but: str = "") -> Any:
    """The schema with every named one in it referred to; `but`: not itself."""
    for name, one in names.items():
        if schema is one and name != but:
            return {"$ref": f"#/components/schemas/{name}"}
    if isinstance(schema, Text):
        return schema
    if isinstance(schema, Mapping):
        return {key: _referring(value, names) for key, value in schema.items()}
    return [_referring(one, names) for one in schema] if isinstance(schema, list | tuple) else schema
