"""Attachments by their hash: name, size and sha256 of a file; the file itself stays where it is.

Reads files, writes nothing. What cannot be read is told as its trouble, so that it is refused with everything else.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from monitor.cli.progress import tracked
from monitor.config.declaring import LARGEST_PAPER
from monitor.model import say
from monitor.render import translate

CHUNK = 1 << 20
"""Bytes read at once."""


def papers(paths: Sequence[Path], language: str) -> list[dict[str, object]]:
    """Each file as the commands want it; with a bar when it takes longer than two seconds."""
    sizes = {path: _size(path, language) for path in paths}
    seals = {path: hashlib.sha256() for path, size in sizes.items() if isinstance(size, int) and size <= LARGEST_PAPER}
    troubles: dict[Path, str] = {path: size for path, size in sizes.items() if isinstance(size, str)}
    chunks = [(path, at) for path in seals for at in range(0, int(sizes[path]), CHUNK)]
    for path, at in tracked(chunks, translate(say("reading the attachments"), language)):
        try:
            with path.open("rb") as file:
                file.seek(at)
                seals[path].update(file.read(CHUNK))
        except OSError as error:
            troubles[path] = str(error.strerror)
    return list(_told(paths, sizes, seals, troubles))


def _told(
    paths: Iterable[Path],
    sizes: dict[Path, int | str],
    seals: "dict[Path, hashlib._Hash]",
    troubles: dict[Path, str],
) -> Iterable[dict[str, object]]:
    for path in dict.fromkeys(paths):
        if path in troubles:
            yield {"name": path.name or str(path), "trouble": troubles[path]}
        else:
            yield {
                "name": path.name,
                "bytes": sizes[path],
                "sha256": seals[path].hexdigest() if path in seals else "",
            }


def _size(path: Path, language: str) -> int | str:
    """Bytes of it, or why it cannot be read."""
    try:
        if not path.is_file():
            missing = say("no such file") if not path.exists() else say("not a file")
            return translate(missing, language)
        return path.stat().st_size
    except OSError as error:
        return str(error.strerror)
