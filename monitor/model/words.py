"""The closed vocabularies of DESIGN.md §1."""

from enum import StrEnum


class TargetKind(StrEnum):
    """监测对象: what is watched."""

    SITE = "site"
    COLUMN = "column"
    ACCOUNT = "account"
    PAGE = "page"
    LINK = "link"


class ColumnKind(StrEnum):
    """栏目类别: decides the window a column must be updated in."""

    DYNAMIC = "dynamic"
    POLICY = "policy"
    NOTICE = "notice"
    OTHER = "other"


class EntryKind(StrEnum):
    """入口类别: what a declared entry of a home page leads to; decides which rules ask for it."""

    SERVICE = "service"  # 办事服务
    INTERACTION = "interaction"  # 互动交流, 网上咨询
    REPORT = "report"  # 政府网站年度工作报表
    NOTICE = "notice"  # a notice that owes the home page: 迁移公告, 临时下线公告
    OTHER = "other"


class Reach(StrEnum):
    """可达性: how a fetch ended; the last three of the middle group come from reading the body."""

    OPEN = "open"
    SLOW = "slow"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    HTTP_ERROR = "http_error"
    REDIRECT_LOOP = "redirect_loop"
    MALFORMED = "malformed"
    MAINTENANCE = "maintenance"
    SOFT_ERROR = "soft_error"
    HIJACKED = "hijacked"
    CHALLENGED = "challenged"
    TOO_LARGE = "too_large"
    REFUSED_BY_GUARD = "refused_by_guard"


OUTAGE_REACHES = frozenset(
    {
        Reach.DNS,
        Reach.CONNECT,
        Reach.TLS,
        Reach.TIMEOUT,
        Reach.HTTP_ERROR,
        Reach.REDIRECT_LOOP,
        Reach.MALFORMED,
        Reach.MAINTENANCE,
        Reach.SOFT_ERROR,
    }
)
"""The endings that count as a failed sample and run the outage clock (DESIGN.md §1)."""


class State(StrEnum):
    """What a reading could make of the bytes."""

    LISTED = "listed"
    READABLE = "readable"
    BLANK = "blank"
    SHELL = "shell"
    CHALLENGED = "challenged"
    MAINTENANCE = "maintenance"
    SOFT_ERROR = "soft_error"
    HIJACKED = "hijacked"
    UNREADABLE = "unreadable"


BLIND_STATES = frozenset(
    {State.SHELL, State.CHALLENGED, State.MAINTENANCE, State.SOFT_ERROR, State.HIJACKED, State.UNREADABLE}
)
"""States from which nothing may be said about a column's content."""


class Outcome(StrEnum):
    """OK looked, fine; FAIL looked, not fine; UNKNOWN could not look; BROKEN our own fault."""

    OK = "ok"
    FAIL = "fail"
    UNKNOWN = "unknown"
    BROKEN = "broken"


class Cause(StrEnum):
    """What an incident is about (DESIGN.md §4.6)."""

    OUTAGE = "outage"
    SLOW = "slow"
    CERTIFICATE = "certificate"
    BLIND = "blind"
    BLANK = "blank"
    STALE = "stale"
    DEAD_LINK = "dead_link"
    TAMPER = "tamper"
    FORGED_DATE = "forged_date"
    MARKS = "marks"
    ENTRY_PRESENT = "entry_present"
    AVAILABILITY = "availability"
    COUNT = "count"
    OURS = "ours"


class Compliance(StrEnum):
    """合规状态: the value of a standing."""

    MET = "met"
    DUE = "due"
    BREACHED = "breached"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How grave a breach is, gravest first (domain.md §12)."""

    VETO = "veto"
    SERIOUS = "serious"
    BREACH = "breach"
    REMIND = "remind"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)

    def one_lower(self) -> "Severity":
        """A veto's last warning alerts one step lower; the lowest stays."""
        return list(Severity)[min(self.rank + 1, len(Severity) - 1)]


class Confidence(StrEnum):
    """How well the wording of a rule is known (domain.md §0); unconfirmed is never worded as law."""

    VERBATIM = "verbatim"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"
    HOUSE = "house"


class IncidentState(StrEnum):
    """事件: open → acknowledged → recovered → closed; or 误报."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RECOVERED = "recovered"
    CLOSED = "closed"
    FALSE_ALARM = "false_alarm"


class DeliveryState(StrEnum):
    """投递: sent means the receiver confirmed."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    SUPERSEDED = "superseded"
    DEAD = "dead"
