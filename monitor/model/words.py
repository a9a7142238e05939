"""The closed vocabularies of DESIGN.md §1."""

from enum import StrEnum


class Word(StrEnum):
    """Hashed as the text it is: an Enum hashes its name by a call in Python, which every look-up of every judging would pay."""

    __hash__ = str.__hash__


class TargetKind(Word):
    """监测对象: what is watched."""

    SITE = "site"
    COLUMN = "column"
    ACCOUNT = "account"
    PAGE = "page"
    LINK = "link"
    DESK = "desk"  # 值班台: the desk itself, never looked at; what its records owe


DESK_ID = "*"
"""The name of the one desk, and of everything that is our own."""
DESK_NAME = "值班台"
"""What people call it where it owes something (`render.called` in English)."""


class ColumnKind(Word):
    """栏目类别: decides the window a column must be updated in."""

    DYNAMIC = "dynamic"
    POLICY = "policy"
    NOTICE = "notice"
    OTHER = "other"


class EntryKind(Word):
    """入口类别: what a declared entry of a home page leads to; decides which rules ask for it."""

    SERVICE = "service"  # 办事服务
    INTERACTION = "interaction"  # 互动交流, 网上咨询
    REPORT = "report"  # 政府网站年度工作报表
    NOTICE = "notice"  # a notice that owes the home page: 迁移公告, 临时下线公告
    REPLIES = "replies"  # 留言公开: the public list of answered messages
    STATISTICS = "statistics"  # 办事统计数据
    OTHER = "other"


class Platform(Word):
    """平台: where an account is."""

    WECHAT = "wechat"  # 公众号
    WEIBO = "weibo"
    DOUYIN = "douyin"
    KUAISHOU = "kuaishou"
    SHIPINHAO = "shipinhao"  # 视频号
    BILIBILI = "bilibili"
    XIAOHONGSHU = "xiaohongshu"
    TOUTIAO = "toutiao"
    APP = "app"
    MINI = "mini"  # 小程序
    OTHER = "other"


VIDEO = frozenset({Platform.DOUYIN, Platform.KUAISHOU, Platform.SHIPINHAO, Platform.BILIBILI})
"""Platforms whose accounts are video accounts (音视频类, 崇川 第十九条)."""
PROGRAMS = frozenset({Platform.APP, Platform.MINI})
"""What is no account on somebody's platform, but a program of its own."""


class DeclarationKind(Word):
    """报备登记: what people file. The first eight are the words of DESIGN.md §4.6, the rest are records of what was done."""

    TEMPORARY_OFFLINE = "temporary_offline"  # 临时下线
    PERMANENT_OFFLINE = "permanent_offline"  # 永久下线
    FORCE_MAJEURE = "force_majeure"  # 不可抗力
    ORDERED_CLOSURE = "ordered_closure"  # 责令关停
    MIGRATION = "migration"  # 迁移, 域名变更
    ACCOUNT_CLOSING = "account_closing"  # 账号关停注销
    LAUNCH = "launch"  # 开设, 开通
    SPONSOR_CHANGE = "sponsor_change"  # 主办单位变更
    CHANGE = "change"  # any other change that is to be filed
    RETURN = "return"  # 恢复上线
    ACTIVITY = "activity"  # 已开展: a drill, a meeting, a self-check
    ORDER = "order"  # 整改通知


CLOSURES = frozenset(
    {
        DeclarationKind.TEMPORARY_OFFLINE,
        DeclarationKind.PERMANENT_OFFLINE,
        DeclarationKind.FORCE_MAJEURE,
        DeclarationKind.ORDERED_CLOSURE,
    }
)
"""What explains that a site does not open."""


class MessageClass(Word):
    """留言类别: decides how many working days an answer may take."""

    JIUCUO = "jiucuo"  # 找错
    CONSULTING = "consulting"  # 咨询, 建议
    HANDLING = "handling"  # needs checking or handling: 投诉, 求助
    UNKNOWN = "unknown"  # read from a public list that does not say it


class Reach(Word):
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


class State(Word):
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


class Outcome(Word):
    """OK looked, fine; FAIL looked, not fine; UNKNOWN could not look; BROKEN our own fault."""

    OK = "ok"
    FAIL = "fail"
    UNKNOWN = "unknown"
    BROKEN = "broken"


class Cause(Word):
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
    OFFLINE_AT_MOST = "offline_at_most"  # the yearly count; days of one outage belong to its outage
    NOTICE_KEPT = "notice_kept"
    PUBLISHED_BY = "published_by"
    ANSWERED_WITHIN = "answered_within"
    POSTS_AT_LEAST = "posts_at_least"
    ORIGINAL_SHARE = "original_share"
    FIXED_WITHIN = "fixed_within"
    FILED_WITHIN = "filed_within"  # what was to be filed; an unfiled outage belongs to its outage
    DONE_EVERY = "done_every"
    DUTY_COVERED = "duty_covered"
    HOSTED_IN = "hosted_in"
    INVENTORY = "inventory"


class Compliance(Word):
    """合规状态: the value of a standing."""

    MET = "met"
    DUE = "due"
    BREACHED = "breached"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"


class Severity(Word):
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


class Confidence(Word):
    """How well the wording of a rule is known (domain.md §0); unconfirmed is never worded as law."""

    VERBATIM = "verbatim"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"
    HOUSE = "house"


class IncidentState(Word):
    """事件: open → acknowledged → recovered → closed; or 误报."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RECOVERED = "recovered"
    CLOSED = "closed"
    FALSE_ALARM = "false_alarm"


class DeliveryState(Word):
    """投递: sent means the receiver confirmed."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    SUPERSEDED = "superseded"
    DEAD = "dead"
