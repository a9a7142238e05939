"""Typed facts out of bytes; their JSON (DESIGN.md §4.4) is made in `monitor/read/slim.py`."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from monitor.model.letters import Letter
from monitor.model.words import State, TargetKind


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a main list. `date` is YYYY-MM-DD, or YYYY-MM when only the month is known.

    `spoken`: the page tells the date from the day it is read (昨天, 3天前), so that on a later day it tells another; not shown.
    """

    title: str
    url: str | None
    date: str | None = None
    date_from: str | None = None  # text | url | attribute | script | article
    spoken: bool = field(default=False, compare=False)


class Link(NamedTuple):
    """Something an inspector can click or see, absolute and canonical."""

    url: str
    text: str
    tag: str
    hidden: bool = False
    external: bool = False
    lost: bool = False  # hidden where no menu, tab or layer could ever show it; not shown (DESIGN.md §4.4)


@dataclass(frozen=True, slots=True)
class Marks:
    """Footer marks as printed, blanks removed but between two telephone numbers; None or False when not on this page."""

    site_code: str | None = None
    icp: str | None = None
    police: str | None = None
    conac: bool = False
    jiucuo: bool = False
    sponsor: str | None = None
    contact: str | None = None
    sitemap: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """An article page; `published` is ISO with +08:00, or a date alone."""

    title: str | None
    published: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of a feed; `published` is ISO with its offset, or a date alone, or None: never a guess."""

    id: str | None
    title: str | None
    url: str | None
    published: str | None
    original: bool | None = None  # True, False (a repost) as stated, None when nothing is; not shown (DESIGN.md §4.4)


class Sign(StrEnum):
    """What looks like the work of strangers on a page."""

    HIDDEN_LINKS = "hidden links to strangers"
    HIDDEN_WORDS = "hidden words of spam"
    LINKS = "links that advertise spam"
    TITLE = "words of spam in the title"
    TAGS = "words of spam in keywords or description"
    TEXT = "words of spam in the text"
    SCRIPT = "a script of strangers"
    CLOAK = "a script that shows search engines another page"
    FRAME = "a frame of strangers"
    OTHER_TITLE = "the title of another site"
    NEW_SCRIPT = "a script of strangers that was not there before"
    NEW_FRAME = "a frame of strangers that was not there before"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A sign of tampering (the value of a Sign) with the excerpt that shows it."""

    why: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Guest:
    """A script or frame ("script", "frame") that a page takes from strangers: from whose site, and at which address."""

    site: str
    address: str
    tag: str


@dataclass(frozen=True, slots=True)
class Familiar:
    """What a page was known by while nothing was suspected of it (familiar.py).

    `since` is the day from which this build of it is known; `guests` are the sites whose scripts and frames it was seen to take,
    `parts` stand for scripts and style sheets of its own, `cleared` for links to strangers that no style sheet hides.
    """

    since: str  # YYYY-MM-DD
    title: str | None = None
    guests: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    cleared: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """页面解析. Every field always there; what is absent is None or empty."""

    kind: TargetKind
    state: State
    encoding: str | None = None
    title: str | None = None
    newest_date: str | None = None  # YYYY-MM-DD, or YYYY-MM when only the month is known
    newest_precision: str | None = None  # day | month
    items: tuple[Item, ...] = ()
    links: tuple[Link, ...] = ()
    pseudo_links: int = 0
    marks: Marks = field(default_factory=Marks)
    meta: dict[str, str] = field(default_factory=dict)
    article: Article | None = None
    entries: tuple[Entry, ...] = ()
    returns_on: str | None = None
    needs: tuple[str, ...] = ()
    tamper: tuple[Suspicion, ...] = ()
    ahead: bool = False  # no newest date, because the only dates lie in the future; not shown (DESIGN.md §4.4)
    entrance: bool = False  # a home page that only leads on to others, with nothing to update; not shown
    asks: tuple[str, ...] = ()  # "POST https://…": calls for the list that `needs` cannot name, for people; not shown
    timeless: bool = False  # the same bytes read the same on any later day; not shown
    sheets: tuple[str, ...] = ()  # style sheets of its site that could hide links to strangers; not shown
    doubts: str = ""  # stands for those links and sheets; not shown
    guests: tuple[Guest, ...] = ()  # not shown
    parts: tuple[str, ...] = ()  # as in Familiar; not shown
    familiar: Familiar | None = None  # of what is remembered; not shown
    lands: str = ""  # of what is remembered of a link: the host that answered; not shown
    letters: tuple[Letter, ...] = ()  # of a page: the rows of a public reply list; not shown
