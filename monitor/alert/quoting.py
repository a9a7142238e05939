"""How rules are quoted under 依据, in alerts and on the desk alike: what is known well enough first, the rest by article.

Pure: rules in, sentences out.
"""

from collections.abc import Sequence
from typing import Protocol

from monitor.model import Confidence, Text, say


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


QUOTABLE = (Confidence.VERBATIM, Confidence.SECONDARY)
"""Rules whose wording is known well enough to be quoted as the basis."""


def ordered(rules: Sequence[Cited]) -> list[Cited]:
    """What may be quoted goes first."""
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


def also(rules: Sequence[Cited]) -> tuple[str, ...]:
    """The articles behind the first one of `ordered` rules, each once."""
    named = dict.fromkeys(f"{rule.source}{rule.article}" for rule in rules if rule.confidence in QUOTABLE)
    return tuple(named)[1:] if rules and rules[0].confidence in QUOTABLE else tuple(named)


def not_judged(rules: Sequence[Cited]) -> tuple[str, ...]:
    """The articles that cannot be judged while we cannot look: none of them is broken."""
    return tuple(dict.fromkeys(rule.article for rule in rules if rule.confidence in QUOTABLE))
