"""What is wrong with a configuration, said so that it can be mended without reading our code.

A Problem names the file, the line where known, the place, what is wrong and what was expected. Problems are gathered,
never raised one by one; a ConfigError carries all of them. No secret value ever stands in one. Their texts are said
and translated like all others; what stands in a file goes into them as it was written.
"""

import difflib
import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.model import Text, say


@dataclass(frozen=True, slots=True)
class Problem:
    """`file` as the person named it ("" for none), `line` from 1, `place` such as "target[3].url"."""

    file: str
    line: int | None
    place: str
    message: Text
    hint: Text | None = None

    def __str__(self) -> str:
        """One line in English: file:line: place: message (hint)."""
        return self.at_its_place(str(self.words))

    @property
    def words(self) -> Text:
        """What is wrong and what to do, to be translated with its values verbatim: they are keys, ids, names of files."""
        if self.hint is None:
            return self.message
        return say("{message} ({hint})", message=self.message, hint=self.hint)

    def at_its_place(self, said: str) -> str:
        """The words, translated by now, behind file, line and place."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (where, self.place, said) if part)


class ConfigError(Exception):
    """The configuration cannot be used; every problem of every file, in the order of the files."""

    def __init__(self, problems: tuple[Problem, ...], warnings: tuple[Problem, ...] = ()) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
        self.warnings = warnings


def did_you_mean(word: str, known: Iterable[str]) -> Text | None:
    """A hint naming the nearest known word, or all of them when they are few, or None."""
    words = sorted(known)
    if (meant := meant_by(word, words)) is not None:
        return meant
    return say("known: {words}", words=", ".join(words)) if 0 < len(words) <= 12 else None


def meant_by(word: str, known: Iterable[str]) -> Text | None:
    """The nearest known word as a question, or None."""
    nearest = near(word, known)
    return say('did you mean "{text}"?', text=nearest) if nearest else None


def near(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known word that was probably meant, or ""."""
    words = sorted(known)
    found = next(iter(difflib.get_close_matches(word, words, n=1, cutoff=likeness)), "")
    return found or next((one for one in words if _mistyped(word, one)), "")


_SOUND_ALIKE = str.maketrans("察帐份佈练", "查账分布习")
"""Signs that input methods offer for each other: 巡察 for 巡查, 帐号 for 账号, 演习 for 演练."""


def _mistyped(word: str, known: str) -> bool:
    """Short Chinese words share too few letters to be alike by count: 密码修改 is 修改密码 turned round, 巡察 sounds as 巡查."""
    if len(word) < 2 or word.isascii():
        return False
    half = len(word) // 2
    turned = {word, word[half:] + word[:half], word[-half:] + word[:-half], word[::-1] if len(word) == 2 else word}
    return known.translate(_SOUND_ALIKE) in {one.translate(_SOUND_ALIKE) for one in turned}


def of_system(error: OSError) -> Text:
    """Why the system refused, as far as people meet it; another reason as the system says it."""
    known = _REFUSED.get(error.errno or 0)
    return known if known is not None else say("the system says: {why}", why=error.strerror or str(error))


_REFUSED: Mapping[int, Text] = {
    errno.ENOENT: say("No such file or directory"),
    errno.EACCES: say("Permission denied"),
    errno.EPERM: say("Permission denied"),
    errno.EISDIR: say("Is a directory"),
    errno.ENOTDIR: say("Not a directory"),
    errno.EIO: say("Input/output error"),
    errno.ENAMETOOLONG: say("File name too long"),
    errno.ELOOP: say("Too many levels of symbolic links"),
}
