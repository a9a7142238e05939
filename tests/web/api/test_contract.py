"""The document and the answers are one thing: every route is in it, and every answer is what it promises."""

import json
import re
from typing import Any

import pytest

from monitor.web.api.door import TABLES
from monitor.web.api.openapi import statuses
from monitor.web.api.route import Route
from monitor.web.server import Desk
from tests.web.api.asking import Client, asking
from tests.web.api.conftest import Serve
from tests.web.api.fits import faults, misfits
from tests.web.api.full import SECRET, TOKEN

ROUTES = [route for table in TABLES for route in table]
READING = [route for route in ROUTES if route.body is None]
CHANGING = [route for route in ROUTES if route.body is not None]
IN_PATH = {"incident": "1", "declaration": "2", "id": "m-1", "target": "city%2Fnews", "site": "city"}
RULES = """
pack = "national-2019"
title = "试行"
issued = 2026-01-01
[[rule]]
id = "home"
source = "试行"
article = "第一条"
says = "首页每周更新"
applies = { kind = "column", column = "dynamic" }
obligation = "updated_within"
limit = "7d"
severity = "breach"
confidence = "house"
"""
BODIES: dict[str, dict[str, object]] = {
    "/incidents/{incident}/ack": {"note": "已联系机房"},
    "/incidents/{incident}/close": {},
    "/incidents/{incident}/false-alarm": {"note": "机房演练"},
    "/targets/{target}/mute": {"for": "2h", "reason": "机房检修"},
    "/targets/{target}/unmute": {},
    "/declarations": {"kind": "launch", "target": "city", "from": "2026-01-01", "fields": {"filed_on": "2026-01-02"}},
    "/declarations/{declaration}/amend": {"fields": {"portal_notice": "http://city.example/notice"}},
    "/declarations/{declaration}/withdraw": {"note": "登记有误"},
    "/attestations": {"target": "weixin", "newest": "2026-11-19", "note": "手机上核实"},
    "/messages/import": {
        "rows": [["city", "m-9", "jiucuo", "2026-11-19", None, None]],
        "file": "找错.xlsx",
        "sha256": "a" * 64,
    },
    "/posts/import": {
        "rows": [["weixin", "p-1", "2026-11-19", "要闻", True]],
        "file": "文章.csv",
        "sha256": "b" * 64,
    },
    "/messages": {"site": "city", "id": "m-8", "class": "consulting", "received": "2026-11-19"},
    "/messages/{id}/answer": {"at": "2026-11-20"},
    "/what-if": {"rules": RULES},
    "/log": {"text": "交接班，一切正常"},
}
"""A body that fits each changing route; one more command is one more line."""


def address(route: Route) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: IN_PATH[found[1]], route.path)


def body(route: Route) -> dict[str, object]:
    by = {"by": "张三"} if "by" in (route.body or {})["properties"] else {}
    return {**by, **BODIES[route.path]}


def operation(document: dict[str, Any], route: Route) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][route.path][route.method]
    return found


def schema_of(document: dict[str, Any], route: Route, status: int) -> dict[str, Any]:
    found: dict[str, Any] = operation(document, route)["responses"][str(status)]["content"]["application/json"][
        "schema"
    ]
    return found


async def test_every_route_of_the_tables_is_in_the_document_and_no_other(api: Client) -> None:
    document = (await api.get("/openapi.json")).told
    written = {(path, method) for path, operations in document["paths"].items() for method in operations}
    assert written == {(route.path, route.method) for route in ROUTES}
    listed = (await api.get("/")).told["routes"]
    assert {(one["path"].removeprefix("/api/v1"), one["method"].lower()) for one in listed} == written


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_document_is_openapi_3_1_with_every_sentence_translated(api: Client, language: str) -> None:
    document = (await api.get(f"/openapi.json?lang={language}")).told
    assert list(faults(document)) == []
    sentences = [one["summary"] for operations in document["paths"].values() for one in operations.values()]
    chinese = [one for one in sentences if re.search("[一-鿿]", one)]
    assert len(chinese) == (len(sentences) if language == "zh-CN" else 0), sentences


