"""Notices become words: what, since when, how sure, on what basis, what to do, whom to call, where the desk is.

Reads frozen facts, writes nothing. Every sentence is a template filled with facts (no free text), short (about 200
characters an incident) and cut to what the channel bears by leaving out the least important line first. A rule that
is unconfirmed or of our own making is never worded as law.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.alert.digest import compose_digest
from monitor.alert.phrases import DO, GRAVE, SURE, SURE_OF_ONE, SURE_OF_OTHERS, what
from monitor.alert.story import Citation, Story, stories
from monitor.alert.voice import Voice
from monitor.model import Cause, Confidence, Message, Notice, NoticeKind, Severity, Text, say

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
) -> Message:
    """One message for all notices of a delivery, title and body together at most `limit` bytes of UTF-8.

    `total` and `recovered` count its incidents, `joined` its notices of further members, when there are more than the
    notices given. `repeat` says in the title that an earlier try may have arrived.
    """
    severity = min((notice.severity for notice in notices), key=lambda each: each.rank, default=Severity.REMIND)
    voice = Voice(language, desk_address, now, limit - _REPEAT_ROOM)
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


def _incidents(told: Sequence[Story], voice: Voice, total: int, recovered: int, joined: int) -> tuple[str, str]:
    if len(told) == 1 and total == 1:
        story = replace(told[0], joined=max(told[0].joined, joined), count=max(told[0].count, joined))
        return voice.fit(_title(story, voice), _body(story, voice))
    over = sum(story.kind is NoticeKind.RECOVERED for story in told)
    return _several(told, max(total, len(told)), max(recovered, over), voice)


def _title(story: Story, voice: Voice) -> str:
    values = {"what": _what(story, voice), "whom": _whom(story, voice)}
    if story.kind is NoticeKind.RECOVERED:
        lasted = voice.lasted(story.since, story.ended_at)
        return voice.words(say("【Zhishou】recovered: {what}: {whom}{lasted}", **values, lasted=lasted))
    if story.kind is NoticeKind.DAY and story.day is not None:
        count = {"day": story.day, "limit": story.day_limit}
        return voice.words(say("【Zhishou】{what}, day {day} of {limit}: {whom}", **values, **count))
    if story.told is NoticeKind.JOINED:
        return voice.words(say("【Zhishou】{what}: {n} more: {whom}", **values, n=story.joined))
    if story.told is NoticeKind.WORSENED:
        grave = voice.words(GRAVE[story.severity])
        return voice.words(say("【Zhishou】worse, now {grave}: {what}: {whom}", **values, grave=grave))
    return voice.words(say("【Zhishou】{what}: {whom}{lasted}", **values, lasted=voice.so_far(story.since)))


def _body(story: Story, voice: Voice) -> list[tuple[int, str]]:
    """Lines in reading order with their rank: the higher the rank, the sooner left out when there is no room."""
    if story.kind is NoticeKind.RECOVERED:
        span = {"since": voice.at(story.since), "until": voice.at(story.ended_at or voice.now)}
        end = voice.words(say("From {since} to {until}; nothing more to do, please log it", **span))
        return [(1, end), (0, voice.sign(story.incident))]
    lines = [(1, _seen(story, voice))]
    if story.count > 1:
        names = voice.listed(story.names, story.count)
        lines.append((5, voice.words(say("{n} in all: {names}", n=story.count, names=names))))
    if story.pages:
        lines.append((3, voice.words(say("on the pages: {pages}", pages=voice.listed(story.pages)))))
    lines += [(3, line) for line in _bases(story.citations, voice)]
    lines += [(2, line) for line in _counted(story, voice)]
    lines.append((4, voice.words(say("To do: {do}", do=voice.words(DO[story.cause])))))
    if story.contacts:
        lines.append((2, voice.words(say("Call: {people}", people=voice.listed(story.contacts)))))
    return [*lines, (0, voice.sign(story.incident))]


def _seen(story: Story, voice: Voice) -> str:
    """Since when, how sure, and what the check said."""
    since = voice.words(say("since {since}", since=voice.at(story.since))) if story.since is not None else ""
    sure = SURE_OF_ONE if story.looks == 1 else SURE.get(story.cause, SURE_OF_OTHERS)
    looks = voice.words(Text(sure.template, {"n": story.looks})) if story.looks > 0 else ""
    why = voice.words(story.why) if story.why is not None else ""
    colon = "：" if voice.language.startswith("zh") else ": "
    return colon.join(part for part in (voice.comma([since, looks]), why) if part)


def _counted(story: Story, voice: Voice) -> list[str]:
    lines = []
    if story.counts is not None:
        have, limit = story.counts
        lines.append(voice.words(say("counts toward a veto ({have} so far, {limit} make it)", have=have, limit=limit)))
    if story.day is not None and story.cause is Cause.OUTAGE:
        count = {"day": story.day, "limit": story.day_limit}
        lines.append(voice.words(say("day {day} of {limit}, by the measure of a temporary closure", **count)))
    return lines


def _bases(citations: Sequence[Citation], voice: Voice) -> list[str]:
    """The first rule in full, the other documents by article."""
    ordered = sorted(citations, key=lambda citation: citation.confidence not in _QUOTABLE)
    lines = [_basis(citation, voice) for citation in ordered[:1]]
    further = [f"{c.source}{c.article}" for c in ordered[1:] if c.confidence in _QUOTABLE]
    if further:
        lines.append(voice.words(say("also: {rules}", rules=voice.listed(further))))
    return lines


def _basis(citation: Citation, voice: Voice) -> str:
    values = {"says": citation.says, "rule": f"{citation.source}{citation.article}"}
    if citation.confidence is Confidence.HOUSE:
        return voice.words(say("Own requirement: {says}", says=citation.says))
    if citation.confidence not in _QUOTABLE:
        return voice.words(say("Not verified, for reference only: {says}", says=citation.says))
    if citation.status:
        return voice.words(say("Basis: {rule} ({status}): {says}", **values, status=citation.status))
    return voice.words(say("Basis: {rule}: {says}", **values))


def _several(told: Sequence[Story], total: int, recovered: int, voice: Voice) -> tuple[str, str]:
    """Many incidents in one message: counts in the title, the gravest ones in the lines."""
    counts = []
    if total > recovered:
        counts.append(voice.words(say("{n} incidents", n=total - recovered)))
    if recovered:
        counts.append(voice.words(say("{n} recovered", n=recovered)))
    gravest = min((story.severity for story in told), key=lambda severity: severity.rank)
    values = {"counts": voice.comma(counts), "grave": voice.words(GRAVE[gravest])}
    title = voice.words(say("【Zhishou】{counts}, gravest: {grave}", **values))
    ordered = sorted(told, key=lambda story: (story.kind is NoticeKind.RECOVERED, story.severity.rank))
    return voice.fit_list(title, [_line(story, voice) for story in ordered], total - len(told))


def _line(story: Story, voice: Voice) -> str:
    values = {"what": _what(story, voice), "whom": _whom(story, voice)}
    if story.kind is NoticeKind.RECOVERED:
        lasted = voice.lasted(story.since, story.ended_at)
        return voice.words(say("recovered: {what}: {whom}{lasted}", **values, lasted=lasted))
    return voice.words(say("{what}: {whom}{lasted}", **values, lasted=voice.so_far(story.since)))


def _what(story: Story, voice: Voice) -> str:
    return voice.words(what(story.cause, story.target_kind, near=story.near))


def _whom(story: Story, voice: Voice) -> str:
    name = story.names[0] if story.names else voice.words(say("the monitor"))
    return voice.and_others(name, story.count)


_QUOTABLE = (Confidence.VERBATIM, Confidence.SECONDARY)
