"""Which declarations a rule goes by, and whether they have what it asks of them: else it could never be kept.

Pure; asked only of rules whose options each are right.
"""

from collections.abc import Mapping
from typing import Any

from monitor.config.declared import KINDS
from monitor.config.options import Fault
from monitor.config.problems import did_you_mean
from monitor.model import DeclarationKind, TargetKind, say

_FIELDS = {
    "notice_kept": ("own_notice", ("address",)),
    "filed_within": ("filed_on", ("date", "instant", "address", "text", "texts")),
}
"""Of obligations that go by a field of declarations: the usual one, and the forms it may have."""


def kinds_faults(kind: TargetKind, named: object, at: tuple[str, ...] = ("options", "of")) -> list[Fault]:
    """Kinds of declarations that nobody can file on such a target: a rule that goes by them would never see one."""
    faults = []
    for name in named if isinstance(named, list | tuple) else ():
        known = KINDS[DeclarationKind(name)].on if name in set(DeclarationKind) else {kind}
        if kind not in known:
            of = ", ".join(sorted(known))
            faults.append(
                Fault(
                    at,
                    say('a "{name}" is filed on no {kind}', name=name, kind=kind),
                    say("it is filed on: {of}", of=of),
                )
            )
    return faults


def recorded_faults(obligation: str, options: Mapping[str, Any]) -> list[Fault]:
    """Kinds without that field; and an activity asked of what is no record of one."""
    if obligation not in _FIELDS or options.get("what", "record") != "record":
        return []  # outages and returns have no field of their own
    usual, forms = _FIELDS[obligation]
    field, kinds = str(options.get("field", usual)), [DeclarationKind(one) for one in options.get("of", ())]
    if obligation == "notice_kept" and not kinds:
        hint = say('of = ["permanent_offline"]: the notice that such a declaration names')
        return [Fault(("options", "of"), say("which kinds of declarations owe the notice is missing"), hint)]
    faults = []
    for kind in kinds:
        known = [name for name, one in KINDS[kind].fields.items() if one.form in forms]
        if field not in known:
            advice = did_you_mean(field, known) if known else say("leave this kind out")
            faults.append(
                Fault(
                    ("options", "field"),
                    say('a declaration of kind "{kind}" has no "{field}" to go by', kind=kind, field=field),
                    advice,
                )
            )
    if options.get("activity") and DeclarationKind.ACTIVITY not in kinds:
        faults.append(
            Fault(("options", "activity"), say("only what was done has an activity"), say('of = ["activity"]'))
        )
    return faults
