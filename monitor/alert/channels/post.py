"""One HTTP POST of one message: no retry, no redirect, a bounded answer read under a deadline.

Tells apart what never left us (connection refused, name unknown) from what may have arrived (no answer in time, line
cut): the latter is Retry(maybe=True). Words of errors are our own, so that an address with a key in it never shows.
"""

import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import requests

from monitor.alert.channels.answers import Reader, of_status
from monitor.clock import SystemClock
from monitor.model import Refused, Result, Retry

TIMEOUT = (5.0, 10.0)
"""Seconds to connect, and between two pieces of the answer."""

DEADLINE = 15.0  # seconds for the whole answer
MOST_ANSWER = 64 * 1024  # bytes


def post(
    url: str,
    payload: Mapping[str, object],
    read: Reader,
    *,
    method: str = "POST",
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    verify: bool = True,
) -> Result:
    """Send JSON and say what the answer means. Blocks: runs in the channel's own thread."""
    sent = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "zhishou"} | dict(headers or {})
    try:
        with requests.request(
            method,
            url,
            params=params,
            data=json.dumps(payload, ensure_ascii=False).encode(),
            headers=sent,
            auth=auth,
            verify=verify,
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            decided = of_status(response.status_code, _seconds(response.headers.get("Retry-After")))
            return decided if decided is not None else read(_answer(response))
    except requests.RequestException as error:
        return of_error(error)


def of_error(error: requests.RequestException) -> Result:
    """What an exception of the client means."""
    if isinstance(error, requests.ConnectTimeout):
        return Retry("no connection in time")
    if isinstance(error, requests.exceptions.SSLError):
        return Retry("TLS failed")
    if isinstance(error, requests.exceptions.ProxyError):
        return Retry("the proxy failed")
    if isinstance(error, requests.Timeout):
        return Retry("no answer in time", maybe=True)
    if isinstance(
        error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema | requests.exceptions.MissingSchema
    ):
        return Refused("not an address that can be asked")
    cause = getattr(error.args[0], "reason", None) if error.args else None
    reason = _NEVER_LEFT.get(type(cause).__name__)  # of urllib3, which is not ours to import
    return Retry(reason) if reason is not None else Retry("connection lost", maybe=True)


_NEVER_LEFT = {"NameResolutionError": "name cannot be resolved", "NewConnectionError": "connection refused"}


def _answer(response: requests.Response) -> Mapping[str, object]:
    """The JSON object of the answer, {} when it is none; stops at the deadline and at MOST_ANSWER."""
    clock = SystemClock()
    until, body = clock.monotonic() + DEADLINE, b""
    for piece in response.iter_content(4096):
        body += piece
        if len(body) > MOST_ANSWER or clock.monotonic() > until:
            break
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds, given as such or as a date; at most an hour, so that a wrong date cannot silence us."""
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return min(float(retry_after), 3600.0)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if until.tzinfo is None:
        return None
    return min(max((until - SystemClock().now()).total_seconds(), 0.0), 3600.0)
