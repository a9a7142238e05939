"""What `validate` warns of, in the reader's language.

The set-up says it in English (config/advice.py, config/sections.py, config/refusals.py); it is told here by its words and
said again. What is not known here stands as it came. Problems stay in English: their hints quote the words of the files.
"""

import re
from collections.abc import Sequence

from monitor.config.problems import Problem
from monitor.model import Text, say
from monitor.render import placeholders, translate

MESSAGES = (
    say("no targets: nothing is watched"),
    say("no channels: incidents are shown on the desk only"),
    say("people reached by {channels} cannot open the desk: {host} is this machine alone"),
    say("{count} target has nobody to call: {targets}"),
    say("{count} targets have nobody to call: {targets}"),
    say("no target falls under the rule packs written here: {targets}"),
    say("declared as entries, and at the address of their home page itself: {targets}"),
    say("declared as entries of one site at one address: {targets}"),
    say("the guard refuses {host}: {address}: {why}"),
    say("the guard refuses {host}: {why}"),
    say("the name servers give no address: {why}"),
    say("the reference host does not answer: {why}"),
    say('servers are known to refuse a User-Agent with the word "link" in it'),
    say("{have} reference addresses are fewer than at_least = {wanted}"),
    say("fewer than 20 looks a day at a home page"),
    say("working days of {year} are not known: limits in working days that reach into it cannot be told"),
    say("no year is told: the file changes nothing"),
    say("{year} has no weekend day that is worked (调休)"),
    say("{year} ends in June: no day off after it"),
    say("holidays by law that are not among the days off: {days}"),
    say("{day} is no weekend day: offices work then anyway"),
    say("{n} days off in a row"),
    say("{year} is built in and says the same"),
    say("by the built-in calendar {days} is a day off: the file counts"),
    say("by the built-in calendar {days} is a working day: the file counts"),
    say("{year} is built in and says otherwise of {days}: the file counts"),
    say("nobody is on this shift: it covers nothing"),
    say("never comes: none of its days lies from since to until"),
    say("lasts {n} hours"),
    say("is the same as {shift}"),
    say("{people} is on {shift} at the same time"),
    say("the roster ends on {since}: nobody is on duty after it"),
    say("the roster is over: no shift of it is running or to come"),
    say("nobody is on duty from {since} to {to}"),
)
HINTS = (
    say("list some in targets/*.csv or as [[target]]"),
    say("add a [[channel]]"),
    say("write [desk] address as people reach it from elsewhere"),
    say("write contact on the target or on its site, or a [[person]]"),
    say("write the name of the pack into packs of the targets"),
    say("write the address that the home page leads to"),
    say("write the address of each entry, or leave one of them out"),
    say('open the network with [guard] allow = ["…"], if the visit is meant'),
    say("name hosts in [reference] urls that answer from here"),
    say("trouble of our own uplink cannot be told from that of the sites"),
    say("单项否决·站点无法访问 needs 20 a day: write 72m or less"),
    say(
        'the State Council publishes them in November or so: update the program, or write ["{year}"] into [calendar] file'
    ),
    say('one table for each year: ["2027"]'),
    say("work = […] as the State Council's notice for {year} says"),
    say("add the days off of its second half, or the whole of it is taken for working days"),
    say("1 January, 1 May and 1 to 3 October are off every year: add them to rest"),
    say("leave it out"),
    say("no holiday is longer than {n} days: check both ends"),
    say("leave the year out, and updates of the program reach it"),
    say("leave the year out unless your town keeps it otherwise"),
    say("check days, since and until"),
    say("check the day of its end"),
    say("take one of the two out"),
    say("two shifts of one person are one: check days and times"),
    say("write the shifts to come as [[shift]]"),
    say("write a [[shift]] for it, or see who is missing from people"),
)
LISTS = ("channels", "targets", "days")
"""Values that are lists of ids."""
_MORE = re.compile(r"^(?P<some>.+) and (?P<n>[\d,]+) more$")


def warned(warning: Problem, language: str) -> str:
    """One line: warning, where, what, and in brackets what to do."""
    where = warning.file if warning.line is None else f"{warning.file}:{warning.line}"
    place = _shortened(warning.place, language) if not warning.file else warning.place
    message, hint = _again(warning.message, MESSAGES, language), _again(warning.hint, HINTS, language)
    if hint:
        message = translate(say("{message} ({hint})", message=message, hint=hint), language)
    said = ": ".join(part for part in (where, place, message) if part)
    return translate(say("warning: {said}", said=said), language)


def _again(words: str, known: Sequence[Text], language: str) -> str:
    for text in known:
        found = _pattern(text).fullmatch(words)
        if found is not None:
            values = {
                name: _list(value, language) if name in LISTS else value for name, value in found.groupdict().items()
            }
            return translate(say(text.template, **values), language)  # a template of the table above
    return words


def _pattern(text: Text) -> re.Pattern[str]:
    pattern = re.escape(text.template)
    for name in placeholders(text.template):
        values = r"\S+" if name in {"host", "address", "count", "have", "wanted"} else ".+"
        pattern = pattern.replace(re.escape(f"{{{name}}}"), f"(?P<{name}>{values})")
    return re.compile(pattern)


def _list(ids: str, language: str) -> str:
    """Each once, and how many more."""
    more = _MORE.fullmatch(ids)
    some = ", ".join(dict.fromkeys((more["some"] if more else ids).split(", ")))
    return _shortened(f"{some} and {more['n']} more" if more else some, language)


def _shortened(ids: str, language: str) -> str:
    more = _MORE.fullmatch(ids)
    return ids if more is None else translate(say("{some} and {n} more", some=more["some"], n=more["n"]), language)
