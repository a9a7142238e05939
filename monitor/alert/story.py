"""What several notices of one incident add up to: opened and recovered in one delivery is "was down n minutes".

Reads the frozen facts of notices (their shape stands in README.md); a fact that is missing or odd is left out, because
a message with less in it is better than none. Pure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.clock import SHANGHAI, from_ms
from monitor.model import Cause, Confidence, Notice, NoticeKind, Reach, Severity, TargetKind, Text


@dataclass(frozen=True, slots=True)
class Citation:
    """A rule an incident cites, ready to be worded by its confidence."""

    source: str
    article: str
    says: str
    status: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Filed:
    """The closure that explains an outage. `until` None: it names no end."""

    kind: Text
    number: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One incident as a delivery tells it. `told` is the first kind of its notices, `kind` the last."""

    incident: int | None
    told: NoticeKind
    kind: NoticeKind
    severity: Severity
    cause: Cause
    key: str
    target_kind: TargetKind | None
    names: tuple[str, ...]
    addresses: tuple[str, ...]  # of each name, "" where the name is the address
    count: int
    joined: int
    contacts: tuple[str, ...]
    since: datetime | None
    ended_at: datetime | None
    why: Text | None
    reasons: tuple[tuple[Text, int], ...]  # with how many targets each is about, when not all share one
    reach: Reach | None  # how the last look ended
    citations: tuple[Citation, ...]
    looks: int
    day: int | None
    day_limit: int
    counts: tuple[int, int] | None
    near: bool
    due_at: datetime | None  # of what is near: the last day that keeps it
    pages: tuple[str, ...]  # that carry a dead link
    filed: Filed | None  # what is only shown, because a closure was filed
    removed: bool  # it ended because the target is no longer watched


def stories(notices: Sequence[Notice]) -> list[Story]:
    """One story per incident, in the order given; notices without an incident stand alone."""
    by_incident: dict[int, list[Notice]] = {}
    for position, notice in enumerate(notices):
        key = notice.incident if notice.incident is not None else -1 - position
        by_incident.setdefault(key, []).append(notice)
    return [_story(group) for group in by_incident.values()]


