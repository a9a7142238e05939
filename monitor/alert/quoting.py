"""How rules are quoted under 依据, in alerts and on the desk alike: what is known well enough first, the rest by article.

A membership names its rules the strictest first (judge/incidents.py), and a notice keeps that order; the desk, which has the
rules of a whole incident, finds it again. Pure: rules in, sentences out.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from monitor.model import Confidence, Severity, Text, say


class Cited(Protocol):
    """A rule as it is quoted, wherever it was kept."""

    @property
    def source(self) -> str: ...
    @property
    def article(self) -> str: ...
    @property
    def says(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def confidence(self) -> Confidence: ...


class Graded(Cited, Protocol):
    """A rule of which it is known how grave it is, and whether it only counts toward a veto."""

    @property
    def severity(self) -> Severity: ...
    @property
    def only_counts(self) -> bool: ...


R = TypeVar("R", bound=Graded)
C = TypeVar("C", bound=Cited)

QUOTABLE = (Confidence.VERBATIM, Confidence.SECONDARY)
"""Rules whose wording is known well enough to be quoted as the basis."""


def strictest_first(rules: Sequence[R]) -> list[R]:
    """The gravest; what is itself broken before what merely counts toward a veto."""
    return sorted(rules, key=lambda rule: (rule.severity.rank, rule.only_counts))


def ordered(rules: Sequence[C]) -> list[C]:
    """What may be quoted goes first, else as it comes."""
    return sorted(rules, key=lambda rule: rule.confidence not in QUOTABLE)


def basis(rule: Cited) -> Text:
    """On what basis: what is unconfirmed or of our own making is never worded as law."""
    if rule.confidence is Confidence.HOUSE:
        return say("Basis: own requirement: {says}", says=rule.says)
    if rule.confidence not in QUOTABLE:
        return say("Not verified, for reference only: {says}", says=rule.says)
    values = {"rule": f"{rule.source}{rule.article}", "says": rule.says}
    if rule.status:
        return say("Basis: {rule} ({status}): {says}", **values, status=rule.status)
    return say("Basis: {rule}: {says}", **values)


def also(rules: Sequence[Cited]) -> tuple[Text, ...]:
    """The articles behind the first one of `ordered` rules, each once, with what is to be known of its document."""
    named = dict.fromkeys((rule.source, rule.article, rule.status) for rule in rules if rule.confidence in QUOTABLE)
    behind = [*named][1:] if rules and rules[0].confidence in QUOTABLE else named
    return tuple(_named(source, [article], status) for source, article, status in behind)


def not_judged(rules: Sequence[Cited]) -> tuple[Text, ...]:
    """By document, the articles that cannot be judged while we cannot look: none of them is broken."""
    named: dict[tuple[str, str], dict[str, None]] = {}
    for rule in rules:
        if rule.confidence in QUOTABLE:
            named.setdefault((rule.source, rule.status), {})[rule.article] = None
    return tuple(_named(source, [*articles], status) for (source, status), articles in named.items())


def _named(source: str, articles: Sequence[str], status: str) -> Text:
    rule = f"{source}{'、'.join(articles)}"
    return say("{rule} ({status})", rule=rule, status=status) if status else Text("{words}", {"words": rule})
