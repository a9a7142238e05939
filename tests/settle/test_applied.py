"""Who put an imported inventory in force stands in the log once, with what it changed."""

from pathlib import Path

from monitor.config.settings import Imported, Settings
from monitor.settle.intake import take_in
from monitor.settle.policy import policy_of
from monitor.store import events
from tests.store.made import MINUTE, NOON, site, store

FILE = Imported(Path("targets/imported.csv"), "李四", "2026-11-20T12:00:00.000+08:00", ("网站.xlsx",))


def test_it_is_told_once_with_what_came_and_went() -> None:
    with store() as tx:
        before = Settings(targets=(site("a"), site("b")))
        take_in(tx, policy_of(before), NOON)
        assert events.newest(tx, 5) == []
        after = policy_of(before.model_copy(update={"targets": (site("a", owner="x"), site("c")), "imported": FILE}))
        take_in(tx, after, NOON + MINUTE)
        take_in(tx, after, NOON + 2 * MINUTE)  # the next start
        (event,) = events.newest(tx, 5)
        assert (event.who, event.what, event.at) == ("李四", "targets.applied", NOON + MINUTE)
        assert event.body == {
            "files": ["网站.xlsx"],
            "applied_at": "2026-11-20T12:00:00.000+08:00",
            "added": 1,
            "added_ids": ["c"],
            "changed": 1,
            "changed_ids": ["a"],
            "removed": 1,
            "removed_ids": ["b"],
        }


def test_a_file_laid_there_by_hand_names_nobody() -> None:
    with store() as tx:
        settings = Settings(targets=(site("a"),), imported=FILE._replace(by=""))
        take_in(tx, policy_of(settings), NOON)
        assert events.newest(tx, 5) == []
