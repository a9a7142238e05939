"""What a check says of a target, in words that can be translated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from monitor.model.words import Cause, Outcome

Value = str | int | float

DATES = frozenset({"date", "days"})
"""Units of the measures that rules read. Seconds and counts may differ in every look."""


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence as its English template (the gettext msgid) and the values that go in; one may be a sentence itself."""

    template: str
    values: "Mapping[str, Value | Text]" = field(default_factory=dict)

    def __str__(self) -> str:
        """The English sentence."""
        return self.template.format(**self.values)


def say(template: str, **values: Value | Text) -> Text:
    """A sentence to be shown to people; the catalogues translate the template."""
    return Text(template, values)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measured number or date. Units: seconds, bytes, count, days, date (YYYY-MM-DD or YYYY-MM), share."""

    name: str
    value: Value
    unit: str


class Finding(NamedTuple):
    """发现. `reason` is a constant word a program can compare ('dns', 'shell', 'undated', 'host_down', 'uplink').

    `subject` is "" for the target itself. `cause` is what an incident of it would be about; a FAIL always has one.
    Measures never break a run. `evidence` is small and JSON-safe.
    """

    check: str
    outcome: Outcome
    summary: Text
    subject: str = ""
    cause: Cause | None = None
    reason: str = ""
    measures: tuple[Measure, ...] = ()
    evidence: Mapping[str, object] = MappingProxyType({})

    def measure(self, name: str) -> Value | None:
        """The value of the measure of that name, None when there is none."""
        return next((m.value for m in self.measures if m.name == name), None)

    @property
    def dates(self) -> tuple[tuple[str, Value], ...]:
        """(name, value) of the measures that rules read."""
        return tuple((m.name, m.value) for m in self.measures if m.unit in DATES)


def ok(check: str, summary: Text, *measures: Measure, **evidence: object) -> Finding:
    """Looked, and it is fine."""
    return Finding(check, Outcome.OK, summary, measures=measures, evidence=evidence)


def fail(check: str, cause: Cause, reason: str, summary: Text, *measures: Measure, **evidence: object) -> Finding:
    """Looked, and it is not fine."""
    return Finding(check, Outcome.FAIL, summary, cause=cause, reason=reason, measures=measures, evidence=evidence)


def unknown(check: str, reason: str, summary: Text, *measures: Measure, **evidence: object) -> Finding:
    """Could not look: neither bad nor good."""
    return Finding(check, Outcome.UNKNOWN, summary, reason=reason, measures=measures, evidence=evidence)
