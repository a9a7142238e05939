"""Whether a value fits a schema, and whether a document is OpenAPI 3.1: written again, apart from what the product checks with.

Takes the words of JSON Schema 2020-12 that the document uses; a word it does not know is a failure, never passed over.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

KNOWN = {
    "type", "description", "properties", "required", "additionalProperties", "items", "maxItems", "enum", "anyOf", "format", "minLength",
    "maxLength", "minimum", "maximum", "pattern", "$ref",
}  # fmt: skip
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def misfits(value: Any, schema: Mapping[str, Any], document: Mapping[str, Any], at: str = "$") -> Iterator[str]:
    """Everything in the value that does not fit."""
    unknown = set(schema) - KNOWN
    assert not unknown, f"{at}: this says nothing to us: {unknown}"
    if "$ref" in schema:
        assert set(schema) == {"$ref"}
        yield from misfits(value, referred(schema["$ref"], document), document, at)
        return
    if "anyOf" in schema:
        if all(list(misfits(value, one, document, at)) for one in schema["anyOf"]):
            yield f"{at}: {value!r} fits none"
        return
    kind = schema.get("type")
    if kind is not None:
        yield from _misfits(value, schema, document, at, kind)


def _misfits(value: Any, schema: Mapping[str, Any], document: Mapping[str, Any], at: str, kind: str) -> Iterator[str]:
    is_kind: bool = isinstance(value, TYPES[kind]) and not (kind in {"integer", "number"} and isinstance(value, bool))
    if not is_kind:
        yield f"{at}: {value!r} is not {kind}"
    elif kind == "object":
        yield from _object(value, schema, document, at)
    elif kind == "array":
        if len(value) > schema.get("maxItems", len(value)):
            yield f"{at}: {len(value)} entries"
        for place, one in enumerate(value):
            yield from misfits(one, schema["items"], document, f"{at}[{place}]")
    elif kind == "string":
        yield from _text(value, schema, at)
    elif kind == "integer" and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{at}: {value} is out of range"


def _object(value: Mapping[str, Any], schema: Mapping[str, Any], document: Mapping[str, Any], at: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema["additionalProperties"]
    yield from (f"{at}: no {key}" for key in schema.get("required", ()) if key not in value)
    for key, one in value.items():
        if key in known:
            yield from misfits(one, known[key], document, f"{at}.{key}")
        elif others is False:
            yield f"{at}: {key} is not in the schema"
        else:
            yield from misfits(one, others, document, f"{at}.{key}")


def _text(value: str, schema: Mapping[str, Any], at: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is not in {schema['enum']}"
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{at}: {len(value)} characters"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{at}: {value!r} is not like {schema['pattern']}"
    if schema.get("format") == "date-time":
        told = datetime.fromisoformat(value)
        if told.utcoffset() != timedelta(hours=8) or not value.endswith("+08:00"):
            yield f"{at}: {value} is not on a wall in Shanghai"
    if schema.get("format") == "date" and date.fromisoformat(value).isoformat() != value:
        yield f"{at}: {value} is no day"


def referred(reference: str, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference leads to."""
    found: Any = document
    assert reference.startswith("#/")
    for step in reference[2:].split("/"):
        found = found[step]
    assert isinstance(found, Mapping)
    return found


def faults(document: Mapping[str, Any]) -> Iterator[str]:
    """What the rules of OpenAPI 3.1 do not allow, as far as the document uses them (spec.openapis.org/oas/v3.1.0)."""
    if set(document) != {"openapi", "info", "servers", "paths", "components"}:
        yield f"keys: {set(document)}"
    if not re.fullmatch(r"3\.1\.\d+", document["openapi"]) or not {"title", "version"} <= set(document["info"]):
        yield "openapi, info"
    if set(document["components"]) != {"schemas", "securitySchemes"}:
        yield "components"
    for name, schema in document["components"]["schemas"].items():
        if not re.fullmatch(r"[A-Za-z0-9._-]+", name):
            yield f"component {name}"
        yield from _schema_faults(schema, document, name)
    yield from _path_faults(document)


def _path_faults(document: Mapping[str, Any]) -> Iterator[str]:
    identities: list[str] = []
    for path, operations in document["paths"].items():
        if not path.startswith("/"):
            yield f"{path} does not begin with a slash"
        for method, operation in operations.items():
            identities.append(operation["operationId"])
            yield from _operation_faults(path, method, operation, document)
    if len(set(identities)) != len(identities):
        yield f"operation ids twice: {identities}"
    bare = [re.sub(r"\{\w+\}", "{}", path) for path in document["paths"]]
    if len(set(bare)) != len(bare):
        yield f"paths that are one: {bare}"


def _operation_faults(
    path: str, method: str, operation: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterator[str]:
    at = f"{method} {path}"
    allowed = {"operationId", "summary", "parameters", "responses", "security", "requestBody"}
    if set(operation) - allowed or method not in {"get", "post"}:
        yield f"{at}: {set(operation) - allowed}"
    yield from _parameter_faults(at, path, operation, document)
    if "200" not in operation["responses"]:
        yield f"{at}: no 200"
    for status, response in operation["responses"].items():
        if not re.fullmatch(r"[1-5]\d\d", status) or not response["description"]:
            yield f"{at}: {status}"
        for media in response["content"].values():
            yield from _schema_faults(media["schema"], document, at)
    for need in operation["security"]:
        if set(need) - set(document["components"]["securitySchemes"]):
            yield f"{at}: {need}"


def _parameter_faults(at: str, path: str, operation: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    seen = set()
    for one in operation["parameters"]:
        if set(one) - {"name", "in", "required", "description", "schema", "style", "explode"}:
            yield f"{at}: {one}"
        if one["in"] not in {"query", "path", "header"} or (one["in"] == "path" and one["required"] is not True):
            yield f"{at}: {one['name']}"
        if (one["name"], one["in"]) in seen:
            yield f"{at}: {one['name']} twice"
        seen.add((one["name"], one["in"]))
        yield from _schema_faults(one["schema"], document, at)
    if {name for name, place in seen if place == "path"} != set(re.findall(r"\{(\w+)\}", path)):
        yield f"{at}: parameters of the path"


def _schema_faults(schema: Any, document: Mapping[str, Any], at: str) -> Iterator[str]:
    if not isinstance(schema, Mapping):
        yield f"{at}: {schema!r} is no schema"
        return
    if set(schema) - KNOWN:
        yield f"{at}: {set(schema) - KNOWN}"
    if "$ref" in schema:
        referred(schema["$ref"], document)
    if schema.get("type", "string") not in TYPES:
        yield f"{at}: type {schema['type']}"
    if set(schema.get("required", ())) - set(schema.get("properties", {})):
        yield f"{at}: required {schema['required']}"
    parts = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    parts += [schema["items"]] if "items" in schema else []
    parts += [schema["additionalProperties"]] if isinstance(schema.get("additionalProperties"), Mapping) else []
    for one in parts:
        yield from _schema_faults(one, document, at)
