"""What each kind of declaration may and must say (报备登记): its fields, their forms, and on what it may be filed.

A table, used by the command line, the API and the desk alike. Dates are "YYYY-MM-DD", texts lists of at most 20.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from monitor.model import DeclarationKind, TargetKind, Text, say

Form = Literal["text", "texts", "date", "instant", "address", "switch", "number"]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a declaration says. `needed`: it is refused without."""

    form: Form
    means: Text
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """`on`: targets it may be filed for. `end`: whether a planned end must, may or must not be told. `timed`: a bare day does not do."""

    name: Text
    on: frozenset[TargetKind]
    fields: Mapping[str, Field]
    end: Literal["must", "may", "never"] = "may"
    timed: bool = False


_SITE, _ACCOUNT = frozenset({TargetKind.SITE}), frozenset({TargetKind.ACCOUNT})
_ANY = _SITE | _ACCOUNT | {TargetKind.COLUMN, TargetKind.PAGE, TargetKind.DESK}
_APPROVED = Field("texts", say("who approved it, each name"))
_OWN = Field("address", say("address of the notice on the own site"))
_PORTAL = Field("address", say("address of the notice on the portal of the same level"))
_NEW = Field("address", say("where the content is now"))
_REPORTED = Field("date", say("day of the written report"))
_FILED = Field("date", say("day on which it was filed in the national system"))
_HANDED = Field("date", say("day on which the papers were handed in: the days for filing count from it"))
_REASON = Field("text", say("why"), needed=True)

KINDS: Mapping[DeclarationKind, Kind] = {
    DeclarationKind.TEMPORARY_OFFLINE: Kind(
        say("temporary closure"),
        _SITE,
        {
            "approved_by": _APPROVED,
            "application": Field("text", say("number of the application in the national system")),
            "own_notice": _OWN,
            "portal_notice": _PORTAL,
            "restore_filed": Field("date", say("day on which the return was filed")),
        },
        end="must",
    ),
    DeclarationKind.PERMANENT_OFFLINE: Kind(
        say("permanent closure"),
        _SITE,
        {
            "approved_by": _APPROVED,
            "own_notice": _OWN,
            "portal_notice": _PORTAL,
            "new_url": _NEW,
            "cancelled": Field("date", say("day on which marks, filings and domain were cancelled")),
            "state_reported": Field("date", say("day on which the state was reported in the national system")),
        },
        end="never",
    ),
    DeclarationKind.FORCE_MAJEURE: Kind(say("force majeure"), _SITE, {"reason": _REASON, "reported": _REPORTED}),
    DeclarationKind.ORDERED_CLOSURE: Kind(
        say("closure by order"),
        _SITE,
        {
            "ordered_by": Field("text", say("who ordered it"), needed=True),
            "reason": _REASON,
            "security": Field("switch", say("closed for a security problem")),
            "reported": _REPORTED,
            "self_check": Field("date", say("day of the own check before the return")),
            "police_check": Field("date", say("day of the check by the police before the return")),
            "consents": Field("texts", say("who agreed to the return, each name")),
        },
    ),
    DeclarationKind.MIGRATION: Kind(
        say("migration"),
        _SITE,
        {"new_url": _NEW, "own_notice": _OWN, "filed_on": _FILED},
    ),
    DeclarationKind.ACCOUNT_CLOSING: Kind(
        say("closing of an account"),
        _ACCOUNT,
        {
            "decided": Field("text", say("who decided it, and how")),
            "notice": Field("address", say("address of the public notice")),
            "deregistered": Field("date", say("day on which it was deregistered")),
            "handed_in": _HANDED,
            "filed_on": _FILED,
        },
    ),
    DeclarationKind.LAUNCH: Kind(
        say("launch"),
        _SITE | _ACCOUNT,
        {
            "approved_by": _APPROVED,
            "site_code": Field("text", say("the site code (网站标识码)")),
            "filings": Field("texts", say("filings that are done, each name")),
            "handed_in": _HANDED,
            "filed_on": _FILED,
        },
        end="never",
    ),
    DeclarationKind.SPONSOR_CHANGE: Kind(
        say("change of the sponsor"),
        _SITE | _ACCOUNT,
        {
            "new_sponsor": Field("text", say("the new sponsor"), needed=True),
            "announced": Field("address", say("where it was announced")),
            "handed_in": _HANDED,
            "filed_on": _FILED,
        },
        end="never",
    ),
    DeclarationKind.CHANGE: Kind(
        say("another change"),
        _SITE | _ACCOUNT | {TargetKind.COLUMN},
        {"what": Field("text", say("what changes"), needed=True), "handed_in": _HANDED, "filed_on": _FILED},
        end="never",
    ),
    DeclarationKind.RETURN: Kind(say("return"), _SITE, {"filed_on": _FILED}, end="never"),
    DeclarationKind.ACTIVITY: Kind(
        say("something done"),
        _ANY,
        {
            "activity": Field("text", say("what was done: drill, meeting, self-check, …"), needed=True),
            "units": Field("texts", say("who took part, each name")),
            "reported": _REPORTED,
        },
    ),
    DeclarationKind.ORDER: Kind(
        say("order to rectify"),
        _ANY,
        {
            "problem": Field("text", say("what is to be put right"), needed=True),
            "found_at": Field("instant", say("when it was found")),
            "fixed_at": Field("instant", say("when it was put right")),
            "incident": Field("number", say("the incident it is about")),
            "minor": Field("switch", say("not a serious problem: no day by which it is to be put right")),
        },
        end="never",
        timed=True,
    ),
}
