"""The short way of settling: a look that found everything as it was is written together with others like it.

`unchanged` says which looks those are, from the visit and its claim alone; whatever it cannot be sure of goes the long way
(pipeline.settle). Whoever waits here hears of the commit, or of the trouble.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from monitor.judge.runs import advance
from monitor.model import Finding, Outcome, Reach, Run, TargetKind, Visited
from monitor.plan.due import next_sample
from monitor.settle.judging import AWAITED
from monitor.settle.policy import Policy
from monitor.settle.remember import remembered_json
from monitor.store import again
from monitor.store.again import Again
from monitor.store.database import Database


def unchanged(visited: Visited, policy: Policy, now: datetime) -> Again | None:
    """The look in short when it was good and said of everything what the look before had said; else None.

    So is the first look at a link that opens: nothing was known of it, and nothing follows from it; and any page of others
    behind one, of which nothing but its name is kept.
    """
    claim, page = visited.claim, visited.page
    is_link = claim.target.kind is TargetKind.LINK
    if (
        visited.letters is not None
        or claim.sample_due_at is None
        or not visited.findings
        or (page is not None and not page.unchanged and not is_link)
    ):
        return None
    fresh = _first_runs(visited)
    runs = [run for finding in visited.findings if (run := _same_run(visited, finding, policy)) is not None]
    if len(runs) + len(fresh) < len(visited.findings):
        return None
    sample = claim.sample and claim.target.kind is TargetKind.SITE
    if sample and not (visited.reach is Reach.OPEN and any(f.check == "reachable" for f in visited.findings)):
        return None
    seen, fetched = claim.seen, None if page is None or page.fetched.not_modified else page.fetched
    return Again(
        target=claim.target.id,
        lease=claim.lease,
        grid=claim.sample_due_at,
        at=visited.started_at,
        judged_until=visited.started_at + AWAITED,
        due=next_sample(claim.sample_due_at, claim.period, max(now, claim.sample_due_at) if claim.sample else now),
        runs=tuple(runs),
        fresh=fresh,
        sample=sample,
        etag=seen.etag if fetched is None else fetched.header("etag"),
        last_modified=seen.last_modified if fetched is None else fetched.header("last-modified"),
        body_hash=seen.body_hash if fetched is None else visited.body_hash or seen.body_hash,
        normal_hash=seen.normal_hash if fetched is None else visited.normal_hash or seen.normal_hash,
        reading=remembered_json(visited) if is_link else None,
    )


def _first_runs(visited: Visited) -> tuple[Run, ...]:
    """What is said for the first time of a link nothing was ever said of, when all of it is good."""
    claim = visited.claim
    if claim.target.kind is not TargetKind.LINK or claim.seen.said:
        return ()
    if any(finding.outcome is not Outcome.OK for finding in visited.findings):
        return ()
    return tuple(advance(None, finding, visited.started_at) for finding in visited.findings)


def _same_run(visited: Visited, finding: Finding, policy: Policy) -> int | None:
    """The run this finding only makes longer: good now as before, long confirmed, and nothing a rule reads is different."""
    last = visited.claim.seen.said.get((finding.check, finding.subject))
    if last is None or finding.outcome is not Outcome.OK or last.outcome is not Outcome.OK:
        return None
    if last.reason != finding.reason or last.dates != finding.dates:
        return None
    if last.looks >= visited.claim.seen.visits:  # nothing else was ever said: there is nothing to end
        return last.run
    rule = policy.confirmation(visited.claim.target.kind, finding.check)
    return last.run if last.looks >= max(rule.fails, rule.goods) else None


@dataclass(slots=True)
class Together:
    """Looks on their way into the store: while one batch is written the next gathers. Lives on the loop."""

    database: Database
    checkpoint: Callable[[], None]  # inside the transaction, where a crash is tried out
    # Waited for before each batch, where a commit waits for no disk.
    gather: Callable[[], Awaitable[None]] | None = None
    _waiting: list[tuple[Again, "asyncio.Future[bool]"]] = field(default_factory=list)
    _writing: "asyncio.Task[None] | None" = None

    async def settle(self, look: Again) -> bool:
        """True once it is on the disk, False when its target has changed meanwhile. Raises StoreError."""
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((look, told))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await told

    async def _write(self) -> None:
        try:
            while self._waiting:
                if self.gather is not None:
                    await self.gather()
                batch, self._waiting = self._waiting, []
                await self._write_one(batch)
        finally:
            self._writing = None

    async def _write_one(self, batch: list[tuple[Again, "asyncio.Future[bool]"]]) -> None:
        def note(tx: sqlite3.Connection) -> set[str]:
            done = again.note(tx, [look for look, _ in batch])
            self.checkpoint()
            return done

        error, done = None, set[str]()
        try:
            done = await self.database.write(note)
        except BaseException as caught:  # whoever waits must hear of it, whatever it was
            error = caught
        for look, told in batch:
            if told.done():
                continue
            if error is not None:
                told.set_exception(error)
            else:
                told.set_result(look.target in done)
        if isinstance(error, asyncio.CancelledError):
            raise error
