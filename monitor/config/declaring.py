"""A declaration as somebody wrote it, read by the table of declared.py: what it says, or every problem at once.

Pure. Values are texts of the command line or JSON of the API; what the record says to it is contradictions.py's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import NamedTuple

from monitor.clock import iso
from monitor.config.declared import KINDS, Field
from monitor.config.urls import address_trouble
from monitor.config.when import NoMoment, is_bare_day, read_day, read_when
from monitor.model import DESK_ID, DeclarationKind, Text, say

LONGEST = 500  # characters of a text
MOST = 20  # texts of one field
LARGEST_PAPER = 50 * 1024 * 1024  # bytes: only its hash is kept, but a paper that big is a mistake
MOST_PAPERS = 50

NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # of nothing at all

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HASH = re.compile(r"[0-9a-f]{64}")
_APART = re.compile(r"[;；\n]")
_SWITCH: Mapping[str, bool] = dict.fromkeys(("false", "no", "0", "否"), False) | dict.fromkeys(
    ("true", "yes", "1", "是"), True
)


class Problem(NamedTuple):
    """What keeps it from being filed: where, what is wrong, what to do. `place` is an option's or field's name.

    `missing`: what it is about is not there at all. `conflict`: it is well told, and the record says otherwise.
    """

    place: str
    words: Text
    advice: Text | None = None
    missing: bool = False
    conflict: bool = False


class Unfit(Exception):
    """It cannot be filed; every problem of it, in the order people read them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(f"{one.place}: {one.words}" for one in problems))
        self.problems = tuple(problems)


class Paper(NamedTuple):
    """An attachment: its name, size in bytes, sha256 in hex; `trouble`: why it could not be read."""

    name: str
    bytes: int = 0
    sha256: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """As it was written. `fields`: a text, texts, a switch or a number by name; an empty text takes a field away."""

    kind: str
    target: str
    start: str
    end: str = ""
    number: str = ""
    by: str
    fields: Mapping[str, object] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    corrects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What could be read of it; None where it could not."""

    kind: DeclarationKind | None
    target: str
    start: datetime | None
    end: datetime | None
    fields: Mapping[str, object]
    problems: tuple[Problem, ...]
    number: str = ""
    papers: tuple[Paper, ...] = ()


def read(request: Request) -> Draft:
    """Read it. With problems it cannot be filed, but what the record says to the rest can be told as well."""
    problems: list[Problem] = []
    kind = _kind(request.kind, problems)
    start = _moment("from", request.start, problems)
    end = _moment("to", request.end, problems, through=True) if request.end.strip() else None
    _check_span(kind, start, end, request, problems)
    if kind is not None and KINDS[kind].timed and start is not None and is_bare_day(request.start):
        words = say("needs the time of its dispatch: 24 hours are counted from it")
        problems.append(Problem("from", words, say("add the time: {day} 08:00", day=request.start.strip())))
    fields = {} if kind is None else _fields(kind, request.fields, problems)
    problems += _of_texts(request)
    problems += [one for paper in request.papers for one in of_paper(paper)]
    target = DESK_ID if request.target.strip() == "desk" else request.target.strip()
    return Draft(
        kind=kind,
        target=target,
        start=start,
        end=end,
        fields=fields,
        problems=tuple(problems),
        number=request.number.strip(),
        papers=request.papers,
    )


def did_you_mean(word: str, known: Iterable[str]) -> Text | None:
    """The nearest known word as a question; None when none is near."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return say('did you mean "{text}"?', text=near[0]) if near else None


def _kind(word: str, problems: list[Problem]) -> DeclarationKind | None:
    try:
        return DeclarationKind(word.strip().replace("-", "_"))
    except ValueError:
        known = [one.value for one in DeclarationKind]
        advice = did_you_mean(word, known) or say("there are: {words}", words=", ".join(known))
        problems.append(Problem("kind", say("there is no kind of declaration “{word}”", word=word), advice))
        return None


def _moment(place: str, text: str, problems: list[Problem], *, through: bool = False) -> datetime | None:
    try:
        return read_when(text, through=through)
    except NoMoment as error:
        problems.append(Problem(place, error.words, error.advice))
        return None


def _check_span(
    kind: DeclarationKind | None,
    start: datetime | None,
    end: datetime | None,
    request: Request,
    problems: list[Problem],
) -> None:
    wanted, told = KINDS[kind].end if kind is not None else "may", bool(request.end.strip())
    called = "" if kind is None else KINDS[kind].name.template
    if wanted == "must" and not told:
        problems.append(Problem("to", say("{kind} needs its planned end", kind=called), say("tell the last day")))
    if wanted == "never" and told:
        problems.append(Problem("to", say("{kind} has no end", kind=called), say("leave it out")))
    if start is not None and end is not None and end <= start:
        words = say("the end ({end}) is not after the start ({start})", end=request.end, start=request.start)
        problems.append(Problem("to", words, say("a day counts to its end; check both")))


