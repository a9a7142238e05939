"""Channel addresses as people write them, made into what apprise is given. Pure; the secrets in them are named.

wecom://KEY, dingtalk://TOKEN?secret=…, feishu://TOKEN, lark://TOKEN and schan://KEY, each with `endpoint=` for a private
relay; the robots' own https addresses as copied from their settings page; json(s)://…; any other apprise address as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from monitor.model import Text, say


@dataclass(frozen=True, slots=True)
class Address:
    """`kind` is ours (console, wecom, dingtalk, feishu, serverchan, webhook, mail, other), `given` what apprise gets."""

    kind: str
    given: str | Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


class BadAddress(ValueError):
    """Why an address is refused, in `words` without its secrets."""

    def __init__(self, words: Text) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True, slots=True)
class _Robot:
    kind: str
    schema: str
    key: str  # what the plugin calls its token
    endpoint: str = ""
    pattern: str = r"[A-Za-z0-9_-]{1,128}"


_ROBOTS = {
    "wecom": _Robot("wecom", "wecomstrict", "key"),
    "wecombot": _Robot("wecom", "wecomstrict", "key"),
    "dingtalk": _Robot("dingtalk", "dingtalkstrict", "token", pattern=r"[A-Za-z0-9]{1,128}"),
    "feishu": _Robot("feishu", "feishustrict", "token"),
    "lark": _Robot("feishu", "feishustrict", "token", "https://open.larksuite.com/open-apis/bot/v2/hook"),
    "schan": _Robot("serverchan", "schanstrict", "token", pattern=r"[A-Za-z0-9]{1,128}"),
}
_COPIED = (
    (re.compile(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send/?\?key=([^&#]+)"), "wecom"),
    (re.compile(r"https://oapi\.dingtalk\.com/robot/send/?\?access_token=([^&#]+)"), "dingtalk"),
    (re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([^/?&#]+)"), "feishu"),
    (re.compile(r"https://open\.larksuite\.com/open-apis/bot/v2/hook/([^/?&#]+)"), "lark"),
)
_SECRET_NAMES = re.compile(r"key|token|secret|pass|auth|sign|cred", re.IGNORECASE)


def address(url: str) -> Address:
    """What is meant by an address; raises BadAddress."""
    url = url.strip()
    for pattern, scheme in _COPIED:
        found = pattern.match(url)
        if found:
            return _robot(_ROBOTS[scheme], unquote(found.group(1)), {})
    scheme, separator, rest = url.partition("://")
    scheme = scheme.lower()
    if not separator:
        raise BadAddress(say("a channel address looks like kind://…, for example wecom://KEY or mailto://…"))
    if scheme == "console":
        return Address("console", rest.strip("/"))
    if scheme in _ROBOTS:
        token, query = _parts(rest)
        return _robot(_ROBOTS[scheme], token, query)
    if scheme in ("http", "https"):
        raise BadAddress(say("a webhook is written json://HOST/PATH, or jsons://HOST/PATH over TLS"))
    secrets = _secrets(url)
    if scheme in ("json", "jsons"):
        return Address("webhook", f"jsonstrict{scheme[4:]}://{rest}", secrets)
    return Address("mail" if scheme in ("mailto", "mailtos") else "other", url, secrets)


def _robot(robot: _Robot, token: str, query: Mapping[str, str]) -> Address:
    unknown = sorted(query.keys() - {"secret", "endpoint", "key", "token", "verify"})
    if unknown:
        raise BadAddress(say('unknown option "{name}"; there are secret, endpoint and verify', name=unknown[0]))
    token = token or query.get(robot.key, "")
    if not re.fullmatch(robot.pattern, token):
        raise BadAddress(say("the key after :// is missing or has letters a key never has"))
    given = {"schema": robot.schema, robot.key: token}
    endpoint = query.get("endpoint", robot.endpoint)
    if endpoint:
        if urlsplit(endpoint).scheme not in ("http", "https") or not urlsplit(endpoint).hostname:
            raise BadAddress(say("endpoint is not an http address"))
        given["endpoint"] = endpoint
    secret = query.get("secret", "")
    if secret:
        if robot.kind not in ("dingtalk", "feishu"):
            raise BadAddress(say("this kind of robot has no secret"))
        given["secret"] = secret
    if "verify" in query:
        given["verify"] = query["verify"]
    return Address(robot.kind, given, tuple(part for part in (token, secret) if part))


def _parts(rest: str) -> tuple[str, dict[str, str]]:
    place, _, query = rest.partition("?")
    return unquote(place.strip("/")), {name: values[-1] for name, values in parse_qs(query).items()}


def _secrets(url: str) -> tuple[str, ...]:
    """Whatever in an address may be a secret: user, password, path, and options and headers named like one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadAddress(say("not an address")) from None
    found = [parts.password, parts.username, *(part for part in parts.path.split("/") if len(part) >= 8)]
    if not parts.scheme.startswith(("json", "mailto")):
        found.append(parts.netloc.rpartition("@")[2].partition(":")[0])
    for name, values in parse_qs(parts.query).items():
        if _SECRET_NAMES.search(name) or name.startswith(("+", "-", ":")):
            found += values
    return tuple(unquote(part) for part in found if part and len(part) >= 3)
