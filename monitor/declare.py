"""Declarations and attestations as commands: what the control socket, the command line and the API carry out alike.

One table of names to functions over settle/filing.py and settle/attesting.py. Arguments are JSON; whatever cannot be done is a
Refusal with every problem, a line each, in the language asked for.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from monitor.clock import Clock, iso
from monitor.config.declared import KINDS
from monitor.config.declaring import Paper, Problem, Request, Unfit
from monitor.consequences import told
from monitor.control import Handler, Kind, Refusal
from monitor.model import DESK_ID, Text, say
from monitor.render import translate
from monitor.settle.attesting import GOOD_FOR, Sighting, attest
from monitor.settle.filing import Done, amend, file_declaration, withdraw
from monitor.settle.policy import Policy
from monitor.store import attesting, filed
from monitor.store.database import Database, StoreError

Args = Mapping[str, Any]
Command = Callable[[sqlite3.Connection, Policy | None, datetime, Args], dict[str, object]]


def handlers(
    database: Database, clock: Clock, language: str, policy: Callable[[], Policy] | None = None
) -> dict[str, Handler]:
    """Every command by name. Without the policy in force what is filed is judged with the next round."""

    async def change(name: str, args: Args) -> object:
        by, now, wanted = policy() if policy else None, clock.now(), _text(args, "language", language)
        try:
            return await database.write(lambda tx: CHANGES[name](tx, by, now, {**args, "language": wanted}))
        except Unfit as unfit:
            raise _refusal(unfit.problems, wanted) from None
        except StoreError as error:
            raise Refusal(str(error), "unavailable") from None

    async def look(name: str, args: Args) -> object:
        now = clock.now()
        try:
            return await database.read(lambda tx: LOOKS[name](tx, now, {"language": language, **args}))
        except StoreError as error:
            raise Refusal(str(error), "unavailable") from None

    changing: dict[str, Handler] = {name: partial(change, name) for name in CHANGES}
    return {**changing, **{name: partial(look, name) for name in LOOKS}}


def _refusal(problems: Sequence[Problem], language: str) -> Refusal:
    """All of them, a line each for people, and apart for programs: where in the body it stands."""
    kind: Kind = "missing" if any(one.missing for one in problems) else "wrong"
    if kind == "wrong" and any(one.conflict or one.place in {"declaration", "corrects"} for one in problems):
        kind = "conflict"
    apart = tuple((_where(one.place), translate(one.words, language), _advised(one, language)) for one in problems)
    return Refusal("\n".join(refused(problems, language)), kind, apart)


def _advised(one: Problem, language: str) -> str:
    return "" if one.advice is None else translate(one.advice, language)


def _where(place: str) -> str:
    """The option or field as a key of the body, and what stands in the address as that."""
    option, _, name = place.partition(" ")
    keys = {
        "set": f"body.fields.{name}",
        "attach": "body.attachments",
        "for": "body.days",
        "declaration": "path.declaration",
    }
    return keys.get(option, f"body.{option}")


def refused(problems: Iterable[Problem], language: str) -> list[str]:
    """A line for each problem: where, what is wrong, what to do."""
    lines = []
    for one in problems:
        words = translate(one.words, language)
        if one.advice is not None:
            words = translate(say("{what} ({advice})", what=words, advice=_advised(one, language)), language)
        lines.append(f"{one.place}: {words}")  # the name of an option, the same in every language
    return lines


def kinds(language: str) -> list[dict[str, object]]:
    """Every kind of declaration with its fields, for people and programs."""
    return [
        {
            "kind": kind.value,
            "name": translate(table.name, language),
            "on": sorted(one.value for one in table.on),
            "end": table.end,
            "fields": [
                {"field": name, "form": one.form, "needed": one.needed, "means": translate(one.means, language)}
                for name, one in table.fields.items()
            ],
        }
        for kind, table in KINDS.items()
    ]


def _declare(tx: sqlite3.Connection, policy: Policy | None, now: datetime, args: Args) -> dict[str, object]:
    request = Request(
        kind=_text(args, "kind"),
        target=_text(args, "target"),
        start=_text(args, "from"),
        end=_text(args, "to", ""),
        number=_text(args, "number", ""),
        by=_text(args, "by"),
        fields=_fields(args),
        papers=_papers(args),
        corrects=_number(args, "corrects") if args.get("corrects") is not None else None,
    )
    return _answer("declaration", file_declaration(tx, policy, request, now), policy, now, args)


def _amend(tx: sqlite3.Connection, policy: Policy | None, now: datetime, args: Args) -> dict[str, object]:
    number, by = _number(args, "declaration"), _text(args, "by")
    told = {name: _text(args, name) for name in ("from", "to", "number") if args.get(name) is not None}
    done = amend(tx, policy, number, now, told=told, fields=_fields(args), papers=_papers(args), by=by)
    return _answer("declaration", done, policy, now, args)


def _withdraw(tx: sqlite3.Connection, policy: Policy | None, now: datetime, args: Args) -> dict[str, object]:
    number, by, note = _number(args, "declaration"), _text(args, "by"), _text(args, "note", "")
    return _answer("declaration", withdraw(tx, policy, number, now, by=by, note=note), policy, now, args)


def _attest(tx: sqlite3.Connection, policy: Policy | None, now: datetime, args: Args) -> dict[str, object]:
    shot = args.get("screenshot")
    sighting = Sighting(
        target=_text(args, "target"),
        newest=_text(args, "newest"),
        by=_text(args, "by"),
        days=_number(args, "days", GOOD_FOR),
        note=_text(args, "note", ""),
        screenshot=None if shot is None else _paper(shot),
    )
    done = attest(tx, policy, sighting, now)
    return {**_answer("attestation", done, policy, now, args), "known": _known(tx, sighting.target, args)}


CHANGES: Mapping[str, Command] = {
    "declare": _declare,
    "declare-amend": _amend,
    "declare-withdraw": _withdraw,
    "attest": _attest,
}
"""Commands that change something; each names a person (`by`)."""


def declarations(tx: sqlite3.Connection, now: datetime, args: Args) -> list[dict[str, object]]:
    """The ledger, the newest first; `target` narrows it, with `all` also what was corrected or withdrawn."""
    target = _text(args, "target", "")
    if target == "desk":
        target = DESK_ID
    if target and filed.kind_of(tx, target) is None:
        words = say("there is no target {target}", target=target)
        raise Refusal(translate(words, _text(args, "language", "zh-CN")), "missing")
    lines = filed.ledger(tx, target or None, every=bool(args.get("all", False)))
    ends = filed.ends(tx, {line.declaration.target for line in lines}, now)
    return [_line(line, ends) for line in lines]


def attested(tx: sqlite3.Connection, now: datetime, args: Args) -> dict[str, object]:
    """What was attested of a target, and the three things kept apart about it."""
    target, language = _text(args, "target"), _text(args, "language", "zh-CN")
    if filed.kind_of(tx, target) is None or target == DESK_ID:
        raise Refusal(translate(say("there is no target {target}", target=target), language), "missing")
    lines = [
        {
            "attestation": one.id,
            "newest": one.told.newest.isoformat(),
            "at": iso(one.told.at),
            "until": iso(one.told.until),
            "by": one.told.by,
            "screenshot": one.screenshot,
            "note": one.note,
            "taken_back_by": one.taken_back_by,
            "holds": one.holds(now),
        }
        for one in attesting.of_target(tx, target)
    ]
    return {"target": target, "known": _known(tx, target, args), "attestations": lines}


LOOKS: Mapping[str, Callable[[sqlite3.Connection, datetime, Args], object]] = {
    "declarations": declarations,
    "attested": attested,
}
"""Commands that only look."""


def _line(line: filed.Filed, ends: Mapping[int, datetime | None]) -> dict[str, object]:
    one = line.declaration
    held = ends.get(one.id, one.end)
    return {
        "declaration": one.id,
        "kind": one.kind.value,
        "target": one.target,
        "from": iso(one.start),
        "to": None if one.end is None else iso(one.end),
        "held_until": None if held is None else iso(held),
        "number": one.number,
        "by": one.by,
        "filed_at": iso(one.filed_at),
        "fields": dict(one.fields),
        "attachments": [{"name": p.name, "bytes": p.bytes, "sha256": p.sha256} for p in line.attachments],
        "corrects": line.corrects,
        "corrected_by": line.corrected_by,
        "superseded_at": None if line.superseded_at is None else iso(line.superseded_at),
        "superseded_by": line.superseded_by,
        "withdrawn_because": line.withdrawn_because,
        "counts": line.superseded_at is None,
    }


def _known(tx: sqlite3.Connection, target: str, args: Args) -> dict[str, object]:
    known, language = attesting.known_of(tx, target), _text(args, "language", "zh-CN")
    why = translate(Text(known.blind_reason, {}), language) if known.blind_reason else None  # phrases.CODES
    return {
        "newest": None if known.newest is None else known.newest.isoformat(),
        "newest_from": known.newest_from or None,
        "looked_at": None if known.looked_at is None else iso(known.looked_at),
        "blind_since": None if known.blind_since is None else iso(known.blind_since),
        "blind_reason": known.blind_reason or None,
        "blind_words": why,
        "shown": _shown(known.shown),
        "registered": _shown(known.registered),
    }


def _shown(one: attesting.Shown | None) -> dict[str, object] | None:
    if one is None:
        return None
    told = {"title": one.title, "url": one.url, "source": one.source, "dated": one.dated}
    return {"day": one.day.isoformat(), "at": iso(one.at), **told}


def _answer(what: str, done: Done, policy: Policy | None, now: datetime, args: Args) -> dict[str, object]:
    rules, language = {} if policy is None else policy.rules, str(args["language"])
    answer: dict[str, object] = {what: done.number}
    answer["changed"] = [told(one, rules, language, now) for one in done.changed]
    if what == "declaration":
        answer["remarks"] = [_remark(one, language) for one in done.remarks]
    return answer


def _remark(one: Problem, language: str) -> dict[str, object]:
    """Where, what, what to do; `words` is the line for people."""
    (line,) = refused([one], language)
    message, advice = translate(one.words, language), _advised(one, language)
    return {"where": _where(one.place), "message": message, "advice": advice, "words": line}


def _fields(args: Args) -> Mapping[str, object]:
    fields = args.get("fields", {})
    if not isinstance(fields, dict) or not all(isinstance(name, str) for name in fields):
        raise Refusal("the command needs fields, as an object", "wrong")
    return fields


def _papers(args: Args) -> tuple[Paper, ...]:
    papers = args.get("attachments", [])
    if not isinstance(papers, list):
        raise Refusal("the command needs attachments, as a list", "wrong")
    return tuple(_paper(one) for one in papers)


def _paper(one: object) -> Paper:
    forms = {"name": str, "bytes": int, "sha256": str, "trouble": str}
    if not isinstance(one, dict) or any(
        name not in forms or type(told) is not forms[name] for name, told in one.items()
    ):
        raise Refusal("an attachment is {name, bytes, sha256}", "wrong")
    return Paper(**{"name": "", **one})


def _text(args: Args, name: str, default: str | None = None) -> str:
    found = args.get(name, default)
    if not isinstance(found, str):
        raise Refusal(f"the command needs {name}, as text", "wrong")
    return found


def _number(args: Args, name: str, default: int | None = None) -> int:
    found = args.get(name, default)
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) >= 1 << 63:
        raise Refusal(f"the command needs {name}, as a number", "wrong")
    return found
