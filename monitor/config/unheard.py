"""What of a rule would be passed over: options, warnings and targets that are right each by themselves, and that nobody would ask for.

Pure; asked only of rules whose options each are right. tests/config/test_rules_heard.py listens to what judging asks for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from monitor.config.declared import KINDS
from monitor.config.durations import is_as_long, parse_limit
from monitor.config.options import Fault
from monitor.config.problems import near
from monitor.config.together import Asked
from monitor.model import (
    CLOSURES,
    DeclarationKind,
    Limit,
    Rule,
    TargetKind,
    Text,
    counted_of_column,
    counted_of_sum,
    say,
)
from monitor.model.activities import ACTIVITIES, is_activity

RETURNS = (DeclarationKind.TEMPORARY_OFFLINE, DeclarationKind.ORDERED_CLOSURE)
"""Closures of which a return takes papers (judge/filings.py)."""

_KIN = ("one_per_owner", "one_per_platform", "one_and_video", "names")
_PLATFORM = ("one_per_platform", "one_and_video")


def unheard_faults(obligation: str, kind: TargetKind, asked: Asked) -> list[Fault]:
    """What nobody would ask for, each with what to do."""
    of = _OF.get(obligation)
    return [] if of is None else of(kind, asked)


def _passed(asked: Asked, names: Iterable[str], why: Text, hint: Text) -> list[Fault]:
    """A fault for each of these options that was written."""
    return [
        Fault(("options", one), say('"{name}" would be passed over: {why}', name=one, why=why), hint)
        for one in names
        if one in asked.options
    ]


def _warned(asked: Asked, why: Text) -> list[Fault]:
    told = say('"{name}" would be passed over: {why}', name="warn", why=why)
    return [Fault(("warn",), told, say("leave it out"))] if asked.warn else []


def _reachable(kind: TargetKind, asked: Asked) -> list[Fault]:
    if "window" not in asked.options:
        why, hint = say("without a window nothing is counted"), say('add window = "168h": by percent of a week')
        return _passed(asked, ("share", "forecast"), why, hint)
    hint = say("write a [[rule]] for each: one with a window, one without")
    faults = _passed(asked, ("only",), say("a share counts every visit that failed"), hint)
    if kind is not TargetKind.SITE:
        said = say("visits are counted of websites only, not of a {kind}", kind=kind)
        faults.append(Fault(("options", "window"), said, say("leave it out")))
    return faults


def _updated(kind: TargetKind, asked: Asked) -> list[Fault]:
    if kind is TargetKind.COLUMN or not asked.options.get("counts_toward"):
        return []
    why = say("only columns are counted toward a veto")
    return _passed(asked, ("counts_toward",), why, say("leave it out"))


def _offline(_kind: TargetKind, asked: Asked) -> list[Fault]:
    if asked.limit is not None:
        return []
    why = say("closures of a year are counted as they are declared")
    return [*_passed(asked, ("check",), why, say("leave it out")), *_warned(asked, why)]


def _filed(kind: TargetKind, asked: Asked) -> list[Fault]:
    what = str(asked.options.get("what", "record"))
    if what == "record":
        return _filed_record(asked)
    why, hint = say('with what = "{what}" nobody asks for it', what=what), say("leave it out")
    unasked = ("field", "activity", "names") if what == "outage" else ("field", "activity")
    faults = [*_passed(asked, unasked, why, hint), *_warned(asked, why)]
    if kind is not TargetKind.SITE:
        said = say('what = "{what}" is judged of websites only, not of a {kind}', what=what, kind=kind)
        return [*faults, Fault(("options", "what"), said, say('applies = {{ kind = "site" }}'))]
    can = tuple(CLOSURES) if what == "outage" else RETURNS
    named = [DeclarationKind(one) for one in asked.options.get("of", ())]
    hint = say("any of {words}", words=", ".join(sorted(can)))
    if strange := [one for one in named if one not in can]:
        said = say('a declaration of kind "{kind}" has no part in it where what = "{what}"', kind=strange[0], what=what)
        faults.append(Fault(("options", "of"), said, hint))
    elif "names" in asked.options and named and DeclarationKind.ORDERED_CLOSURE not in named and what == "return":
        why = say("only the return after an ordered_closure takes consents")
        faults += _passed(asked, ("names",), why, say("leave it out"))
    return faults


def _filed_record(asked: Asked) -> list[Fault]:
    field = str(asked.options.get("field", "filed_on"))
    kinds = [DeclarationKind(one) for one in asked.options.get("of", ())]
    lists = [one for one in kinds if field in KINDS[one].fields and KINDS[one].fields[field].form == "texts"]
    faults = []
    if not lists:
        why = say('"{field}" is no list', field=field)
        faults += _passed(asked, ("names",), why, say("names counts who stands in a list: approved_by, filings"))
    if asked.limit is None:
        faults += _warned(asked, say("without a limit there is no day to warn before"))
    return faults


def _answered(_kind: TargetKind, asked: Asked) -> list[Fault]:
    within = asked.options.get("within_months", 0)
    if not within or asked.limit is None:
        return []
    try:
        too_late = is_as_long(parse_limit(asked.limit), Limit(within, "mo"))
    except ValueError:
        return []  # told of the limit itself
    said = say(
        "after {n} months a message counts no more, before the limit {limit} is over", n=within, limit=asked.limit
    )
    hint = say("more months than the limit has, or leave it out")
    return [Fault(("options", "within_months"), said, hint)] if too_late else []


def _original(_kind: TargetKind, asked: Asked) -> list[Fault]:
    if asked.options.get("count", 0) >= 1:
        return []
    return _warned(asked, say("a share has no day on which it runs out: only a count of originals has"))


def _duty(_kind: TargetKind, asked: Asked) -> list[Fault]:
    if asked.options.get("ahead", 7) >= 1:
        return []
    return [Fault(("options", "ahead"), say("no day ahead is looked at"), say("days: 1 or more"))]


def _inventory(kind: TargetKind, asked: Asked) -> list[Fault]:
    what = str(asked.options["what"])
    if kind is TargetKind.COLUMN and what in _KIN:
        said = say('what = "{what}": columns of an owner are not compared', what=what)
        return [Fault(("options", "what"), said, say("write it of sites or accounts"))]
    if kind is TargetKind.SITE and what in _PLATFORM:
        said = say('what = "{what}": a website is on no platform', what=what)
        return [Fault(("options", "what"), said, say("write it of accounts; of websites: one_per_owner"))]
    return []


def _on_links(kind: TargetKind, asked: Asked) -> list[Fault]:
    if kind is not TargetKind.LINK or asked.options.get("check"):
        return []
    said = say("the usual check does not look at links")
    return [Fault(("options",), said, say('options = {{ check = "links_alive" }}'))]


def _published(_kind: TargetKind, asked: Asked) -> list[Fault]:
    if all(str(one).strip() for one in asked.options.get("title", ("?",))):
        return []
    return [Fault(("options", "title"), say("an empty word stands in every title"), say("leave it out"))]


_OF: Mapping[str, Callable[[TargetKind, Asked], list[Fault]]] = {
    "reachable": _reachable,
    "updated_within": _updated,
    "offline_at_most": _offline,
    "filed_within": _filed,
    "answered_within": _answered,
    "original_share": _original,
    "duty_covered": _duty,
    "inventory": _inventory,
    "no_hidden_links": _on_links,
    "not_tampered": _on_links,
    "published_by": _published,
}


def uncounted(rules: Sequence[tuple[int, Rule]]) -> list[tuple[int, Fault]]:
    """Of the rules of one pack, each with its number: what counts toward nothing, and sums that nothing counts toward."""
    columns = [
        one for one in rules if one[1].obligation == "updated_within" and one[1].applies.kind is TargetKind.COLUMN
    ]
    sums = [rule for _, rule in rules if rule.obligation == "at_most_in_breach" and rule.options.get("of") != "blank"]
    faults = [(number, fault) for number, rule in columns if (fault := _toward_nothing(rule, sums)) is not None]
    for number, rule in rules:
        if rule in sums and not any(counted_of_column(one) & counted_of_sum(rule) for _, one in columns):
            said = say("no rule of this pack says when such a column is stale: nothing would be counted")
            faults.append((number, Fault(("obligation",), said, say("write an updated_within of these columns"))))
    return faults


def _toward_nothing(rule: Rule, sums: Sequence[Rule]) -> Fault | None:
    toward = rule.options.get("counts_toward")
    counts = [one.options.get("count", 5) for one in sums if counted_of_sum(one) & counted_of_column(rule)]
    if not toward or toward in counts:
        return None
    said = say("counts_toward = {n}: no at_most_in_breach of this pack counts such columns to {n}", n=str(toward))
    hint = say("write one with count = {n}, or leave it out", n=str(toward))
    if counts:
        hint = say("they are counted to {counts}", counts=", ".join(sorted(map(str, counts))))
    return Fault(("options", "counts_toward"), said, hint)


LIKE = 0.75
"""How alike an activity has to be to a word that is known: 应急演习 to 应急演练, but not 安全演练."""


def meant_activity(options: Mapping[str, object]) -> Fault | None:
    """A word of one's own that is nearly one records are counted by: a warning, for it may be meant."""
    said = str(options.get("activity", "")).strip()
    known = {*ACTIVITIES, *(name for one in ACTIVITIES.values() for name in one.also)}
    meant = "" if not said or said in known else near(said.casefold(), known, LIKE)
    if not meant:
        return None
    word = next(one for one in ACTIVITIES if is_activity(meant, one))
    names = "、".join(sorted(ACTIVITIES[word].also))
    told = say(
        '"{activity}" is a word of its own: what is recorded as {names} does not count', activity=said, names=names
    )
    return Fault(("options", "activity"), told, say('did you mean "{text}"?', text=word))
