"""What the fields of ledgers are called, and their closed words, in the reader's language. Tables of msgids."""

from collections.abc import Mapping

from monitor.config.declared import KINDS
from monitor.model import DeclarationKind, Text, say
from monitor.render import translate

LABELS: Mapping[str, Text] = {
    "outage": say("outage no."),
    "site": say("site"),
    "name": say("name"),
    "owner": say("owner"),
    "started_at": say("began"),
    "ended_at": say("ended"),
    "day": say("day n"),
    "days": say("how the days are counted"),
    "reason": say("does not open because of"),
    "looks": say("looks that confirmed it"),
    "incident": say("incident no."),
    "kind": say("filed as"),
    "declaration": say("declaration no."),
    "number": say("document number"),
    "approved_by": say("approved by"),
    "planned_end": say("planned end"),
    "in_year": say("which of this year"),
    "notices": say("notices"),
    "lacks": say("the return lacks"),
    "filed": say("filed"),
    "failed": say("failed visits of the week"),
    "of": say("visits of the week"),
    "percent": say("percent failed (5 is the veto)"),
    "more": say("failures until the veto"),
    "minutes": say("minutes failed in the week"),
    "declarations": say("declarations"),
    "target": say("target"),
    "problem": say("problem"),
    "found_at": say("found"),
    "sent_at": say("sent"),
    "due_at": say("due"),
    "fixed_at": say("put right"),
    "late_hours": say("hours late"),
    "columns": say("columns"),
    "verdict": say("verdict"),
    "failing": say("vetoed by"),
    "suspected": say("suspected, to be verified"),
    "unseen": say("not seen"),
    "counts": say("columns in breach"),
}
WORDS: Mapping[str, Text] = {
    "passed": say("passed"),
    "failed": say("failed"),
    "undecided": say("cannot be decided"),
    "true": say("yes"),
    "false": say("no"),
}


def label(name: str, language: str) -> str:
    """What a field is called."""
    return translate(LABELS[name], language) if name in LABELS else name


def word(name: str, value: object, language: str) -> object:
    """A closed word of that field as people say it; everything else as it is."""
    if name == "kind" and value in {kind.value for kind in DeclarationKind}:
        return translate(KINDS[DeclarationKind(str(value))].name, language)
    known = WORDS.get(str(value).lower()) if name in {"verdict", "filed"} else None
    return value if known is None else translate(known, language)
