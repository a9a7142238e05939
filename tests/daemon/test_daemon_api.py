"""/api/v1 of a running daemon that watches a town of troubles: what it tells is what the store holds and the commands print."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.daemon.conftest import EXPECTED
from tests.daemon.process import Answer, Running, eventually, set_up
from tests.web.api.fits import faults, misfits

pytestmark = pytest.mark.timeout(180)
FIRST, SECOND = "the-first-token-of-the-desk-0123456789", "the-second-token-of-the-desk-0123456789"


def post(daemon: Running, path: str, body: object, token: str) -> Answer:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    address = f"http://127.0.0.1:{daemon.port}/api/v1{path}"
    asked = urllib.request.Request(address, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(asked, timeout=15) as answer:
            return Answer(answer.status, answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read().decode())


def told(daemon: Running, path: str) -> Any:
    answer = daemon.get(f"/api/v1{path}")
    assert answer.status == 200, answer
    return answer.json()


@pytest.fixture(scope="module")
def troubled(daemon: Running) -> Running:
    eventually(lambda: len(daemon.incidents()) >= len(EXPECTED), shown=daemon.log)
    eventually(lambda: daemon.ask("SELECT 1 FROM standings WHERE value = 'due'"), shown=daemon.log)
    return daemon


def test_every_answer_of_a_daemon_at_work_fits_its_document_and_holds_no_secret(troubled: Running) -> None:
    document = told(troubled, "/openapi.json")
    assert list(faults(document)) == []
    number, site = troubled.incidents()[0]["id"], "site-1"
    answers = []
    for path, operations in document["paths"].items():
        if "get" not in operations:
            continue
        asked = path.replace("{incident}", str(number)).replace("{target}", quote("site-1/column-1", safe=""))
        answer = told(troubled, asked.replace("{site}", site))
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert list(misfits(answer, schema, document)) == [], path
        answers.append(json.dumps(answer, ensure_ascii=False))
    everything = "\n".join(answers)
    assert "/hook" not in everything, "the channel's address"
    assert "json://" not in everything
    assert number
    assert told(troubled, f"/targets/{quote('site-1/column-1', safe='')}")["target"]["state"] == "breached"
    assert told(troubled, "/targets/site-2")["target"]["state"] == "failing"


def test_it_tells_what_the_commands_print(troubled: Running) -> None:
    printed = troubled.command("due", "--json").json()
    due = told(troubled, "/due")["rows"]
    assert [(one["target"], one["rule"]) for one in due] == [(one["target"], one["rule"]) for one in printed]
    assert all(one["due"].endswith("+08:00") for one in due)
    assert told(troubled, "/rules?limit=1000")["rows"] == troubled.command("rules", "--json").json()
    number = troubled.incidents()[0]["id"]
    explained = told(troubled, f"/incidents/{number}/explain")
    assert explained["same"] is True
    assert explained["judged"] == troubled.command("explain", str(number), "--json").json()["judged"]
    going_on = {one["incident"] for one in told(troubled, "/incidents?state=open,acknowledged")["rows"]}
    assert going_on == {one["incident"] for one in troubled.command("incidents", "--json").json()}
    assert told(troubled, "/availability/site-2")["days"][-1]["failed"] > 0
    assert told(troubled, "/outages")["rows"] == troubled.command("report", "outages", "--format", "json").json()


def test_a_token_is_switched_on_and_changed_by_a_reload(troubled: Running) -> None:
    """Changing is off; a token file and SIGHUP switch it on; another token and SIGHUP shut out the first."""
    body = {"by": "张三", "note": "已联系机房"}
    number = next(one["id"] for one in troubled.incidents() if one["targets"] == ["site-2"])
    off = post(troubled, f"/incidents/{number}/ack", body, FIRST)
    assert (off.status, "[web] token_file" in off.text) == (403, True)
    place = troubled.config.parent / "desk-token"
    place.write_text(FIRST + "\n", encoding="utf-8")
    set_up(troubled.config, {"[web]\n": f'[web]\ntoken_file = "{place.name}"\n'})
    troubled.reload()
    assert post(troubled, f"/incidents/{number}/ack", body, SECOND).status == 401
    assert post(troubled, f"/incidents/{number}/ack", body, FIRST).status == 200
    assert ("张三",) in troubled.ask("SELECT who FROM events WHERE what = 'incident.acknowledged'")
    assert told(troubled, f"/incidents/{number}")["incident"]["acknowledged_by"] == "张三"
    place.write_text("short", encoding="utf-8")
    troubled.reload()
    assert post(troubled, "/log", {"by": "张三", "text": "x"}, FIRST).status == 200, "the settings in force go on"
    place.write_text(SECOND, encoding="utf-8")
    troubled.reload()
    assert post(troubled, "/log", {"by": "张三", "text": "x"}, FIRST).status == 401
    assert post(troubled, "/log", {"by": "张三", "text": "x"}, SECOND).status == 200
    assert FIRST not in troubled.log() + told_everywhere(troubled)
    assert SECOND not in troubled.log() + told_everywhere(troubled)


def told_everywhere(daemon: Running) -> str:
    pages = [daemon.get(path).text for path in ("/", "/healthz", "/metrics", "/api/v1/", "/api/v1/events?limit=1000")]
    return "\n".join(pages)


def test_the_folder_of_the_store_holds_no_token(troubled: Running) -> None:
    files: list[Path] = [one for one in troubled.store.parent.rglob("*") if one.is_file()]
    assert files
    assert not [one for one in files if FIRST.encode() in one.read_bytes() or SECOND.encode() in one.read_bytes()]