def instant(value: object) -> datetime | None:
    """A time in facts: milliseconds since 1970, or ISO; a civil day is its start in Shanghai."""
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            found = from_ms(value)
        elif isinstance(value, str):
            found = datetime.fromisoformat(value)
        else:
            return None
        found = (found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if _LAST_YEAR > found.year > 1 else None  # the ends of the calendar have no time in Shanghai


def sentence(value: object) -> Text | None:
    """A Text as facts hold it: {"template", "values"}, or plain words."""
    if isinstance(value, Mapping) and isinstance(value.get("template"), str):
        values = value.get("values")
        return Text(str(value["template"]), dict(values) if isinstance(values, Mapping) else {})
    return Text("{words}", {"words": value}) if isinstance(value, str) and value else None


def one_line(value: object) -> str:
    """Words from outside without line breaks and control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


def _story(group: Sequence[Notice]) -> Story:
    ordered = sorted(group, key=lambda notice: (notice.created_at, notice.id or 0))
    last, told = ordered[-1], ordered[0].kind
    facts: dict[str, Any] = {}
    for notice in ordered:
        facts |= {key: value for key, value in notice.facts.items() if value not in (None, [], {})}
    targets = _targets(ordered)
    joined = sum(len(parts_of(n.facts.get("targets"))) for n in ordered if n.kind is NoticeKind.JOINED)
    return Story(
        incident=last.incident,
        told=told,
        kind=NoticeKind.RECOVERED if any(n.kind is NoticeKind.RECOVERED for n in ordered) else last.kind,
        severity=min((n.severity for n in ordered), key=lambda severity: severity.rank),
        cause=_cause(facts.get("cause")),
        key=str(facts.get("key") or ""),
        target_kind=_kind(targets),
        names=tuple(_name(target) for target in targets),
        addresses=tuple(_address(target) for target in targets),
        count=max(number_of(facts.get("target_count")) or 0, len(targets)),
        joined=joined,
        contacts=_contacts(targets),
        since=instant(facts.get("since")),
        ended_at=_ended(ordered),
        why=sentence(facts.get("why")),
        reasons=_reasons(ordered),
        reach=_reach(facts.get("evidence")),
        citations=tuple(_citation(raw) for raw in parts_of(facts.get("citations"))),
        looks=_looks(ordered),
        day=number_of(facts.get("day")),
        day_limit=number_of(facts.get("of_days")) or 30,
        counts=_counts(facts.get("counts")),
        near=facts.get("standing") == "due",
        due_at=instant(facts.get("until")),
        pages=tuple(_page(page) for page in parts_of(facts.get("pages"))),
        filed=None if last.kind is NoticeKind.RECOVERED else _filed(last.facts.get("filed")),
        removed=last.facts.get("removed") is True,
    )


def _filed(value: object) -> Filed | None:
    kind = sentence(value.get("kind")) if isinstance(value, Mapping) else None
    if kind is None or not isinstance(value, Mapping):
        return None
    return Filed(kind, one_line(value.get("number") or ""), instant(value.get("until")))


def _last_of_each(ordered: Sequence[Notice]) -> list[Notice]:
    """The last notice about each target."""
    found: dict[str, Notice] = {}
    for notice in ordered:
        for target in parts_of(notice.facts.get("targets")):
            found[str(target.get("id") or target.get("name") or target.get("url"))] = notice
    return list(found.values())


def _reasons(ordered: Sequence[Notice]) -> tuple[tuple[Text, int], ...]:
    """What was found of how many, most first; nothing when it is the same of all."""
    told = [why for notice in _last_of_each(ordered) if (why := sentence(notice.facts.get("why"))) is not None]
    by_words = {repr((why.template, sorted(why.values.items(), key=str))): why for why in told}
    if len(by_words) < 2:
        return ()
    counted = Counter(repr((why.template, sorted(why.values.items(), key=str))) for why in told)
    return tuple((by_words[words], n) for words, n in counted.most_common())


def _looks(ordered: Sequence[Notice]) -> int:
    """How many looks say so of each target at least."""
    told = [number_of(notice.facts.get("looks")) or 0 for notice in _last_of_each(ordered)]
    return min(told, default=number_of(ordered[-1].facts.get("looks")) or 0)


def _ended(ordered: Sequence[Notice]) -> datetime | None:
    """The first good look of the end where it is told, else when the end was settled."""
    over = next((notice for notice in reversed(ordered) if notice.kind is NoticeKind.RECOVERED), None)
    return None if over is None else instant(over.facts.get("ended_at")) or over.created_at


def _targets(ordered: Sequence[Notice]) -> list[Mapping[str, Any]]:
    """Targets of all the notices, each once; the pseudo target of the daemon itself has nothing to say."""
    found: dict[str, Mapping[str, Any]] = {}
    for notice in ordered:
        for target in parts_of(notice.facts.get("targets")):
            if target.get("id") != "*":
                found.setdefault(str(target.get("id") or target.get("name") or target.get("url")), target)
    return list(found.values())


def parts_of(value: object) -> list[Mapping[str, Any]]:
    """The mappings in a list; none when it is no list."""
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, (list, tuple)) else []


def number_of(value: object) -> int | None:
    """A whole number, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _counts(value: object) -> tuple[int, int] | None:
    if isinstance(value, Mapping):
        have, limit = number_of(value.get("have")), number_of(value.get("limit"))
        if have is not None and limit is not None:
            return have, limit
    return None


def _cause(value: object) -> Cause:
    return Cause(value) if isinstance(value, str) and value in list(Cause) else Cause.OURS


def _reach(evidence: object) -> Reach | None:
    found = evidence.get("reach") if isinstance(evidence, Mapping) else None
    return Reach(found) if isinstance(found, str) and found in list(Reach) else None


def _kind(targets: Sequence[Mapping[str, Any]]) -> TargetKind | None:
    kinds = {str(target.get("kind")) for target in targets}
    only = kinds.pop() if len(kinds) == 1 else None
    return TargetKind(only) if only in list(TargetKind) else None


def _name(target: Mapping[str, Any]) -> str:
    name = one_line(target.get("name") or target.get("url") or target.get("id") or "")
    site = one_line(target.get("site_name") or "")
    return f"{site} › {name}" if site and site not in name else name


def _address(target: Mapping[str, Any]) -> str:
    address = one_line(target.get("url") or "")
    return address if address != _name(target) else ""


def _page(target: Mapping[str, Any]) -> str:
    return " ".join(part for part in (_name(target), _address(target)) if part)


def _contacts(targets: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Whom to call: office, name and number of each, once."""
    found: dict[str, None] = {}
    for target in targets:
        owner = one_line(target.get("owner") or "")
        people = parts_of(target.get("contacts"))
        for person in people or ([{}] if owner else []):
            words = (owner, one_line(person.get("name") or ""), one_line(person.get("phone") or ""))
            found[" ".join(word for word in words if word)] = None
    return tuple(found)


def _citation(raw: Mapping[str, Any]) -> Citation:
    confidence = raw.get("confidence")
    return Citation(
        one_line(raw.get("source") or ""),
        one_line(raw.get("article") or ""),
        one_line(raw.get("says") or ""),
        one_line(raw.get("status") or ""),
        Confidence(confidence) if confidence in list(Confidence) else Confidence.UNCONFIRMED,
    )


_LAST_YEAR = 9998
