"""What a service's answer means: Sent, Retry or Refused. Pure tables, one per service.

HTTP 200 is not "sent": the robots answer 200 with an error code for a wrong key, a missing keyword, a bad signature
and too many messages (DESIGN.md §5.17). A code nobody knows is tried again; giving up is the outbox's business.
"""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, quote_plus

from monitor.model import Refused, Result, Retry, Sent

Reader = Callable[[Mapping[str, object]], Result]
"""Reads a service's JSON answer that came with a 2xx status."""

DINGTALK_BAN = 600.0
"""Seconds 钉钉 silences a robot that sent more than 20 messages in a minute (domain.md §7, H1)."""

ONE_MINUTE = 60.0
REASON_LENGTH = 200


def of_status(status: int, retry_after: float | None = None) -> Result | None:
    """What an HTTP status alone decides; None for 2xx, where the body has the word."""
    reason = f"HTTP {status}"
    if 200 <= status < 300:
        return None
    if status in (408, 409, 423, 425, 429, 503):
        return Retry(reason, after=retry_after)
    if status >= 500 or status < 200:
        return Retry(reason)
    if status in (302, 303, 307):
        return Retry(f"{reason}, redirects are not followed")
    return Refused(f"{reason}, redirects are not followed" if status < 400 else reason)


def wecom(answer: Mapping[str, object]) -> Result:
    """企业微信: errcode; 45009 and 45033 are its rate limits."""
    return _coded(answer, ("errcode",), "errmsg", _WECOM_REFUSED, {45009: ONE_MINUTE, 45033: ONE_MINUTE})


def dingtalk(answer: Mapping[str, object]) -> Result:
    """钉钉: errcode; 310000 covers keyword, signature and address list; too many a minute is a ban of ten."""
    limits = {130101: DINGTALK_BAN, 410100: DINGTALK_BAN, 660026: DINGTALK_BAN}
    return _coded(answer, ("errcode",), "errmsg", _DINGTALK_REFUSED, limits)


def feishu(answer: Mapping[str, object]) -> Result:
    """飞书 and Lark: code, in old answers StatusCode; 9499 is both "bad request" and "too many request"."""
    if answer.get("code") == 9499 and "too many" in str(answer.get("msg")).lower():
        return Retry("code 9499: too many request", after=ONE_MINUTE)
    limits = {11232: ONE_MINUTE, 99991400: ONE_MINUTE}
    return _coded(answer, ("code", "StatusCode"), "msg", _FEISHU_REFUSED, limits)


def serverchan(answer: Mapping[str, object]) -> Result:
    """Server酱: code; 40001 is a wrong key."""
    return _coded(answer, ("code", "errno"), "message", frozenset({40001, 40002}), {})


def accepted(_answer: Mapping[str, object]) -> Result:
    """A plain webhook: 2xx is the receiver's word."""
    return Sent()


def mask(text: str, secrets: Iterable[str]) -> str:
    """The text without any of the secrets, in clear or quoted as in an address, and short."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        for form in (secret, quote(secret, safe=""), quote_plus(secret)):
            text = text.replace(form, "***")
    return " ".join(text.split())[:REASON_LENGTH]


def masked(result: Result, secrets: Iterable[str]) -> Result:
    """The same result with secrets taken out of its words."""
    match result:
        case Sent():
            return Sent(mask(result.receipt, secrets))
        case Retry():
            return Retry(mask(result.reason, secrets), result.after, result.maybe)
        case Refused():
            return Refused(mask(result.reason, secrets))


def _coded(
    answer: Mapping[str, object],
    names: tuple[str, ...],
    words: str,
    refused: frozenset[int],
    limits: Mapping[int, float],
) -> Result:
    name = next((name for name in names if isinstance(answer.get(name), int)), None)
    if name is None:
        return Retry("answer without a code", maybe=True)
    code = int(str(int(answer[name])))  # type: ignore[call-overload]
    reason = f"{name} {code}: {answer.get(words) or answer.get('StatusMessage') or ''}".rstrip(": ")
    if code == 0:
        return Sent(reason)
    if code in limits:
        return Retry(reason, after=limits[code])
    return Refused(reason) if code in refused else Retry(reason)


# From the services' public lists of error codes, from memory, not checked against a live service: what is not listed
# is tried again, which is the safe side.
_WECOM_REFUSED = frozenset({40001, 40008, 40014, 40058, 44004, 45002, 93000, 93004, 93008, 93017})
_DINGTALK_REFUSED = frozenset(
    {300001, 300005, 310000, 400013, 400101, 400102, 400105, 400106, 430101, 430102, 430103, 430104}
)
_FEISHU_REFUSED = frozenset({9499, 19001, 19002, 19003, 19021, 19022, 19024, 230001})
