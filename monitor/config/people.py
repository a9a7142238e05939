"""Channels and the people on duty: [[channel]] and [[person]], with secrets fetched from where they are kept.

Reads secret files. Never shows an address of a channel: it carries keys.
"""

import re
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from monitor.config.document import Document, Surroundings
from monitor.config.problems import did_you_mean
from monitor.config.sections import read_model, tables_of
from monitor.config.settings import Channel, Language, Person

Accepts = Callable[[str], str | None]
"""Says what is wrong with the address of a channel, None when it could be opened; handed in by the channels."""

LARGEST_SECRET = 64 << 10  # bytes; an address is one line


def read_channels(
    document: Document, around: Surroundings, language: Language, accepts: Accepts
) -> tuple[Channel, ...]:
    """The channels in order; a channel without a language of its own speaks the desk's."""
    channels: list[Channel] = []
    for number, table in tables_of(document, "channel"):
        channel = read_model(document, ("channel", number), {"language": language} | dict(table), Channel)
        if channel is None:
            continue
        if channel.id in {other.id for other in channels}:
            document.add(("channel", number, "id"), f'channel "{channel.id}" is there twice')
        channels.append(_with_secret(document, number, channel, around, accepts))
    return tuple(channels)


def read_people(document: Document, channels: tuple[Channel, ...]) -> tuple[Person, ...]:
    """The people in order; each must name channels there are."""
    people: list[Person] = []
    known = _channel_names(document, channels)
    for number, table in tables_of(document, "person"):
        person = read_model(document, ("person", number), table, Person)
        if person is None:
            continue
        if person.id in {other.id for other in people}:
            document.add(("person", number, "id"), f'person "{person.id}" is there twice')
        for name in person.channels:
            if name not in known:
                hint = did_you_mean(name, known) or "there is no [[channel]]"
                document.add(("person", number, "channels"), f'there is no channel "{name}"', hint)
        people.append(person)
    return tuple(people)


def _channel_names(document: Document, channels: tuple[Channel, ...]) -> set[str]:
    """Ids of all channels, those with problems too, so that one mistake is told once."""
    written = document.table.get("channel", [])
    tables = [table for table in written if isinstance(table, dict)] if isinstance(written, list) else []
    broken = {str(table.get("id")) for table in tables}
    return {channel.id for channel in channels} | broken


def _with_secret(document: Document, number: int, channel: Channel, around: Surroundings, accepts: Accepts) -> Channel:
    try:
        url = _secret(channel.url.get_secret_value(), around)
    except ValueError as error:
        document.add(("channel", number, "url"), str(error.args[0]), str(error.args[1]))
        return channel
    trouble = accepts(url)
    if trouble is not None:
        document.add(("channel", number, "url"), "the address is refused: " + trouble.replace(url, "…"))
    return channel.model_copy(update={"url": SecretStr(url)})


def _secret(written: str, around: Surroundings) -> str:
    """The address itself, or what file:NAME and credential:NAME hold; raises ValueError(message, hint)."""
    kind, _, name = written.partition(":")
    if kind == "file" and not name.startswith("//"):
        return _one_line(around.folder / name, written)
    if kind != "credential":
        return written.strip()
    if not re.fullmatch(r"[\w.-]+", name):
        raise ValueError(f"{written} is not the name of a credential", "write credential:NAME, without a folder")
    kept = around.environ.get("CREDENTIALS_DIRECTORY")
    if not kept:
        hint = "systemd sets it by LoadCredential=; to validate by hand, set it to the folder of the credentials"
        raise ValueError(f"{written} cannot be read: $CREDENTIALS_DIRECTORY is not set", hint)
    return _one_line(Path(kept, name), written)


def _one_line(path: Path, written: str) -> str:
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_SECRET).decode("utf-8-sig").strip()
    except OSError as error:
        raise ValueError(f"{written} cannot be read: {error.strerror}", "") from None
    except UnicodeDecodeError:
        raise ValueError(f"{written} is not UTF-8", "") from None
    if not text or "\n" in text:
        raise ValueError(f"{written} does not hold one line with an address", "")
    return text
