"""What a declared public reply list (留言公开, entry `replies`) shows of its letters, for the register of messages.

Reads number, title, class, receipt and answer of each row as far as they are printed; of rows that lack a time or a state the
letters' own pages are read, a few at each visit: once, and again while only they could tell of an answer. Never fails, and is blind to nothing: whether answers are late is judged by the register,
whether the list can be seen by `column_fresh`. A list that cannot be read is UNKNOWN, never "no messages".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from monitor.api import (
    BLIND_STATES,
    Context,
    EntryKind,
    Finding,
    Letter,
    LetterRow,
    Measure,
    MessageClass,
    Reach,
    Reading,
    Rows,
    State,
    Target,
    TargetKind,
    Unreachable,
    civil_day,
    host_of,
    ok,
    plain_title,
    say,
    unknown,
    unread,
)

KINDS = frozenset({TargetKind.PAGE})
NAME = "letters_read"
Class = Literal["", "jiucuo", "consulting", "handling"]


@dataclass(frozen=True, slots=True)
class Options:
    """What of a reply list goes into the register."""

    register: bool = True  # false: the list is only looked at for being kept up
    pages: int = 3  # letters' own pages read at a visit for what the list lacks; 0 for none
    of_class: Class = ""  # the class of its letters where the list prints none; ours to say it, nobody's to guess


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    if target.entry is not EntryKind.REPLIES or not target.options.register:
        return []
    reading, is_new = await _reading(target, ctx)
    if reading.state in BLIND_STATES and not reading.letters:
        return [unread(NAME, reading)]
    known = await ctx.letters()
    rows = _rows(reading.letters, known, target.options) if is_new else list(known)
    if is_new and not rows:
        return [unknown(NAME, "no_letters", _EMPTY if reading.state is State.BLANK else _NO_LETTERS)]
    asked = await _asked(rows, target, ctx)
    found = [asked.get(at, row) for at, row in enumerate(rows)]
    if is_new:
        ctx.enter(found, whole=True)
    elif asked:
        ctx.enter(list(asked.values()), whole=False)
    return [_told(found)]


async def _reading(target: Target[Options], ctx: Context) -> tuple[Reading, bool]:
    """The page, and whether its rows were read now. Where nothing was ever said of it the rows of an unchanged one are, too."""
    reading = await ctx.page(target.url)
    if not (await ctx.look(target.url)).unchanged:
        return reading, True
    if ctx.seen.last_of(NAME) is not None:
        return reading, False
    anew = (await ctx.look(target.url, referer=target.url)).reading
    return (reading, False) if anew is None else (anew, True)


def _rows(letters: Sequence[Letter], known: Sequence[LetterRow], options: Options) -> list[LetterRow]:
    """The rows with what is known of each from before; where the list prints no class, of the class it was declared to have."""
    before = Rows(enumerate([one.letter for one in known]))
    found = []
    for letter in letters:
        at = before.take(letter)
        told = letter if letter.kind or not options.of_class else replace(letter, cls=MessageClass(options.of_class))
        found.append(LetterRow(told) if at is None else _as_known(told, known[at]))
    return found


def _as_known(letter: Letter, known: LetterRow) -> LetterRow:
    """A row that is answered now is asked again for the day of its answer."""
    old, turned = known.letter, letter.is_answered is not None and letter.is_answered is not known.letter.is_answered
    told = replace(
        letter,
        received=letter.received or old.received,
        answered=letter.answered or (None if turned else old.answered),
        is_answered=old.is_answered if letter.is_answered is None else letter.is_answered,
    )
    return LetterRow(told, known.asked and not turned)


async def _asked(rows: Sequence[LetterRow], target: Target[Options], ctx: Context) -> dict[int, LetterRow]:
    """The rows, by their place, of which their own pages told something now; a host that is gone ends it."""
    own = [at for at, row in enumerate(rows) if _is_own(row.letter, target)]
    lacking = sorted(
        (at for at in own if not rows[at].asked and _lacks(rows[at].letter)), key=lambda at: _lacks(rows[at].letter)
    )
    waiting = [at for at in own if rows[at].asked and rows[at].letter.is_answered is False]
    found: dict[int, LetterRow] = {}
    for at in [*lacking, *_in_turn(waiting, target.options.pages, ctx)][: target.options.pages]:
        letter = rows[at].letter
        try:
            page = await ctx.page(letter.url or "")
        except Unreachable as error:
            if error.reach in _GONE:
                break
            found[at] = replace(rows[at], asked=rows[at].asked or error.reach in _NOT_THERE)
            continue
        found[at] = LetterRow(_filled(letter, page), asked=True)
    return {at: row for at, row in found.items() if row != rows[at]}


def _in_turn(waiting: Sequence[int], at_most: int, ctx: Context) -> Sequence[int]:
    """Letters whose own page alone told that they wait: one day these are asked again, the next day others."""
    first = civil_day(ctx.now).toordinal() * at_most % len(waiting) if waiting else 0
    return [*waiting[first:], *waiting[:first]]


def _lacks(letter: Letter) -> int:
    """How much its own page could tell: 0 nothing that is needed, else the lower the more urgent."""
    if letter.is_answered is not True and (letter.received is None or letter.is_answered is None):
        return 1
    return 2 if letter.received is None or (letter.answered is None and letter.is_answered) else 0


def _is_own(letter: Letter, target: Target[Options]) -> bool:
    return letter.url is not None and host_of(letter.url) == host_of(target.url) and letter.url != target.url


def _filled(letter: Letter, page: Reading) -> Letter:
    """What the letter's own page prints, where it shows one letter, or one of this title."""
    shown = [one for one in page.letters if plain_title(one.title) == plain_title(letter.title)] or page.letters
    if page.state in BLIND_STATES or len(shown) != 1:
        return letter
    own = shown[0]
    answered = letter.answered or own.answered
    told = own.is_answered if letter.is_answered is None else letter.is_answered
    return replace(
        letter,
        number=letter.number or own.number,
        kind=letter.kind or own.kind,
        cls=letter.cls if letter.kind or own.cls is None else own.cls,
        received=letter.received or own.received,
        answered=answered,
        is_answered=True if answered or own.is_answered else told,
    )


def _told(rows: Sequence[LetterRow]) -> Finding:
    letters = [row.letter for row in rows]
    dated = [one for one in letters if one.received is not None and one.is_answered is not None]
    counts = (
        Measure("letters", len(letters), "count"),
        Measure("dated", len(dated), "count"),
        Measure("waiting", sum(1 for one in dated if not one.is_answered), "count"),
        Measure("no_class", sum(1 for one in dated if one.cls is None), "count"),
    )
    return ok(NAME, _ENTERED, *counts) if dated else unknown(NAME, "no_receipt", _NO_RECEIPT, *counts)


_GONE = frozenset({Reach.DNS, Reach.CONNECT, Reach.TLS, Reach.TIMEOUT, Reach.CHALLENGED})
"""Endings after which the next page of the host would end likewise."""
_NOT_THERE = frozenset({Reach.HTTP_ERROR, Reach.SOFT_ERROR, Reach.TOO_LARGE})
_ENTERED = say("the messages of the list are in the register")
_NO_RECEIPT = say("the list does not say when its messages came, or whether they are answered")
_EMPTY = say("the list is empty: there is no message to read")
_NO_LETTERS = say("no rows of a reply list can be read on the page")
