"""The closure an outage is told with: which one, by its number, until when, as facts of a notice. Pure."""

from collections.abc import Iterable

from monitor.clock import to_ms
from monitor.config.declared import KINDS
from monitor.judge.records import called
from monitor.model import Cause, Compliance, Facts, Membership, Standing


def closure_told(facts: Facts, judged: Iterable[Standing], membership: Membership) -> dict[str, object] | None:
    """Of an outage that is only shown, because a closure is filed; None where something of it counts. `until`: milliseconds."""
    cited = [one for one in judged if one.rule in membership.rules and one.value is not Compliance.MET]
    if membership.cause is not Cause.OUTAGE or {one.value for one in cited} != {Compliance.EXEMPT}:
        return None
    numbers = {one.inputs.get("declaration") for one in cited}
    filed = next((one for one in facts.declarations if one.id in numbers), None)
    if filed is None:
        return None
    told: dict[str, object] = {
        "kind": {"template": KINDS[filed.kind].name.template, "values": {}},
        "number": called(filed),
    }
    return told if filed.end is None else told | {"until": to_ms(filed.end)}
