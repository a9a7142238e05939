"""Rows of `runs`, `conditions` and `outages` as what they are. Reads no store."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from monitor.clock import from_ms
from monitor.model import Cause, Condition, Finding, Measure, Outage, Outcome, Run
from monitor.store import canon

RUN = """id, check_name, subject, outcome, cause, reason, first_at, last_at, looks, streak, streak_since, cause_streak,
         cause_since, summary, measures, evidence"""
OUTAGE = "id, started_at, up_since, ended_at, gaps"
CONDITION = "id, check_name, subject, cause, reason, since, confirmed_at, ended_at"


def run_of(row: Sequence[Any]) -> Run:
    """A row that begins with the columns of RUN."""
    run_id, check, subject, outcome, cause, reason, first, last, looks, streak, since, same, same_since = row[:13]
    finding = _finding(check, subject, outcome, cause, reason, row[13], row[14], row[15])
    begun = None if same_since is None else from_ms(same_since)
    return Run(finding, from_ms(first), from_ms(last), looks, streak, from_ms(since), run_id, same, begun)


@lru_cache(maxsize=8192)  # most targets are well, and well in the same words
def _finding(  # noqa: PLR0917 - the columns of RUN that are a finding
    check: str,
    subject: str,
    outcome: str,
    cause: str | None,
    reason: str,
    summary: str,
    measures: str,
    evidence: str,
) -> Finding:
    return Finding(
        check=check,
        outcome=Outcome(outcome),
        summary=canon.load_text(summary),
        subject=subject,
        cause=None if cause is None else Cause(cause),
        reason=reason,
        measures=tuple(Measure(**raw) for raw in canon.loads(measures)),
        evidence=canon.loads(evidence),
    )


def condition_of(row: Sequence[Any]) -> Condition:
    """A row of the columns of CONDITION."""
    condition_id, check, subject, cause, reason, since, confirmed, ended = row
    end = None if ended is None else from_ms(ended)
    return Condition(check, subject, Cause(cause), reason, from_ms(since), from_ms(confirmed), end, condition_id)


def outage_of(row: Sequence[Any]) -> Outage:
    """A row of the columns of OUTAGE."""
    outage_id, started, up, ended, stored = row
    spans = canon.loads(stored)
    return Outage(
        from_ms(started),
        _at(up),
        _at(ended),
        tuple((from_ms(span[0]), from_ms(span[1])) for span in spans if len(span) == 2),
        outage_id,
        tuple((from_ms(span[0]), _at(span[1])) for span in spans if len(span) == 3),
    )


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
