"""Which page was being parsed when the process died.

Parsing is the only moment in which a page could bring the process down. Its target is written into a small mapped file
(no fsync: the kernel keeps it when only the process dies), read at the next start. Twice in a row is enough to set the
page aside as BROKEN (DESIGN.md §2); a kill while the process merely waits for the network accuses nobody.
"""

import json
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SLOTS = 8
"""Pages parsed at once: one in the loop and a few in threads; more are not noted."""
WIDTH = 512
"""Bytes of one slot; a target id is at most 200 bytes long."""


class Suspects:
    """The file of pages in hand. Not shared between processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts_path = path.with_suffix(".counts")
        self._file = None if not path.exists() else path.read_bytes()
        self._map: mmap.mmap | None = None
        self._free = list(range(SLOTS))
        self._accused: set[str] = set()

    def open(self) -> list[str]:
        """Begin anew. Returns the targets that were in hand at two ends of the process in a row: set them aside."""
        found = {name for name in _names(self._file or b"") if name}
        counts = {name: self._counts().get(name, 0) + 1 for name in found}
        guilty = sorted(name for name, count in counts.items() if count >= 2)  # DESIGN.md §2
        self._accused = found - set(guilty)
        self._note_accused()
        self.path.write_bytes(bytes(SLOTS * WIDTH))
        with self.path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), SLOTS * WIDTH)
        return guilty

    def close(self) -> None:
        """A clean end accuses nobody."""
        if self._map is not None:
            self._map.close()
            self._map = None
        self.path.unlink(missing_ok=True)
        self.counts_path.unlink(missing_ok=True)

    @contextmanager
    def hold(self, target_id: str) -> Iterator[None]:
        """Between these two lines the page of that target is being parsed."""
        if self._map is None or not self._free:
            yield
            return
        slot = self._free.pop()
        start = slot * WIDTH
        name = target_id.encode()[: WIDTH - 1]
        self._map[start : start + len(name) + 1] = name + b"\0"
        try:
            yield
        finally:
            if self._map is not None:
                self._map[start : start + 1] = b"\0"
            self._free.append(slot)
            if target_id in self._accused:
                self._accused.discard(target_id)
                self._note_accused()

    def _note_accused(self) -> None:
        self.counts_path.write_text(json.dumps(dict.fromkeys(sorted(self._accused), 1)))

    def _counts(self) -> dict[str, int]:
        try:
            counts = json.loads(self.counts_path.read_text())
        except (OSError, ValueError):
            return {}
        return {str(name): int(count) for name, count in counts.items()}


def _names(raw: bytes) -> Iterator[str]:
    for start in range(0, len(raw), WIDTH):
        yield raw[start : start + WIDTH].split(b"\0", 1)[0].decode(errors="ignore")
