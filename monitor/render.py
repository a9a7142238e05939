"""Words, dates and pages for people: translation, Shanghai times, durations, and the sandbox templates run in.

Reads the gettext catalogues (`monitor/alert/locale/*/LC_MESSAGES/zhishou.po`) once, as they are: nothing compiled is
kept. Otherwise pure. English is the language of the msgids; zh-CN comes first everywhere. The home of babel and jinja2.
"""

import re
import string
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.clock import SHANGHAI, civil_day
from monitor.model import DESK_NAME, Text, say

CATALOGUES = Path(__file__).parent / "alert" / "locale"
LANGUAGES = ("zh-CN", "en")


def translate(text: Text, language: str, *, verbatim: bool = False) -> str:
    """The sentence in that language; English where the catalogue has none.

    A value that is itself a phrase of the catalogue ("connection refused", with a number "HTTP 502"), a limit ("14d") or a
    span of days ("2026-06-01..2026-06-07") is translated too, unless values are `verbatim`: keys, ids and what somebody
    wrote into a file; a Text always is. A template and values that do not fit each other are shown as they are: a flawed
    message is better than none.
    """
    words = catalogue(language)
    values = {
        name: translate(value, language, verbatim=verbatim)
        if isinstance(value, Text)
        else value
        if verbatim
        else _value(value, words, language)
        for name, value in text.values.items()
    }
    for template, given in ((words.get(text.template), values), (text.template, text.values)):
        if template:
            try:
                return template.format(**given)
            except (LookupError, ValueError, TypeError, AttributeError):
                continue
    return text.template


def called(name: str, language: str) -> str:
    """A target's name as it is; the duty desk, which has none of its own, in the reader's language."""
    return translate(say("the duty desk"), language) if name == DESK_NAME else name


def duration(length: timedelta, language: str) -> str:
    """The two largest units: 2天3小时, 12分钟, 不到1分钟; seconds only while there is no whole minute to tell."""
    minutes = int(length.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, say("{n}d", n=days)), (hours, say("{n}h", n=hours)), (minutes, say("{n} min", n=minutes))]
    first = next((i for i, (count, _) in enumerate(parts) if count > 0), None)
    if first is None:
        return translate(say("less than a minute"), language)
    shown = [translate(text, language) for count, text in parts[first : first + 2] if count]
    return ("" if language.startswith("zh") else " ").join(shown)


def moment(instant: datetime, language: str, now: datetime | None = None) -> str:
    """Day and time on a wall in Shanghai, with the year when it is another than that of `now`."""
    local = instant.astimezone(SHANGHAI)
    time = f"{local:%H:%M}"
    same = now is None or now.astimezone(SHANGHAI).year == local.year
    return f"{day(local.date(), language, with_year=not same)} {time}"


def day(civil: date, language: str, *, with_year: bool = False) -> str:
    """A civil day: 11月22日, Nov 22; with the year 2026年11月22日, 2026-11-22."""
    if language.startswith("zh"):
        return f"{civil.year}年{civil.month}月{civil.day}日" if with_year else f"{civil.month}月{civil.day}日"
    return civil.isoformat() if with_year else f"{_MONTHS[civil.month - 1]} {civil.day}"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Msgid → translation; empty for English and for a language nobody translated."""
    path = catalogue_path(language)
    if language == "en" or not path.is_file():
        return {}
    found = read_catalogue(path)
    return {str(entry.id): str(entry.string) for entry in found if entry.id and entry.string and not entry.fuzzy}


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return CATALOGUES / language.replace("-", "_") / "LC_MESSAGES" / "zhishou.po"


def read_catalogue(path: Path) -> Catalog:
    """A .po file as babel reads it."""
    with path.open("rb") as file:
        return read_po(file)


def write_catalogue(path: Path, words: Catalog) -> None:
    """Write a .po file in order of msgid, with a header that never changes: two people's changes seldom meet."""
    with path.open("wb") as file:
        file.write(_HEADER.format(language=path.parts[-3]).encode())
        write_po(file, words, width=120, sort_output=True, omit_header=True, ignore_obsolete=True)


def placeholders(template: str) -> frozenset[str]:
    """The names in braces a template wants."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def environment(folder: Path, language: str) -> ImmutableSandboxedEnvironment:
    """Where HTML templates run: sandboxed, escaping everything, an unknown name is an error. `_("…", x=…)` translates."""
    sandbox = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sandbox.globals["_"] = lambda template, **values: translate(say(template, **values), language)
    sandbox.globals["language"] = language
    sandbox.filters["moment"] = lambda instant, now=None: moment(instant, language, now)
    sandbox.filters["duration"] = lambda length: duration(length, language)
    sandbox.filters["day"] = lambda civil, now: day(civil, language, with_year=civil.year != civil_day(now).year)
    sandbox.filters["text"] = lambda text: translate(text, language)
    return sandbox


def template_phrases(source: str) -> Iterator[str]:
    """The msgids an HTML template asks `_` for."""
    for found in _PHRASE.finditer(source):
        yield found.group(2)


def _value(value: str | float, words: Mapping[str, str], language: str) -> str | int | float:
    if not isinstance(value, str):
        return value
    span = _SPAN.fullmatch(value)
    if span is not None:
        return _days(date.fromisoformat(span[1]), date.fromisoformat(span[2]), language)
    limit = _LIMIT.fullmatch(value)
    if limit is not None:
        return translate(say(_UNITS[limit[2]].template, n=limit[1]), language)
    if value in words:
        return words[value]
    counted, number = words.get(_NUMBER.sub("{n}", value)), _NUMBER.search(value)
    return counted.format(n=number[0]) if counted is not None and number is not None else value


def _days(first: date, last: date, language: str) -> str:
    """From one day to another; the year where they have not the same."""
    other_year = first.year != last.year
    told = {"first": day(first, language, with_year=other_year), "last": day(last, language, with_year=other_year)}
    return translate(say("{first} to {last}", **told), language)


_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)
_LIMIT = re.compile(r"(\d{1,4})(d|wd|mo|y|h)")
_UNITS = {
    "d": say("{n} days"),
    "wd": say("{n} working days"),
    "mo": say("{n} months"),
    "y": say("{n} years"),
    "h": say("{n} hours"),
}
_HEADER = """# The words of Zhishou 值守 in the plain official language of a duty desk; read at start-up as they are.
# `python -m monitor.alert.catalogue --write` adds what is new, `--check` says what is missing.
msgid ""
msgstr ""
"Project-Id-Version: zhishou\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_PHRASE = re.compile(r"""\b_\(\s*(["'])((?:(?!\1).)+)\1""")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
