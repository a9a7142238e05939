"""The settings as everybody receives them: frozen, complete, already validated.

Names and defaults are part of the contract with people (config/monitor.toml documents each) and with the other
modules. Lengths of time are timedelta, sizes are bytes, secrets are SecretStr. Nothing here reads a file: see load.py.
"""

import ipaddress
from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, Strict
from pydantic_core import PydanticCustomError, core_schema

from monitor.config.durations import Unfitting, parse_duration, parse_size
from monitor.config.problems import Problem
from monitor.config.urls import address_trouble, listen_parts, nameserver_parts
from monitor.model import Pack, Roster, Severity, Target, Text, say

RawTarget = Target[dict[str, dict[str, object]]]
"""A target of the inventory; `options` maps a check's name to its table, validated, as written."""


def custom(kind: str, said: Text, hint: Text | None = None) -> PydanticCustomError:
    """A problem of a value, its words kept whole for explain.py."""
    return PydanticCustomError(kind, "{said}", {"said": said, "hint": hint})


def _duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise custom("duration", say("{value} is not a length of time", value=str(value)))
    try:
        return parse_duration(value)
    except Unfitting as error:
        raise custom("duration", error.words) from None


def _never(value: object) -> object:
    return None if value == "never" else value


def _size(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_size(value)
    except Unfitting as error:
        raise custom("size", error.words) from None


def _network(value: object) -> object:
    if isinstance(value, ipaddress.IPv4Network | ipaddress.IPv6Network):
        return value
    try:
        return ipaddress.ip_network(str(value))
    except ValueError:
        raise custom("network", say('"{value}" is not a network', value=str(value))) from None


def _clock_time(value: object) -> object:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value) if isinstance(value, str) and len(value) == 5 else time.fromisoformat("")
    except ValueError:
        raise custom("clock_time", say('"{value}" is not a time of day', value=str(value))) from None


def _checked(kind: str, refused: Text, parse: Any) -> AfterValidator:
    def validate(value: str) -> str:
        try:
            parse(value)
        except ValueError:
            raise custom(kind, Text(refused.template, {"value": value})) from None
        return value

    return AfterValidator(validate)


