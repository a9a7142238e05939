"""What a ledger is asked for, and its rows as JSON has them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from monitor.clock import iso
from monitor.config.settings import Settings
from monitor.model import Text
from monitor.render import translate

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which site (None: of all), which time, and in which language; `now` is what ages count to."""

    settings: Settings
    begin: datetime
    end: datetime
    now: datetime
    language: str = "zh-CN"
    site: str | None = None


def plain(value: Any, language: str = "en") -> Any:
    """Rows as JSON has them: instants with +08:00, words by their value, sentences in that language."""
    if isinstance(value, Text):
        return translate(value, language)
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name), language) for one in fields(value)}
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(name): plain(part, language) for name, part in value.items()}
    return [plain(part, language) for part in value] if isinstance(value, list | tuple) else value
