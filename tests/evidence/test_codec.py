"""Facts, targets, rules and standings come back from JSON as they went; what nobody told comes back as its default."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from monitor.app import load_settings
from monitor.evidence.codec import plain, restore
from monitor.evidence.replay import Basis, Decided
from monitor.model import (
    Attestation,
    Cause,
    Compliance,
    Condition,
    Declaration,
    DeclarationKind,
    Facts,
    Finding,
    Kin,
    Measure,
    Membership,
    MessageClass,
    Outage,
    Outcome,
    Post,
    PublicMessage,
    Rule,
    Run,
    Severity,
    Shift,
    Standing,
    Target,
    TargetKind,
    Text,
)
from monitor.store import canon

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
numbers = st.integers(-(2**53), 2**53)
values = st.one_of(words, numbers, st.floats(allow_nan=False, allow_infinity=False))
objects = st.dictionaries(words, st.one_of(values, st.none(), st.booleans(), st.lists(values, max_size=2)), max_size=3)
spans = st.tuples(instants, instants)


def tuples(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=2).map(tuple)


texts = st.builds(Text, words, st.dictionaries(words, values, max_size=2))
measures = st.builds(Measure, words, values, words)
findings = st.builds(
    Finding,
    words,
    st.sampled_from(Outcome),
    texts,
    words,
    st.none() | st.sampled_from(Cause),
    words,
    tuples(measures),
    objects,
)
runs = st.builds(
    Run, findings, instants, instants, numbers, numbers, instants, st.none() | numbers, numbers, st.none() | instants
)
outages = st.builds(
    Outage, instants, st.none() | instants, st.none() | instants, tuples(spans), st.none() | numbers,
    tuples(st.tuples(instants, st.none() | instants)),
)  # fmt: skip
standings = st.builds(
    Standing, words, st.sampled_from(Compliance), texts, st.sampled_from(Cause), st.none() | instants, st.none() | instants,
    numbers, st.booleans(), objects, st.none() | instants, st.none() | instants, st.frozensets(words, max_size=2), numbers,
)  # fmt: skip
conditions = st.builds(Condition, words, words, st.sampled_from(Cause), words, instants, instants, st.none() | instants)
filed = st.builds(
    Declaration, id=numbers, kind=st.sampled_from(DeclarationKind), target=words, start=instants,
    end=st.none() | instants, filed_at=instants, fields=objects,
)  # fmt: skip
messages = st.builds(
    PublicMessage, id=words, target=words, cls=st.sampled_from(MessageClass), received_at=instants,
    answered_at=st.none() | instants, explained=st.booleans(),
)  # fmt: skip
facts = st.builds(
    Facts,
    runs=tuples(runs),
    conditions=tuples(conditions),
    outage=st.none() | outages,
    standings=tuples(standings),
    last_look_at=st.none() | instants,
    first_seen_at=st.none() | instants,
    blind_since=st.none() | instants,
    blind_reason=words,
    good=numbers,
    failed=numbers,
    excluded=numbers,
    expected=numbers,
    muted_by=st.none() | words,
    held=st.booleans(),
    declarations=tuples(filed),
    attested=st.none() | st.builds(Attestation, days, instants, instants, words),
    messages=tuples(messages),
    posts=tuples(st.builds(Post, days, st.none() | st.booleans())),
    ended=tuples(outages),
    counts=st.dictionaries(words, numbers, max_size=3),
    shifts=st.none() | tuples(st.builds(Shift, instants, instants, tuples(words))),
    workdays=st.dictionaries(days, st.booleans(), max_size=3),
    adopted=st.dictionaries(words, instants, max_size=2),
    kin=st.none() | st.builds(Kin, tuples(words), tuples(words), tuples(words)),
)
members = st.builds(
    Membership, st.sampled_from(Cause), words, st.sampled_from(Severity), tuples(words), instants, texts, numbers,
    st.none() | numbers,
)  # fmt: skip


def through(kind: type, value: object) -> object:
    return restore(kind, canon.loads(canon.dumps(plain(value))))


@settings(max_examples=150, deadline=None)
@given(known=facts)
def test_facts_come_back_as_they_went(known: Facts) -> None:
    assert through(Facts, known) == known


@settings(max_examples=60, deadline=None)
@given(
    known=facts,
    now=instants,
    open_now=tuples(members),
    length=st.none() | st.timedeltas(timedelta(), timedelta(days=99)),
)
def test_what_is_kept_comes_back_as_it_went(
    known: Facts, now: datetime, open_now: Any, length: timedelta | None
) -> None:
    target: Target[object] = Target(id="t", kind=TargetKind.SITE, name="某局", url="http://a.example/", options={})
    basis = Basis(target=target, facts=known, now=now, blind_limit=length, open_now=open_now)
    assert through(Basis, basis) == basis


@settings(max_examples=60, deadline=None)
@given(member=st.none() | members, judged=tuples(standings))
def test_what_was_decided_comes_back_as_it_went(member: Membership | None, judged: Any) -> None:
    decided = Decided(member, judged)
    assert through(Decided, decided) == decided


def test_every_shipped_rule_comes_back_from_the_text_the_store_keeps() -> None:
    for rule in (rule for pack in load_settings(None).packs for rule in pack.rules):
        assert restore(Rule, canon.loads(canon.dumps(rule))) == rule


def test_what_is_as_by_default_is_left_out() -> None:
    assert plain(Facts()) == {}
    assert plain(Facts(good=3)) == {"good": 3}


def test_what_a_later_program_tells_more_is_passed_over() -> None:
    assert restore(Facts, {"good": 3, "unheard_of": [1]}) == Facts(good=3)


def test_instants_finer_than_a_millisecond_are_kept() -> None:
    fine = datetime(2026, 1, 1, 0, 0, 0, 1001, UTC)
    assert plain(fine) == "2026-01-01T00:00:00.001001+00:00"
    assert restore(datetime, plain(fine)) == fine
