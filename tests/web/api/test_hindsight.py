"""The past judged again over HTTP: what the commands tell, bounded in time, and bad rules refused with all that is wrong."""

import asyncio
import threading

import pytest

from monitor import hindsight
from monitor.control import Refusal
from monitor.settle.policy import policy_of
from monitor.web.server import Desk
from tests.clock import FakeClock
from tests.web.api.asking import Client
from tests.web.api.test_contract import RULES


class Hurried(FakeClock):
    """A clock by which every look at it is a minute later."""

    def monotonic(self) -> float:
        self.advance(61)
        return super().monotonic()


async def test_a_replay_under_other_rules(api: Client) -> None:
    told = (await api.post("/what-if", {"rules": RULES, "from": "2026-11-01", "to": "2026-11-20"})).told
    assert (told["from"], told["to"]) == ("2026-11-01T00:00:00+08:00", "2026-11-20T09:00:00+08:00")
    assert told["watched"] >= 4
    assert told["walked"] >= 1
    assert told["cut"] is False
    backwards = await api.post("/what-if", {"rules": RULES, "from": "2026-11-20", "to": "2026-11-01"})
    assert (backwards.status, backwards.told["problems"][0]["where"]) == (400, "body.to")
    unseen = await api.post("/what-if", {"rules": RULES, "from": "2030-11-20"})
    assert (unseen.status, unseen.told["problems"][0]["where"]) == (400, "body.from")
    assert "2026-11-" in unseen.told["problems"][0]["what"]


async def test_all_that_is_wrong_with_rules_is_said_at_once(api: Client) -> None:
    wrong = RULES.replace("7d", "7 days").replace("updated_within", "updated")
    answer = await api.post("/what-if", {"rules": wrong})
    assert answer.status == 400
    assert len(answer.told["problems"]) >= 2
    assert all(one["where"].startswith("body.rules:") for one in answer.told["problems"])
    assert (await api.post("/what-if", {"rules": "= ["})).status == 400


async def test_one_replay_at_a_time(desk: Desk, api: Client) -> None:
    let_go = threading.Event()
    busy = [asyncio.ensure_future(desk.database.read(lambda _tx: let_go.wait(30))) for _ in range(4)]
    first = asyncio.ensure_future(api.post("/what-if", {"rules": RULES}))
    while not desk.api._repeats._doing:
        await asyncio.sleep(0.01)
    second = await api.post("/what-if", {"rules": RULES})
    let_go.set()
    assert (second.status, (await first).status) == (409, 200)
    await asyncio.gather(*busy)


async def test_a_replay_that_takes_too_long_gives_up(desk: Desk) -> None:
    ask = hindsight.questions(desk.database, Hurried(), "en", lambda: policy_of(desk.settings))["what-if"]
    with pytest.raises(Refusal, match="longer than a minute"):
        await ask({"rules": RULES})


async def test_an_incident_explained_as_the_command_tells_it(desk: Desk, api: Client) -> None:
    told = (await api.get("/incidents/1/explain")).told
    assert told == await desk.database.read(lambda tx: hindsight.explained(tx, 1, "zh-CN"))
    assert told["lines"]
    assert (await api.get("/incidents/99/explain")).status == 404
