"""What `zhishou targets` prints: a staged import, a plan, what came of it; in the desk's language or by --lang. Reads nothing."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from monitor.model import Text, say
from monitor.render import translate

if TYPE_CHECKING:
    from monitor.config.sheets.staged import Source
    from monitor.planned import Plan

LISTED = 20
"""Targets named one by one under each heading; --json names all."""
_KINDS = {
    "site": say("{n} sites"),
    "column": say("{n} columns"),
    "account": say("{n} accounts"),
    "page": say("{n} pages"),
}
_FIELDS = {
    "name": say("its name"),
    "url": say("its address"),
    "owner": say("its owner"),
    "site": say("the site it belongs to"),
    "kind": say("its kind"),
    "column": say("its class of column"),
    "on_home": say("on the home page or not"),
    "level": say("its level"),
    "entry": say("kind of entry"),
    "platform": say("its platform"),
    "packs": say("its rule packs"),
    "contact": say("its contact"),
    "checks": say("its options of checks"),
    "cadence": say("how often it is looked at"),
}


def staged(
    kinds: Mapping[str, int], place: str, still: Mapping["Source", Mapping[str, int]], language: str
) -> Iterator[str]:
    """How much was understood, where it waits, what of earlier imports waits with it, and what comes next."""
    apart = translate(say(", "), language)
    counted = apart.join(_counted(kinds, language))
    yield translate(say("read and checked: {counted}; staged in {place}", counted=counted, place=place), language)
    for one, count in still.items():
        told = {"file": one.file, "when": one.at[:16].replace("T", " ")}  # to the minute; as it stands in the file
        said = say(
            "staged with it is an earlier import that is not in force: {counted} of {file}, read {when}",
            counted=apart.join(_counted(count, language)),
            **told,
        )
        yield translate(said, language)
    if still:
        anew = say("to begin anew without it, remove {place} and import again", place=place)
        yield translate(anew, language)
    yield translate(
        say(
            "nothing is in force yet: `zhishou targets plan` shows what would change, `zhishou targets apply --by NAME` does it"
        ),
        language,
    )


def as_json(plan: "Plan") -> dict[str, object]:
    """For programs."""
    return {
        "added": plan.added,
        "changed": [{"id": name, "fields": fields} for name, fields in plan.changed.items()],
        "removed": plan.removed,
        "back": plan.back,
        "unchanged": plan.unchanged,
        "watched": dict(plan.watched),
        "dropped": dict(plan.dropped),
        "needs_confirmation": plan.is_grave,
    }


def lines(plan: "Plan", language: str) -> Iterator[str]:
    """Counts, and the first of each."""
    if plan.is_empty:
        yield translate(
            say("nothing would change: {n} targets are watched as they are listed", n=plan.unchanged), language
        )
        return
    yield from _named(plan, plan.added, say("new: {n}", n=len(plan.added)), language)
    yield from _named(plan, plan.back, say("watched again, with their history: {n}", n=len(plan.back)), language)
    yield from _named(plan, list(plan.changed), say("changed: {n}", n=len(plan.changed)), language)
    yield from _named(plan, plan.removed, say("no longer watched, history kept: {n}", n=len(plan.removed)), language)
    yield translate(say("as they are: {n}", n=plan.unchanged), language)
    if plan.is_grave:
        yield from grave(plan, language)


def grave(plan: "Plan", language: str) -> Iterator[str]:
    """For each kind that would lose more than a tenth."""
    from monitor.planned import SHARE

    for kind, count in sorted(plan.dropped.items()):
        if count * SHARE > plan.watched[kind]:
            gone = translate(say(_KINDS[kind].template, n=count), language)  # of the table above
            yield translate(
                say("more than a tenth would no longer be watched: {gone} of {all}", gone=gone, all=plan.watched[kind]),
                language,
            )


def applied(plan: "Plan", by: str, language: str, *, is_running: bool) -> str:
    """What was done, and from when on."""
    counts = (
        (plan.added, say("{n} targets new", n=len(plan.added))),
        (plan.back, say("{n} targets watched again", n=len(plan.back))),
        (plan.changed, say("{n} targets changed", n=len(plan.changed))),
        (plan.removed, say("{n} targets no longer watched", n=len(plan.removed))),
    )
    some = [text for found, text in counts if found] or [say("no target changed")]
    done = translate(say(", "), language).join(translate(text, language) for text in some)
    if is_running:
        return translate(say("in force, by {who}: {done}", who=by, done=done), language)
    return translate(say("in force with the next start of the daemon, by {who}: {done}", who=by, done=done), language)


def refused(language: str) -> str:
    return translate(say("the running daemon refuses; all is as it was, and the import stays staged"), language)


def nothing_staged(language: str) -> str:
    return translate(say("nothing is staged: `zhishou targets import FILE` comes first"), language)


def no_settings(language: str) -> str:
    words = say("there is no settings file: an import is kept beside config/monitor.toml, or the file of --config")
    return translate(words, language)


def nobody(language: str) -> str:
    return translate(say("who? every change names a person"), language)


def no_suffix(file: str, language: str) -> str:
    return translate(say("{file}: a template is written as .xlsx or .csv", file=file), language)


def template_written(file: str, command: str, language: str) -> str:
    return translate(say("{file} written: fill it in, then `zhishou {command}`", file=file, command=command), language)


def how_to_confirm(language: str) -> str:
    return translate(say("not done: whoever means it adds --yes"), language)


def type_the_number(language: str) -> str:
    return translate(say("how many targets will no longer be watched? Type the number to go on"), language)


def not_confirmed(language: str) -> str:
    return translate(say("not confirmed: nothing was changed"), language)


def _named(plan: "Plan", ids: list[str], heading: Text, language: str) -> Iterator[str]:
    if not ids:
        return
    yield translate(heading, language)
    for name in ids[:LISTED]:
        fields = [translate(_FIELDS.get(one, say(one)), language) for one in plan.changed.get(name, [])]
        yield "    " + "  ".join(part for part in (name, plan.names.get(name, ""), ", ".join(fields)) if part)
    if len(ids) > LISTED:
        yield "    " + translate(say("and {count} more", count=len(ids) - LISTED), language)


def _counted(kinds: Mapping[str, int], language: str) -> Iterator[str]:
    for kind, text in _KINDS.items():
        if kinds.get(kind):
            yield translate(say(text.template, n=f"{kinds[kind]:,}"), language)  # of the table above
