"""What moves along when the machine's clock is set: whatever waits, and what goes on and would else begin in the future.

Writes `targets`, `runs`, `run_dates`, `conditions`, `outages`, `members`, `mutes`, `notices`, `deliveries` and the pauses in `meta`. What is over, what was
told and civil dates stay as they were written: nobody can tell which of the two times was right.

Not moved, on purpose: `availability` (hours that were counted; those in the future count once they have come, and the week is
never held against fewer samples), days of a running outage on a clock set forward (they are civil dates, and after a
suspended machine they are true; broken takes a look all the same), items, links, bodies and events (history).
"""

import sqlite3
from datetime import datetime, timedelta

from monitor.clock import to_ms
from monitor.store import findings

_WAITS = (
    # The plan: everything comes as long after the jump as it would have come without. Nothing is ever planned further ahead
    # than its period or the hour a page is set aside: what was planned after the jump, before it was noticed, moves once.
    # Blindness: time that did not pass is not blindness, and none is undone either.
    """UPDATE targets SET next_due_at = min(next_due_at + :by, :now + max(period, 3600000)),
           sample_due_at = min(sample_due_at + :by, :now + period),
           lease_until = lease_until + :by, blind_since = blind_since + :by""",
    # Unreleased notices: how long they wait is told by both times (alert/release.py).
    "UPDATE notices SET created_at = created_at + :by, release_at = release_at + :by WHERE released_at IS NULL",
    # Deliveries are given up by age. None is put off longer than ten minutes by itself, by a receiver's wish its channel
    # pauses (below): one that was put off after the jump, before it was noticed, does not wait for it twice.
    """UPDATE deliveries SET created_at = created_at + :by, attempted_at = attempted_at + :by, lease_until = lease_until + :by,
           next_attempt_at = min(next_attempt_at + :by, max(next_attempt_at, :now + 600000))
       WHERE state IN ('pending', 'sending')""",
    # The budget of a channel counts the tries of the last minute, those that arrived too.
    """UPDATE deliveries SET attempted_at = attempted_at + :by
       WHERE state IN ('sent', 'superseded', 'dead') AND finished_at >= :before - 60000 AND attempted_at >= :before - 60000""",
    """UPDATE meta SET value = CAST(CAST(value AS INTEGER) + :by AS TEXT)
       WHERE key >= 'channel.pause:' AND key < 'channel.pause;' AND CAST(value AS INTEGER) > :before""",
    # Silence is asked for by its length; one over already stays over.
    "UPDATE mutes SET until = until + :by WHERE until > :before",
    # Confirmations under way, of a failure or of its end: the minutes between the tries were real ones. The clock of an
    # outage begins with the first of them, so it too must be told in the time that is shown now.
    """UPDATE runs SET streak_since = streak_since + :by, cause_since = cause_since + :by
       WHERE is_current = 1 AND id IN (
           SELECT r.id FROM runs r INDEXED BY runs_current
           LEFT JOIN conditions c ON c.target_id = r.target_id AND c.check_name = r.check_name AND c.subject = r.subject
                                 AND c.ended_at IS NULL
           WHERE r.is_current = 1 AND ((r.outcome = 'fail' AND c.cause IS NOT r.cause)
                                    OR (r.outcome = 'ok' AND c.id IS NOT NULL)))""",
)

_WENT_BACK = (
    # Ages that are compared with now. A forward jump leaves them: nothing was looked at in between, so a limit passed by
    # it gets its look, and coverage says what the clock says.
    """UPDATE targets SET last_visit_at = last_visit_at + :by, last_look_at = last_look_at + :by,
           first_look_at = CASE WHEN first_look_at > :now THEN first_look_at + :by ELSE first_look_at END""",
    # What goes on cannot have been seen last, or begun, in the future: a limit would break without a look, a check with
    # a cadence of its own would not come, an outage would have lasted less than no days.
    """UPDATE runs SET
           first_at = CASE WHEN first_at > :now THEN first_at + :by ELSE first_at END,
           last_at = CASE WHEN first_at > :now THEN last_at + :by WHEN last_at > :now THEN max(first_at, last_at + :by) ELSE last_at END,
           streak_since = CASE WHEN streak_since > :now THEN streak_since + :by ELSE streak_since END,
           cause_since = CASE WHEN cause_since > :now THEN cause_since + :by ELSE cause_since END
       WHERE is_current = 1 AND id IN (SELECT r.id FROM runs r INDEXED BY runs_current WHERE r.is_current = 1 AND r.last_at > :now)""",
    "UPDATE OR REPLACE run_dates SET since = since + :by WHERE since > :now",
    """UPDATE conditions SET
           since = CASE WHEN since > :now THEN since + :by ELSE since END,
           confirmed_at = CASE WHEN since > :now THEN confirmed_at + :by ELSE max(since, confirmed_at + :by) END
       WHERE ended_at IS NULL AND confirmed_at > :now""",
    """UPDATE outages SET
           started_at = CASE WHEN started_at > :now THEN started_at + :by ELSE started_at END,
           up_since = CASE WHEN up_since > :now THEN max(CASE WHEN started_at > :now THEN 0 ELSE started_at END, up_since + :by) ELSE up_since END
       WHERE ended_at IS NULL AND (started_at > :now OR up_since > :now)""",
    # Since when a trouble was called a false alarm silences the same trouble, and must not silence those to come.
    "UPDATE members SET since = since + :by WHERE since > :now",
    # Warnings and limits that are ahead again: everything is judged anew, in the small batches of the sweep.
    "UPDATE targets SET next_change_at = :now WHERE visits > 0 AND removed_at IS NULL",
)
"""Only after a clock was set back. Forward, what time alone changes comes up by itself (`next_change_at` is an instant)."""


def move_along(tx: sqlite3.Connection, by: timedelta, now: datetime) -> None:
    """The clock shows `now`, and `now - by` is what it would have shown."""
    values = {"by": by // timedelta(milliseconds=1), "now": to_ms(now), "before": to_ms(now - by)}
    ahead = "SELECT id FROM outages WHERE ended_at IS NULL AND (started_at > :now OR up_since > :now)"
    moved = [number for (number,) in tx.execute(ahead, values)] if by < timedelta() else []
    for statement in _WAITS if by > timedelta() else (*_WAITS, *_WENT_BACK):
        tx.execute(statement, values)
    findings.log_outages(tx, moved, now)
