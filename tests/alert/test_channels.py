"""What every channel must do, asked of all of them alike, against real receivers on loopback."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr

from monitor.alert.channels import BadAddress, Channel, accepts, open_channel
from monitor.config.settings import Channel as ChannelSettings
from monitor.model import Message, Refused, Result, Retry, Sent, Severity
from tests.alert.receivers import Service, mailbox, service

SECRET = "Zq8SecretTokenZq8"
SIGNING = "SECsigningkey77Zq"
MESSAGE = Message("【值守】网站打不开：某局 (已12分钟)", "起于 08:03\n联系：张三", Severity.SERIOUS)


@dataclass(frozen=True)
class Kind:
    """A kind of channel: its address for a receiver, the answer that means "sent", and which codes mean what."""

    name: str
    url: str  # {port} and {secret} are filled in
    yes: object
    coded: tuple[tuple[object, type], ...] = ()

    def open(self, port: int) -> Channel:
        return channel(self.url.format(port=port, secret=SECRET))


def channel(url: str) -> Channel:
    return open_channel(ChannelSettings(id="duty", url=SecretStr(url)))


KINDS = (
    Kind(
        "wecom",
        "wecom://{secret}?endpoint=http://127.0.0.1:{port}/cgi-bin/webhook/send",
        {"errcode": 0, "errmsg": "ok"},
        (
            ({"errcode": 93000, "errmsg": f"invalid webhook url, key {SECRET}"}, Refused),
            ({"errcode": 40058, "errmsg": "invalid Request Parameter"}, Refused),
            ({"errcode": 45009, "errmsg": "api freq out of limit"}, Retry),
            ({"errcode": -1, "errmsg": "system busy"}, Retry),
            ({"errcode": 777777, "errmsg": "nobody knows"}, Retry),
        ),
    ),
    Kind(
        "dingtalk",
        "dingtalk://{secret}?secret=" + SIGNING + "&endpoint=http://127.0.0.1:{port}/robot/send",
        {"errcode": 0, "errmsg": "ok"},
        (
            ({"errcode": 310000, "errmsg": "keywords not in content"}, Refused),
            ({"errcode": 310000, "errmsg": "sign not match"}, Refused),
            ({"errcode": 300001, "errmsg": "token is not exist"}, Refused),
            ({"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}, Retry),
            ({"errcode": 410100, "errmsg": "rate limited"}, Retry),
            ({"errcode": -1, "errmsg": "系统繁忙"}, Retry),
        ),
    ),
    Kind(
        "feishu",
        "feishu://{secret}?endpoint=http://127.0.0.1:{port}/open-apis/bot/v2/hook",
        {"code": 0, "msg": "success", "data": {}},
        (
            ({"StatusCode": 0, "StatusMessage": "success"}, Sent),
            ({"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}, Refused),
            ({"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}, Refused),
            ({"code": 19024, "msg": "Key Words Not Found"}, Refused),
            ({"code": 9499, "msg": "Bad Request"}, Refused),
            ({"code": 9499, "msg": "too many request"}, Retry),
            ({"code": 11232, "msg": "create message trigger frequency limit"}, Retry),
        ),
    ),
    Kind(
        "serverchan",
        "schan://{secret}?endpoint=http://127.0.0.1:{port}",
        {"code": 0, "message": ""},
        (({"code": 40001, "message": "bad pushtoken"}, Refused), ({"code": 50000, "message": "?"}, Retry)),
    ),
    Kind("webhook", "json://127.0.0.1:{port}/hooks/{secret}", {"whatever": 1}),
    Kind("generic", "xml://127.0.0.1:{port}/hooks/{secret}", "<ok/>"),
)
ROBOTS = [kind for kind in KINDS if kind.coded]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
every_robot = pytest.mark.parametrize("kind", ROBOTS, ids=lambda kind: kind.name)


@asynccontextmanager
async def asked(kind: Kind, **answers: object) -> AsyncIterator[tuple[Service, Channel]]:
    async with service(**{"body": kind.yes} | answers) as receiver:
        yield receiver, kind.open(receiver.port)


@pytest.fixture
def root_log() -> Iterator[list[str]]:
    """Every line that reaches the handlers of a program that logs everything, but for those of our own receivers."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith(("aiohttp", "mail.log", "asyncio")):
                lines.append(self.format(record))

    handler, root = Keep(level=0), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


@every_kind
async def test_sent_when_the_receiver_says_so(kind: Kind) -> None:
    async with asked(kind) as (receiver, duty):
        assert isinstance(await duty.send(MESSAGE), Sent)
    assert len(receiver.seen) == 1, "one try, one message"
    words = receiver.last["body"]
    words = json.dumps(json.loads(words), ensure_ascii=False) if words.startswith("{") else words
    if kind.name != "serverchan":  # a form
        assert "网站打不开" in words
        assert "张三" in words


STATUSES = {
    **dict.fromkeys((400, 401, 403, 404, 405, 410, 413, 422), Refused),
    **dict.fromkeys((408, 429, 500, 502, 503, 504, 599), Retry),
    301: Refused,
    302: Retry,
    307: Retry,
    308: Refused,
}


