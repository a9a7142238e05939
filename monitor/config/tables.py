"""A table as its model; where something is wrong with it, what is left of it, so that one fault hides no other.

Notes the problems in the document. What was wrong is taken out, or replaced by a stand-in where the model cannot do
without, and the caller is told which keys: nothing is said about those a second time.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.config.document import Document
from monitor.config.explain import explain, shown
from monitor.config.places import Path as Place
from monitor.model import say

S = TypeVar("S", bound=BaseModel)

STAND_INS: Mapping[str, object] = {
    "id": "?",
    "name": "?",
    "url": "",
    "pack": "?",
    "title": "?",
    "says": "?",
    "applies": {"kind": "site"},
    "kind": "site",
    "obligation": "?",
    "severity": "remind",
    "confidence": "house",
}
"""For each key that some model must have: a value that lets the rest be judged, and is never used."""


@dataclass(frozen=True, slots=True)
class Told(Generic[S]):
    """`value` is None when nothing could be saved; `wrong` are the keys that do not hold what was written."""

    value: S | None
    wrong: frozenset[Place] = frozenset()

    def is_told(self, *keys: str) -> bool:
        """Whether these keys, or a.b in them, are as they were written (or left out)."""
        return not any(
            key in {".".join(map(str, path[: n + 1])) for n in range(len(path))} for path in self.wrong for key in keys
        )


def read_model(document: Document, path: Place, value: object, model: type[S]) -> Told[S]:
    """One table; its problems are noted."""
    if not isinstance(value, Mapping):
        document.add(
            path, say("{value} is not a table", value=shown(value)), say("write a [table] or {{ key = value }}")
        )
        return Told(None)
    try:
        return Told(model.model_validate(dict(value)))
    except ValidationError as error:
        errors: list[Any] = error.errors(include_url=False)
    for said in explain(errors, model):
        document.add((*path, *said.path), said.message, said.hint)
    mended, wrong = _mended(value, errors)
    try:
        return Told(model.model_validate(mended), wrong)
    except ValidationError:
        return Told(None, wrong)


def tables_of(document: Document, name: str) -> list[tuple[int, Mapping[str, object]]]:
    """The tables of an array such as [[target]], numbered from 0; what is no table becomes a problem."""
    value = document.table.get(name, [])
    if not isinstance(value, list):
        document.add(
            (name,), say("{value} is not an array of tables", value=shown(value)), say("write [[{name}]]", name=name)
        )
        return []
    for number, table in enumerate(value):
        if not isinstance(table, dict):
            document.add(
                (name, number), say("{value} is not a table", value=shown(table)), say("write [[{name}]]", name=name)
            )
    return [(number, table) for number, table in enumerate(value) if isinstance(table, dict)]


def _mended(
    value: Mapping[str, object], errors: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, object], frozenset[Place]]:
    told = copy.deepcopy(dict(value))
    wrong: set[Place] = set()
    for error in errors:
        path = _keys(error["loc"])
        wrong.add(path)
        inner: Any = told
        for key in path[:-1]:
            inner = inner.get(key) if isinstance(inner, dict) else None
        if isinstance(inner, dict):
            inner.pop(path[-1], None)
            if path[-1] in STAND_INS and error["type"] != "extra_forbidden":
                inner[path[-1]] = STAND_INS[path[-1]]
    return told, frozenset(wrong)


def _keys(path: Place) -> tuple[str, ...]:
    """The path as far as it goes through tables: a list with a wrong entry is wrong as a whole."""
    keys: list[str] = []
    for part in path:
        if not isinstance(part, str):
            break
        keys.append(part)
    return tuple(keys)
