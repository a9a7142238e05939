"""An inventory list as rows of our inventory: from headings and words of the filing systems to our keys and words.

Pure. What cannot be understood stays as it was written and is told; what the inventory itself asks of a target is checked where all
inventories are (monitor/config/targets.py). Sites are named by id, 网站标识码 or name.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.config.codes import code_of, is_code
from monitor.config.levels import LEVELS
from monitor.config.sheets.fields import COLUMNS, FORMS, HALF_A_YEAR, KINDS, NOT_KEPT, PLATFORMS, Form
from monitor.config.sheets.grid import Grid, Unusable, Wrong, no_header, unread
from monitor.config.sheets.headings import SEARCHED, Header, Record, absent, find_header, missing, normal, records
from monitor.config.sheets.ids import Cells, give_ids
from monitor.config.sheets.states import by_state
from monitor.config.sheets.twins import Known, remarks, twins
from monitor.config.urls import address_trouble
from monitor.model import ColumnKind, Platform, TargetKind, Text, place_of, say

_BARE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?")
_AROUND_CLASS = re.compile(r"\s+|栏目$|类栏目$")
_NOTICES = ("通知", "公告", "公示")
_PLATFORM_NAMES = tuple(dict.fromkeys(next(n for n, p in PLATFORMS.items() if p is one) for one in PLATFORMS.values()))


class Site(NamedTuple):
    """What a site may be called by, and where it is."""

    id: str
    code: str
    name: str
    url: str = ""


@dataclass(slots=True)
class Listing:
    """Rows of a file by our keys, each with its row number, and what people are to know of the file."""

    header: Header
    rows: list[tuple[int, Cells]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    hidden: int = 0
    examples: int = 0
    over: int = 0  # rows left out by their state
    schemes: int = 0  # addresses that came without http://
    remarks: list[Text] = field(default_factory=list)  # what may be so, and is seldom meant

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds it lists."""
        return frozenset(cells["kind"] for _, cells in self.rows if cells.get("kind"))

    @property
    def left_out(self) -> tuple[str, ...]:
        """Headings of columns that are not imported."""
        kept_not = tuple(self.header.titles[key] for key in NOT_KEPT if key in self.header.titles)
        return (*self.header.unused, *kept_not)


def read_listing(
    grid: Grid,
    sites: Iterable[Site],
    earlier: Sequence[Mapping[str, str]],
    others: Collection[str] = (),
    kind: TargetKind | None = None,
) -> Listing:
    """The rows with ids; raises Unusable.

    `sites` are those already in the inventory, `earlier` the rows of the import before, `others` the ids of other inventory files.
    """
    sites = list(sites)
    form = form_of(grid, kind)
    header = find_header(grid, form.fields)
    found, wrong, examples = records(grid, header)
    wrong += [*missing(header, form.fields), *absent(header, found, form.fields, wrong)]
    listing = Listing(header, wrong=wrong, hidden=grid.hidden, examples=examples)
    if not found and not wrong:
        raise Unusable(say("has no rows below its headings"))
    for record in found:
        listing.rows.append((record.row, _row(record, form, listing)))
    _give_ids(listing, sites, earlier)
    _leave_out_what_is_over(listing, {*(one.id for one in sites), *(one.get("id", "") for one in earlier), *others})
    listing.wrong += twins(listing.rows, header, _known(sites, others))
    listing.remarks += [*unread(grid), *remarks(listing.rows, header)]
    listing.wrong.sort(key=lambda one: (one.row or 0, one.column if one.column is not None else -1))
    return listing


def _leave_out_what_is_over(listing: Listing, watched: Collection[str]) -> None:
    """With all that is wrong in such rows: nobody fills in the address of a site that is gone."""
    states = by_state(listing.rows, watched)
    listing.over, listing.rows = len(states.over), [one for one in listing.rows if one[0] not in states.over]
    listing.wrong = [one for one in listing.wrong if one.row not in states.over]
    listing.remarks += states.said
    if not listing.rows and not listing.wrong:
        raise Unusable(say("every row is over by its state: nothing is to be watched"))


def form_of(grid: Grid, kind: TargetKind | None = None) -> Form:
    """Which list it is, by its headings, or the one asked for; raises Unusable when neither tells."""
    if kind is not None:
        form = next((one for one in FORMS.values() if one.kind is kind), FORMS["ours"])
        ours = FORMS["ours"] if _has(grid, FORMS["ours"]) else form
        return form if _has(grid, form) else ours
    for form in FORMS.values():
        if _has(grid, form):
            return form
    wanted = "、".join(form.marks[0] for form in FORMS.values())
    said = say("one of them is expected to be {marks}; `zhishou targets template` writes such a file", marks=wanted)
    raise no_header(grid, said)


def _known(sites: Sequence[Site], others: Collection[str]) -> Known:
    """What the sites of other files have that no row may claim."""
    away = [one for one in sites if one.id in others]
    codes = {one.code: one.id for one in away if one.code}
    return Known(others, codes, {place_of(one.url): one.id for one in away if one.url})


def _has(grid: Grid, form: Form) -> bool:
    marks = {normal(mark) for mark in form.marks}
    return any(marks & {normal(cell) for cell in line.cells} for line in grid.lines[:SEARCHED] if len(line.cells) > 1)


