"""A [[rule]] of a pack as written, and everything that is wrong with it.

Pure. A key that could not be read is not judged, and hides nothing of what the others say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from monitor.config.articles import article_faults
from monitor.config.durations import LIMIT_HINT, Unfitting, is_as_long, parse_limit
from monitor.config.obligations import OBLIGATIONS, Obligation
from monitor.config.options import Fault, option_faults
from monitor.config.problems import did_you_mean
from monitor.config.recorded import kinds_faults, recorded_faults
from monitor.config.settings import Section, Switch, custom
from monitor.config.tables import Told
from monitor.config.together import Asked, together_faults
from monitor.config.unheard import unheard_faults
from monitor.model import ColumnKind, Confidence, DeclarationKind, EntryKind, Limit, Severity, TargetKind, say

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_KIND = ("applies", "applies.kind")
_NONE = say("a list of none would be taken as all of them"), say("leave it out, or name some")


def _one_or_many(value: object) -> object:
    if value == []:
        raise custom("none_named", *_NONE)
    return [value] if isinstance(value, str) else value


class AppliesTable(Section):
    """Which targets: a kind; for columns their kinds, and whether on the home page; which entries pages are; video accounts or not; level."""

    kind: TargetKind
    column: Annotated[tuple[ColumnKind, ...], BeforeValidator(_one_or_many)] = ()
    on_home: Switch | None = None
    entry: Annotated[tuple[EntryKind, ...], BeforeValidator(_one_or_many)] = ()
    video: Switch | None = None
    level: Literal[1, 2] | None = None


class RuleTable(Section):
    """A [[rule]] as written; source and article are asked for by name, see rule_faults."""

    id: str
    source: str = ""
    article: str = ""
    also: tuple[str, ...] = ()
    says: Annotated[str, Field(min_length=1)]
    applies: AppliesTable
    obligation: str
    limit: str | None = None
    warn: tuple[str, ...] = ()
    options: Annotated[dict[str, Any], Field(default_factory=dict)]
    exempt_by: tuple[DeclarationKind, ...] = ()
    severity: Severity
    confidence: Confidence


def with_strays(table: Mapping[str, object]) -> tuple[Mapping[str, object], list[Fault]]:
    """Options among the keys of a rule are told: its own are moved to where they are judged, those of other obligations left out."""
    obligation, options = OBLIGATIONS.get(str(table.get("obligation"))), table.get("options", {})
    if obligation is None or not isinstance(options, Mapping):
        return table, []
    known = _options(obligation)
    strays = {key: value for key, value in table.items() if key in known}
    foreign = [(key, takers) for key in table if key not in known and (takers := _takers(key))]
    if not strays and not foreign:
        return table, []
    of = str(table["obligation"])
    takes = ", ".join(sorted(known)) or "-"
    hint = say("{obligation} takes: {words}", obligation=of, words=takes)
    faults = [
        Fault((key,), say('"{key}" is an option of {obligation}', key=key, obligation=", ".join(takers)), hint)
        for key, takers in foreign
    ]
    hint = say("write it into options = {{ {keys} }}", keys=", ".join(f"{key} = …" for key in strays))
    faults += [
        Fault((key,), say('"{key}" is an option of {obligation}', key=key, obligation=of), hint) for key in strays
    ]
    rest = {key: value for key, value in table.items() if key not in {*strays, *(key for key, _ in foreign)}}
    return rest | ({"options": {**strays, **options}} if strays else {}), faults


def _options(obligation: Obligation) -> set[str]:
    """Its options that are no key of a rule."""
    return {one.name for one in fields(obligation.options)} - RuleTable.model_fields.keys()


def _takers(key: str) -> list[str]:
    """The obligations that have it as an option."""
    if key in AppliesTable.model_fields:
        return []  # more probably meant for `applies`
    return [name for name, one in sorted(OBLIGATIONS.items()) if key in _options(one)]


def rule_faults(rule: RuleTable, told: Told[RuleTable]) -> list[Fault]:
    """Everything that is wrong with a rule but the form of its keys; `told` says which of them can be judged."""
    exempt = []
    if told.is_told("exempt_by", *_KIND):
        exempt = kinds_faults(rule.applies.kind, rule.exempt_by, ("exempt_by",))
    return [*_text_faults(rule, told), *_obligation_faults(rule, told), *_limit_faults(rule), *exempt]


def _text_faults(rule: RuleTable, told: Told[RuleTable]) -> list[Fault]:
    faults = [
        Fault((), say('"{key}" is missing', key=key), say("a rule without source and article does not load"))
        for key, value in (("source", rule.source), ("article", rule.article))
        if told.is_told(key) and not value.strip()
    ]
    if told.is_told("id") and not NAME.fullmatch(rule.id):
        faults.append(Fault(("id",), say('"{id}" is not a name', id=rule.id), say("letters, digits and . _ -")))
    faults += [*article_faults("article", (rule.article,)), *article_faults("also", rule.also)]
    if rule.applies.column and rule.applies.kind is not TargetKind.COLUMN and told.is_told(*_KIND):
        faults.append(
            Fault(("applies", "column"), say('a target of kind "{kind}" has no column', kind=rule.applies.kind))
        )
    if rule.applies.level is not None and rule.applies.kind is not TargetKind.COLUMN and told.is_told(*_KIND):
        faults.append(
            Fault(("applies", "level"), say('a target of kind "{kind}" has no level', kind=rule.applies.kind))
        )
    if rule.applies.entry and rule.applies.kind is not TargetKind.PAGE and told.is_told(*_KIND):
        faults.append(
            Fault(
                ("applies", "entry"),
                say('a target of kind "{kind}" is no entry of a home page', kind=rule.applies.kind),
            )
        )
    with_home = {TargetKind.COLUMN, TargetKind.LINK}
    if rule.applies.on_home is not None and rule.applies.kind not in with_home and told.is_told(*_KIND):
        said = say('a target of kind "{kind}" is not on a home page', kind=rule.applies.kind)
        faults.append(Fault(("applies", "on_home"), said, say("a column or a link is")))
    if rule.applies.video is not None and rule.applies.kind is not TargetKind.ACCOUNT and told.is_told(*_KIND):
        faults.append(
            Fault(("applies", "video"), say('a target of kind "{kind}" is no account', kind=rule.applies.kind))
        )
    return faults


def _obligation_faults(rule: RuleTable, told: Told[RuleTable]) -> list[Fault]:
    if not told.is_told("obligation"):
        return []
    obligation = OBLIGATIONS.get(rule.obligation)
    if obligation is None:
        said = say('"{obligation}" is not an obligation that is judged', obligation=rule.obligation)
        near, asks = did_you_mean(rule.obligation, OBLIGATIONS), say("what each asks: config/rules/README.md")
        near = near or say("known: {words}", words=", ".join(sorted(OBLIGATIONS)))
        return [Fault(("obligation",), said, say("{one}; {other}", one=near, other=asks))]
    unread = _options_unread(rule, told, obligation)
    strange = _kinds_unfit(rule, told, obligation)
    faults = [*unread, *strange, *_of_each_other(rule, told, {str(one.path[-1]) for one in unread}, fits=not strange)]
    if obligation.limit and rule.limit is None and told.is_told("limit"):
        faults.append(
            Fault(
                (),
                say('"limit" is missing'),
                say("{obligation} needs one; {hint}", obligation=rule.obligation, hint=LIMIT_HINT),
            )
        )
    if obligation.limit is False and rule.limit is not None:
        faults.append(Fault(("limit",), say("{obligation} has no limit", obligation=rule.obligation)))
    if rule.warn and not obligation.warn:
        faults.append(Fault(("warn",), say("{obligation} has no date to warn before", obligation=rule.obligation)))
    return faults


def _options_unread(rule: RuleTable, told: Told[RuleTable], obligation: Obligation) -> list[Fault]:
    """Options that are wrong each by itself."""
    if not told.is_told("options"):
        return []
    none = [Fault((key,), *_NONE) for key, value in rule.options.items() if value == []]
    faults = [*option_faults(rule.options, obligation.options), *none]
    return [Fault(("options", *one.path), one.message, one.hint) for one in faults]


def _kinds_unfit(rule: RuleTable, told: Told[RuleTable], obligation: Obligation) -> list[Fault]:
    """Targets it is not judged for."""
    faults = []
    if rule.applies.kind not in obligation.kinds and told.is_told(*_KIND):
        kinds = ", ".join(sorted(obligation.kinds))
        faults.append(
            Fault(
                ("applies", "kind"),
                say("{obligation} is not judged for a {kind}", obligation=rule.obligation, kind=rule.applies.kind),
                say("it is judged for: {kinds}", kinds=kinds),
            )
        )
    if obligation.entries and not rule.applies.entry and told.is_told("applies", "applies.entry"):
        hint = say("any of {words}", words=", ".join(EntryKind))
        faults.append(
            Fault(
                ("applies",),
                say("{obligation} is judged of declared entries: which?", obligation=rule.obligation),
                say("entry = {hint}", hint=hint),
            )
        )
    return faults


def _of_each_other(rule: RuleTable, told: Told[RuleTable], wrong: set[str], *, fits: bool) -> list[Fault]:
    """What limit, options, warnings and kind need of each other.

    Of options that are wrong by themselves nothing can be said but that they were written: what is missing may be meant by one of
    them. What is missing hides only what depends on it. `fits`: the rule is judged for such targets.
    """
    if not told.is_told("options"):
        return []
    sound = {key: value for key, value in rule.options.items() if key not in wrong}
    asked = Asked(rule.limit, sound, rule.warn)
    faults = together_faults(rule.obligation, asked) if told.is_told("limit") else []
    written = [one for one in faults if one.path[:1] == ("limit",) or {*one.path[1:]} & sound.keys()]
    told_kind = fits and told.is_told(*_KIND)
    if wrong:
        faults = written
    elif len(written) == len(faults):
        unheard = (
            unheard_faults(rule.obligation, rule.applies.kind, asked)
            if told_kind and told.is_told("limit", "warn")
            else []
        )
        faults += _others(unheard, faults)
        faults += _others(recorded_faults(rule.obligation, sound), faults)
    return faults + (_others(kinds_faults(rule.applies.kind, sound.get("of", ())), faults) if told_kind else [])


def _others(more: Sequence[Fault], faults: Sequence[Fault]) -> list[Fault]:
    """Those of which nothing is said yet."""
    return [one for one in more if one.path not in {told.path for told in faults}]


def _limit_faults(rule: RuleTable) -> list[Fault]:
    """Limits that cannot be read; warnings longer than the limit, or not from the earliest to the last."""
    limit, faults = _parsed("limit", [rule.limit] if rule.limit is not None else [])
    warn, more = _parsed("warn", list(rule.warn))
    faults += more
    faults += [
        Fault(("limit",), say('"{limit}" is no time at all', limit=str(rule.limit)), LIMIT_HINT)
        for one in limit
        if not one.number
    ]
    if limit and any(is_as_long(one, limit[0]) for one in warn):
        faults.append(Fault(("warn",), say("a warning is not shorter than the limit {limit}", limit=str(limit[0]))))
    if any(is_as_long(later, earlier) for earlier, later in pairwise(warn)):
        faults.append(Fault(("warn",), say("the warnings are not in order"), say('the earliest first: ["4d", "1d"]')))
    return faults


def _parsed(key: str, texts: list[str]) -> tuple[list[Limit], list[Fault]]:
    limits: list[Limit] = []
    faults: list[Fault] = []
    for text in texts:
        try:
            limits.append(parse_limit(text))
        except Unfitting as error:
            faults.append(Fault((key,), error.words, LIMIT_HINT))
    return limits, faults
