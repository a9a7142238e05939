"""What people do in a rehearsal: they take over, file, take messages down and answer them, each when the scenario says.

Writes the rehearsed store through the functions the desk uses. What could not be done while the process was gone or the disk
full is done as soon as it can be; done twice, a filing or a message is still one.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from monitor.city.faults import Event, Faults, ScenarioError, Scene
from monitor.city.filings import Filing, filings_of, letter_of
from monitor.city.notices import notice_url
from monitor.city.plan import FEEDS, Account, Plan
from monitor.city.posts import account_posts
from monitor.city.routes import post_path
from monitor.city.scenario import Scenario
from monitor.city.virtual import VirtualClock
from monitor.clock import SHANGHAI, civil_day, iso
from monitor.config.declared import KINDS
from monitor.config.declaring import Request, Unfit
from monitor.model import Declaration, DeclarationKind, PublicMessage
from monitor.plan.bell import Bell
from monitor.settle.filing import amend, file_declaration
from monitor.settle.policy import Policy
from monitor.store import brought, commands, declarations, incidents, register, registers
from monitor.store.database import Database, StoreError

BY = "值班员"
SOURCE = "演练"
CONSENTS = ("市政府办公室", "市委网信办")
MOMENT = 1e-3
"""Seconds: timers may come that much late."""


class Turned(ScenarioError):
    """The desk refuses what a scenario files; a line for each problem."""

    def __init__(self, one: Filing, at: datetime, refused: Unfit) -> None:
        """`at`: when it would have been filed, or its date entered."""
        what = f"{one.kind} of {one.target} at {at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}: "
        super().__init__([f"{what}{problem.place}: {problem.words}" for problem in refused.problems])


@dataclass(frozen=True, slots=True)
class Act:
    """Something somebody does at an instant since the start. `again`: it is made up for when it was not possible then."""

    at: timedelta
    do: Callable[[sqlite3.Connection, datetime, Policy | None], None]
    again: bool = True


@dataclass(slots=True)
class People:
    """Those of the desk; they outlive the process. `done` is how many of their acts are over."""

    acts: Sequence[Act]
    done: int = 0

    async def work(
        self, database: Database, clock: VirtualClock, rounds: Bell, retry: float, policy: Policy | None = None
    ) -> None:
        """Each act at its instant. What the store refuses is tried again every so many seconds."""
        while self.done < len(self.acts):
            act = self.acts[self.done]
            ahead = (act.at - clock.passed).total_seconds()
            await asyncio.sleep(max(0.0, ahead))
            try:
                if act.again or ahead > -MOMENT:
                    await database.write(partial(_do, act=act, now=clock.now(), policy=policy))
            except StoreError:
                if act.again:
                    await asyncio.sleep(retry)
                    continue
            self.done += 1
            rounds.ring()
        await asyncio.Event().wait()


def _do(tx: sqlite3.Connection, act: Act, now: datetime, policy: Policy | None) -> None:
    act.do(tx, now, policy)


def acts_of(scenario: Scenario, events: tuple[Event, ...]) -> list[Act]:
    """All of them, earliest first; `events` with every pattern turned into names."""
    found = [act for number, event in enumerate(events) for act in _acts(scenario, event, number)]
    posts = [event for event in events if event.kind == "posts"]
    faults = Faults(scenario.plan, [one for one in events if one.target.startswith("account")], scenario.start)
    found += [Act(one.at, partial(_sort_posts, event=one, scenario=scenario, faults=faults)) for one in posts]
    return sorted(found, key=lambda act: act.at)


def _acts(scenario: Scenario, event: Event, number: int) -> Iterator[Act]:
    target = scenario.plan.target_id(event.target)
    if event.kind == "ack":
        yield Act(event.at, partial(_take_over, event=event, target=target), again=False)
    elif event.kind == "declared":
        for one in filings_of(event, scenario.start):
            yield from _filed(scenario, one)
    elif event.kind == "message":
        letter = letter_of(event, scenario.start)
        if letter.by_page:
            return  # nobody brings it: it stands on the site's reply list
        message = PublicMessage(id=f"{letter.cls}-{number + 1}", target=target, cls=letter.cls, received_at=letter.at)
        yield Act(event.at, partial(_take_down, one=message))
        if letter.answered is not None:
            answered = replace(message, answered_at=letter.answered)
            yield Act(letter.answered - scenario.start, partial(_answer, one=answered))


def _filed(scenario: Scenario, one: Filing) -> Iterator[Act]:
    """It is filed with what is known of it then; the rest is entered later, all of an instant at once."""
    at_once = fields_of(scenario.plan, one, {name: at for name, at in one.dated.items() if at <= one.at})
    yield Act(one.at - scenario.start, partial(_file, one=one, fields=at_once))
    for at in sorted({at for at in one.dated.values() if at > one.at}):
        told = {name: when for name, when in one.dated.items() if when == at}
        yield Act(at - scenario.start, partial(_enter, one=one, dated=told, plan=scenario.plan))


def fields_of(plan: Plan, one: Filing, dated: Mapping[str, datetime]) -> dict[str, object]:
    """What the kind must say, what the scenario has it say, and of its dates these."""
    known = KINDS[one.kind].fields
    needed = {name: SOURCE for name, field in known.items() if field.needed and field.form == "text"}
    if one.activity:
        needed["activity"] = one.activity
    addresses = {name: notice_url(plan, one.target, name) for name in one.notices}
    return {**needed, **dict.fromkeys(one.switches, True), **addresses, **_dates(plan, one, dated)}


def _dates(plan: Plan, one: Filing, dated: Mapping[str, datetime]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, at in dated.items():
        match KINDS[one.kind].fields[name].form:
            case "texts":
                found[name] = list(CONSENTS)
            case "address":
                found[name] = notice_url(plan, one.target, name)
            case "instant":
                found[name] = iso(at)
            case _:
                found[name] = str(civil_day(at))
    return found


def _take_over(tx: sqlite3.Connection, now: datetime, policy: Policy | None, event: Event, target: str) -> None:
    del policy
    for one in incidents.open_memberships(tx, target):
        if one.incident is not None:
            commands.ack(tx, now, event.option("by", BY), one.incident)


def _file(
    tx: sqlite3.Connection, now: datetime, policy: Policy | None, one: Filing, fields: Mapping[str, object]
) -> None:
    """The process may have died just after it was filed."""
    if any(_is_it(one, known) for known, _ in declarations.ever_of(tx, one.target)):
        return
    start = min(one.start, now) if one.kind is DeclarationKind.RETURN else one.start  # our clock may have been set back
    request = Request(
        kind=one.kind.value,
        target=one.target,
        start=iso(start),
        end="" if one.end is None else iso(one.end),
        number=one.number,
        by=BY,
        fields=fields,
    )
    try:
        file_declaration(tx, policy, request, now)
    except Unfit as error:
        raise Turned(one, one.at, error) from error


def _enter(
    tx: sqlite3.Connection,
    now: datetime,
    policy: Policy | None,
    *,
    one: Filing,
    dated: Mapping[str, datetime],
    plan: Plan,
) -> None:
    counting = [known for known in declarations.of_target(tx, one.target) if _is_it(one, known)]
    told = _dates(plan, one, {name: min(at, now) for name, at in dated.items()})
    for known in counting[-1:]:
        if any(name not in known.fields for name in told):
            try:
                amend(tx, policy, known.id, now, fields=told, by=BY)
            except Unfit as error:
                raise Turned(one, now, error) from error


def _is_it(one: Filing, known: Declaration) -> bool:
    """A return is told to be of now; of one kind and paper there is one at a time."""
    same = (one.kind, one.end, one.number, one.activity) == (
        known.kind,
        known.end,
        known.number,
        known.text("activity"),
    )
    return same and (one.start == known.start or one.kind is DeclarationKind.RETURN)


def _take_down(tx: sqlite3.Connection, now: datetime, policy: Policy | None, one: PublicMessage) -> None:
    del policy
    if register.add_message(tx, one, SOURCE, BY, now):
        brought.touch(tx, one.target, now)


def _answer(tx: sqlite3.Connection, now: datetime, policy: Policy | None, one: PublicMessage) -> None:
    del policy
    if register.answer_message(tx, one, BY, now):
        brought.touch(tx, one.target, now)


def _sort_posts(
    tx: sqlite3.Connection, now: datetime, policy: Policy | None, *, event: Event, scenario: Scenario, faults: Faults
) -> None:
    """Somebody goes through the newest posts of an account and says which are its own."""
    del policy
    account = scenario.plan.by_name[event.target]
    assert isinstance(account, Account)
    own, others = int(event.number("original", 0)), int(event.number("others", 0))
    scene = Scene(scenario.plan, faults, scenario.start + event.at)
    base = scenario.plan.origin(FEEDS)
    rows = [
        registers.PostRow(account.name, base + post_path(account, post.number), str(post.day), post.title, n < own)
        for n, post in enumerate(account_posts(scene, account, own + others))
    ]
    registers.put_posts(tx, rows, registers.Source(BY, f"{SOURCE}.csv", "0" * 64), now, replace=True)