def _http(value: str) -> str:
    trouble = address_trouble(value)
    if trouble is not None:
        raise custom("address", trouble.words, trouble.advice)
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta())]
Size = Annotated[int, BeforeValidator(_size), Strict(), Field(gt=0)]
Count = Annotated[int, Strict(), Field(ge=1)]
Switch = Annotated[bool, Strict()]
Name = Annotated[str, Field(min_length=1)]
Network = Annotated[ipaddress.IPv4Network | ipaddress.IPv6Network, BeforeValidator(_network)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
HttpAddress = Annotated[str, AfterValidator(_http)]
Listen = Annotated[str, _checked("listen", say('"{value}" is not an address to listen on'), listen_parts)]
NameServer = Annotated[str, _checked("nameserver", say('"{value}" is not a name server'), nameserver_parts)]
Language = Literal["zh-CN", "en"]


class Section(BaseModel):
    """What all tables share: frozen, and an unknown key is a problem."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class DeskSettings(Section):
    """Who we are to people: the name and address every alert carries."""

    name: Name = "值班室"
    address: HttpAddress = "http://127.0.0.1:8787"
    language: Language = "zh-CN"


class WebSettings(Section):
    """Where the desk listens; the token file (read into `Settings.token`) opens what changes state to programs."""

    listen: Listen = "127.0.0.1:8787"
    token_file: Path | None = None


class StoreSettings(Section):
    """The database. load.py puts a relative path under $STATE_DIRECTORY when systemd gives one."""

    path: Path = Path("state/zhishou.db")
    disk_low_bytes: Size = 1 << 30


class GuardSettings(Section):
    """Networks opened to visits although they are private, loopback or otherwise not the public internet."""

    allow: tuple[Network, ...] = ()


class CadenceSettings(Section):
    """How often each kind of target is looked at (DESIGN.md §5.1)."""

    site: Duration = timedelta(minutes=5)
    column: Duration = timedelta(hours=1)
    account: Duration = timedelta(hours=1)
    links: Duration = timedelta(days=1)
    certificate: Duration = timedelta(days=1)
    page: Duration = timedelta(days=1)


class ConfirmSettings(Section):
    """How a failure is confirmed before it counts (DESIGN.md §5.19, domain.md §12)."""

    tries: Count = 3
    every: Duration = timedelta(seconds=60)
    link_second_look: Duration = timedelta(hours=1)


class BlindSettings(Section):
    """How long we may be unable to look before that is an incident of its own (DESIGN.md §1). None: never."""

    site: Annotated[Duration | None, BeforeValidator(_never)] = timedelta(hours=24)
    column: Annotated[Duration | None, BeforeValidator(_never)] = timedelta(days=3)
    account: Annotated[Duration | None, BeforeValidator(_never)] = timedelta(days=3)
    page: Annotated[Duration | None, BeforeValidator(_never)] = timedelta(days=3)
    link: Annotated[Duration | None, BeforeValidator(_never)] = None


class ReferenceSettings(Section):
    """Hosts outside the estate, on different networks, that tell whether it is us (DESIGN.md §5.9)."""

    urls: tuple[HttpAddress, ...] = (
        "https://www.baidu.com/",
        "https://www.qq.com/",
        "https://www.163.com/",
        "https://www.taobao.com/",
    )
    at_least: Count = 3


class ResolverSettings(Section):
    """Name servers to ask, as IP or IP:PORT; none means those of the machine."""

    nameservers: tuple[NameServer, ...] = ()
    timeout: Duration = timedelta(seconds=5)


class FetchSettings(Section):
    """The fetcher's limits. `slow` is the 15 s of 国办秘函〔2019〕19号; we read on to `timeout`."""

    timeout: Duration = timedelta(seconds=30)
    slow: Duration = timedelta(seconds=15)
    connect_timeout: Duration = timedelta(seconds=8)
    max_body: Size = 3 << 20
    max_feed: Size = 2 << 20
    user_agent: Name = "Mozilla/5.0 (compatible; Zhishou/0.1; website duty monitor)"
    proxy: HttpAddress | None = None
    concurrency: Count = 200
    per_host: Count = 2
    pace: Duration = timedelta(milliseconds=200)
    ca_file: Path | None = None


class AlertSettings(Section):
    """Grouping waits, the digest's time of day (Asia/Shanghai), and the outbox's patience."""

    group_wait: Duration = timedelta(seconds=30)
    group_after: Count = 5
    digest_at: ClockTime = time(8, 30)
    give_up_after: Duration = timedelta(hours=24)
    lease: Duration = timedelta(seconds=60)


class CalendarSettings(Section):
    """A file with the working days of years that are not published yet; relative to the settings file."""

    file: Path | None = None


class Channel(Section):
    """A way to people. `severities` None lets everything through; `per_minute` None means the service's own budget."""

    id: Name
    url: SecretStr
    language: Language = "zh-CN"
    severities: tuple[Severity, ...] | None = None
    per_minute: Count | None = None


class Person(Section):
    """Somebody on duty and the channels (by id) that reach them."""

    id: Name
    name: Name
    phone: str = ""
    channels: tuple[str, ...] = ()


def _as_they_are(_source: object, _handler: object) -> Any:
    return core_schema.any_schema()


class AsTheyAre:
    """Marks a field pydantic passes through: targets are checked by plain code, a million of them in seconds."""

    __get_pydantic_core_schema__ = staticmethod(_as_they_are)


class Imported(NamedTuple):
    """The inventory file that `targets import` writes (it may not be there yet): who put it in force, when, and out of which files."""

    path: Path
    by: str = ""
    at: str = ""
    sources: tuple[str, ...] = ()


class Settings(Section):
    """Everything the daemon was told. `Settings()` is the built-in defaults without targets and packs.

    `check_options` holds what `[checks]` says of a check for all targets; a target's own table goes before it
    (options.py: options_for). `warnings` is what validation saw and let pass.
    """

    desk: DeskSettings = DeskSettings()
    web: WebSettings = WebSettings()
    store: StoreSettings = StoreSettings()
    guard: GuardSettings = GuardSettings()
    cadence: CadenceSettings = CadenceSettings()
    confirm: ConfirmSettings = ConfirmSettings()
    blind: BlindSettings = BlindSettings()
    reference: ReferenceSettings = ReferenceSettings()
    resolver: ResolverSettings = ResolverSettings()
    fetch: FetchSettings = FetchSettings()
    alert: AlertSettings = AlertSettings()
    calendar: CalendarSettings = CalendarSettings()
    token: SecretStr | None = None  # what [web] token_file holds; never written into the settings themselves
    channels: tuple[Channel, ...] = ()
    people: tuple[Person, ...] = ()
    targets: Annotated[tuple[RawTarget, ...], AsTheyAre] = ()
    packs: Annotated[tuple[Pack, ...], AsTheyAre] = ()
    workdays: Annotated[Mapping[date, bool], AsTheyAre] = {}
    shifts: Annotated[Roster | None, AsTheyAre] = None  # None: no roster is kept
    imported: Annotated[Imported | None, AsTheyAre] = None
    check_options: Annotated[Mapping[str, Mapping[str, object]], AsTheyAre] = {}
    warnings: Annotated[tuple[Problem, ...], AsTheyAre] = ()
    plain_only: bool = False  # other files are wrong: neither targets nor rules but those we ship (load.py: load_plain)
