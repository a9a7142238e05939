"""A drill: a scenario made ready, played through the real pipeline in virtual time, and scored against its truth.

Everything happens in a folder of its own; the store, channels and files of a running daemon are never touched. The result
is that of DESIGN.md §4.6, its instants those of a right clock, whatever the daemon's clock showed.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path

from monitor.city.carrier import Carrier
from monitor.city.faults import Event, Faults
from monitor.city.listed import check_options, inventory_of, roster
from monitor.city.reckoning import Arrival, Told, unexcused
from monitor.city.robot import Robot
from monitor.city.scenario import Scenario
from monitor.city.score import score_of
from monitor.city.terms import terms_of
from monitor.city.virtual import VirtualClock
from monitor.clock import SHANGHAI
from monitor.config.settings import Channel, Person, Settings
from monitor.observe.guard import Guard
from monitor.paperwork import People, acts_of
from monitor.rehearsal import Rehearsal
from monitor.store.found import Sending, every_incident, every_notice
from monitor.store.opening import open_reader

SHIPPED = "scenarios"
"""Folder of monitor/city with the scenarios that come with the product."""
WRONG = ("missed", "false", "late", "notices_lost")
"""What a drill must have none of."""


def shipped() -> dict[str, Path]:
    """The scenarios that come with the product, by name."""
    folder = Path(str(resources.files("monitor.city"))) / SHIPPED
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def run_drill(
    scenario: Scenario,
    defaults: Settings,
    tell: Callable[[Rehearsal], None] = lambda _rehearsal: None,
    inside: Path | None = None,
) -> dict[str, object]:
    """Play it and score it. `defaults`: the built-in settings with every pack; `tell` hears of every virtual day.

    The folder of the rehearsal is made `inside` that one (default: where temporary files go), and removed at the end.
    """
    with tempfile.TemporaryDirectory(prefix="zhishou-drill-", dir=inside) as folder:
        rehearsal = prepare(scenario, defaults, Path(folder))
        rehearsal.tell = tell
        begun = time.perf_counter()
        rehearsal.play()
        return outcome(rehearsal, time.perf_counter() - begun)


def is_faultless(result: dict[str, object]) -> bool:
    """Nothing missed, false, late or lost, and nothing told twice without a reason."""
    twice = result["notices_twice"]
    assert isinstance(twice, list)
    return not any(result[name] for name in WRONG) and not unexcused(twice)


def prepare(scenario: Scenario, defaults: Settings, folder: Path) -> Rehearsal:
    """Everything for playing it, with a new store in that folder."""
    faults = Faults(scenario.plan, scenario.events, scenario.start)
    clock = VirtualClock(scenario.start)
    settings = _settings(scenario, faults.events, defaults, folder / "zhishou.db")
    carrier = Carrier(scenario.plan, faults, clock.true, Guard(settings.guard.allow))
    robot, people = Robot("duty", faults, clock.true), People(acts_of(scenario, faults.events))
    return Rehearsal(scenario, settings, settings.store.path, faults, clock, carrier, robot, people)


def outcome(rehearsal: Rehearsal, wall_seconds: float) -> dict[str, object]:
    """What the store holds and the robot heard, scored."""
    reader = open_reader(str(rehearsal.store))
    try:
        incidents, notices = every_incident(reader), every_notice(reader)
    except sqlite3.Error as error:
        raise RuntimeError(f"{rehearsal.store}: {error}") from error
    finally:
        reader.close()
    arrivals = [
        Arrival(heard.message.delivery or 0, heard.at, heard.confirmed, heard.message.repeat)
        for heard in rehearsal.robot.heard
    ]
    return score_of(
        rehearsal.scenario,
        terms_of(rehearsal.scenario),
        incidents=_true_incidents(rehearsal, incidents, notices, arrivals),
        told=_true_notices(rehearsal, notices),
        arrivals=arrivals,
        visits=rehearsal.visits,
        wall_seconds=round(wall_seconds, 2),
    )


def _true_incidents(
    rehearsal: Rehearsal,
    incidents: Sequence[dict[str, object]],
    notices: Sequence[Sending],
    arrivals: Sequence[Arrival],
) -> list[dict[str, object]]:
    """Their instants by a right clock; told when the first message about them reached somebody and he said so."""
    came: dict[int, datetime] = {}
    for arrival in arrivals:
        if arrival.confirmed:
            came.setdefault(arrival.delivery, arrival.at)
    told: dict[object, datetime] = {}
    for one in notices:
        at = came.get(one.delivery) if one.delivery is not None else None
        if at is not None and one.incident is not None:
            told[one.incident] = min(at, told.get(one.incident, at))
    earliest, found = rehearsal.scenario.start, []
    for incident in incidents:  # in the order they were opened
        began, ends = _not_before(rehearsal, incident["id"])
        opened = rehearsal.clock.true_of(_instant(incident["opened_at"]), max(earliest, began))
        earliest = opened
        ended = incident["recovered_at"]
        recovered = None if ended is None else rehearsal.clock.true_of(_instant(ended), max(opened, ends))
        times = {"opened_at": opened, "recovered_at": recovered, "notified_at": told.get(incident["id"])}
        times = {name: at if at is None else at.astimezone(SHANGHAI) for name, at in times.items()}
        found.append({**incident, **times})
    return found


def _not_before(rehearsal: Rehearsal, incident: object) -> tuple[datetime, datetime]:
    """When it cannot have been opened yet, and when it still went on: a clock that was set back shows some hours twice."""
    opened = [at for at, known in rehearsal.at_jumps if incident not in known]
    ended = [at for at, known in rehearsal.at_jumps if known.get(incident, True)]  # type: ignore[call-overload]
    return max(opened, default=rehearsal.scenario.start), max(ended, default=rehearsal.scenario.start)


def _true_notices(rehearsal: Rehearsal, notices: Sequence[Sending]) -> list[Told]:
    earliest, found = rehearsal.scenario.start, []
    for one in notices:
        due = rehearsal.clock.true_of(one.due_at, earliest)
        finished = None if one.finished_at is None else rehearsal.clock.true_of(one.finished_at, due)
        found.append(Told(one.notice, one.kind, one.recipient, one.channel, due, one.state, finished, one.delivery))
    return found


def _instant(value: object) -> datetime:
    return datetime.fromisoformat(str(value))


def _settings(scenario: Scenario, events: Sequence[Event], defaults: Settings, store: Path) -> Settings:
    """The shipped settings, except for what the scenario sets, and the city's addresses."""
    plan = scenario.plan
    told = {
        "cadence": defaults.cadence.model_copy(update=dict(scenario.cadence)),
        "guard": defaults.guard.model_copy(update={"allow": ("127.0.0.0/8",)}),
        "reference": defaults.reference.model_copy(
            update={"urls": tuple(f"{plan.origin(host)}/" for host in plan.references)}
        ),
        "store": defaults.store.model_copy(update={"path": store, "disk_low_bytes": 0}),
        "channels": (Channel.model_validate({"id": "duty", "url": "console://"}),),
        "people": (Person(id="duty", name="值班员", channels=("duty",)),),
        "targets": inventory_of(plan, events, scenario.rules),
        "check_options": check_options(events),
        "shifts": roster(scenario.start, scenario.days, events),
        "packs": tuple(pack for pack in defaults.packs if pack.id in scenario.rules),
    }
    return defaults.model_copy(update=told)
