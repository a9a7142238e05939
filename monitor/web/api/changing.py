"""What may be changed: a row for each command of the desk that has an address. One more command is one more row.

A row names the command, its address (what stands in braces is told to the command by that name) and what else it takes. Every change
names a person in `by` and is an event; whether it can be done the command itself says.
"""

import re
from collections.abc import Mapping

from monitor.model import DeclarationKind, MessageClass, Text, say
from monitor.web.api.route import MIB, Asked, Parameter, Route, Sources
from monitor.web.api.schema import (
    ANYTHING,
    Schema,
    day,
    described,
    name,
    number,
    record,
    rows,
    switch,
    table,
    text,
    word,
)
from monitor.web.api.targets import KNOWN

WHO = text(100, least=1)
"""A person's name."""
PATH: Mapping[str, tuple[Schema, Text]] = {
    "incident": (number(1), say("number of the incident")),
    "target": (name(), say("id of the target")),
    "declaration": (number(1), say("number of the declaration")),
    "id": (name(), say("number of the message")),
}
"""What may stand in an address."""
NOTHING = record()


def change(  # noqa: PLR0917 - command, address and words stand in one line of the table
    command: str,
    path: str,
    does: Text,
    must: Mapping[str, Schema] | None = None,
    may: Mapping[str, Schema] | None = None,
    answers: Schema = NOTHING,
    *,
    at_most: int = MIB,
) -> Route:
    """A row: besides `by` the command is told what stands in the path, all of `must`, and of `may` what was sent."""

    async def answer(sources: Sources, asked: Asked) -> object:
        done = await sources.command(command, asked.language)(asked.told)
        return {} if done is None else done

    within = re.findall(r"\{(\w+)\}", path)
    return Route(
        path=path,
        does=does,
        parameters=tuple(Parameter(one, PATH[one][0], PATH[one][1], "path") for one in within),
        body=record(optional=tuple(may or ()), by=WHO, **(must or {}), **(may or {})),
        answers=answers,
        answer=answer,
        needs=command,
        at_most=at_most,
        also=frozenset({404, 409} if within else {409}),
    )


_NOTE = {"note": text()}
_WHY = {"note": text(least=1)}
_SILENCE = {"for": text(20, least=1), "reason": text(least=1)}
_LINE = {"text": text(least=1)}
_PAPER = record(name=text(500, least=1), bytes=number(), sha256=text(64))
_PAPERS = {"fields": table(ANYTHING), "attachments": rows(_PAPER, 50)}
_FILED = {"kind": word(DeclarationKind), "target": name(), "from": text(60, least=1)}
_PLANNED_END = described(text(60), say("its planned end; a bare day counts to its end"))
_FILED_TOO = {"to": _PLANNED_END, "number": text(500), "corrects": number(1), **_PAPERS}
_AMENDED = {"from": text(60, least=1), "to": _PLANNED_END, "number": text(500), **_PAPERS}
_SEEN = {"target": name(), "newest": day()}
_SEEN_TOO = {"days": number(1, 7), "note": text(500), "screenshot": _PAPER}
_FILE = {"file": text(200, least=1), "sha256": text(64)}
_IMPORT = {"rows": rows(rows(ANYTHING, 7), 100_000), **_FILE}
_IMPORT_POSTS = {"rows": rows(rows(ANYTHING, 6), 100_000), **_FILE}
_IMPORTED = record(
    {one: number() for one in ("new", "changed", "answered", "same", "replaced", "targets", "contradicting")},
    written=switch(),
    contradictions=rows(table(ANYTHING), 1000),
)
_CLASSES = [one for one in MessageClass if one is not MessageClass.UNKNOWN]
_MESSAGE = {"site": name(), "id": name(), "class": word(_CLASSES), "received": text(60, least=1)}
_OF = record(target=name())
_REMARK = record(where=text(), message=text(), advice=text(), words=text())
_DONE = record(declaration=number(1), changed=rows(table(ANYTHING)), remarks=rows(_REMARK))
_ATTESTED = record(attestation=number(1), changed=rows(table(ANYTHING)), known=KNOWN)

ROUTES = (
    change("ack", "/incidents/{incident}/ack", say("take an incident on, or over from somebody else"), may=_NOTE),
    change("close", "/incidents/{incident}/close", say("put a recovered incident away"), may=_NOTE),
    change(
        "false-alarm",
        "/incidents/{incident}/false-alarm",
        say("mark an incident as a false alarm; a grave one once a second person confirms, marked is false until then"),
        _WHY,
        answers=record(marked=switch()),
    ),
    change("mute", "/targets/{target}/mute", say("send no notices about a target for a while, as 2h or 1d"), _SILENCE),
    change("unmute", "/targets/{target}/unmute", say("send notices about a target again")),
    change(
        "declare",
        "/declarations",
        say(
            "file a declaration; changed says what it led to, remarks what to look at again, its fields are those of the command declare"
        ),
        _FILED,
        _FILED_TOO,
        answers=_DONE,
    ),
    change(
        "declare-amend",
        "/declarations/{declaration}/amend",
        say("correct a declaration in its days, number or fields, or add papers; what is not told is kept"),
        may=_AMENDED,
        answers=_DONE,
    ),
    change(
        "declare-withdraw",
        "/declarations/{declaration}/withdraw",
        say("take a declaration back; it stays in the ledger"),
        _WHY,
        answers=_DONE,
    ),
    change(
        "attest",
        "/attestations",
        say("tell what a person saw published last on what no program can read; good for 7 days at most"),
        _SEEN,
        _SEEN_TOO,
        answers=_ATTESTED,
    ),
    change(
        "messages-import",
        "/messages/import",
        say("import a register: rows of target, id, class, received, answered, explained, title; whole or not at all"),
        _IMPORT,
        {"replace": switch()},
        answers=_IMPORTED,
        at_most=16 * MIB,
    ),
    change(
        "posts-import",
        "/posts/import",
        say("import posts: rows of account, id, day, title, original; whole or not at all"),
        _IMPORT_POSTS,
        {"replace": switch()},
        answers=_IMPORTED,
        at_most=16 * MIB,
    ),
    change(
        "messages-add",
        "/messages",
        say("enter one message of the public by hand"),
        _MESSAGE,
        {"answered": text(60), "explained": switch()},
        answers=_OF,
    ),
    change(
        "messages-answer",
        "/messages/{id}/answer",
        say("a message was answered, at an instant or on a day"),
        {"at": text(60, least=1)},
        {"site": name()},
        answers=_OF,
    ),
    change(
        "log", "/log", say("write a line into the duty log; line is its number"), _LINE, answers=record(line=number(1))
    ),
)
