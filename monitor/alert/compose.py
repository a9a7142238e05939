"""Notices become words: what, since when, how sure, on what basis, what to do, whom to call, where the desk is.

Reads frozen facts, writes nothing. Every sentence is a template filled with facts (no free text), short (about 200
characters an incident) and cut to what the channel bears by leaving out the least important line first. A rule that
is unconfirmed or of our own making is never worded as law.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.alert.digest import compose_digest
from monitor.alert.phrases import AS_FILED, FOUND, GRAVE, OVERDUE, how_sure, own, to_do, what
from monitor.alert.quoting import also, basis, not_judged, ordered
from monitor.alert.story import Filed, Story, stories
from monitor.alert.voice import NAMED, SHOWN, Line, Voice
from monitor.model import DESK_NAME, Cause, Message, Notice, NoticeKind, Severity, TargetKind, Text, say

LIMIT = 4000
"""Bytes of a message where the channel bears more: longer ones are not read."""

_REPEAT_ROOM = 20  # bytes kept for the mark of a repeat


def compose(
    notices: Sequence[Notice],
    language: str,
    desk_address: str,
    now: datetime,
    *,
    limit: int = LIMIT,
    total: int = 0,
    recovered: int = 0,
    joined: int = 0,
    repeat: bool = False,
    duty: str = "",
) -> Message:
    """One message for all notices of a delivery, title and body together at most `limit` bytes of UTF-8.

    `total` and `recovered` count its incidents, `joined` its notices of further members, when there are more than the
    notices given. `repeat` says in the title that an earlier try may have arrived. `duty` is whom to call when it is the
    monitor itself that is in trouble, name and number.
    """
    severity = min((notice.severity for notice in notices), key=lambda each: each.rank, default=Severity.REMIND)
    voice = Voice(language, desk_address, now, limit - _REPEAT_ROOM, duty)
    title, body = _special(notices, voice) or _incidents(stories(notices), voice, max(total, 1), recovered, joined)
    if repeat:
        title = voice.words(say("(repeat) {title}", title=title))
    return Message(title, body, severity, repeat)


def _special(notices: Sequence[Notice], voice: Voice) -> tuple[str, str] | None:
    """What is not about incidents: a digest, a trial."""
    for notice in notices:
        if notice.kind is NoticeKind.DIGEST:
            return compose_digest(notice.facts, voice)
        if notice.kind is NoticeKind.TEST:
            return voice.fit(voice.words(say("【Zhishou】trial message")), [(0, voice.sign())])
    return None


def _incidents(found: Sequence[Story], voice: Voice, total: int, recovered: int, joined: int) -> tuple[str, str]:
    told = [replace(one, names=tuple(map(voice.called, one.names))) for one in found]
    if len(told) == 1 and total == 1:
        story = replace(told[0], joined=max(told[0].joined, joined), count=max(told[0].count, joined))
        return voice.fit(_title(story, voice), _body(story, voice))
    over = sum(story.kind is NoticeKind.RECOVERED for story in told)
    return _several(told, max(total, len(told)), max(recovered, over), voice)


def _title(story: Story, voice: Voice) -> str:
    values = {"what": _what(story, voice), "whom": _whom(story, voice)}
    if story.kind is NoticeKind.RECOVERED:
        return voice.words(say("【Zhishou】{over}", over=_over(story, voice)))
    if story.kind is NoticeKind.DAY and story.day is not None and story.filed is not None:
        return voice.words(say("【Zhishou】{what}, day {day}: {whom}", **values, day=story.day))
    if story.kind is NoticeKind.DAY and story.day is not None:
        count = {"day": story.day, "limit": story.day_limit}
        return voice.words(say("【Zhishou】{what}, day {day} of {limit}: {whom}", **values, **count))
    if story.told is NoticeKind.JOINED:
        first = voice.words(say("{name} and others", name=story.names[0])) if story.joined > 1 else values["whom"]
        return voice.words(say("【Zhishou】{what}: {n} more: {whom}", **values | {"whom": first}, n=story.joined))
    if story.told is NoticeKind.WORSENED and story.severity is not Severity.REMIND:  # the least there is, is no worse
        grave = voice.words(GRAVE[story.severity])
        return voice.words(say("【Zhishou】worse, now {grave}: {what}: {whom}", **values, grave=grave))
    return voice.words(say("【Zhishou】{what}: {whom}{lasted}", **values, lasted=_so_far(story, voice)))


def _over(story: Story, voice: Voice) -> str:
    """What is over, why and after how long; a target that was taken off the list has not recovered."""
    what_and_how_long = voice.comma([_what(story, voice), voice.lasted(story.since, story.ended_at)])
    values = {"whom": _whom(story, voice), "what": what_and_how_long}
    if story.removed and story.target_kind is TargetKind.LINK:
        return voice.words(say("on no page any more: {whom} ({what})", **values))
    if story.removed and story.cause is Cause.OURS:
        return voice.words(say("no longer judged: {whom} ({what})", **values))
    if story.removed:
        return voice.words(say("no longer watched: {whom} (removed from the list; {what})", **values))
    return voice.words(say("recovered: {whom} ({what})", **values))


def _so_far(story: Story, voice: Voice) -> str:
    """How long it goes on, where a clock runs: what we have only found out may be much older."""
    if story.near or story.cause is Cause.CERTIFICATE:
        return ""
    return voice.overdue(story.since) if story.cause in OVERDUE else voice.so_far(story.since)


def _body(story: Story, voice: Voice) -> list[Line]:
    """Lines in reading order with their rank: the higher the rank, the sooner left out when there is no room."""
    if story.kind is NoticeKind.RECOVERED:
        return [(1, _end(story, voice)), *_addresses(story, voice), (0, voice.sign(story.incident, over=True))]
    lines: list[Line] = [(1, _seen(story, voice)), *_reasons(story, voice), *_addresses(story, voice)]
    if story.count > 1:
        names = voice.listed(story.names, story.count)
        lines.insert(1, (5, voice.words(say("{n} in all: {names}", n=story.count, names=names))))
    if story.pages:
        lines.append((3, voice.words(say("on the pages: {pages}", pages=voice.listed(story.pages)))))
    lines += _ours(story, voice) if story.cause is Cause.OURS else _theirs(story, voice)
    return [*lines, (0, voice.sign(story.incident))]


def _theirs(story: Story, voice: Voice) -> list[Line]:
    lines: list[Line] = [(3, line) for line in _bases(story, voice)]
    lines += [(2, line) for line in _counted(story, voice)]
    do = AS_FILED if story.filed is not None else to_do(story.cause, story.reach, story.target_kind)
    lines.append((4, voice.words(say("To do: {do}", do=voice.words(do)))))
    if story.contacts:
        lines.append((2, voice.words(say("Call: {people}", people=voice.listed(story.contacts)))))
    return lines


def _ours(story: Story, voice: Voice) -> list[tuple[int, str]]:
    """What it means that we are in trouble, what to do, and which of our own people to call."""
    told = own(story.key)
    people = voice.duty or voice.words(say("the system administrator"))
    return [
        (2, voice.words(say("Meanwhile: {means}", means=voice.words(told.means)))),
        (2, voice.words(say("To do: {do}", do=voice.words(told.do)))),
        (2, voice.words(say("Call: {people}", people=people))),
    ]


def _end(story: Story, voice: Voice) -> str:
    span = {"since": voice.at(story.since), "until": voice.at(story.ended_at or voice.now)}
    both = voice.span(story.since, story.ended_at or voice.now)
    if story.removed and story.target_kind is TargetKind.LINK:
        return voice.words(say("{span}; no page that is watched carries it now, please log it", span=both))
    if story.removed and story.cause is Cause.OURS:
        return voice.words(
            say(
                "From {since}, told until {until}: the reference hosts can no longer tell, not known to be mended",
                **span,
            )
        )
    if story.removed:
        return voice.words(say("From {since}, watched until {until}: removed, not known to be mended", **span))
    if story.cause is Cause.OURS:
        return voice.words(say("{span}; the watch goes on by itself, please log it", span=both))
    return voice.words(say("{span}; nothing more to do, please log it", span=both))


def _addresses(story: Story, voice: Voice) -> list[tuple[int, str]]:
    """Where to look oneself. Of many targets each with its name, all but the first few the first to be left out."""
    if story.count <= 1:
        return [(2, voice.words(say("Address: {address}", address=each))) for each in story.addresses[:1] if each]
    told = [(name, address) for name, address in zip(story.names, story.addresses, strict=True) if address]
    return [(3 if n < NAMED else 6, voice.colon(each)) for n, each in enumerate(told[:SHOWN])]


def _seen(story: Story, voice: Voice) -> str:
    """Since when, how sure, and what the check said, when it said the same of all."""
    sure = how_sure(story.cause, story.looks)
    looks = voice.words(sure) if sure is not None else ""
    why = voice.words(story.why) if story.why is not None and not story.reasons else ""
    if story.near and story.due_at is not None:
        why = voice.comma([why, voice.words(say("last day {day}", day=voice.last_day(story.due_at)))])
    return voice.colon([voice.comma([_since(story, voice), looks]), why])


def _reasons(story: Story, voice: Voice) -> list[tuple[int, str]]:
    """What the check said of how many, where it did not say the same of all."""
    told = [voice.words(say("{why}, {n} of them", why=voice.words(why), n=n)) for why, n in story.reasons[:NAMED]]
    return [(2, voice.words(say("Reasons: {reasons}", reasons=voice.semicolon(told))))] if told else []


def _since(story: Story, voice: Voice) -> str:
    """Since when it is so, or when we found it; how old a page is, its own words say."""
    if story.since is None or (story.cause in OVERDUE and story.why is not None):
        return ""
    when = say("found {since}") if story.cause in FOUND else say("since {since}")
    return voice.words(Text(when.template, {"since": voice.at(story.since)}))


def _counted(story: Story, voice: Voice) -> list[str]:
    lines = []
    if story.counts is not None:
        have, limit = story.counts
        lines.append(voice.words(say("counts toward a veto ({have} so far, {limit} make it)", have=have, limit=limit)))
    if story.filed is not None:
        lines.append(_filed(story.filed, story.day or 0, voice))
    elif story.day and story.cause is Cause.OUTAGE:  # not on day 0
        count = {"day": story.day, "limit": story.day_limit}
        lines.append(voice.words(say("day {day} of {limit}, by the measure of a temporary closure", **count)))
    return lines


def _filed(filed: Filed, day: int, voice: Voice) -> str:
    """What was filed, until when, and the day of it."""
    told: dict[str, str | int] = {"kind": voice.words(filed.kind), "number": filed.number, "day": day}
    if filed.until is None:
        return voice.words(say("filed: {kind} {number}, no end named; day {day}", **told))
    return voice.words(say("filed: {kind} {number}, until {until}; day {day}", until=voice.at(filed.until), **told))


def _bases(story: Story, voice: Voice) -> list[str | list[str]]:
    """The first rule in full, all others by article, fewer where there is no room; of what cannot be looked at, what is not judged."""
    rules = ordered(story.citations)
    if story.cause is Cause.BLIND:
        return [_articles(say("Not judged meanwhile: {rules}"), not_judged(rules), voice)]
    return [*(voice.words(basis(rule)) for rule in rules[:1]), _articles(say("also: {rules}"), also(rules), voice)]


def _articles(line: Text, named: Sequence[Text], voice: Voice) -> list[str]:
    fewer = voice.fewer_and_fewer([voice.words(one) for one in named])
    return [voice.words(Text(line.template, {"rules": rules})) for rules in fewer]


def _several(told: Sequence[Story], total: int, recovered: int, voice: Voice) -> tuple[str, str]:
    """Many incidents in one message: counts in the title, the gravest ones in the lines."""
    counts = _counts(told, total, recovered, voice)
    gravest = min((story.severity for story in told), key=lambda severity: severity.rank)
    values = {"counts": voice.comma(counts), "grave": voice.words(GRAVE[gravest])}
    title = voice.words(say("【Zhishou】{counts}, gravest: {grave}", **values))
    ordered = sorted(told, key=lambda story: (story.kind is NoticeKind.RECOVERED, story.severity.rank))
    addresses = [next(iter(story.addresses), "") for story in ordered]
    return voice.fit_list(title, [_line(story, voice) for story in ordered], total - len(told), addresses)


def _counts(told: Sequence[Story], total: int, recovered: int, voice: Voice) -> list[str]:
    """How many go on, recovered, and left the list; of more than were loaded only that they are over is known."""
    gone = sum(s.removed and s.kind is NoticeKind.RECOVERED and s.target_kind is not TargetKind.LINK for s in told)
    if gone and len(told) < total:
        told_of = [(total - recovered, say("{n} incidents")), (recovered, say("{n} over"))]
    else:
        told_of = [(total - recovered, say("{n} incidents")), (recovered - gone, say("{n} recovered"))]
        told_of.append((gone, say("{n} no longer watched")))
    return [voice.words(Text(text.template, {"n": count})) for count, text in told_of if count > 0]


def _line(story: Story, voice: Voice) -> str:
    if story.kind is NoticeKind.RECOVERED:
        return _over(story, voice)
    values = {"what": _what(story, voice), "whom": _whom(story, voice)}
    return voice.words(say("{what}: {whom}{lasted}", **values, lasted=_so_far(story, voice)))


def _what(story: Story, voice: Voice) -> str:
    words = voice.words(what(story.cause, story.target_kind, near=story.near, key=story.key))
    return words if story.filed is None else voice.words(say("{what} (filed)", what=words))


def _whom(story: Story, voice: Voice) -> str:
    if story.cause is Cause.OURS and not story.names:
        return voice.words(own(story.key).what)
    name = story.names[0] if story.names else voice.called(DESK_NAME)
    return voice.and_others(name, story.count)
