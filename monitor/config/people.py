"""Channels and the people on duty: [[channel]] and [[person]], with secrets fetched from where they are kept.

Reads secret files. Never shows an address of a channel: it carries keys.
"""

import re
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from monitor.config.document import Document, Surroundings
from monitor.config.places import Path as Place
from monitor.config.problems import did_you_mean, of_system
from monitor.config.settings import Channel, Language, Person
from monitor.config.tables import read_model, tables_of
from monitor.model import Text, say

Accepts = Callable[[str], Text | None]
"""Says what is wrong with the address of a channel, None when it could be opened; handed in by the channels."""

LARGEST_SECRET = 64 << 10  # bytes; an address is one line


class Unreadable(Exception):
    """No address can be had; `words` say why, `advice` what to do."""

    def __init__(self, words: Text, advice: Text | None = None) -> None:
        super().__init__(str(words))
        self.words = words
        self.advice = advice


def read_channels(
    document: Document, around: Surroundings, language: Language, accepts: Accepts
) -> tuple[Channel, ...]:
    """The channels in order; a channel without a language of its own speaks the desk's."""
    channels: list[Channel] = []
    names: set[str] = set()
    for number, table in tables_of(document, "channel"):
        told = read_model(document, ("channel", number), {"language": language} | dict(table), Channel)
        if told.value is None:
            continue
        if told.is_told("id"):
            _claim(document, ("channel", number, "id"), told.value.id, names)
        channels.append(
            _with_secret(document, number, told.value, around, accepts) if told.is_told("url") else told.value
        )
    return tuple(channels)


def read_people(document: Document) -> tuple[Person, ...]:
    """The people in order; each must name channels there are."""
    people: list[Person] = []
    known, names = _channel_names(document), set[str]()
    for number, table in tables_of(document, "person"):
        told = read_model(document, ("person", number), table, Person)
        if told.value is None:
            continue
        if told.is_told("id"):
            _claim(document, ("person", number, "id"), told.value.id, names)
        for name in told.value.channels:
            if known is not None and name not in known:
                hint = did_you_mean(name, known) or say("there is no [[channel]]")
                document.add(("person", number, "channels"), say('there is no channel "{name}"', name=name), hint)
        people.append(told.value)
    return tuple(people)


def _claim(document: Document, place: Place, name: str, taken: set[str]) -> None:
    if name in taken:
        document.add(place, say('{table} "{name}" is there twice', table=place[0], name=name))
    taken.add(name)


def _channel_names(document: Document) -> set[str] | None:
    """Ids of all channels, those with problems too, so that one mistake is told once; None when they are not known."""
    written = document.table.get("channel", [])
    tables = [table for table in written if isinstance(table, dict)] if isinstance(written, list) else []
    known = {str(table.get("id")) for table in tables} | document.lost_ids()
    return known if isinstance(written, list) else None


def _with_secret(document: Document, number: int, channel: Channel, around: Surroundings, accepts: Accepts) -> Channel:
    try:
        url = _secret(channel.url.get_secret_value(), around)
    except Unreadable as error:
        document.add(("channel", number, "url"), error.words, error.advice)
        return channel
    trouble = accepts(url)
    if trouble is not None:
        document.add(("channel", number, "url"), say("the address is refused: {why}", why=_without(url, trouble)))
    return channel.model_copy(update={"url": SecretStr(url)})


def _without(secret: str, words: Text) -> Text:
    values = {name: v.replace(secret, "…") if isinstance(v, str) else v for name, v in words.values.items()}
    return Text(words.template, values)


def _secret(written: str, around: Surroundings) -> str:
    """The address itself, or what file:NAME and credential:NAME hold; raises Unreadable."""
    kind, _, name = written.partition(":")
    if kind == "file" and not name.startswith("//"):
        return _one_line(around.folder / name, written)
    if kind != "credential":
        return written.strip()
    if not re.fullmatch(r"[\w.-]+", name):
        raise Unreadable(
            say("{written} is not the name of a credential", written=written),
            say("write credential:NAME, without a folder"),
        )
    kept = around.environ.get("CREDENTIALS_DIRECTORY")
    if not kept:
        hint = say("systemd sets it by LoadCredential=; to validate by hand, set it to the folder of the credentials")
        raise Unreadable(say("{written} cannot be read: $CREDENTIALS_DIRECTORY is not set", written=written), hint)
    return _one_line(Path(kept, name), written)


def _one_line(path: Path, written: str) -> str:
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_SECRET).decode("utf-8-sig").strip()
    except OSError as error:
        raise Unreadable(say("{name} cannot be read: {why}", name=written, why=of_system(error))) from None
    except UnicodeDecodeError:
        raise Unreadable(say("{written} is not UTF-8", written=written)) from None
    except ValueError:  # a NUL in the name
        raise Unreadable(say("{written} is not the name of a file", written=written)) from None
    if not text or "\n" in text:
        raise Unreadable(say("{written} does not hold one line with an address", written=written))
    return text
