"""The one inventory file that imports write: where it stands among the others, and what it says of itself.

Reads its first lines. It comes last, so that an id somebody wrote by hand elsewhere is the first of its name.
"""

from pathlib import Path

from monitor.config.settings import Imported

Files = list[tuple[Path, str]]
REMARKS = 16_384
"""Bytes of a file that may hold remarks on where it comes from."""


def with_imported(files: Files, imported: Path | None, name: str, staged: Path | None) -> Files:
    """The inventory files with the imported one, so named, as the last; or the staged one in its place."""
    others = [(path, called) for path, called in files if path != imported]
    if staged is not None:
        return [*others, (staged, str(staged))]
    return [*others, (imported, name)] if imported is not None and imported.is_file() else others


def imported_file(path: Path) -> Imported:
    """Who put it in force, when, and where its rows come from; nobody where there is none, or one written by hand."""
    try:
        with path.open("rb") as file:
            head = file.read(REMARKS)
    except OSError:
        return Imported(path)
    told = dict(remarks(head))
    sources = dict.fromkeys(words.rsplit(" | ", 2)[0] for name, words in told.items() if words.count(" | ") >= 2)
    return Imported(path, told.get("by", ""), told.get("at", ""), tuple(sources))


def remarks(head: bytes) -> list[tuple[str, str]]:
    """The lines `# name: words` a file begins with."""
    found = []
    for line in head.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        if not line.startswith(b"#"):
            break
        name, colon, words = line[1:].decode("utf-8", "replace").partition(": ")
        if colon:
            found.append((name.strip(), words.strip()))
    return found
