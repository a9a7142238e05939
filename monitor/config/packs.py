"""Rule packs: one document as a TOML file, every rule with its source and article, or it does not load.

Reads the shipped packs and those beside the settings; a pack beside the settings replaces the shipped one of the same
name. A rule's version is a hash of all it says, so that what decided an incident can be found again.
"""

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field

from monitor.config.document import Document, Report, open_document
from monitor.config.durations import parse_limit
from monitor.config.options import Fault
from monitor.config.problems import did_you_mean
from monitor.config.rules import NAME, RuleTable, rule_faults, with_strays
from monitor.config.settings import Section
from monitor.config.tables import read_model, tables_of
from monitor.config.unheard import meant_activity, uncounted
from monitor.model import Applies, Pack, Rule, say

_LOST_NAME = re.compile(r"""^\s*pack\s*[=＝]\s*["'“”＂]?([\w.-]+)""", re.MULTILINE)


class PackTable(Section):
    """The head of a pack."""

    pack: str
    title: Annotated[str, Field(min_length=1)]
    issued: date | None = None
    status: str = ""
    rule: tuple[()] = ()  # they are read one by one; here so that it is known


class Packs(NamedTuple):
    """The packs that were loaded, and the names of all there are, those with problems too; None when one could not be told."""

    loaded: tuple[Pack, ...]
    named: set[str] | None


def read_packs(
    files: list[tuple[Path, str]], shipped: list[tuple[Path, str]], report: Report, checks: Collection[str] = ()
) -> Packs:
    """All packs by name; two files beside the settings may not have the same name. `checks` are those there are."""
    packs: dict[str, Pack] = {}
    named: dict[str, str] = {}
    unknown = False
    for path, name in files:
        key, pack = _read(path, name, report, checks)
        if key is None:
            unknown = True
        elif key in named:
            report.add(
                name,
                None,
                "pack",
                say('the rule pack "{key}" is there twice', key=key),
                say("the first is {file}", file=named[key]),
            )
        else:
            named[key] = name
            if pack is not None:
                packs[key] = pack
                _remark(pack, name, shipped, report)
    for path, name in shipped:
        if path.stem not in named:
            key, pack = _read(path, name, report, ())
            packs |= {} if pack is None else {pack.id: pack}
    known = None if unknown else packs.keys() | named.keys()
    return Packs(tuple(packs[name] for name in sorted(packs)), known)


def _remark(pack: Pack, name: str, shipped: list[tuple[Path, str]], report: Report) -> None:
    """What is allowed of a pack without faults, and hardly meant: no rule, or a shipped pack that loses some of its rules."""
    if report.counts.get(name):
        return
    if not pack.rules:
        told = say('the rule pack "{key}" has no rule: nothing is judged by it', key=pack.id)
        report.warn(name, None, "pack", told, say("write a [[rule]] for each obligation"))
    whole = next((path for path, _ in shipped if path.stem == pack.id), None)
    _, replaced = (None, None) if whole is None else _read(whole, whole.name, Report(), ())
    here = {rule.id for rule in pack.rules}
    gone = [rule.id for rule in replaced.rules if rule.id not in here] if replaced is not None else []
    if replaced is not None and gone:
        of: dict[str, str | int] = {"n": len(gone), "of": len(replaced.rules), "rules": ", ".join(gone)}
        told = say(
            "it replaces the shipped pack of this name, and {n} of its {of} rules are not in force: {rules}", **of
        )
        report.warn(
            name, None, "pack", told, say("begin with a copy of the shipped file, or give it a name of its own")
        )


def _read(path: Path, name: str, report: Report, checks: Collection[str]) -> tuple[str | None, Pack | None]:
    """The name of the pack, as far as it can be told, and the pack when its head is right."""
    document = open_document(path, name, report)
    if document is None:
        return None, None
    table = {key: value for key, value in document.table.items() if key != "rule"}
    if document.lost and "pack" not in table:
        lost = _LOST_NAME.search(document.lost)
        _rules(document, None, checks)
        return None if lost is None else lost[1], None
    told = read_model(document, (), table, PackTable)
    head = told.value
    key = head.pack if head is not None and told.is_told("pack") else None
    if key is not None and not NAME.fullmatch(key):
        document.add(("pack",), say('"{key}" is not a name', key=key), say("letters, digits and . _ -"))
    rules = _rules(document, head, checks)
    if head is None or key is None:
        return key, None
    return key, Pack(key, head.title, head.issued, head.status, rules)


def _rules(document: Document, head: PackTable | None, checks: Collection[str]) -> tuple[Rule, ...]:
    rules: list[tuple[int, Rule]] = []
    taken: set[object] = set()
    unsound: set[str] = {"?"} if document.lost else set()
    for number, written in tables_of(document, "rule"):
        table, strays = with_strays(written)
        for fault in strays:
            document.add(("rule", number, *fault.path), fault.message, fault.hint)
        told = read_model(document, ("rule", number), table, RuleTable)
        if told.value is None:
            unsound.add("?")
            continue
        faults = [*rule_faults(told.value, told), *_unknown_check(told.value, checks)]
        for fault in faults:
            document.add(("rule", number, *fault.path), fault.message, fault.hint)
        if told.is_told("id") and told.value.id in taken:
            document.add(("rule", number, "id"), say('the rule "{id}" is there twice', id=told.value.id))
        taken.add(told.value.id)
        if head is not None and not faults and not strays and not told.wrong:
            rules.append((number, _loaded(told.value, head)))
            if (near := meant_activity(told.value.options)) is not None:
                document.warn(("rule", number, *near.path), near.message, near.hint)
        else:
            unsound.add(told.value.obligation)
    if not unsound & {"?", "at_most_in_breach", "updated_within"}:  # else what is missing may stand in those
        for number, fault in uncounted(rules):
            document.add(("rule", number, *fault.path), fault.message, fault.hint)
    return tuple(rule for _, rule in rules)


def _unknown_check(rule: RuleTable, checks: Collection[str]) -> list[Fault]:
    """A rule that goes by a check nobody has would never be judged."""
    check = rule.options.get("check", "")
    if not checks or not isinstance(check, str) or not check or check in checks:
        return []
    hint = did_you_mean(check, checks) or say("known: {words}", words=", ".join(sorted(checks)))
    return [Fault(("options", "check"), say('there is no check "{name}"', name=check), hint)]


def _loaded(told: RuleTable, head: PackTable) -> Rule:
    rule = Rule(
        pack=head.pack,
        id=told.id,
        source=told.source,
        article=told.article,
        also=told.also,
        says=told.says,
        applies=Applies(**dict(told.applies)),
        obligation=told.obligation,
        limit=None if told.limit is None else parse_limit(told.limit),
        warn=tuple(parse_limit(limit) for limit in told.warn),
        options=told.options,
        exempt_by=told.exempt_by,
        severity=told.severity,
        confidence=told.confidence,
        status=head.status,
    )
    return replace(rule, version=version_of(rule))


def version_of(rule: Rule) -> str:
    """Twelve hex digits over everything the rule says, its present version and its name in one left out."""
    told = {name: value for name, value in asdict(replace(rule, version="")).items() if name != "key"}
    said = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:12]
