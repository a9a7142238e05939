"""How many messages a minute each service bears. Pure.

The figures stay below the services' own limits (domain.md §7: 钉钉 and 企业微信 20 a minute, 钉钉 then bans for ten; 飞书
100), because a try is counted when it is claimed, not when it reaches them.
"""

from typing import Protocol

from monitor.model import Severity

PER_MINUTE = {
    "wecom": 18,
    "wecombot": 18,
    "dingtalk": 18,
    "feishu": 90,
    "lark": 90,
    "mailto": 30,
    "mailtos": 30,
    "console": 600,
    "https://qyapi.weixin.qq.com": 18,
    "https://oapi.dingtalk.com": 18,
    "https://open.feishu.cn": 90,
    "https://open.larksuite.com": 90,
}
"""Messages a minute by the scheme of an address, or by the robots' own addresses as people copy them."""

OTHERS_PER_MINUTE = 60


class Secret(Protocol):
    """A value that has to be asked for (pydantic's SecretStr)."""

    def get_secret_value(self) -> str: ...


class ChannelSettings(Protocol):
    """What the settings say of a channel."""

    @property
    def id(self) -> str: ...
    @property
    def url(self) -> Secret: ...
    @property
    def severities(self) -> tuple[Severity, ...] | None: ...
    @property
    def per_minute(self) -> int | None: ...


def per_minute(channel: ChannelSettings) -> int:
    """The budget of a channel: what the settings say, or what its service bears."""
    url = channel.url.get_secret_value().strip().lower()
    known = (PER_MINUTE.get(name) for name in (url.partition("://")[0], "/".join(url.split("/")[:3])))
    return channel.per_minute or next(filter(None, known), OTHERS_PER_MINUTE)
