"""Receivers answer as the services do, and fail on demand."""

import asyncio
import json
from datetime import timedelta

import aiohttp
import pytest

from monitor.city.city import City
from monitor.city.faults import Event, Faults
from monitor.city.plan import Plan
from monitor.city.receiver import ROBOTS, Receiver
from tests.city.conftest import NOON
from tests.clock import FakeClock

pytestmark = pytest.mark.usefixtures("blockbuster")


async def post(receiver: Receiver, robot: str = "hook", seconds: float = 5) -> tuple[int, dict[str, object]]:
    timeout = aiohttp.ClientTimeout(total=seconds)
    async with (
        aiohttp.ClientSession(timeout=timeout) as client,
        client.post(receiver.url(robot), json={"text": "站点打不开"}) as answer,
    ):
        body = await answer.read()
        return answer.status, json.loads(body) if body else {}


@pytest.mark.parametrize("robot", ROBOTS)
async def test_each_robot_confirms_in_its_own_words_and_refuses_with_200(robot: str) -> None:
    receiver = Receiver(FakeClock(NOON))
    await receiver.start()
    status, said = await post(receiver, robot)
    assert status == 200
    assert said.get("errcode", said.get("code", 0)) == 0
    assert json.loads(receiver.confirmed[0].body) == {"text": "站点打不开"}
    await receiver.answer_with("errcode")
    status, said = await post(receiver, robot)
    assert (status == 200 and (said.get("errcode") or said.get("code"))) or (robot == "hook" and status == 400)
    assert [message.confirmed for message in receiver.received] == [True, False]
    await receiver.close()


async def test_refused_hanging_and_statuses() -> None:
    receiver = Receiver(FakeClock(NOON))
    await receiver.start()
    await receiver.answer_with("refused")
    with pytest.raises(aiohttp.ClientConnectorError):
        await post(receiver)
    await receiver.answer_with("timeout")
    with pytest.raises(TimeoutError):
        await post(receiver, seconds=0.3)
    await receiver.answer_with("503")
    assert (await post(receiver))[0] == 503
    await receiver.answer_with("ok")
    assert (await post(receiver))[0] == 200
    assert (await post(receiver, "nowhere"))[0] == 404
    assert len(receiver.confirmed) == 1
    await receiver.close()


async def test_a_receiver_follows_the_scenario(plan: Plan) -> None:
    clock = FakeClock(NOON)
    fails = Event(timedelta(seconds=10), "channel_down", "channel-duty", timedelta(seconds=10), {"answer": "500"})
    receiver = Receiver(clock)
    async with City(plan, Faults(plan, [fails], NOON), clock, (receiver,)):
        for seconds, status in ((0, 200), (12, 500), (12, 200)):
            clock.advance(seconds)
            await asyncio.sleep(0.05)
            assert (await post(receiver))[0] == status