@every_kind
@pytest.mark.parametrize(("status", "means"), STATUSES.items())
async def test_what_each_status_means(kind: Kind, status: int, means: type[Result]) -> None:
    async with service() as elsewhere:
        headers = {"Location": f"{elsewhere.address}/stolen"} if 300 <= status < 400 else {}
        async with asked(kind, status=status, headers=headers) as (_, duty):
            result = await duty.send(MESSAGE)
        assert isinstance(result, means)
        assert f"HTTP {status}" in str(result)
        assert elsewhere.seen == [], "a redirect would carry the token away"


@pytest.mark.parametrize(
    ("kind", "answer", "means"), [(kind, *coded) for kind in ROBOTS for coded in kind.coded], ids=lambda x: str(x)[:60]
)
async def test_what_each_code_means(kind: Kind, answer: object, means: type[Result]) -> None:
    async with asked(kind, body=answer) as (_, duty):
        result = await duty.send(MESSAGE)
    assert isinstance(result, means), result
    assert SECRET not in repr(result)


@every_robot
@pytest.mark.parametrize(
    "body", ["", "<html>log in to the network first</html>", "[]", '{"hello": 1}', '{"errcode": "0"}']
)
async def test_200_without_the_service_s_own_word_is_not_sent(kind: Kind, body: str) -> None:
    async with asked(kind, body=body) as (_, duty):
        assert isinstance(await duty.send(MESSAGE), Retry)


async def test_a_dingtalk_ban_is_waited_out_and_retry_after_is_heard() -> None:
    async with asked(KINDS[1], body={"errcode": 130101, "errmsg": "too fast"}) as (_, duty):
        assert await duty.send(MESSAGE) == Retry("errcode 130101: too fast", after=600.0)
    async with asked(KINDS[4], status=429, headers={"Retry-After": "77"}) as (_, duty):
        assert await duty.send(MESSAGE) == Retry("HTTP 429", after=77.0)
    async with asked(KINDS[4], status=503, headers={"Retry-After": "99999999"}) as (_, duty):
        assert await duty.send(MESSAGE) == Retry("HTTP 503", after=3600.0)


@every_kind
async def test_nobody_listening_is_a_retry_that_cannot_have_arrived(kind: Kind) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    result = await kind.open(port).send(MESSAGE)
    assert isinstance(result, Retry)
    assert not result.maybe


@every_kind
async def test_a_line_cut_after_sending_may_have_arrived(kind: Kind) -> None:
    async with asked(kind, drop=True) as (receiver, duty):
        result = await duty.send(MESSAGE)
    assert isinstance(result, Retry)
    assert result.maybe
    assert len(receiver.seen) == 1


@every_kind
async def test_no_secret_in_results_logs_or_reprs(kind: Kind, root_log: list[str]) -> None:
    shown, own = [], SIGNING if SIGNING in kind.url else ""
    for answers in (
        {},
        {"status": 500, "body": f"no such {SECRET}"},
        {"body": {"errcode": 93000, "code": 19001, "errmsg": f"{SECRET} {own}", "msg": SECRET, "message": SECRET}},
        {"drop": True},
    ):
        async with asked(kind, **answers) as (_, duty):
            shown += [repr(await duty.send(MESSAGE)), repr(duty), str(duty)]
    everything = "\n".join([*shown, *root_log])
    assert SECRET not in everything
    assert SIGNING not in everything


async def test_the_signature_is_what_the_service_computes() -> None:
    async with asked(KINDS[1]) as (receiver, duty):
        await duty.send(MESSAGE)
    query = receiver.last["query"]
    words = f"{query['timestamp']}\n{SIGNING}".encode()
    expected = base64.b64encode(hmac.new(SIGNING.encode(), words, hashlib.sha256).digest()).decode()
    assert (query["access_token"], query["sign"]) == (SECRET, expected)
    async with service(body={"code": 0}) as receiver:
        await channel(f"feishu://tok?secret={SIGNING}&endpoint={receiver.address}").send(MESSAGE)
    body = json.loads(receiver.last["body"])
    key = f"{body['timestamp']}\n{SIGNING}".encode()
    assert body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


async def test_one_hanging_channel_delays_none_of_nine_others() -> None:
    async with AsyncExitStack() as stack:
        hanging = await stack.enter_async_context(service(hang=60.0))
        others = [await stack.enter_async_context(service()) for _ in range(9)]
        stuck = channel(f"json://127.0.0.1:{hanging.port}/")
        waiting = [asyncio.create_task(stuck.send(MESSAGE)) for _ in range(4)]
        began = time.monotonic()
        sent = await asyncio.gather(*(channel(f"json://127.0.0.1:{each.port}/").send(MESSAGE) for each in others))
        took = time.monotonic() - began
        assert [type(result) for result in sent] == [Sent] * 9
        assert took < 3.0, took
        assert await stuck.send(MESSAGE) == Retry("earlier messages still hang")
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.slow
async def test_an_answer_that_never_ends_is_bounded() -> None:
    async with service(drip=True) as receiver:
        began = time.monotonic()
        result = await channel(f"wecom://key?endpoint={receiver.address}").send(MESSAGE)
        assert time.monotonic() - began < 20.0
    assert isinstance(result, Retry)
    assert result.maybe


