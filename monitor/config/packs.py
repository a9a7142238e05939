"""Rule packs: one document as a TOML file, every rule with its source and article, or it does not load.

Reads the shipped packs and those beside the settings; a pack beside the settings replaces the shipped one of the same
name. A rule's version is a hash of all it says, so that what decided an incident can be found again.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from monitor.config.document import Document, Report, open_document
from monitor.config.durations import LIMIT_HINT, parse_limit
from monitor.config.obligations import OBLIGATIONS
from monitor.config.options import Fault, option_faults
from monitor.config.problems import did_you_mean
from monitor.config.sections import read_model, tables_of
from monitor.config.settings import Section, Switch
from monitor.model import Applies, ColumnKind, Confidence, Limit, Pack, Rule, Severity, TargetKind

_ARABIC = re.compile(r"第\s*[（(]?\d+[）)]?\s*[条款项章]")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


class AppliesTable(Section):
    """Which targets: a kind, for columns their kinds, and whether on the home page."""

    kind: TargetKind
    column: Annotated[tuple[ColumnKind, ...], BeforeValidator(_one_or_many)] = ()
    on_home: Switch | None = None


class RuleTable(Section):
    """A [[rule]] as written; source and article are asked for by name, see _rule_faults."""

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
    severity: Severity
    confidence: Confidence


class PackTable(Section):
    """The head of a pack."""

    pack: str
    title: Annotated[str, Field(min_length=1)]
    issued: date | None = None
    status: str = ""


def read_packs(files: list[tuple[Path, str]], shipped: list[tuple[Path, str]], report: Report) -> tuple[Pack, ...]:
    """All packs by name; two files beside the settings may not have the same name."""
    packs: dict[str, Pack] = {}
    named: dict[str, str] = {}
    for path, name in files:
        pack = _read(path, name, report)
        if pack is not None and pack.id in packs:
            report.add(
                name, None, "pack", f'the rule pack "{pack.id}" is there twice', f"the first is {named[pack.id]}"
            )
        elif pack is not None:
            packs[pack.id], named[pack.id] = pack, name
    for path, name in shipped:
        pack = _read(path, name, report) if path.stem not in packs else None
        if pack is not None:
            packs.setdefault(pack.id, pack)
    return tuple(packs[name] for name in sorted(packs))


def _read(path: Path, name: str, report: Report) -> Pack | None:
    document = open_document(path, name, report)
    if document is None:
        return None
    head = read_model(document, (), {key: value for key, value in document.table.items() if key != "rule"}, PackTable)
    if head is not None and not _NAME.fullmatch(head.pack):
        document.add(("pack",), f'"{head.pack}" is not a name', "letters, digits and . _ -")
    rules: dict[str, Rule] = {}
    for number, table in tables_of(document, "rule"):
        rule = _rule(document, number, table, head)
        if rule is not None and rules.setdefault(rule.id, rule) is not rule:
            document.add(("rule", number, "id"), f'the rule "{rule.id}" is there twice')
    return None if head is None else Pack(head.pack, head.title, head.issued, head.status, tuple(rules.values()))


def _rule(document: Document, number: int, table: Mapping[str, object], head: PackTable | None) -> Rule | None:
    told = read_model(document, ("rule", number), table, RuleTable)
    if told is None:
        return None
    faults = _rule_faults(told) + _obligation_faults(told) + _warn_faults(told)
    for fault in faults:
        document.add(("rule", number, *fault.path), fault.message, fault.hint)
    return None if faults or head is None else _loaded(told, head)


def _loaded(told: RuleTable, head: PackTable) -> Rule:
    rule = Rule(
        pack=head.pack,
        id=told.id,
        source=told.source,
        article=told.article,
        also=told.also,
        says=told.says,
        applies=Applies(told.applies.kind, told.applies.column, told.applies.on_home),
        obligation=told.obligation,
        limit=None if told.limit is None else parse_limit(told.limit),
        warn=tuple(parse_limit(limit) for limit in told.warn),
        options=told.options,
        severity=told.severity,
        confidence=told.confidence,
        status=head.status,
    )
    return replace(rule, version=version_of(rule))


def version_of(rule: Rule) -> str:
    """Twelve hex digits over everything the rule says, its present version left out."""
    said = json.dumps(asdict(replace(rule, version="")), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _rule_faults(told: RuleTable) -> list[Fault]:
    faults = [
        Fault((), f'"{key}" is missing', "a rule without source and article does not load")
        for key, value in (("source", told.source), ("article", told.article))
        if not value.strip()
    ]
    if not _NAME.fullmatch(told.id):
        faults.append(Fault(("id",), f'"{told.id}" is not a name', "letters, digits and . _ -"))
    for key, articles in (("article", (told.article,)), ("also", told.also)):
        if any(_ARABIC.search(article) for article in articles):
            hint = "write it as the document does: 第九条, 第二十六条第(四)项"
            faults.append(Fault((key,), "the article is not in Chinese numerals", hint))
    if told.applies.column and told.applies.kind is not TargetKind.COLUMN:
        faults.append(Fault(("applies", "column"), f'a target of kind "{told.applies.kind}" has no column'))
    return faults


def _obligation_faults(told: RuleTable) -> list[Fault]:
    obligation = OBLIGATIONS.get(told.obligation)
    if obligation is None:
        said = f'"{told.obligation}" is not an obligation that is judged'
        return [Fault(("obligation",), said, did_you_mean(told.obligation, OBLIGATIONS))]
    faults = [Fault(("options", *f.path), f.message, f.hint) for f in option_faults(told.options, obligation.options)]
    if told.applies.kind not in obligation.kinds:
        kinds = ", ".join(sorted(obligation.kinds))
        faults.append(Fault(("applies", "kind"), f"{told.obligation} is not judged for a {told.applies.kind}", kinds))
    if obligation.limit and told.limit is None:
        faults.append(Fault((), '"limit" is missing', f"{told.obligation} needs one; {LIMIT_HINT}"))
    if obligation.limit is False and told.limit is not None:
        faults.append(Fault(("limit",), f"{told.obligation} has no limit"))
    if told.warn and not obligation.warn:
        faults.append(Fault(("warn",), f"{told.obligation} has no date to warn before"))
    return faults


def _warn_faults(told: RuleTable) -> list[Fault]:
    """Limits that cannot be read; warnings longer than the limit, or not from the earliest to the last."""
    limit, faults = _parsed("limit", [told.limit] if told.limit is not None else [])
    warn, more = _parsed("warn", list(told.warn))
    faults += more
    if faults:
        return faults
    if limit and any(w.unit == limit[0].unit and w.number >= limit[0].number for w in warn):
        faults.append(Fault(("warn",), f"a warning is not shorter than the limit {limit[0]}"))
    if any(a.unit == b.unit and a.number <= b.number for a, b in pairwise(warn)):
        faults.append(Fault(("warn",), "the warnings are not in order", 'the earliest first: ["4d", "1d"]'))
    return faults


def _parsed(key: str, texts: list[str]) -> tuple[list[Limit], list[Fault]]:
    limits: list[Limit] = []
    faults: list[Fault] = []
    for text in texts:
        try:
            limits.append(parse_limit(text))
        except ValueError as error:
            faults.append(Fault((key,), str(error), LIMIT_HINT))
    return limits, faults