async def test_the_rules_of_the_document_bite() -> None:
    """What tells faults apart from none must itself tell something."""
    whole: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "servers": [{"url": "/"}],
        "paths": {
            "/a/{b}": {
                "get": {
                    "operationId": "a",
                    "parameters": [],
                    "responses": {"404": {"description": "x", "content": {}}},
                    "security": [{"key": []}],
                }
            }
        },
        "components": {"schemas": {"x": {"type": "text", "required": ["y"]}}, "securitySchemes": {}},
    }
    assert len(list(faults(whole))) == 5
    assert list(misfits({"a": 1}, {"type": "object", "additionalProperties": False}, {}))
    assert list(misfits("2026-11-23T00:00:00Z", {"type": "string", "format": "date-time"}, {}))


@pytest.mark.parametrize("route", READING, ids=lambda route: route.path)
async def test_every_reading_route_answers_its_schema(api: Client, route: Route) -> None:
    document = (await api.get("/openapi.json")).told
    answer = await api.get(address(route))
    assert answer.status == 200, answer.told
    assert list(misfits(answer.told, schema_of(document, route, 200), document)) == []
    if "rows" in answer.told:
        assert answer.told["rows"], "the store is full: there is something to hold against the schema"
    if any(one.name == "limit" for one in route.parameters):
        first = await api.get(f"{address(route)}?limit=1")
        assert len(first.told["rows"]) == 1


@pytest.mark.parametrize("route", CHANGING, ids=lambda route: route.path)
async def test_every_changing_route_answers_its_schema(api: Client, route: Route) -> None:
    document = (await api.get("/openapi.json")).told
    for _ in range(2):  # the second time some cannot be done any more
        answer = await api.post(address(route), body(route))
        assert str(answer.status) in operation(document, route)["responses"]
        assert answer.status in {200, 409}, answer.told
        assert list(misfits(answer.told, schema_of(document, route, answer.status), document)) == []


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_every_refusal_is_promised_and_has_its_schema(api: Client, route: Route) -> None:
    document = (await api.get("/openapi.json")).told
    asked = address(route) + "?nonsense=1"
    answer = await (api.get(asked) if route.body is None else api.post(asked, {}))
    assert answer.status == 400
    assert list(misfits(answer.told, schema_of(document, route, 400), document)) == []
    assert answer.told["problems"][0]["where"] == "query.nonsense"
    for status in statuses(route, is_open=True):
        assert schema_of(document, route, status) == {"$ref": "#/components/schemas/Error"}


async def test_an_empty_store_answers_the_same_schemas(serve: Serve) -> None:
    async with serve() as desk, asking(desk.address, TOKEN) as client:
        document = (await client.get("/openapi.json")).told
        for route in READING:
            answer = await client.get(address(route))
            assert answer.status == (404 if route.path.startswith("/incidents/{") else 200), route.path
            assert list(misfits(answer.told, schema_of(document, route, answer.status), document)) == []


async def test_no_answer_holds_a_secret(api: Client, desk: Desk) -> None:
    """The channel's address and the token are in the settings of this very desk, and in no answer to anybody."""
    told = []
    for route in ROUTES:
        for language in ("zh-CN", "en"):
            read = await api.get(f"{address(route)}?lang={language}") if route.body is None else None
            done = None if read else await api.post(address(route), body(route))
            told.append(json.dumps((read or done), ensure_ascii=False, default=str))
    told.append(json.dumps((await api.post("/log", {"by": TOKEN + "x"})).told))
    everything = "\n".join(told)
    assert "hook" in everything, "the channel is named"
    assert SECRET not in everything
    assert "sekret" not in everything
    assert TOKEN not in everything


async def test_what_this_process_cannot_do_is_not_promised(serve: Serve) -> None:
    """A desk to which nobody handed commands reads what the store knows; the rest has no address."""
    async with serve() as desk:
        desk.api.commands = {}
        assert {route.path for route in desk.api.routes} == {route.path for route in ROUTES if not route.needs}


async def test_the_document_says_that_an_end_is_exclusive(api: Client) -> None:
    """Whoever reads 00:00 on 4 October must know that 3 October is the last day: in the reader's language, wherever `to` is answered."""
    for language, words in (("zh-CN", "不含"), ("en", "exclusive")):
        schemas = (await api.get(f"/openapi.json?lang={language}")).told["components"]["schemas"]
        ends = [schemas["Declaration"]["properties"]["to"]["anyOf"][0], schemas["Replayed"]["properties"]["to"]]
        assert all(words in one["description"] for one in ends)
