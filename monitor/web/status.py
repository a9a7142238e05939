"""What the running process knows of itself and no table holds; the daemon writes it, health and the desk read it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model import Text


@dataclass(slots=True)
class Status:
    """The state of this process. Instants are aware UTC; None: never yet."""

    started_at: datetime
    ready: bool = False
    stopping: bool = False
    last_round_at: datetime | None = None  # a round that claimed, settled and committed
    rounds: int = 0
    visits: int = 0  # settled since the start
    in_flight: int = 0
    store_error: str | None = None  # the last transaction failed with this
    store_error_at: datetime | None = None
    reload_problems: tuple[str, ...] = ()  # of the last reload that was refused
    reload_refused_at: datetime | None = None
    waiting: tuple[str, ...] = ()  # settings that were changed and wait for a restart
    loaded_at: datetime | None = None  # when the running settings were taken over
    uplink_blind: bool = False
    untold_why: Text | None = None  # why it could not be told if our own network failed, and what to do
    untold_since: datetime | None = None
    disk_low: bool = False
    set_aside: tuple[str, ...] = field(default=())  # targets that brought the process down twice
    no_calendar: tuple[int, ...] = ()  # years, this one or the next, whose working days nobody knows
    untold: int = 0  # notices the auditor found missing at its last look

    def clock_set(self, by: timedelta) -> None:
        """The machine's clock was set: ages stay what they are."""
        self.started_at += by
        self.last_round_at = _moved(self.last_round_at, by)
        self.store_error_at = _moved(self.store_error_at, by)
        self.reload_refused_at = _moved(self.reload_refused_at, by)
        self.loaded_at = _moved(self.loaded_at, by)
        self.untold_since = _moved(self.untold_since, by)


def _moved(at: datetime | None, by: timedelta) -> datetime | None:
    return None if at is None else at + by
