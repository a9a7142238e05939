"""永久下线和账号关停台账: closures for good and closings of accounts, and how long the notice of each has to stay.

Pure. Judging says how far the days of a notice are (`Stay`); here they stand beside what was filed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from monitor.model import Declaration, DeclarationKind, Outcome, Text, say
from monitor.report.notices import Looks, Notice, notices
from monitor.report.outages import texts

CLOSINGS = (DeclarationKind.PERMANENT_OFFLINE, DeclarationKind.ACCOUNT_CLOSING)

DAYS: Mapping[Outcome, Text] = {
    Outcome.OK: say("counted, the notice was seen"),
    Outcome.FAIL: say("counted, the notice was missing"),
    Outcome.UNKNOWN: say("counted, nobody could tell whether it was there"),
}
"""What is told of each day of a notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """How long the notice in `field` stays by one rule. `day` is the n of today, at most `of`: days or working days, as the limit counts.

    Of these days it was seen on `kept`, missing on `missing`, and nobody could tell of `unseen`. It has to stay through `last_day` and
    may go from `free_from`; None: the working days of the year are not known. `standing` is of all of its days: one on which it was
    missing breaks it for good, and what nobody saw is unknown.
    """

    rule: str
    source: str
    article: str
    says: str
    field: str
    limit: str
    day: int | None
    of: int
    last_day: date | None
    free_from: date | None
    kept: int
    missing: int
    unseen: int
    standing: str
    since: datetime | None
    why: Text
    days: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """One line of the ledger. `end`: what ended it, a return or a launch."""

    declaration: int
    target: str
    name: str
    owner: str
    kind: DeclarationKind
    start: datetime
    end: datetime | None
    number: str
    by: str
    filed_at: datetime
    decided: str
    approved_by: tuple[str, ...]
    new_url: str
    cancelled: str
    state_reported: str
    deregistered: str
    handed_in: str
    filed_on: str
    notices: tuple[Notice, ...]
    stays: tuple[Stay, ...]


def closing(
    one: Declaration,
    called: tuple[str, str],
    stays: tuple[Stay, ...],
    asked: Collection[tuple[DeclarationKind, str]],
    looks: Looks,
) -> Closing:
    """The ledger's line of one declaration; `called`: its target's name and owner."""
    name, owner = called
    return Closing(
        declaration=one.id,
        target=one.target,
        name=name,
        owner=owner,
        kind=one.kind,
        start=one.start,
        end=one.end,
        number=one.number,
        by=one.by,
        filed_at=one.filed_at,
        decided=one.text("decided"),
        approved_by=texts(one, "approved_by"),
        new_url=one.text("new_url"),
        cancelled=one.text("cancelled"),
        state_reported=one.text("state_reported"),
        deregistered=one.text("deregistered"),
        handed_in=one.text("handed_in"),
        filed_on=one.text("filed_on"),
        notices=tuple(notices(one, asked, looks)),
        stays=stays,
    )
