"""Claims, finishes, releases and leases that end, in every order hypothesis can think of."""

from datetime import datetime

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from monitor.model import Claim
from monitor.store import targets
from tests.store.made import LEASE, MINUTE, NOON, SECOND, settled, site, store, visited, with_targets

NAMES = [f"site-{n}" for n in range(6)]


class Claims(RuleBasedStateMachine):
    """The model: who holds what until when, and when each target is due."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = store()
        self.tx = self.opened.__enter__()
        with_targets(self.tx, *(site(name) for name in NAMES))
        self.now = NOON
        self.due: dict[str, datetime] = {
            row[0]: NOON
            for row in self.tx.execute("UPDATE targets SET next_due_at = ? RETURNING id", (_ms(NOON),)).fetchall()
        }
        self.holder: dict[str, Claim] = {}
        self.all_claims: list[Claim] = []
        self.finished = dict.fromkeys(NAMES, 0)

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)

    @rule(limit=st.integers(1, 6))
    def claim(self, limit: int) -> None:
        free = [n for n in NAMES if self.due[n] <= self.now and not self._is_held(n)]
        got = targets.claim(self.tx, self.now, limit, LEASE)
        assert len(got) == min(limit, len(free))
        assert {claim.target.id for claim in got} <= set(free)
        left_behind = [self.due[n] for n in free if n not in {claim.target.id for claim in got}]
        assert all(self.due[claim.target.id] <= least for claim in got for least in left_behind)
        for claim in got:
            assert claim.seen.visits == self.finished[claim.target.id]
            self.holder[claim.target.id] = claim
            self.all_claims.append(claim)

    @rule(which=st.integers(0, 10_000), wait=st.integers(0, 300))
    def finish(self, which: int, wait: int) -> None:
        if not self.all_claims:
            return
        claim = self.all_claims[which % len(self.all_claims)]
        name = claim.target.id
        ours = self.holder.get(name) is claim
        due = self.now + wait * SECOND
        assert targets.holds(self.tx, claim) is ours
        assert targets.finish(self.tx, visited(claim, at=self.now), settled(self.now, next_due_at=due)) is ours
        if ours:
            del self.holder[name]
            self.due[name] = due
            self.finished[name] += 1

    @rule(which=st.integers(0, 10_000))
    def release(self, which: int) -> None:
        if not self.all_claims:
            return
        claim = self.all_claims[which % len(self.all_claims)]
        targets.release(self.tx, [claim])
        if self.holder.get(claim.target.id) is claim:
            del self.holder[claim.target.id]

    @rule(minutes=st.integers(0, 15))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule()
    def the_process_starts_anew(self) -> None:
        targets.end_leases(self.tx, self.now)
        assert not targets.claim(self.tx, self.now, 0, LEASE)
        self.holder = {name: _ended(claim, self.now) for name, claim in self.holder.items()}
        self.all_claims = list(self.holder.values())

    @invariant()
    def no_two_leases_are_alike(self) -> None:
        leases = self.tx.execute("SELECT id, lease FROM targets WHERE lease IS NOT NULL").fetchall()
        assert {name: claim.lease for name, claim in self.holder.items()} == dict(leases)

    def _is_held(self, name: str) -> bool:
        return name in self.holder and self.holder[name].lease_until > self.now


def _ended(claim: Claim, at: datetime) -> Claim:
    return Claim(
        claim.target, claim.due_at, claim.sample, claim.period, claim.lease, min(at, claim.lease_until), claim.seen
    )


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


TestClaims = Claims.TestCase
TestClaims.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
