"""Log lines: structlog and the standard library's loggers come out as one stream.

For a person at a terminal: readable lines. Otherwise JSON, each line with the priority journald understands (<3> error
… <7> debug). On stderr, because stdout belongs to what a command prints; journald takes both. Times are +08:00.
Tracebacks never carry local variables, and what looks like a secret is masked. Page bodies do not belong here.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import TextIO

import orjson
import structlog
from structlog.processors import ExceptionRenderer
from structlog.stdlib import ProcessorFormatter
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from monitor.clock import SHANGHAI, Clock, SystemClock

MASK = "***"
LONGEST = 2000  # characters of one value; journald cuts lines at 48 KB
PRIORITIES: Mapping[str, int] = {"critical": 2, "error": 3, "warning": 4, "info": 6, "debug": 7}

_CHATTY = ("apscheduler", "aiohttp.access", "apprise", "asyncio")  # their INFO is our DEBUG
_SECRET_KEY = re.compile(r"(?i)(?:^|[_-])(?:token|secret|password|passwd|authorization|cookie|api_?key)$")
_HIDDEN = (
    (re.compile(r"\b(?!https?:)([A-Za-z][A-Za-z0-9+.-]{1,30}://)[^\s'\"]+"), rf"\1{MASK}"),  # keys of channels
    (re.compile(r"(?i)\b(https?://)[^\s/@'\"]+@"), rf"\1{MASK}@"),
    (re.compile(r"(?i)([?&](?:access_?token|token|key|secret|sign|password|pwd)=)[^&\s'\"]+"), rf"\1{MASK}"),
    (re.compile(r"(?i)(/(?:hook|bot)s?(?:/v\d)?/)[A-Za-z0-9_-]{16,}"), rf"\1{MASK}"),
)


def set_up_logging(
    *, level: str = "info", as_json: bool | None = None, out: TextIO | None = None, clock: Clock | None = None
) -> None:
    """Configure both worlds, once, at start; `structlog.get_logger()` works from then on.

    `out` is stderr when not given; `as_json` None means JSON unless `out` is a terminal.
    """
    stream = out or sys.stderr
    machine = (not stream.isatty()) if as_json is None else as_json
    shared = _shared(clock or SystemClock())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(shared, machine=machine, colors=stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel("DEBUG" if level == "debug" else "WARNING")
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[*shared, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,  # a reload or a test may configure again; costs 1 µs a line
    )


def hide_secrets(value: object, key: str = "") -> object:
    """The value with what looks like a secret masked and long texts cut; tables and lists are walked through."""
    if key and _SECRET_KEY.search(key):
        return MASK
    if isinstance(value, str):
        return _hidden(value)
    if isinstance(value, Mapping):
        return {_hidden(str(name)): hide_secrets(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [hide_secrets(inner) for inner in value]
    if value is None or isinstance(value, float) or (isinstance(value, int) and abs(value) < 1 << 63):
        return value  # orjson refuses longer whole numbers
    return _hidden(str(value))


def _hidden(text: str) -> str:
    if not text.isascii():  # orjson refuses lone surrogates, and GBK in a header may bring some
        text = text.encode("utf-8", "backslashreplace").decode()
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"


def _shared(clock: Clock) -> list[Processor]:
    def stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["at"] = clock.now().astimezone(SHANGHAI).isoformat(timespec="milliseconds")
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        stamp,
    ]


def _formatter(shared: list[Processor], *, machine: bool, colors: bool) -> ProcessorFormatter:
    tracebacks = ExceptionDictTransformer(show_locals=False) if machine else None
    exceptions = ExceptionRenderer(tracebacks) if tracebacks else ExceptionRenderer()
    readable = structlog.dev.ConsoleRenderer(
        colors=colors, timestamp_key="at", exception_formatter=structlog.dev.plain_traceback
    )
    last: Processor = _journal_line if machine else readable
    return ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[ProcessorFormatter.remove_processors_meta, exceptions, _hide, last],
    )


def _hide(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {key: hide_secrets(value, key) for key, value in event.items()}


def _journal_line(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    first = {key: event.pop(key) for key in ("at", "level", "event") if key in event}
    line = orjson.dumps(first | dict(event), option=orjson.OPT_NON_STR_KEYS)
    return f"<{PRIORITIES.get(str(first.get('level')), 6)}>{line.decode()}"