def _row(record: Record, form: Form, listing: Listing) -> Cells:
    cells = dict(record.cells)
    for key in NOT_KEPT:
        cells.pop(key, None)
    if code := cells.get("site_code"):
        cells["site_code"] = code = code_of(code)
        if form.kind is TargetKind.SITE and not is_code(code):
            words, hint = (
                say('"{written}" is not a 网站标识码', written=code),
                say("ten digits, or bm and eight digits"),
            )
            listing.wrong.append(listing.header.wrong(record.row, "site_code", words, hint))
    if form.kind is not None:
        cells["kind"] = form.kind.value
    elif (known := KINDS.get(cells.get("kind", ""))) is not None:
        cells["kind"] = known.value
    cells["contact"] = _contact(cells)
    if _BARE.fullmatch(cells.get("url", "")):
        cells["url"] = f"http://{cells['url']}"
        listing.schemes += 1
    if cells.get("url") and (trouble := address_trouble(cells["url"])) is not None:
        listing.wrong.append(listing.header.wrong(record.row, "url", trouble.words, trouble.advice))
    listing.wrong += _translated(record.row, cells, listing.header)
    return {key: text for key, text in cells.items() if text}


def _translated(row: int, cells: Cells, header: Header) -> Iterator[Wrong]:
    """Put our words in the place of those for a class, a cycle, a level and a platform; what is none of them stays, and is told."""
    if written := cells.get("column"):
        if (column := _column(written, cells.get("name", ""))) is not None:
            cells["column"] = column.value
        else:
            said = say(
                "expected is 动态要闻类, 政策文件类, 通知公告类 or 其他, or how often it is updated: 2周, 6个月, 1年"
            )
            yield header.wrong(row, "column", say('"{written}" is no class of column', written=written), said)
    if written := cells.get("level"):
        if (level := LEVELS.get(normal(written))) is not None:
            cells["level"] = str(level)
        else:
            said = say("expected is 一级, 二级, 三级 or 四级, or nothing where nobody knows")
            yield header.wrong(row, "level", say('"{written}" is no level of a column', written=written), said)
    if written := cells.get("platform"):
        if (platform := _platform(written)) is not None:
            cells["platform"] = platform.value
        else:
            said = say("expected is one of {names}", names="、".join(_PLATFORM_NAMES))
            yield header.wrong(row, "platform", say('"{written}" is no platform we know', written=written), said)


def _column(written: str, name: str) -> ColumnKind | None:
    if written in HALF_A_YEAR:
        return ColumnKind.NOTICE if any(sign in name for sign in _NOTICES) else ColumnKind.POLICY
    words = {one.value: one for one in ColumnKind} | dict(COLUMNS)
    return words.get(written) or words.get(_AROUND_CLASS.sub("", written))


def _platform(written: str) -> Platform | None:
    return ({one.value: one for one in Platform} | dict(PLATFORMS)).get(normal(written))


def _contact(cells: Cells) -> str:
    """Name, telephone and who runs it, as one text."""
    said = (cells.pop("phone", ""), cells.pop("undertaker", ""))
    whom = cells.get("contact", "")
    if not whom and said[0]:
        whom = cells.get("owner", "") or "值班"
    return " ".join(part for part in (whom, *said) if part) if whom else ""


def _give_ids(listing: Listing, sites: Iterable[Site], earlier: Sequence[Mapping[str, str]]) -> None:
    """Sites first: what belongs to them is named after them."""
    own = [cells for _, cells in listing.rows if cells.get("kind") == "site"]
    give_ids(own, [one for one in earlier if one.get("kind") == "site"])
    known = _names([*sites, *(Site(one["id"], one.get("site_code", ""), one.get("name", "")) for one in own)])
    for row, cells in listing.rows:
        if cells.get("kind") != "site" and cells.get("site"):
            listing.wrong += _resolved(row, cells, known, listing.header)
    rest = [cells for _, cells in listing.rows if cells.get("kind") != "site"]
    give_ids(rest, [one for one in earlier if one.get("kind") != "site"])


def _names(sites: Iterable[Site]) -> dict[str, set[str]]:
    """The ids of the sites that go by a code or a name; an id goes by itself alone."""
    known: dict[str, set[str]] = {}
    listed = list(sites)
    for one in listed:
        for word in (one.code, one.name):
            if word:
                known.setdefault(word, set()).add(one.id)
    return known | {one.id: {one.id} for one in listed}


def _resolved(row: int, cells: Cells, known: Mapping[str, set[str]], header: Header) -> Iterator[Wrong]:
    """Put the id of the site in the place of what it was called by."""
    found = known.get(cells["site"], set()) or known.get(code_of(cells["site"]), set())
    if len(found) == 1:
        cells["site"] = next(iter(found))
    elif found:
        words = say('{n} sites are called "{name}"', n=len(found), name=cells["site"])
        yield header.wrong(row, "site", words, say("write the 网站标识码 or the id of the one that is meant"))
    else:
        words = say('there is no site "{name}"', name=cells["site"])
        yield header.wrong(row, "site", words, say("import the sites first, or write its id, 网站标识码 or name"))
