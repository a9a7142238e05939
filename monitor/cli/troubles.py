"""What a store, a file or a daemon that refuses means, in the reader's language; the technical words follow in brackets.

Pure: takes an error, or the words the daemon sent, and returns a sentence. The errors are those of store/opening.py,
store/lock.py, store/backup.py, SQLite and the system: told by their words, since a daemon's answer is nothing else.
"""

import re
from pathlib import Path

from monitor.config.urls import Trouble
from monitor.model import Text, say
from monitor.render import translate

_MEANINGS: tuple[tuple[str, Text], ...] = (
    (r"in use by another zhishou", say("another zhishou process is using the store")),
    (r"newer program|use the newer", say("it was written by a newer program, which must be used; it is left as it is")),
    (r"is no backup of a zhishou", say("it is no backup of zhishou; it is left as it is")),
    (r"database of another program|is no database", say("it is no database of zhishou; it is left as it is")),
    (
        r"is damaged|SQLITE_(NOTADB|CORRUPT)",
        say("it is damaged or no database: put a backup back with `zhishou restore`; it is left as it is"),
    ),
    (r"older program", say("it was written by an older program: a start of the daemon brings it up to date")),
    (r"not folded in", say("its latest changes stand beside it (-wal) and only who may write there can read them")),
    (r"a backup never overwrites|Errno 17\b", say("there is a file of that name: a backup never overwrites")),
    (r"SQLITE_FULL|Errno (28|122)\b|No space left", say("the disk is full")),
    (r"Errno 30\b|Read-only file system", say("its disk is read-only")),
    (r"is read-only|SQLITE_READONLY", say("it may be read only, and has to be written")),
    (r"its folder cannot be written \(No such file", say("its folder is not there")),
    (r"its folder cannot be written", say("its folder may not be written by you")),
    (r"Errno (13|1)\b|SQLITE_(PERM|AUTH)|Permission denied", say("you have no permission")),
    (r"Errno 20\b|Errno 21\b|Is a directory|Not a directory", say("it is a folder, or its folder is a file")),
    (r"is not there|Errno 2\b|No such file", say("there is no such file or folder")),
    (r"SQLITE_CANTOPEN", say("it cannot be opened: no permission, or its folder is not there")),
    (r"SQLITE_(BUSY|LOCKED)", say("another program holds it; try again in a moment")),
    (r"SQLITE_(IOERR|NOMEM)|Errno 5\b", say("the disk cannot be read or written properly")),
    (r"the store is closed", say("the daemon is just coming to its end")),
    (r"the daemon hung up", say("the daemon went away before it answered")),
    (r"Errno 98\b|Address already in use", say("the address is taken by another program")),
    (r"Errno 99\b|Cannot assign requested address", say("this machine does not have that address")),
)
"""From the particular to the general; the first that fits counts."""

_ERRNO = re.compile(r"\[Errno \d+\] ")
_PLACE = re.compile(r":? '[^']*'(?: -> '[^']*')?$")


def is_known(words: str) -> bool:
    """Whether such words come from a store or a system that refuses."""
    return _meaning(words) is not None


def told(error: BaseException | str, language: str, *places: Path) -> str:
    """A sentence for people: which file, what it means, and in brackets what the machine said.

    `places` are the files the command works on; the first is named when the error names none of them.
    """
    said = str(error).strip()
    place = _place(error, said, places)
    bare = _PLACE.sub("", _ERRNO.sub("", said)).strip()
    technical = bare.removeprefix(place).lstrip(": ")
    meaning = _meaning(said)
    if meaning is None or (language == "en" and "SQLITE_" not in said):  # English, and plain enough
        return bare if bare.startswith(place) else f"{place}: {bare}"
    what = translate(meaning, language)
    if technical and technical != what:
        what = translate(say("{what} ({technical})", what=what, technical=technical), language, verbatim=True)
    return translate(say("{place}: {what}", place=place, what=what), language) if place else what


def no_address(trouble: Trouble, language: str) -> str:
    """What is wrong with an address that a person typed, and in brackets what to write."""
    words = translate(trouble.words, language)
    if trouble.advice is None:
        return words
    return translate(say("{message} ({hint})", message=words, hint=translate(trouble.advice, language)), language)


def _meaning(words: str) -> Text | None:
    return next((text for pattern, text in _MEANINGS if re.search(pattern, words)), None)


def _place(error: BaseException | str, said: str, places: tuple[Path, ...]) -> str:
    """The file the error is about: the longest of `places` it begins with, else the one it names, else the first."""
    filename = str(getattr(error, "filename", None) or "")
    named = [str(place) for place in places if (said.startswith(str(place)) or filename.startswith(str(place)))]
    if named or filename:
        return max(named, key=len, default=filename)  # ours, rather than what was made beside it on the way
    begun = re.match(r"(/[^:]*?)(?=: | is | has | exists| was )", said)
    if begun:
        return begun[1]
    return str(places[0]) if places else ""