async def test_wecom_gets_title_and_text_as_one_text() -> None:
    async with asked(KINDS[0]) as (receiver, duty):
        await duty.send(MESSAGE)
    assert receiver.last["query"] == {"key": SECRET}
    assert json.loads(receiver.last["body"]) == {
        "msgtype": "text",
        "text": {"content": f"{MESSAGE.title}\n{MESSAGE.body}"},
    }


async def test_mail_arrives_as_written() -> None:
    async with mailbox() as box:
        url = f"mailto://127.0.0.1:{box.port}?from=duty@example.org&to=zhang@example.org&mode=insecure"
        assert isinstance(await channel(url).send(MESSAGE), Sent)
    import email
    from email import policy

    received = email.message_from_bytes(box.messages[0].content, policy=policy.default)
    assert received["subject"] == MESSAGE.title
    assert received["to"].addresses[0].addr_spec == "zhang@example.org"
    part = received.get_body(("plain", "html"))
    assert part is not None
    assert "联系：张三" in part.get_content()


@pytest.mark.parametrize(
    ("answers", "means", "maybe"),
    [
        ({"refuse": {"zhang@example.org": "550 no such user"}}, Refused, None),
        ({"refuse": {"zhang@example.org": "450 try later"}}, Retry, False),
        ({"data_answer": "554 spam"}, Refused, None),
        ({"data_answer": "451 later"}, Retry, False),
    ],
)
async def test_what_a_mail_server_s_answer_means(
    answers: dict[str, Any], means: type[Result], maybe: bool | None
) -> None:
    async with mailbox(**answers) as box:
        url = f"mailto://127.0.0.1:{box.port}?from=duty@example.org&to=zhang@example.org&mode=insecure"
        result = await channel(url).send(MESSAGE)
    assert isinstance(result, means), result
    assert getattr(result, "maybe", None) is maybe


async def test_a_wrong_mail_password_is_refused_and_not_shown(root_log: list[str]) -> None:
    async with mailbox(password="right") as box:
        url = f"mailto://duty:{SECRET}@127.0.0.1:{box.port}?from=duty@example.org&to=zhang@example.org&mode=insecure"
        result = await channel(url).send(MESSAGE)
    assert isinstance(result, Refused), result
    assert SECRET not in repr(result) + "".join(root_log)


async def test_one_dead_mail_address_of_two_does_not_flood_the_other() -> None:
    async with mailbox(refuse={"gone@example.org": "550 no such user"}) as box:
        url = f"mailto://127.0.0.1:{box.port}?from=a@example.org&to=zhang@example.org,gone@example.org&mode=insecure"
        result = await channel(url).send(MESSAGE)
    assert isinstance(result, Sent)
    assert "refused for 1" in result.receipt
    assert len(box.messages) == 1


async def test_no_mail_server_is_a_retry() -> None:
    result = await channel("mailto://127.0.0.1:1?from=a@example.org&to=b@example.org&mode=insecure").send(MESSAGE)
    assert result == Retry("mail server not reached")


@pytest.mark.parametrize(
    "url",
    [
        "console://",
        "console://stderr",
        "wecom://4f6b8a00-1111-2222-3333-444444444444",
        "wecombot://key_1",
        "dingtalk://abc123",
        "dingtalk://abc123?secret=SEC1",
        "feishu://abc-123",
        "lark://abc-123",
        "schan://SCT123",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=4f6b8a00-1111",
        "https://oapi.dingtalk.com/robot/send?access_token=abc123",
        "https://open.feishu.cn/open-apis/bot/v2/hook/abc-123",
        "json://10.1.2.3/path",
        "jsons://relay.example/path?verify=no",
        "mailto://user:password@example.org",
        "mailtos://user:password@example.org?to=a@example.org,b@example.org",
        "syslog://",
    ],
)
def test_addresses_that_are_accepted(url: str) -> None:
    assert accepts(url) is None


@pytest.mark.parametrize(
    "url",
    [
        f"{SECRET}",
        f"nosuch://{SECRET}",
        f"https://example.org/{SECRET}",
        f"wecom://{SECRET}!!",
        "wecom://",
        f"wecom://{SECRET}?secret=x",
        f"wecom://{SECRET}?colour={SECRET}",
        f"dingtalk://{SECRET}-x",
        f"feishu://{SECRET}?endpoint=ftp://x",
        f"mailto://{SECRET}",
        f"json://[{SECRET}",
        "",
    ],
)
def test_addresses_that_are_refused_without_being_shown(url: str, root_log: list[str]) -> None:
    why = accepts(url)
    assert why
    assert SECRET not in str(why) + "".join(root_log)
    with pytest.raises(BadAddress):
        open_channel(ChannelSettings(id="duty", url=SecretStr(url)))


async def test_the_console_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(await channel("console://").send(MESSAGE), Sent)
    assert capsys.readouterr().out == f"{MESSAGE.title}\n{MESSAGE.body}\n\n"
