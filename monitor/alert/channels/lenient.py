"""What can be known from apprise's own result, for mail and for all plugins that are not strict: out of its log lines.

apprise only says success, failure or time-out; the status, the SMTP code and the kind of failure stand in its logs,
which hold addresses and keys: they are looked at for a few constant marks and never passed on.
"""

import re
from collections.abc import Iterable

from apprise import AppriseResult
from apprise.result import AppriseResultStatus

from monitor.alert.channels.answers import of_status
from monitor.model import Refused, Result, Retry, Sent

_STATUS = re.compile(r"error[=:]\s?(\d{3})\b")
_SMTP = re.compile(r"(?:refused: |: \(|^Socket Exception: \(|\()(\d{3}),? ")
_NOT_SENT = ("NewConnectionError", "NameResolutionError", "ConnectTimeout", "Connection refused", "[Errno", "SSLError")


def result_of(outcome: AppriseResult) -> Result:
    """What a plugin's outcome means; a failure that may have reached the receiver is marked as maybe."""
    if outcome.status == AppriseResultStatus.SUCCESS:
        return Sent()
    if outcome.status == AppriseResultStatus.NOMATCH:
        return Refused("no service behind this address")
    if outcome.status == AppriseResultStatus.TIMEOUT:
        return Retry("no answer in time", maybe=True)
    lines = [str(entry.message) for entry in outcome.logs()]
    status = _last(_STATUS, lines)
    if status is not None:
        return of_status(status) or Retry(f"HTTP {status}, and yet not accepted", maybe=True)
    if any(mark in line for line in lines for mark in _NOT_SENT):
        return Retry("connection failed")
    return Retry("not accepted", maybe=any("onnection" in line or "timed out" in line for line in lines))


def mail_result_of(outcome: AppriseResult) -> Result:
    """The same for mail: SMTP codes 5xx are final, 4xx are not; accepted for some recipients counts as sent."""
    if outcome.status != AppriseResultStatus.FAILURE:
        return result_of(outcome)
    lines = [str(entry.message) for entry in outcome.logs()]
    accepted = sum(line.startswith("Sent Email to") for line in lines)
    codes = [int(found) for line in lines for found in _SMTP.findall(line) if 400 <= int(found) < 600]
    if accepted and codes and min(codes) >= 500:
        # trying again would send it again to those who have it, and never reach the others
        return Sent(f"accepted for {accepted} recipients, refused for {len(codes)} (SMTP {codes[0]})")
    if codes and min(codes) >= 500:
        return Refused(f"SMTP {codes[0]}")
    if codes:
        return Retry(f"SMTP {min(codes)}", maybe=accepted > 0)
    handed_over = any("Sending email to" in line for line in lines)
    reason = "connection lost while handing over" if handed_over else "mail server not reached"
    return Retry(reason, maybe=handed_over or accepted > 0)


def _last(pattern: re.Pattern[str], lines: Iterable[str]) -> int | None:
    found = [int(number) for line in lines for number in pattern.findall(line)]
    return found[-1] if found else None