def _fields(kind: DeclarationKind, told: Mapping[str, object], problems: list[Problem]) -> dict[str, object]:
    known, found = KINDS[kind].fields, dict[str, object]()
    for name, value in told.items():
        if name not in known:
            advice = did_you_mean(name, known) or say("there are: {words}", words=", ".join(known))
            words = say("{kind} has no field “{word}”", kind=KINDS[kind].name.template, word=name)
            problems.append(Problem(_place(name), words, advice))
            continue
        if value is None:
            problems.append(Problem(_place(name), say("has no value"), say("write {name}=…", name=name)))
            continue
        if value in ("", [], [""]):
            continue
        before = len(problems)
        read_value = _value(name, known[name], value, problems)
        if len(problems) == before:
            found[name] = read_value
    refused = {problem.place for problem in problems}
    for name, one in known.items():
        if one.needed and name not in found and _place(name) not in refused:
            words = say("is missing: {means}", means=one.means.template)
            problems.append(Problem(_place(name), words, say("tell {name}", name=name)))
    return found


def _value(name: str, wanted: Field, value: object, problems: list[Problem]) -> object:
    place = _place(name)
    if wanted.form == "texts":
        return _texts(place, value, problems)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, list):
        problems.append(Problem(place, say("is told {n} times", n=len(value)), say("tell it once")))
        return None
    if wanted.form == "switch":
        return _switch(place, value, problems)
    if wanted.form == "number":
        return _number(place, value, problems)
    if not isinstance(value, str):
        problems.append(Problem(place, say("{value} is not a text", value=str(value)), say("put it into quotes")))
        return None
    if wanted.form == "date":
        return _day(place, value, problems)
    if wanted.form == "instant":
        instant = _moment(place, value, problems)
        return None if instant is None else iso(instant)
    if wanted.form == "address":
        return _address(place, value, problems)
    return _text(place, value, problems)


def _text(place: str, value: str, problems: list[Problem]) -> str:
    text = value.strip()
    if not text:
        problems.append(Problem(place, say("says nothing"), say("write something, or leave it out")))
    if len(text) > LONGEST:
        problems.append(Problem(place, say("is longer than {n} characters", n=LONGEST), say("shorten it")))
    if _CONTROL.search(text):
        problems.append(Problem(place, say("has a line break or control character in it"), say("take it out")))
    return text


def _texts(place: str, value: object, problems: list[Problem]) -> list[str]:
    given = value if isinstance(value, list) else [value]
    told = [one for one in given if isinstance(one, str)]
    if len(told) < len(given):
        problems.append(Problem(place, say("is no list of texts"), say("write the names with ; between them")))
        return []
    texts = [part.strip() for one in told for part in _APART.split(one) if part.strip()]
    if not texts:
        problems.append(Problem(place, say("says nothing"), say("write something, or leave it out")))
    if len(texts) > MOST:
        problems.append(Problem(place, say("has {n} entries, at most {most}", n=len(texts), most=MOST)))
    for one in texts:
        _text(place, one, problems)
    return list(dict.fromkeys(texts))


def _switch(place: str, value: object, problems: list[Problem]) -> bool:
    read_as = value if isinstance(value, bool) else _SWITCH.get(str(value).strip().lower())
    if read_as is None:
        problems.append(Problem(place, say("“{text}” is neither yes nor no", text=str(value)), say("write yes or no")))
    return bool(read_as)


def _number(place: str, value: object, problems: list[Problem]) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdecimal() and 0 < int(text) < 1 << 63):
        problems.append(Problem(place, say("“{text}” is no number", text=text), say("write a whole number from 1")))
        return 0
    return int(text)


def _day(place: str, value: str, problems: list[Problem]) -> str:
    try:
        return read_day(value).isoformat()
    except NoMoment as error:
        problems.append(Problem(place, error.words, error.advice))
        return ""


def _address(place: str, value: str, problems: list[Problem]) -> str:
    trouble = address_trouble(value.strip())
    if trouble is not None:
        problems.append(Problem(place, trouble.words, trouble.advice))
    return value.strip()


def _of_texts(request: Request) -> Iterator[Problem]:
    if not request.by.strip():
        yield Problem("by", say("who? every change names a person"), say("tell the name"))
    for place, text in (("by", request.by), ("number", request.number)):
        if len(text) > LONGEST or _CONTROL.search(text):
            words = say("is longer than {n} characters or has a control character in it", n=LONGEST)
            yield Problem(place, words, say("shorten it"))
    if len(request.papers) > MOST_PAPERS:
        yield Problem("attach", say("has {n} entries, at most {most}", n=len(request.papers), most=MOST_PAPERS))


def of_paper(paper: Paper, place: str = "") -> Iterator[Problem]:
    """What is wrong with an attachment."""
    place = place or f"attach {paper.name}"
    if paper.trouble:
        yield Problem(place, say("cannot be read ({why})", why=paper.trouble), say("check name and permissions"))
    elif paper.bytes > LARGEST_PAPER:
        words = say("has {n} MiB, at most {most}", n=-(-paper.bytes // 1048576), most=LARGEST_PAPER // 1048576)
        yield Problem(place, words, say("attach the signed paper, not the scan of everything"))
    elif not _HASH.fullmatch(paper.sha256) or paper.bytes < 0 or not 0 < len(paper.name) <= LONGEST:
        yield Problem(place, say("needs a name, a size and its sha256"), say("64 hexadecimal digits in lower case"))
    elif (paper.bytes == 0) != (paper.sha256 == NOTHING):
        odd = say("its sha256 and its size of {n} bytes do not go together", n=paper.bytes)
        yield Problem(place, odd, say("attach the file anew"))
    elif not paper.bytes:
        yield Problem(place, say("is empty"), say("attach the paper itself"))


def _place(name: str) -> str:
    return f"set {name}"
