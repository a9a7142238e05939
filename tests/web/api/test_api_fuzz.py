"""Whatever is asked or sent: an answer in JSON that the document promises, and never a fault of our own.

Hypothesis makes questions out of the routes' own parameters, right and wrong, and bodies of any shape; a desk in a thread of its own
answers over HTTP.
"""

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from monitor.web.api.door import TABLES
from monitor.web.api.openapi import statuses
from monitor.web.api.route import Route
from tests.clock import FakeClock
from tests.web.api.asking import PREFIX
from tests.web.api.fits import misfits
from tests.web.api.full import TOKEN, fill, open_desk

ROUTES = [route for table in TABLES for route in table]
READING = [route for route in ROUTES if route.body is None]
CHANGING = [route for route in ROUTES if route.body is not None]
BY_PATH = {(route.method, route.path): route for route in ROUTES}
Told = tuple[int, str, str]


class Line:
    """Asks the desk, and holds what it promises."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.document: dict[str, Any] = json.loads(self.ask("GET", "/openapi.json")[2])

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Told:
        door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            door.request(method, PREFIX + path, body, headers or {})
            answer = door.getresponse()
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
        finally:
            door.close()


@contextmanager
def desk_aside(path: Path) -> Iterator[int]:
    """The port of a full desk whose loop turns in another thread."""
    port: list[int] = []
    ready, over = threading.Event(), threading.Event()

    async def serve() -> None:
        async with open_desk(path, FakeClock()) as desk:
            await desk.database.write(fill)
            port.append(int(desk.address.rpartition(":")[2]))
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="desk")
    thread.start()
    try:
        assert ready.wait(60)
        yield port[0]
    finally:
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with desk_aside(tmp_path_factory.mktemp("fuzz") / "zhishou.db") as port:
        yield Line(port)


STRANGE = st.one_of(
    st.text(max_size=20),
    st.integers().map(str),
    st.sampled_from(
        ["", "0", "1", "-1", "city", "city/news", "2026-11-20", "9999-12-31", "0001-01-01", "open", "stale", "house/x", "%", "../x", "a" * 1200]
    ),
    st.dates().map(str),
    st.datetimes().map(lambda at: f"{at.isoformat()}+08:00"),
    st.lists(st.one_of(st.integers(), st.text(max_size=8)), max_size=3).map(json.dumps),
)  # fmt: skip
ESCAPED = st.one_of(
    STRANGE.map(lambda one: quote(one.encode("utf-8", "surrogatepass"), safe="")),
    st.binary(max_size=12).map(lambda one: quote_from_bytes(one, safe="")),
)
LEAF = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20))


@st.composite
def any_json(draw: st.DrawFn, depth: int = 2) -> object:
    """Any value, three levels deep at most."""
    kind = draw(st.sampled_from(["leaf", "list", "object"] if depth else ["leaf"]))
    if kind == "list":
        return draw(st.lists(any_json(depth - 1), max_size=3))
    return draw(st.dictionaries(st.text(max_size=8), any_json(depth - 1), max_size=3) if kind == "object" else LEAF)


JSON = any_json()
MORE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


NAMES = ESCAPED.filter(lambda text: text not in {"", ".", ".."})


def paths(route: Route) -> st.SearchStrategy[str]:
    """Addresses of a route, with something strange in every brace."""
    parts = route.path.split("/")
    return st.tuples(
        *(st.sampled_from(["1", "2", "city"]) | NAMES if part.startswith("{") else st.just(part) for part in parts)
    ).map("/".join)


def questions(route: Route) -> st.SearchStrategy[str]:
    """Addresses with parameters of the route, some of them right."""
    names = [one.name for one in route.parameters if one.place == "query"] + ["lang", "more"]
    right = [(one.name, word) for one in route.parameters for word in one.schema.get("enum", ())[:2]] or [
        ("lang", "en")
    ]
    told = st.lists(st.tuples(st.sampled_from(names), ESCAPED) | st.sampled_from(right), max_size=4)
    return st.tuples(paths(route), told.map(lambda pairs: "&".join("=".join(pair) for pair in pairs))).map("?".join)


def bodies(route: Route) -> st.SearchStrategy[bytes]:
    """Nearly what the route takes, any other JSON, and what is none."""
    keys = sorted(key for key in (route.body or {})["properties"] if key != "by")
    value = st.one_of(
        st.sampled_from(["2h", "张三", "city", "weixin", "launch", "temporary_offline", "2026-11-01", 1]),
        st.text(min_size=1, max_size=20),
        JSON,
    )
    who = {"by": st.just("张三") | value} if "by" in (route.body or {})["properties"] else {}
    nearly = st.fixed_dictionaries(who, optional=dict.fromkeys(keys, value))
    return st.one_of(
        nearly.map(json.dumps).map(str.encode), JSON.map(json.dumps).map(str.encode), st.binary(max_size=40)
    )


def hold(answer: Told, route: Route, document: dict[str, Any]) -> None:
    status, media, said = answer
    assert media == "application/json; charset=utf-8"
    promised = document["paths"][route.path][route.method]["responses"]
    assert status in {200, 404, *statuses(route, is_open=True)}, said
    assert status < 500, said
    told = json.loads(said)
    schema = promised[str(status if str(status) in promised else 400)]["content"]["application/json"]["schema"]
    assert list(misfits(told, schema, document)) == []
    if status == 400:
        assert told["problems"]


@st.composite
def question(draw: st.DrawFn, path: str) -> str:
    """Of the reading route with that path. (Its name stands for all that it is made of: that is too long to be printed.)"""
    return draw(questions(BY_PATH["get", path]))


@st.composite
def request(draw: st.DrawFn, path: str) -> tuple[str, bytes, str]:
    """Of the changing route with that path: address, body, key."""
    route = BY_PATH["post", path]
    return draw(paths(route)), draw(bodies(route)), draw(st.text("abc \t~", max_size=3))


@pytest.mark.parametrize("path", [route.path for route in READING])
@given(st.data())
@settings(parent=MORE, max_examples=40)
def test_no_question_breaks_it(line: Line, path: str, data: st.DataObject) -> None:
    hold(line.ask("GET", data.draw(question(path))), BY_PATH["get", path], line.document)


@pytest.mark.parametrize("path", [route.path for route in CHANGING])
@given(st.data())
@settings(parent=MORE, max_examples=60)
def test_no_body_breaks_it(line: Line, path: str, data: st.DataObject) -> None:
    asked, sent, key = data.draw(request(path))
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    hold(
        line.ask("POST", asked, sent, headers | ({"Idempotency-Key": key} if key else {})),
        BY_PATH["post", path],
        line.document,
    )


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="?#"), min_size=1, max_size=40))
@settings(parent=MORE, max_examples=60)
def test_no_address_breaks_it(line: Line, path: str) -> None:
    status, media, said = line.ask("GET", f"/{path}")
    assert (media, status < 500) == ("application/json; charset=utf-8", True)
    assert json.loads(said)
