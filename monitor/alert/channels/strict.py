"""apprise plugins that believe the service's own answer: 企业微信, 钉钉, 飞书, Lark, Server酱 and plain JSON webhooks.

Each is a subclass of apprise's plugin with its `send` replaced: same addresses, same payloads, but the verdict of the
answer goes to `verdict` (a context variable of the sending thread) and True is only returned for Sent. `endpoint`
points one at a private relay or a test server. Registered under own schemas; the lenient ones are never used.
"""
# apprise is typed in part
# mypy: disable-error-code="no-untyped-call"

import base64
import hashlib
import hmac
import warnings
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from apprise.plugins import N_MGR
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.serverchan import NotifyServerChan
from apprise.plugins.wecombot import NotifyWeComBot

from monitor.alert.channels import answers
from monitor.alert.channels.post import post
from monitor.clock import SystemClock, to_ms
from monitor.model import Result, Sent

verdict: ContextVar[list[Result]] = ContextVar("verdict")
"""Where a strict plugin leaves what the answer meant."""


class WeComStrict(NotifyWeComBot):
    """企业微信 group robot."""

    secure_protocol = "wecomstrict"

    def __init__(self, key: str, endpoint: str = "", **kwargs: Any) -> None:
        super().__init__(key, **kwargs)
        self.endpoint = endpoint or "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"

    def send(self, body: str, *_: Any, **__: Any) -> bool:
        payload = {"msgtype": "text", "text": {"content": body}}
        return _told(
            post(self.endpoint, payload, answers.wecom, params={"key": self.key}, verify=self.verify_certificate)
        )


class DingTalkStrict(NotifyDingTalk):
    """钉钉 group robot, signed when it has a secret."""

    secure_protocol = "dingtalkstrict"

    def __init__(self, token: str, secret: str | None = None, endpoint: str = "", **kwargs: Any) -> None:
        super().__init__(token, secret=secret, **kwargs)
        self.endpoint = endpoint or "https://oapi.dingtalk.com/robot/send"

    def send(self, body: str, *_: Any, **__: Any) -> bool:
        payload = {"msgtype": "text", "text": {"content": body}}
        params = {"access_token": self.token}
        if self.secret:
            at = str(to_ms(SystemClock().now()))
            # apprise quotes the signature once more than the service undoes; requests quotes it already
            params |= {"timestamp": at, "sign": _signature(self.secret.encode(), f"{at}\n{self.secret}".encode())}
        return _told(post(self.endpoint, payload, answers.dingtalk, params=params, verify=self.verify_certificate))


class FeishuStrict(NotifyFeishu):
    """飞书 group robot (Lark by another endpoint), signed when it has a secret."""

    secure_protocol = "feishustrict"

    def __init__(self, token: str, secret: str | None = None, endpoint: str = "", **kwargs: Any) -> None:
        super().__init__(token, **kwargs)
        self.secret = secret
        self.endpoint = (endpoint or "https://open.feishu.cn/open-apis/bot/v2/hook").rstrip("/")

    def send(self, body: str, *_: Any, **__: Any) -> bool:
        payload: dict[str, object] = {"msg_type": "text", "content": {"text": body}}
        if self.secret:
            at = str(to_ms(SystemClock().now()) // 1000)
            payload |= {"timestamp": at, "sign": _signature(f"{at}\n{self.secret}".encode(), b"")}
        url = f"{self.endpoint}/{self.token}"
        return _told(post(url, payload, answers.feishu, verify=self.verify_certificate))


class ServerChanStrict(NotifyServerChan):
    """Server酱."""

    secure_protocol = "schanstrict"

    def __init__(self, token: str, endpoint: str = "", **kwargs: Any) -> None:
        super().__init__(token, **kwargs)
        self.endpoint = (endpoint or "https://sctapi.ftqq.com").rstrip("/")

    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        payload = {"title": title, "desp": body}
        url = f"{self.endpoint}/{self.token}.send"
        return _told(post(url, payload, answers.serverchan, verify=self.verify_certificate))


class WebhookStrict(NotifyJSON):
    """A JSON webhook: apprise's payload and options, 2xx is the receiver's word, Retry-After is heard."""

    protocol = "jsonstrict"
    secure_protocol = "jsonstricts"

    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        payload = {
            "version": self.json_version,
            "title": title,
            "message": body,
            "attachments": [],
            "type": "warning",
        }
        port = f":{self.port}" if isinstance(self.port, int) else ""
        return _told(
            post(
                f"{'https' if self.secure else 'http'}://{self.host}{port}{self.fullpath}",
                payload | dict(self.payload_extras),
                answers.accepted,
                method=str(self.method),
                params=self.params,
                headers=self.headers,
                auth=(self.user, self.password or "") if self.user else None,
                verify=self.verify_certificate,
            )
        )


STRICT: Mapping[str, type] = {
    "wecomstrict": WeComStrict,
    "dingtalkstrict": DingTalkStrict,
    "feishustrict": FeishuStrict,
    "schanstrict": ServerChanStrict,
    "jsonstrict": WebhookStrict,
    "jsonstricts": WebhookStrict,
}


def register() -> None:
    """Make the strict plugins known to apprise; safe to repeat. The first time loads all its plugins (1.5 s)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of them import what Python is about to drop: not our affair
        for schema, plugin in STRICT.items():
            if schema not in N_MGR:
                N_MGR.add(plugin, schemas=schema)


def _told(result: Result) -> bool:
    verdict.get().append(result)
    return isinstance(result, Sent)


def _signature(key: bytes, words: bytes) -> str:
    return base64.b64encode(hmac.new(key, words, hashlib.sha256).digest()).decode()
