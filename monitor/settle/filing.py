"""Filing, correcting and taking back declarations: all that follows from one, in its transaction.

Refuses with every problem at once (Unfit) and then writes nothing. What is filed is judged at once, the past with it; the
answer says what is otherwise now. Command line, socket and API come through here.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.clock import iso
from monitor.config.contradictions import contradictions, left_alone
from monitor.config.declared import KINDS
from monitor.config.declaring import Draft, Paper, Problem, Request, Unfit, read
from monitor.config.remarked import left_out, remarks
from monitor.config.sequence import orphans
from monitor.judge.effect import concerns
from monitor.judge.outage import ended_by_return, taken_up_again
from monitor.model import DESK_ID, Declaration, DeclarationKind, Membership, say
from monitor.settle.changed import Change, Picture, differences, of_incidents, picture
from monitor.settle.closed import touch_when_filed
from monitor.settle.desk import judge_desk, judge_desk_again, open_of_desk
from monitor.settle.judging import rejudge
from monitor.settle.overlong import overlong
from monitor.settle.policy import Policy
from monitor.settle.records import in_effect
from monitor.settle.uncounted import uncounted
from monitor.settle.weighed import weigh_again
from monitor.store import brought, canon, declarations, events, filed, findings, incidents, rules, targets, views
from monitor.store.declarations import Attachment

_ORDER = ("kind", "target", "corrects", "declaration", "from", "to", "number", "set", "attach", "note", "by")
"""In which order people read what is wrong."""
NOTHING_ELSE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Done:
    """The number it is written down under, what is otherwise now, and what ought to be looked at again."""

    number: int
    changed: tuple[Change, ...]
    remarks: tuple[Problem, ...] = ()


def file_declaration(tx: sqlite3.Connection, policy: Policy | None, request: Request, now: datetime) -> Done:
    """File it, judge again. Raises Unfit. Without a policy it is judged with the next round."""
    draft = read(request)
    line = None if request.corrects is None else filed.of_number(tx, request.corrects)
    if line is not None and _is_as_it_stands(draft, line):
        raise Unfit([*draft.problems, _nothing_to_correct("corrects", line)])
    gone = () if line is None else left_out(draft, line.declaration, [one.name for one in line.attachments])
    return _file(tx, policy, request, draft, now, tuple(gone))


def _file(  # noqa: PLR0917 - what is filed, as written and as read, by which rules, and what is to be said of it
    tx: sqlite3.Connection,
    policy: Policy | None,
    request: Request,
    draft: Draft,
    now: datetime,
    said: Iterable[Problem] = (),
) -> Done:
    record = filed.record_of(tx, draft, request.corrects, now)
    problems = [*draft.problems, *contradictions(draft, request.corrects, record, now)]
    if problems or draft.kind is None or draft.start is None:
        raise Unfit(sorted(problems, key=lambda one: _ORDER.index(one.place.split(" ")[0])))
    new = Declaration(
        id=0,
        kind=draft.kind,
        target=draft.target,
        start=draft.start,
        end=draft.end,
        number=request.number.strip(),
        by=canon.clean(request.by).strip(),
        filed_at=now,
        fields=draft.fields,
    )
    told = (
        *said,
        *remarks(draft, request.corrects, record, now),
        *overlong(tx, policy, draft, request.corrects, now),
        *uncounted(tx, policy, draft),
    )
    papers = [Attachment(paper.name, paper.bytes, paper.sha256) for paper in request.papers]
    earlier = record.corrected

    def write() -> int:
        if earlier is not None:
            _take_back(tx, earlier, now)
        number = declarations.file(tx, new, now, papers, request.corrects)
        _carry_out_return(tx, new, now)
        return number

    done = follow(tx, policy, draft.target, new.by, now, write)
    looked = _look_at_notice(tx, draft, now)
    if told:
        noted = [{"place": one.place, "words": str(one.words)} for one in told]
        events.append(tx, now, new.by, "declaration.remarked", {"declaration": done.number, "remarks": noted})
    return Done(done.number, (*done.changed, *looked), told)


def amend(
    tx: sqlite3.Connection,
    policy: Policy | None,
    number: int,
    now: datetime,
    *,
    told: Mapping[str, str] = NOTHING_ELSE,
    fields: Mapping[str, object] = NOTHING_ELSE,
    papers: tuple[Paper, ...] = (),
    by: str,
) -> Done:
    """Correct it in what is told otherwise, and keep the rest; papers are added. Raises Unfit.

    `told`: its "from", "to" and "number". An empty text takes an end, a number or a field away.
    """
    line = filed.of_number(tx, number)
    if line is None:
        words = say("there is no declaration {id}", id=number)
        raise Unfit([Problem("declaration", words, say("the list of declarations shows the numbers"), missing=True)])
    one = line.declaration
    kept = tuple(Paper(paper.name, paper.bytes, paper.sha256) for paper in line.attachments)
    request = Request(
        kind=one.kind.value,
        target=one.target,
        start=told.get("from", iso(one.start)),
        end=told.get("to", "" if one.end is None else iso(one.end)),
        number=told.get("number", one.number),
        by=by,
        fields={**one.fields, **fields},
        papers=(*kept, *(paper for paper in papers if paper not in kept)),
        corrects=number,
    )
    draft = read(request)
    if _is_as_it_stands(draft, line):
        raise Unfit([*draft.problems, _nothing_to_correct("declaration", line)])
    return _file(tx, policy, request, draft, now)


def _is_as_it_stands(draft: Draft, line: filed.Filed) -> bool:
    """Whether all that would be filed counts already, with the very papers: a correction of nothing."""
    one, papers = line.declaration, [(paper.name, paper.sha256) for paper in line.attachments]
    same = (draft.kind, draft.target, draft.start, draft.end) == (one.kind, one.target, one.start, one.end)
    told = (draft.number, draft.fields) == (one.number, one.fields)
    return same and told and line.superseded_at is None and [(it.name, it.sha256) for it in draft.papers] == papers


def _nothing_to_correct(place: str, line: filed.Filed) -> Problem:
    words = say("nothing is told otherwise than declaration {id} has it", id=line.declaration.id)
    return Problem(place, words, say("there is nothing to correct; tell what is otherwise"), conflict=True)


def withdraw(tx: sqlite3.Connection, policy: Policy | None, number: int, now: datetime, *, by: str, note: str) -> Done:
    """Take it back: it counts no more, and stays in the ledger. Raises Unfit."""
    line = filed.of_number(tx, number)
    problems = [] if line is not None and line.superseded_at is None else [_gone(number, line)]
    if line is not None and not problems:
        one = line.declaration
        filed_ = filed.record_of(tx, _as_filed(one), None, now)
        problems += left_alone("declaration", orphans(one, None, filed_.filed, filed_.outages))
    if not note.strip():
        problems.append(Problem("note", say("withdrawing needs a reason"), say("tell the reason")))
    if not by.strip():
        problems.append(Problem("by", say("who? every change names a person"), say("tell the name")))
    if problems or line is None:
        raise Unfit(problems)
    one, name = line.declaration, canon.clean(by).strip()

    def write() -> int:
        declarations.withdraw(tx, number, name, now, canon.clean(note).strip())
        _take_back(tx, one, now)
        return number

    return follow(tx, policy, one.target, name, now, write)


def _as_filed(one: Declaration) -> Draft:
    """A declaration as it was read when it was filed."""
    return Draft(
        kind=one.kind,
        target=one.target,
        start=one.start,
        end=one.end,
        fields=one.fields,
        problems=(),
        number=one.number,
    )


def _gone(number: int, line: filed.Filed | None) -> Problem:
    if line is None:
        words = say("there is no declaration {id}", id=number)
        return Problem("declaration", words, say("the list of declarations shows the numbers"), missing=True)
    if line.corrected_by is not None:
        words = say("declaration {id} was corrected by {by}", id=number, by=line.corrected_by)
        return Problem("declaration", words, say("withdraw declaration {by}", by=line.corrected_by))
    return Problem("declaration", say("declaration {id} was withdrawn", id=number))


def follow(  # noqa: PLR0917 - what is written, of whom, by whom, and by which rules it is judged
    tx: sqlite3.Connection, policy: Policy | None, target_id: str, by: str, now: datetime, write: Callable[[], int]
) -> Done:
    """Write it, judge the target again, tell what is otherwise. A target that is no longer watched is not judged."""
    stood = in_effect(tx, target_id, now)
    if policy is None or (target_id != DESK_ID and views.is_removed(tx, target_id)):
        number = write()
        judge_desk_again(tx) if target_id == DESK_ID else brought.touch(tx, target_id, now)
        touch_when_filed(tx, target_id, stood, in_effect(tx, target_id, now), now)
        return _told(tx, target_id, number, by, now, weigh_again(tx, target_id, stood, number, by, now))
    if any(rules.versions(tx).get(key) != rule.version for key, rule in policy.rules.items()):
        rules.remember(tx, policy.rules.values(), now)  # without a daemon: the settings may be newer than its last run
    target = policy.desk if target_id == DESK_ID else targets.load_target(tx, target_id)
    before, was = picture(tx, target, policy, now), _open(tx, target_id)
    number = write()
    after = picture(tx, target, policy, now)
    if target_id == DESK_ID:
        judge_desk(tx, policy, now)
    else:
        rejudge(tx, target, policy, now)
        touch_when_filed(tx, target_id, stood, in_effect(tx, target_id, now), now)
    _ease(tx, target_id, before, after, by, now)
    changed = (
        *differences(before, after, now),
        *of_incidents(was, _open(tx, target_id)),
        *weigh_again(tx, target_id, stood, number, by, now),
    )
    return _told(tx, target_id, number, by, now, changed)


def _told(  # noqa: PLR0917 - of whom, by which record, by whom, and what is otherwise
    tx: sqlite3.Connection, target_id: str, number: int, by: str, now: datetime, changed: Iterable[Change]
) -> Done:
    """A line of the log with all of it, where anything is otherwise."""
    done = Done(number, tuple(changed))
    if done.changed:
        told = [{"what": one.what, **one.body} for one in done.changed]
        events.append(tx, now, by, "target.judged_again", {"target": target_id, "record": number, "changed": told})
    return done


def _open(tx: sqlite3.Connection, target_id: str) -> Mapping[int, Membership]:
    """Its open incidents, each with the weight and the rules of the incident, whoever else is in it."""
    found = open_of_desk(tx) if target_id == DESK_ID else incidents.open_memberships(tx, target_id)
    whole = [(one, incidents.load(tx, one.incident)) for one in found if one.incident is not None]
    return {known.id: replace(one, severity=known.severity, rules=known.rules) for one, known in whole}


def _ease(  # noqa: PLR0917 - as above
    tx: sqlite3.Connection, target_id: str, before: Picture, after: Picture, by: str, now: datetime
) -> None:
    """What weighs less by what was filed is stored so: judging alone never makes an open incident lighter."""
    for name, wanted in after.wanted.items():
        was = before.wanted.get(name)
        if was is None or wanted.incident is None or wanted.severity.rank <= was.severity.rank:
            continue
        lighter = incidents.ease(tx, wanted.incident, target_id, wanted, now)
        body = {"incident": wanted.incident, "target": target_id, "severity": wanted.severity, "rules": wanted.rules}
        body["warned"] = wanted.warned
        events.append(tx, now, by, "incident.eased" if lighter else "incident.member_eased", body)


def _carry_out_return(tx: sqlite3.Connection, one: Declaration, now: datetime) -> None:
    """A recorded return ends the running outage of a site that is up again."""
    if one.kind is not DeclarationKind.RETURN:
        return
    running = findings.running_outage(tx, one.target)
    if running is None or not concerns(one.start, running):
        return
    over = ended_by_return(running, min(one.start, now))
    if over != running:
        findings.record_outage(tx, one.target, over, now)


def _take_back(tx: sqlite3.Connection, one: Declaration, now: datetime) -> None:
    """The outage that this return ended goes on, unless another has begun since."""
    if one.kind is not DeclarationKind.RETURN:
        return
    last = next(iter(filed.outages_of(tx, one.target, now)[-1:]), None)
    if last is None or last.ended_at is None:
        return
    again = taken_up_again(last, one.start, one.filed_at)
    if again != last:
        findings.record_outage(tx, one.target, again, now)


def _look_at_notice(tx: sqlite3.Connection, draft: Draft, now: datetime) -> tuple[Change, ...]:
    """An address to look at was told: the target's turn comes at once."""
    assert draft.kind is not None
    told = [name for name, one in KINDS[draft.kind].fields.items() if one.form == "address" and name in draft.fields]
    if not told or draft.target == DESK_ID or views.is_removed(tx, draft.target):
        return ()
    targets.pull_in(tx, draft.target, now)
    return (Change("look", {"target": draft.target, "fields": told}),)
